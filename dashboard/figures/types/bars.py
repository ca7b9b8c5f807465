"""Horizontal bars from zero, the largest first."""

from dashboard.claims.finding import Finding
from dashboard.figures import marks, scales
from dashboard.figures.chart_context import ChartContext
from dashboard.figures.from_finding import measured_label, series
from dashboard.figures.record import Bars, Chart


def draw(c: ChartContext, finding: Finding) -> Chart:
    known = [(r, r.figure) for r in finding.rows if r.figure is not None]
    indicator = c.data.indicators.get(known[0][0].indicator)
    known.sort(key=lambda pair: pair[1].value, reverse=indicator is None or indicator.better != "lower")
    rows = [(r, series(c, r, [q], measured_label(c, r, [k for k, _ in known]))) for r, q in known]
    unit = rows[0][1].unit
    values = [x.last.value for _, x in rows]
    words = c.fmt_all(values, unit)
    if len({x.last.period for _, x in rows}) > 1:
        periods = [c.fmt_period(x.last.period) for _, x in rows]
        words = [c.msg("value_of", value=w, period=p) for w, p in zip(words, periods, strict=True)]
    items = []
    for n, ((row, x), label) in enumerate(zip(rows, words, strict=True)):
        strong = "ink" if x.colour == "quiet" else x.colour  # never as quiet as the rest
        items.append(c.bar(x, x.last, n, strong if row.strong else "quiet", label))
    drawn = {r.entity for r, _ in known}
    absent = [r.entity for r in finding.rows if r.entity not in drawn]
    absent += finding.numbers["absent"].text.split() if "absent" in finding.numbers else []
    return c.chart(
        kind="bars",
        x=scales.linear(
            values, unit, c.lang, zero=True, headroom=0.6 if c.narrow else 0.3, count=3 if c.narrow else 5
        ),
        y=scales.categories([x.label for _, x in rows]),
        marks=[Bars(tuple(items), "h", 0.62)],
        series=[x for _, x in rows],
        notes=[c.msg("absent", names=c.names(dict.fromkeys(absent)))] if absent else [],
        height=marks.row_height(len(rows), 30),
    )
