"""From then to now, one row each: a ring at the earlier figure, a dot at the newest; rows sorted by it."""

from dataclasses import replace

from dashboard.claims.finding import Finding
from dashboard.figures import marks, scales
from dashboard.figures.chart_context import ChartContext
from dashboard.figures.from_finding import measured_label, series
from dashboard.figures.record import Chart, Dots, Mark, Rule, Text

WORDS = 0.85
"""Room for the words at the end of a row, as a share of the axis."""


def draw(c: ChartContext, finding: Finding) -> Chart:
    rows = [(r, r.figure, r.before) for r in finding.rows if r.figure is not None and r.before is not None]
    rows.sort(key=lambda row: row[1].value, reverse=True)
    labels = [measured_label(c, r, [x for x, _, _ in rows]) for r, _, _ in rows]
    arrows = [series(c, r, (then, now), label) for (r, now, then), label in zip(rows, labels, strict=True)]
    unit = arrows[0].unit
    full = [100.0] if unit == "%" and finding.threshold is not None else []
    axis = scales.linear(
        [*(d.value for x in arrows for d in x.data), *full], unit, c.lang, zero=True, count=4
    )
    low, high = axis.domain
    axis = replace(axis, domain=(low, high + WORDS * (high - low)))
    drawn: list[Mark] = [Rule(x, None, x, None, colour="muted", dash="dot") for x in full]
    for n, (x, (row, _, _)) in enumerate(zip(arrows, rows, strict=True)):
        a, b = x.data
        before, after = c.fmt_all([a.value, b.value], x.unit)
        periods = {"then_period": c.fmt_period(a.period), "now_period": c.fmt_period(b.period)}
        words = c.msg("moved.narrow" if c.narrow else "moved", then=before, now=after, **periods)
        colour, ink = (x.colour, x.colour) if row.strong else ("quiet", "muted")
        ring, dot = c.point(x, a, x=a.value, y=n), c.point(x, b, x=b.value, y=n)
        drawn += [
            Rule(a.value, n, b.value, n, colour=colour, width=2.0),
            Dots((ring,), colour, size=8, hollow=True, name=f"{x.id}:then"),
            Dots((dot,), colour, size=9, strong=row.strong, name=x.id),
            Text(axis.domain[1], n, words, ink, "end", strong=row.strong, size=11.5),
        ]
    return c.chart(
        kind="dots",
        x=axis,
        y=scales.categories(labels),
        marks=drawn,
        series=arrows,
        height=marks.row_height(len(rows), 30 if c.narrow else 25),
    )
