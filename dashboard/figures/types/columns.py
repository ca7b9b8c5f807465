"""Standing bars, one a period, with the line of the record; a second series runs over them as a line."""

from __future__ import annotations

from dataclasses import replace

from dashboard.claims.finding import Finding
from dashboard.figures import marks, scales
from dashboard.figures.found import series
from dashboard.figures.record import Chart, Rule
from dashboard.figures.scene import Scene
from dashboard.figures.types.lines import time_axis


def draw(s: Scene, finding: Finding, title: str, subtitle: str) -> Chart:
    """Draw the first trace as columns, the others as lines."""
    own, *others = [t for t in finding.traces if t.figures]
    x = series(s, own, own.figures)
    lines = [series(s, t, t.figures) for t in others]
    every = [d.value for y in (x, *lines) for d in y.data]
    line = finding.line * (100 if own.figures[0].unit == "" else 1) if finding.line is not None else None
    near = line is not None and 0 < line <= 20 * max(every)
    labels = {d.period: s.q(d.value, x.unit) for d in x.data if d is x.last or d is x.peak}
    bars = marks.columns(s, x, labels=labels, negative="contradicted")
    if len(x.first.period) == 10:  # single days: one column each, whatever lies between them
        axis = scales.categories([scales.short_period(d.period, s.lang) for d in x.data], reverse=False)
        bars = replace(bars, items=tuple(replace(b, position=float(n)) for n, b in enumerate(bars.items)))
    else:
        axis = time_axis(s, [x, *lines])
        axis = replace(axis, domain=(axis.domain[0] - 0.6, axis.domain[1] + 0.6))
    return s.chart(
        title=title,
        subtitle=subtitle,
        kind="bars",
        x=axis,
        y=scales.linear(
            [*every, *([line] if near and line else [])], x.unit, s.lang, zero=True, headroom=0.12, count=4
        ),
        marks=[
            bars,
            *(marks.line(s, y, y.label) for y in lines),
            *([Rule(None, line, None, line, colour="ink", dash="dot")] if near else []),
        ],
        series=[x, *lines],
    )
