"""Events on a time axis, one row per entity, the earliest first."""

from dashboard.claims.finding import Finding
from dashboard.figures import marks, scales
from dashboard.figures.chart_context import ChartContext
from dashboard.figures.from_finding import series
from dashboard.figures.record import Chart, Dots, Mark, Rule, Text


def draw(c: ChartContext, finding: Finding) -> Chart:
    timelines = sorted(
        (series(c, t, t.figures) for t in finding.traces if t.figures), key=lambda x: x.first.x
    )
    drawn: list[Mark] = []
    for n, x in enumerate(timelines):
        drawn.append(Rule(None, n, x.last.x, n, colour="rule"))
        for d in x.data:
            labels = (c.fmt_period(d.period),) if d in (x.first, x.last) else ()
            size = 9 if x.strong else 7
            drawn.append(Dots((c.point(x, d, y=n),), x.colour, labels, size, strong=x.strong, name=x.id))
    dates = [] if finding.threshold is None else [finding.threshold]
    first, last = min([timelines[0].first.x, *dates]), max([x.last.x for x in timelines] + dates)
    room = max(1.0, (last - first) * 0.2)
    rows = scales.categories([x.label for x in timelines])
    words = c.fmt_period(finding.numbers["to_period"].text) if dates else ""
    return c.chart(
        kind="timeline",
        x=scales.years(first - 0.5, last + room, count=4 if c.narrow else 7, ends=False),
        y=rows,
        marks=[
            *drawn,
            *(Rule(x, None, x, None, colour="ink", dash="dot") for x in dates),
            *(Text(x, min(rows.domain), words, "muted", "start", dx=5, dy=11, size=11) for x in dates),
        ],
        series=timelines,
        height=marks.row_height(len(timelines), 24, 150),
    )
