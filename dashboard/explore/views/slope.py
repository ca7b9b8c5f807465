"""Two periods, the first and the last that most have, and the change between them."""

from dashboard import locale
from dashboard.explore import findings, marks, wording
from dashboard.explore.panels import panels
from dashboard.explore.select import Context, Selection, Series
from dashboard.explore.views import Drawn, View
from dashboard.figures.record import Axis, Dash, Line, Tick


def draw(context: Context) -> Drawn:
    lang = context.lang
    ends = [one.at(*one.full_ends) for one in context.selections if one.series]
    spans = {one.periods for one in ends}
    if not marks.share_axis(context) or len(spans) > 1:
        return panels(context, ends)
    start, stop = spans.pop()
    if start == stop:
        return Drawn(empty=("one_period", {"period": locale.period(start, lang)}))
    whole = marks.merged(ends)
    log = wording.is_log(whole, context.state)
    drawn = [(one, s) for one, s in marks.pairs(ends) if len(s.values) > 1]
    ticks = tuple(Tick(float(n), locale.period(p, lang)) for n, p in enumerate((start, stop)))
    x = Axis((-0.03, 1.0), ticks, grid=True)
    return Drawn(
        x, marks.value_axis(whole, lang, log), tuple(marks.labelled_lines(context, drawn, _line)), log=log
    )


def _line(
    context: Context, selection: Selection, series: Series, label: str = "", *, quiet: bool = False
) -> list[Line]:
    points = (
        marks.point(context, selection, series, p, float(n), v)
        for n, (p, v) in enumerate(series.values.items())
    )
    dash: Dash = "dash" if any(map(series.provisional, series.values)) and not quiet else "solid"
    return [
        Line(
            tuple(points), label=label, dash=dash, markers=not quiet, **marks.looks(selection, series, quiet)
        )
    ]


VIEW = View(draw, order=10, finding=findings.over_time, shows="ends")
