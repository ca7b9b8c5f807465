"""Lying bars from zero, the largest first: who has how much."""

from __future__ import annotations

from dashboard.claims.finding import Finding
from dashboard.figures import marks, scales
from dashboard.figures.found import absent, measured_label, series
from dashboard.figures.record import Bar, Bars, Chart
from dashboard.figures.scene import Scene


def draw(s: Scene, finding: Finding, title: str, subtitle: str) -> Chart:
    """Draw one bar a row; what the answer turns on in its colour, the others quiet."""
    known = [(r, r.figure) for r in finding.rows if r.figure is not None]
    measured = s.data.indicators.get(known[0][0].indicator)
    known.sort(key=lambda pair: pair[1].value, reverse=measured is None or measured.better != "lower")
    rows = [(r, series(s, r, [f], measured_label(s, r, [k for k, _ in known]))) for r, f in known]
    unit = rows[0][1].unit
    periods = {x.last.period for _, x in rows}
    items = []
    for n, (row, x) in enumerate(rows):
        value = s.q(x.last.value, unit)
        words = value if len(periods) == 1 else s.say("value_of", value=value, period=s.per(x.last.period))
        items.append(
            Bar(
                n,
                x.last.value,
                0.0,
                x.colour if row.strong else "quiet",
                label=words,
                text=s.hover(x, x.last),
                keys=x.last.keys,
                pattern="light" if x.last.unsettled else "solid",
            )
        )
    return s.chart(
        title=title,
        subtitle=subtitle,
        kind="bars",
        x=scales.linear(
            [x.last.value for _, x in rows], unit, s.lang, zero=True, headroom=0.3, count=3 if s.narrow else 5
        ),
        y=scales.categories([x.label for _, x in rows]),
        marks=[Bars(tuple(items), "h", 0.62)],
        series=[x for _, x in rows],
        notes=absent(s, finding),
        height=marks.row_height(s, len(rows), each=30),
    )
