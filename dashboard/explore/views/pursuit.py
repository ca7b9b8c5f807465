"""How close each entity came to the one pursued: its figures in percent of the other's."""

from __future__ import annotations

from dashboard import locale
from dashboard.dataset import Dataset, Lang
from dashboard.explore import findings, wording
from dashboard.explore.events import vertical_rules
from dashboard.explore.marks import (
    all_series,
    labelled_lines,
    time_axis,
    value_axis,
)
from dashboard.explore.select import Shown
from dashboard.explore.state import State
from dashboard.explore.views import Drawn, View
from dashboard.figures.record import Dots, Form, Mark, Point, Rule, Text, time_value
from dashboard.locale import text


def draw(dataset: Dataset, shown: Shown, state: State, lang: Lang, form: Form) -> Drawn:
    """Each entity as a share of the pursued, peaks marked with value and period."""
    selection = shown[0]
    marks: list[Mark] = [
        Rule(None, 100, None, 100, "shenzhen" if state.reference == "shenzhen" else "ink", "solid", 1.5)
    ]
    top = text("explorer.mark.reference", lang, ref=wording.name(dataset, state.reference, lang))
    axis = time_axis(selection, lang, form)
    marks.append(Text(axis.domain[0], 100, top, "muted", "start", dx=4, dy=-9, size=11.5))
    marks += labelled_lines(dataset, all_series(shown), lang)
    peaks = [(max(v for v in s.values if v is not None), s) for s in selection.series]
    for peak, s in sorted(peaks, key=lambda p: -p[0])[: 3 if form == "wide" else 2]:
        k = s.values.index(peak)
        if k == s.places[-1]:
            continue
        x, ink = time_value(selection.periods[k]), selection.colours[s.entity]
        marks.append(Dots((Point(x, peak),), ink, size=8, name=f"{s.entity}:peak", strong=True))
        label = f"{locale.percent(peak)} · {selection.periods[k]}"
        marks.append(Text(x, peak, label, ink, "middle", dy=-10, strong=True, size=11.5))
    y = value_axis(selection, lang, wording.is_log(selection, state), extra=[0, 100])
    rules, events = vertical_rules(dataset, shown, state, lang, form, y)
    return Drawn(axis, y, (*rules, *marks), events=tuple(events))


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
