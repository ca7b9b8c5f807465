"""Events on a time axis, a row for whoever they are of, the earliest first."""

from __future__ import annotations

from dashboard.claims.finding import Finding
from dashboard.figures import marks, scales
from dashboard.figures.found import series
from dashboard.figures.record import Chart, Dots, Mark, Rule
from dashboard.figures.scene import Scene


def draw(s: Scene, finding: Finding, title: str, subtitle: str) -> Chart:
    """Draw every event of every trace; the first of each is named."""
    shown = sorted((series(s, t, t.figures) for t in finding.traces if t.figures), key=lambda x: x.first.x)
    drawn: list[Mark] = []
    for n, x in enumerate(shown):
        drawn.append(Rule(None, n, x.last.x, n, colour="rule"))
        for d in x.data:
            name = s.per(d.period) if d in (x.first, x.last) else ""
            drawn.append(
                Dots(
                    (s.point(x, d, y=float(n)),),
                    x.colour,
                    labels=(name,) if name else (),
                    strong=x.strong,
                    size=9 if x.strong else 7,
                    name=x.id,
                )
            )
    asked = [] if finding.line is None else [finding.line]
    first = min([shown[0].first.x, *asked])
    last = max([x.last.x for x in shown] + asked)
    room = max(1.0, (last - first) * 0.2)
    return s.chart(
        title=title,
        subtitle=subtitle,
        kind="timeline",
        x=scales.years(first - 0.5, last + room, count=4 if s.narrow else 7, ends=False),
        y=scales.categories([x.label for x in shown]),
        marks=[*drawn, *(Rule(x, None, x, None, colour="ink", dash="dot") for x in asked)],
        series=shown,
        height=marks.row_height(s, len(shown), each=24),
    )
