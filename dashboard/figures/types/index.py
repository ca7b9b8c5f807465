"""Growth: every series as a multiple of its first figure, on a logarithmic axis if one is far above."""

from dashboard.claims.finding import Finding
from dashboard.figures import marks, scales
from dashboard.figures.chart_context import ChartContext
from dashboard.figures.from_finding import measured_label, series
from dashboard.figures.record import Chart, Rule
from dashboard.figures.series import indexed
from dashboard.figures.types.lines import end_labels, time_axis

LOGARITHMIC_FROM = 25.0
"""Factor from which a linear axis would press all other series flat."""


def draw(c: ChartContext, finding: Finding) -> Chart:
    traces = [t for t in finding.traces if len(t.figures) > 1]
    lines = [indexed(series(c, t, t.figures, measured_label(c, t, traces))) for t in traces]
    lines = c.distinct([x for x in lines if x.data])
    every = [1.0, *(d.value for x in lines for d in x.data)]
    logarithmic = max(every) > LOGARITHMIC_FROM and min(every) > 0
    scale = scales.log(every, "ratio", c.lang, count=5) if logarithmic else None
    return c.chart(
        subtitle=c.msg("logarithmic", words=c.subtitle) if logarithmic else "",
        x=time_axis(c, lines),
        y=scale or scales.linear(every, "ratio", c.lang, count=4),
        marks=[
            Rule(None, 1.0, None, 1.0, colour="muted", dash="dot"),
            *(marks.line(c, x, end) for x, end in zip(lines, end_labels(c, lines), strict=True)),
        ],
        series=lines,
    )
