"""Lines over time, named at their ends; in a ranking first is on top."""

from __future__ import annotations

from dashboard.claims.finding import Finding
from dashboard.figures import marks, scales
from dashboard.figures.found import measured_label, series
from dashboard.figures.record import Axis, Chart, Rule
from dashboard.figures.scene import Scene
from dashboard.figures.series import Series


def draw(s: Scene, finding: Finding, title: str, subtitle: str) -> Chart:
    """Draw every trace; what the answer turns on is the stronger line."""
    traces = [t for t in finding.traces if t.figures]
    shown = [series(s, t, t.figures, measured_label(s, t, traces)) for t in traces]
    unit = shown[0].unit
    every = [d.value for x in shown for d in x.data]
    base = [finding.line * 100] if finding.line is not None and unit == "%" else []
    whole = unit not in ("rank", "%")
    axis = scales.linear(
        [*every, *base], unit, s.lang, zero=whole, count=4 if s.narrow else 5, reverse=unit == "rank"
    )
    labelled = sorted(shown, key=lambda x: not x.strong)[: 4 if s.narrow else 8]
    return s.chart(
        title=title,
        subtitle=subtitle,
        x=time_axis(s, shown),
        y=axis,
        marks=[
            *(Rule(None, y, None, y, colour="muted", dash="dot") for y in base),
            *(marks.line(s, x, label(s, x) if x in labelled else "") for x in shown),
        ],
        series=shown,
    )


def label(s: Scene, x: Series) -> str:
    """Return what stands at a line's end: the name and the newest figure."""
    return s.say("end", name=x.label, value=s.q(x.last.value, x.unit)) if not s.narrow else x.label


def time_axis(s: Scene, shown: list[Series]) -> Axis:
    """Return an axis of years, or of days where the figures are of single days."""
    if all(len(d.period) == 10 for x in shown for d in x.data):
        periods = sorted({d.period for x in shown for d in x.data})
        return scales.days(periods, [periods[0], periods[len(periods) // 2], periods[-1]], s.lang)
    first, last = min(x.first.x for x in shown), max(x.last.x for x in shown)
    return scales.years(first, last, count=3 if s.narrow else 6)
