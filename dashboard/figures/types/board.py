"""A board: a row for each contest, a column for each contestant; the winner's cell is filled.

Where nobody takes part in all contests a column for each would leave holes: then every row has its winner and
whoever comes next, by name.
"""

from dashboard.claims.dataset_view import DatasetView
from dashboard.claims.finding import Finding, Row
from dashboard.figures import marks, scales
from dashboard.figures.chart_context import ChartContext
from dashboard.figures.from_finding import series
from dashboard.figures.record import Cell, Cells, Chart
from dashboard.figures.series import Series

ABBREVIATED_FROM = 5
"""Columns from which names are abbreviated."""
NAMED_UNITS = ("rank", "%", "CNY")
"""Units that a field has to name; the row's own name says the others."""
WON, REST = 0.8, 0.12
"""Share of the ramp in a winner's field and in the others'."""


def draw(c: ChartContext, finding: Finding) -> Chart:
    contests, view = contests_of(finding), DatasetView(c.data)
    entities = list(dict.fromkeys(r.entity for r in finding.rows))
    common = set.intersection(*({r.entity for r in rows} for rows in contests.values()))
    cells: list[Cell] = []
    drawn_series: list[Series] = []
    for n, rows in enumerate(contests.values()):
        rows = rows if common else sorted(rows, key=lambda r: not r.strong)[:2]
        drawn = {
            r.entity: series(
                c, r, [r.figure], c.msg("of_measure", name=c.name(r.entity), measure=c.indicator(r.indicator))
            )
            for r in rows
            if r.figure is not None
        }
        unit = next((x.unit for x in drawn.values() if x.unit in NAMED_UNITS), "")
        words = dict(zip(drawn, c.fmt_all([x.last.value for x in drawn.values()], unit), strict=True))
        drawn_series += drawn.values()
        figures = {r.entity: r.figure for r in rows if r.figure is not None}
        first = view.leader(rows[0].indicator, figures)
        for place, row in enumerate(rows):
            column, name = entities.index(row.entity) if common else place, c.name(row.entity)
            if x := drawn.get(row.entity):
                value = words[row.entity] if common else c.msg("end", name=name, value=words[row.entity])
                shade = WON if row.entity == first else REST
                cells.append(Cell(column, n, shade, value, c.hover(x, x.last), x.last.keys))
            else:
                missing = c.msg("of_measure", name=name, measure=c.msg("none.short"))
                cells.append(Cell(column, n, None, "–", missing))
    labels = [
        c.msg("value_of", value=c.short_indicator(i, always=True), period=c.fmt_period(period))
        if period
        else c.short_indicator(i)
        for i, period in contests
    ]
    names = [c.short_name(e, always=len(entities) >= ABBREVIATED_FROM) for e in entities]
    return c.chart(
        kind="heat",
        x=scales.categories(names if common else ["", ""], reverse=False),
        y=scales.categories(labels),
        marks=[Cells(tuple(cells))],
        series=drawn_series,
        height=marks.row_height(len(contests), 52 if c.narrow else 34, 240 if common else 150),
    )


def contests_of(finding: Finding) -> dict[tuple[str, str], list[Row]]:
    """Return the rows by measure and period; who has no figure is in the first one it is missing from."""
    contests: dict[tuple[str, str], list[Row]] = {}
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
