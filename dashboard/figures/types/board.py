"""A board: a row for each contest, a column for each that takes part; who wins is filled in."""

from __future__ import annotations

from dashboard.claims.finding import Finding, Row
from dashboard.figures import marks, scales
from dashboard.figures.found import series
from dashboard.figures.record import Cell, Cells, Chart
from dashboard.figures.scene import Scene

MANY = 4
"""Columns from which names are abbreviated."""
MEASURED = ("rank", "%", "CNY")
"""Units that a field has to name; the row's own name says the others."""
WON, REST = 0.8, 0.12
"""Share of the ramp in a winner's field and in the others'."""


def draw(s: Scene, finding: Finding, title: str, subtitle: str) -> Chart:
    """Draw the figures of every contest; the winner's field is the dark one."""
    contests: dict[str, list[Row]] = {}
    for row in finding.rows:
        when = row.figure.period if row.figure else ""
        same = next(
            (
                k
                for k, rows in contests.items()
                if k.startswith(f"{row.indicator} ")
                and (not when or k.endswith(f" {when}"))
                and row.entity not in {r.entity for r in rows}
            ),
            "",
        )
        contests.setdefault(same or f"{row.indicator} {when}", []).append(row)
    entities = list(dict.fromkeys(r.entity for r in finding.rows))
    cells, shown = [], []
    for n, rows in enumerate(contests.values()):
        for row in rows:
            column = entities.index(row.entity)
            if row.figure is None:
                missing = s.say("of_measure", name=s.name(row.entity), measure=s.say("none.short"))
                cells.append(Cell(column, n, None, "–", missing))
                continue
            label = s.say("of_measure", name=s.name(row.entity), measure=s.indicator(row.indicator))
            x = series(s, row, [row.figure], label)
            shown.append(x)
            cells.append(
                Cell(
                    column,
                    n,
                    WON if row.strong else REST,
                    s.q(x.last.value, x.unit) if x.unit in MEASURED else s.num(x.last.value),
                    s.hover(x, x.last),
                    x.last.keys,
                )
            )
    return s.chart(
        title=title,
        subtitle=subtitle,
        kind="heat",
        x=scales.categories([s.short(e, always=len(entities) > MANY) for e in entities], reverse=False),
        y=scales.categories([label_of(s, key) for key in contests]),
        marks=[Cells(tuple(cells))],
        series=shown,
        height=marks.row_height(s, len(contests), each=34),
    )


def label_of(s: Scene, key: str) -> str:
    """Return a row's name: the measure and its period."""
    indicator, _, when = key.partition(" ")
    return (
        s.say("value_of", value=s.brief(indicator, always=True), period=s.per(when))
        if when
        else s.brief(indicator)
    )
