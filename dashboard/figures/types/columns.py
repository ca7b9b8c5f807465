"""Vertical bars, one per period, with the threshold of the record; a second series is a line over them."""

from dataclasses import replace

from dashboard.claims.finding import Finding
from dashboard.figures import marks, scales
from dashboard.figures.chart_context import ChartContext
from dashboard.figures.from_finding import series
from dashboard.figures.record import Chart
from dashboard.figures.types.lines import threshold_line, time_axis

ALL_NAMED = 6
"""Columns up to which each has its figure."""


def draw(c: ChartContext, finding: Finding) -> Chart:
    first, *others = [series(c, t, t.figures) for t in finding.traces if t.figures]
    every = [d.value for x in (first, *others) for d in x.data]
    threshold = finding.threshold
    if threshold is not None and first.unit == "%" and not finding.traces[0].figures[0].unit:
        threshold *= 100
    near = [threshold] if threshold is not None and 0 < threshold <= 20 * max(every) else []
    words = [c.msg("threshold", value=c.fmt(round(y, 9), first.unit, None)) for y in near]
    named = first.data if len(first.data) <= ALL_NAMED else (first.peak, first.last)
    values = c.fmt_all([d.value for d in named], first.unit)
    bars = marks.columns(c, first, {d.period: v for d, v in zip(named, values, strict=True)})
    if len(first.first.period) == 10:  # single days: one column each, whatever lies between them
        axis = scales.categories([scales.short_period(d.period, c.lang) for d in first.data], reverse=False)
        bars = replace(bars, items=tuple(replace(b, position=float(n)) for n, b in enumerate(bars.items)))
    else:
        axis = time_axis(c, [first, *others])
        axis = replace(axis, domain=(axis.domain[0] - 0.6, axis.domain[1] + 0.6))
    return c.chart(
        kind="bars",
        x=axis,
        y=scales.linear([*every, *near], first.unit, c.lang, zero=True, headroom=0.12, count=4),
        marks=[
            bars,
            *(marks.line(c, x, x.label) for x in others),
            *(threshold_line(y, axis.domain[0], w, "start") for y, w in zip(near, words, strict=True)),
        ],
        series=[first, *others],
    )
