"""From then to now, a row each: a ring at the earlier figure, a dot at the newest, sorted by it."""

from __future__ import annotations

from dashboard.claims.finding import Finding
from dashboard.figures import marks, scales
from dashboard.figures.found import datum, measured_label, series
from dashboard.figures.record import Chart, Dots, Mark, Rule
from dashboard.figures.scene import Scene


def draw(s: Scene, finding: Finding, title: str, subtitle: str) -> Chart:
    """Draw each row's two figures; rows that meet the condition are strong."""
    rows = [(r, r.figure, r.before) for r in finding.rows if r.figure is not None and r.before is not None]
    rows.sort(key=lambda row: row[1].value, reverse=True)
    labels = [measured_label(s, r, [x for x, _, _ in rows]) for r, _, _ in rows]
    shown = []
    drawn: list[Mark] = []
    for n, (row, now, then) in enumerate(rows):
        x = series(s, row, sorted((then, now), key=lambda f: f.period), labels[n])
        shown.append(x)
        a, b = datum(then), datum(now)
        words = s.say(
            "moved.narrow" if s.narrow else "moved",
            then=s.q(a.value, x.unit),
            now=s.q(b.value, x.unit),
            then_period=s.per(a.period),
            now_period=s.per(b.period),
        )
        colour = x.colour if row.strong else "quiet"
        right = b.value >= a.value
        drawn += [
            Rule(a.value, n, b.value, n, colour=colour, width=2.0),
            Dots(
                (s.point(x, a, x=a.value, y=float(n)),),
                colour,
                size=8,
                symbol="ring",
                name=f"{x.id}:then",
                labels=() if right else (words,),
            ),
            Dots(
                (s.point(x, b, x=b.value, y=float(n)),),
                colour,
                size=9,
                strong=row.strong,
                name=x.id,
                labels=(words,) if right else (),
            ),
        ]
    every = [d.value for x in shown for d in x.data]
    unit = shown[0].unit
    base = 100.0 if unit == "%" and finding.line is not None else None
    axis = scales.linear([*every, *([base] if base else [])], unit, s.lang, zero=True, headroom=0.55, count=4)
    return s.chart(
        title=title,
        subtitle=subtitle,
        kind="dots",
        x=axis,
        y=scales.categories(labels),
        marks=[*([Rule(base, None, base, None, colour="muted", dash="dot")] if base else []), *drawn],
        series=shown,
        dashed=False,
        height=marks.row_height(s, len(rows), each=30),
    )
