"""How close each entity came to the one pursued: its figures in percent of the other's, peaks marked."""

from dashboard import locale
from dashboard.explore import findings, wording
from dashboard.explore.events import vertical_rules
from dashboard.explore.marks import labelled_lines, pairs, time_axis, value_axis
from dashboard.explore.select import Context
from dashboard.explore.views import Drawn, View
from dashboard.figures.record import Dots, Mark, Point, Rule, Text, time_value
from dashboard.locale import text

MOST_PEAKS = {"wide": 3, "narrow": 2}


def draw(context: Context) -> Drawn:
    selection, reference, lang = context.selections[0], context.state.reference, context.lang
    ink = "shenzhen" if reference == "shenzhen" else "ink"
    top = text("explorer.mark.reference", lang, ref=context.name(reference))
    x = time_axis(context, selection)
    marks: list[Mark] = [
        Rule(None, 100, None, 100, ink, "solid", 1.5),
        Text(x.domain[0], 100, top, "muted", "start", dx=4, dy=-9, size=11.5),
        *labelled_lines(context, pairs(context.selections)),
    ]
    peaks = [(max(s.values, key=s.values.__getitem__), s) for s in selection.series]
    peaks.sort(key=lambda p: -p[1].values[p[0]])
    for period, s in peaks[: MOST_PEAKS[context.form]]:
        if period == s.last:
            continue
        peak, at, ink = s.values[period], time_value(period), selection.colours[s.entity]
        marks.append(Dots((Point(at, peak),), ink, size=8, name=f"{s.entity}:peak", strong=True))
        label = f"{locale.percent(peak)} · {period}"
        marks.append(Text(at, peak, label, ink, "middle", dy=-10, strong=True, size=11.5))
    y = value_axis(selection, lang, wording.is_log(selection, context.state), extra=[0, 100])
    rules, events = vertical_rules(context, y)
    return Drawn(x, y, (*rules, *marks), events=events)


VIEW = View(
    draw,
    order=60,
    finding=findings.closest_pursuer,
    required_transform="ratio",
    fixed=True,
    linear=True,
    single=True,
    time_axis=True,
)
