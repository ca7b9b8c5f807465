"""From then to now, a row each: a ring at the earlier figure, a dot at the newest, sorted by it."""

from __future__ import annotations

from dashboard.claims.finding import Finding
from dashboard.figures import marks, scales
from dashboard.figures.chart_context import ChartContext
from dashboard.figures.from_finding import datum, measured_label, series
from dashboard.figures.record import Chart, Dots, Mark, Rule


def draw(c: ChartContext, finding: Finding, title: str, subtitle: str) -> Chart:
    """Draw each row's two figures; rows that meet the condition are strong."""
    rows = [(r, r.figure, r.before) for r in finding.rows if r.figure is not None and r.before is not None]
    rows.sort(key=lambda row: row[1].value, reverse=True)
    labels = [measured_label(c, r, [x for x, _, _ in rows]) for r, _, _ in rows]
    shown = [
        series(c, r, sorted((then, now), key=lambda q: q.period), label)
        for (r, now, then), label in zip(rows, labels, strict=True)
    ]
    drawn: list[Mark] = []
    for n, (x, (row, now, then)) in enumerate(zip(shown, rows, strict=True)):
        a, b = datum(then), datum(now)
        before, after = c.fmt_all([a.value, b.value], x.unit)
        words = c.msg(
            "moved.narrow" if c.narrow else "moved",
            then=before,
            now=after,
            then_period=c.fmt_period(a.period),
            now_period=c.fmt_period(b.period),
        )
        colour = x.colour if row.strong else "quiet"
        right = b.value >= a.value  # the words stand at the end that lies further right
        ring, dot = ((), (words,)) if right else ((words,), ())
        drawn += [
            Rule(a.value, n, b.value, n, colour=colour, width=2.0),
            Dots(
                (c.point(x, a, x=a.value, y=n),),
                colour,
                size=8,
                symbol="ring",
                name=f"{x.id}:then",
                labels=ring,
            ),
            Dots((c.point(x, b, x=b.value, y=n),), colour, size=9, strong=row.strong, name=x.id, labels=dot),
        ]
    unit = shown[0].unit
    full = [100.0] if unit == "%" and finding.threshold is not None else []
    every = [*(d.value for x in shown for d in x.data), *full]
    return c.chart(
        title=title,
        subtitle=subtitle,
        kind="dots",
        x=scales.linear(every, unit, c.lang, zero=True, headroom=0.55, count=4),
        y=scales.categories(labels),
        marks=[*(Rule(x, None, x, None, colour="muted", dash="dot") for x in full), *drawn],
        series=shown,
        dashed=False,
        height=marks.row_height(len(rows), 30),
    )
