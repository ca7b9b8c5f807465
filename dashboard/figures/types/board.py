"""A board: a row for each contest, a column for each contestant; the winner's cell is filled."""

from __future__ import annotations

from dashboard.claims.finding import Finding, Row
from dashboard.figures import marks, scales
from dashboard.figures.chart_context import ChartContext
from dashboard.figures.from_finding import series
from dashboard.figures.record import Cell, Cells, Chart

ABBREVIATED_FROM = 5
"""Columns from which names are abbreviated."""
NAMED_UNITS = ("rank", "%", "CNY")
"""Units that a field has to name; the row's own name says the others."""
WON, REST = 0.8, 0.12
"""Share of the ramp in a winner's field and in the others'."""

Contest = tuple[str, str]
"""An indicator and a period; empty where the first field of the row has no figure."""


def draw(c: ChartContext, finding: Finding) -> Chart:
    contests = contests_of(finding)
    entities = list(dict.fromkeys(r.entity for r in finding.rows))
    cells, shown = [], []
    for n, rows in enumerate(contests.values()):
        unit = next((r.figure.unit or "%" for r in rows if r.figure is not None), "")
        drawn = [
            series(
                c, r, [r.figure], c.msg("of_measure", name=c.name(r.entity), measure=c.indicator(r.indicator))
            )
            for r in rows
            if r.figure is not None
        ]
        words = dict(
            zip(
                (x.id for x in drawn),
                c.fmt_all([x.last.value for x in drawn], unit if unit in NAMED_UNITS else ""),
                strict=True,
            )
        )
        shown += drawn
        for row in rows:
            x = next((x for x in drawn if x.id == row.entity), None)
            column = entities.index(row.entity)
            if x is None:
                missing = c.msg("of_measure", name=c.name(row.entity), measure=c.msg("none.short"))
                cells.append(Cell(column, n, None, "–", missing))
            else:
                shade = WON if row.strong else REST
                cells.append(Cell(column, n, shade, words[x.id], c.hover(x, x.last), x.last.keys))
    return c.chart(
        kind="heat",
        x=scales.categories(
            [c.short_name(e, always=len(entities) >= ABBREVIATED_FROM) for e in entities], reverse=False
        ),
        y=scales.categories([label_of(c, contest) for contest in contests]),
        marks=[Cells(tuple(cells))],
        series=shown,
        height=marks.row_height(len(contests), 52 if c.narrow else 34),
    )


def contests_of(finding: Finding) -> dict[Contest, list[Row]]:
    """Return the rows contest by contest; who has no figure is in the first one it is missing from."""
    contests: dict[Contest, list[Row]] = {}
    for row in finding.rows:
        period = row.figure.period if row.figure else ""
        fitting = (
            (indicator, when)
            for (indicator, when), rows in contests.items()
            if indicator == row.indicator
            and period in ("", when)
            and row.entity not in {r.entity for r in rows}
        )
        contests.setdefault(next(fitting, (row.indicator, period)), []).append(row)
    return contests


def label_of(c: ChartContext, contest: Contest) -> str:
    indicator, period = contest
    if not period:
        return c.short_indicator(indicator)
    measure = c.short_indicator(indicator, always=True)
    return c.msg("value_of", value=measure, period=c.fmt_period(period))
