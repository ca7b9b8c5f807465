"""Lines over time, each named at its end."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard import locale
from dashboard.dataset import Dataset, Lang
from dashboard.explore import findings, notes, wording
from dashboard.explore.events import vertical_rules
from dashboard.explore.marks import (
    all_log,
    all_series,
    labelled_lines,
    mark_name,
    merged,
    share_axis,
    time_axis,
    value_axis,
)
from dashboard.explore.panels import panels
from dashboard.explore.select import Selection, Shown
from dashboard.explore.state import State
from dashboard.explore.views import Drawn, View
from dashboard.figures.record import Dots, Form, Mark, Point, Rule, time_value
from dashboard.locale import text


def draw(dataset: Dataset, shown: Shown, state: State, lang: Lang, form: Form) -> Drawn:
    """Lines over time, labels at their ends; figures of other sources as rings when asked for."""
    if not share_axis(shown, form):
        return panels(dataset, shown, state, lang, form)
    log = all_log(shown, state)
    marks: list[Mark] = []
    measure = shown[0].measure
    if measure in ("index", "ratio"):
        marks.append(Rule(None, 100, None, 100, "muted", "dot"))
    if measure == "change":
        marks.append(Rule(None, 0, None, 0, "muted"))
    marks += labelled_lines(dataset, all_series(shown), lang)
    if notes.shows_alternatives(state, shown[0].measure):
        for one in shown:
            marks += _others(dataset, one, lang)
    whole = merged(shown)
    y = value_axis(whole, lang, log, extra=_values(marks))
    rules, events = vertical_rules(dataset, shown, state, lang, form, y)
    return Drawn(time_axis(whole, lang, form), y, (*rules, *marks), log=log, events=tuple(events))


def _others(dataset: Dataset, selection: Selection, lang: Lang) -> Iterable[Dots]:
    for s in selection.series:
        every = dataset.all_of(s.indicator, s.entity)
        others = [
            o for before, o in zip([None, *every], every, strict=False)
            if o.period in selection.periods
            and ((before is not None and before.period == o.period) or o.status == "doubtful")
        ]  # fmt: skip
        found = [
            Point(
                time_value(o.period), o.value,
                " · ".join((
                    wording.series_name(dataset, s, selection, lang), locale.period(o.period, lang),
                    locale.quantity(o.value, selection.indicator.unit, lang),
                    text("explorer.other_source", lang), wording.publisher(dataset, o, lang),
                )),
                (o.key,), locale.quantity(o.value, selection.indicator.unit, lang),
            )
            for o in others
        ]  # fmt: skip
        if found:
            yield Dots(
                tuple(found),
                selection.colours[s.entity],
                size=6,
                hollow=True,
                name=f"{mark_name(s, selection)}:other",
            )


def _values(marks: Iterable[Mark]) -> list[float]:
    return [p.y for m in marks if isinstance(m, Dots) for p in m.points if p.y is not None]


VIEW = View(draw, order=0, finding=findings.over_time, time_axis=True)
