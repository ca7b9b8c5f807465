"""Growth: every series as a multiple of its first figure, on a logarithmic axis where one runs away."""

from __future__ import annotations

from dashboard.claims.finding import Finding
from dashboard.figures import marks, scales
from dashboard.figures.found import measured_label, series
from dashboard.figures.record import Chart, Rule
from dashboard.figures.scene import Scene
from dashboard.figures.series import indexed
from dashboard.figures.types.lines import time_axis

RUNAWAY = 25.0
"""Factor from which a linear axis would press all other series flat."""


def draw(s: Scene, finding: Finding, title: str, subtitle: str) -> Chart:
    """Draw every trace divided by its first figure."""
    traces = [t for t in finding.traces if len(t.figures) > 1]
    shown = [indexed(series(s, t, t.figures, measured_label(s, t, traces))) for t in traces]
    shown = [x for x in shown if x.data]
    every = [1.0, *(d.value for x in shown for d in x.data)]
    logarithmic = max(every) > RUNAWAY and min(every) > 0
    axis = (
        scales.log(every, "ratio", s.lang, count=5)
        if logarithmic
        else scales.linear(every, "ratio", s.lang, count=4)
    )
    return s.chart(
        title=title,
        subtitle=s.say("logarithmic", words=subtitle) if logarithmic else subtitle,
        x=time_axis(s, shown),
        y=axis,
        marks=[
            Rule(None, 1.0, None, 1.0, colour="muted", dash="dot"),
            *(marks.line(s, x, s.say("end", name=x.label, value=s.times(x.last.value))) for x in shown),
        ],
        series=shown,
    )
