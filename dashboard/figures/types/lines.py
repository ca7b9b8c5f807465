"""Lines over time, named at their ends; for ranks the first is on top."""

from dashboard import locale
from dashboard.claims.finding import Finding
from dashboard.figures import marks, scales
from dashboard.figures.chart_context import ChartContext
from dashboard.figures.from_finding import measured_label, series
from dashboard.figures.record import Anchor, Axis, Chart, Rule, Text
from dashboard.figures.series import Series


def draw(c: ChartContext, finding: Finding) -> Chart:
    traces = [t for t in finding.traces if t.figures]
    lines = c.distinct([series(c, t, t.figures, measured_label(c, t, traces)) for t in traces])
    unit = lines[0].unit
    base = [finding.threshold * 100] if finding.threshold is not None and unit == "%" else []
    every = [*(d.value for x in lines for d in x.data), *base]
    scale = scales.linear(
        every,
        unit,
        c.lang,
        zero=unit not in ("rank", "%"),
        count=4 if c.narrow else 5,
        reverse=unit == "rank",
    )
    ends = end_labels(c, lines)
    axis = time_axis(c, lines)
    caption = c.msg("level", name=c.names(finding.numbers["to"].text.split())) if base else ""
    labelled = sorted(lines, key=lambda x: not x.strong)[: 4 if c.narrow else 8]
    return c.chart(
        x=axis,
        y=scale,
        marks=[
            *(threshold_line(y, axis.domain[1], caption, "end") for y in base),
            *(marks.line(c, x, end if x in labelled else "") for x, end in zip(lines, ends, strict=True)),
        ],
        series=lines,
    )


def threshold_line(y: float, x: float, words: str, anchor: Anchor) -> tuple[Rule, Text]:
    return (
        Rule(None, y, None, y, colour="ink", dash="dot"),
        Text(x, y, words, "muted", anchor, dx=4 if anchor == "start" else -4, dy=-6, size=11),
    )


def end_labels(c: ChartContext, lines: list[Series]) -> list[str]:
    """Return what stands at each line's end: the name, and where there is room the newest figure."""
    if c.narrow and lines[0].unit != "ratio":
        return [x.label for x in lines]
    values = [x.last.value for x in lines]
    if lines[0].unit == "ratio":
        words = locale.write_apart(values, lambda v, digits: locale.times(v, c.lang, digits=digits))
    else:
        words = c.fmt_all(values, lines[0].unit)
    return [c.msg("end", name=x.label, value=value) for x, value in zip(lines, words, strict=True)]


def time_axis(c: ChartContext, lines: list[Series]) -> Axis:
    """Return an axis of years, or of days where the figures are of single days."""
    if all(len(d.period) == 10 for x in lines for d in x.data):
        periods = sorted({d.period for x in lines for d in x.data})
        return scales.days(periods, [periods[0], periods[len(periods) // 2], periods[-1]], c.lang)
    first, last = min(x.first.x for x in lines), max(x.last.x for x in lines)
    return scales.years(first, last, count=3 if c.narrow else 6)
