"""Lines over time, each named at its end."""

from collections.abc import Iterable

from dashboard import locale
from dashboard.explore import findings, marks, notes, wording
from dashboard.explore.events import vertical_rules
from dashboard.explore.panels import panels
from dashboard.explore.select import Context, Selection
from dashboard.explore.views import Drawn, View
from dashboard.figures.record import Dots, Mark, Point, Rule, time_value
from dashboard.locale import text


def draw(context: Context) -> Drawn:
    selections, lang = context.selections, context.lang
    if not marks.share_axis(context):
        return panels(context)
    whole, measure = marks.merged(selections), selections[0].measure
    log = wording.is_log(whole, context.state)
    lines: list[Mark] = []
    if measure in ("index", "ratio"):
        lines.append(Rule(None, 100, None, 100, "muted", "dot"))
    if measure == "change":
        lines.append(Rule(None, 0, None, 0, "muted"))
    lines += marks.labelled_lines(context, marks.pairs(selections))
    rings: list[Dots] = []
    if notes.shows_alternatives(context.state, measure):
        rings = [dots for one in selections for dots in _others(context, one)]
    values = [p.y for dots in rings for p in dots.points if p.y is not None]
    y = marks.value_axis(whole, lang, log, extra=values)
    rules, events = vertical_rules(context, y)
    return Drawn(marks.time_axis(context, whole), y, (*rules, *lines, *rings), log=log, events=events)


def _others(context: Context, selection: Selection) -> Iterable[Dots]:
    dataset, lang, unit = context.dataset, context.lang, selection.indicator.unit
    for s in selection.series:
        preferred = {(p, figure.source_id) for p, figure in s.figures.items()}
        others = [
            o for o in dataset.all_of(s.indicator, s.entity)
            if o.period in selection.periods and (o.period, o.source_id) not in preferred
        ]  # fmt: skip
        points = tuple(
            Point(
                time_value(o.period), o.value,
                " · ".join((
                    wording.series_name(context, selection, s), locale.period(o.period, lang),
                    locale.quantity(o.value, unit, lang), text("explorer.other_source", lang),
                    dataset.publisher(dataset.sources[o.source_id], lang),
                )),
                (o.key,), locale.quantity(o.value, unit, lang),
            )
            for o in others
        )  # fmt: skip
        if points:
            name, ink = f"{marks.mark_name(s, selection)}:other", selection.colours[s.entity]
            yield Dots(points, ink, size=6, hollow=True, name=name)


VIEW = View(draw, order=0, finding=findings.over_time, time_axis=True)
