"""Vertical lines on a time axis: events, and breaks in a series."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import locale
from dashboard.dataset import Dataset, Event, Lang
from dashboard.explore import views, wording
from dashboard.explore.select import Selection, Shown
from dashboard.explore.state import State
from dashboard.figures.record import Axis, Dash, Form, Mark, Rule, Text, time_value
from dashboard.locale import text

MOST = {"wide": 6, "narrow": 3}
"""Events on one chart; those nearest to what is shown stay."""
LABEL = 11.0
LEVELS = 3
"""Labels of neighbouring uprights stand at so many heights, so that they pass each other."""


def events_on(dataset: Dataset, shown: Shown, state: State, form: Form = "wide") -> list[Event]:
    periods = [p for one in shown for p in one.span or one.periods]
    if not views.view(state.view).time_axis or not periods:
        return []
    first, last = min(periods), max(periods) + "~"
    entities = {s.entity for one in shown for s in one.series}
    indicators = {one.indicator.indicator_id for one in shown}
    domains = {one.indicator.domain for one in shown}

    def distance(event: Event) -> int:
        concerned = event.concerns.split()
        near = (not known.isdisjoint(concerned) for known in (entities, indicators, domains))
        return next((n for n, yes in enumerate(near) if yes), 9)

    inside = [e for e in dataset.events if first <= e.date <= last and distance(e) < 9]
    return sorted(sorted(inside, key=distance)[: MOST[form]], key=lambda e: e.date)


def vertical_rules(
    dataset: Dataset, shown: Shown, state: State, lang: Lang, form: Form, y: Axis
) -> tuple[list[Mark], list[Event]]:
    """Return an upright with a word on top for each event and for each break of a series; and the events.

    What broke stands in the notes under the chart; here a reader sees where not to read growth.
    """
    events = events_on(dataset, shown, state, form) if state.events else []
    found: list[tuple[float, str, Dash]] = [
        (time_value(_period_of(event.date, shown[0])), event.name(lang), "solid") for event in events
    ]
    found += [(time_value(period), label, "dot") for period, label in _breaks(dataset, shown, lang).items()]
    marks: list[Mark] = []
    for n, (x, label, dash) in enumerate(sorted(found)):
        marks.append(Rule(x, None, x, None, "rule" if dash == "solid" else "muted", dash))
        height = LABEL + 14 * (n % LEVELS)
        marks.append(Text(x, y.domain[0 if y.reverse else 1], label, "muted", dx=4, dy=height, size=LABEL))
    return marks, events


def _period_of(date: str, selection: Selection) -> str:
    """Return the period of a selection that a day lies in: what a census counts is that year's figure."""
    lengths = {len(p) for p in selection.periods if "Q" not in p}
    if any("Q" in p for p in selection.periods) and len(date) > 4:
        return f"{date[:4]}-Q{(int(date[5:7]) + 2) // 3}"
    return date[: min(lengths, default=4)]


def _breaks(dataset: Dataset, shown: Shown, lang: Lang) -> dict[str, str]:
    """Return the periods within the span in which a series breaks, and what to say there."""
    found: dict[str, list[str]] = {}
    for one in shown:
        entities = [s.entity for s in one.series]
        for note in dataset.notes_for(one.indicator.indicator_id, entities):
            if note.kind == "break" and one.periods and one.periods[0] < note.period <= one.periods[-1]:
                names = found.setdefault(note.period, [])
                if note.entity_id and len(entities) > 1:
                    names.append(wording.name(dataset, note.entity_id, lang))
    mark = text("explorer.mark.break", lang)
    return {
        period: text("explorer.finding.of", lang, indicator=mark, said=names[0]) if names else mark
        for period, names in found.items()
    }


def note(dataset: Dataset, events: Sequence[Event], lang: Lang) -> list[str]:
    """Return the note that says what the uprights are, each with its day and who tells of it."""
    if not events:
        return []
    labels = []
    for event in events:
        day, publisher = locale.period(event.date, lang), dataset.publisher(event, lang)
        labels.append(text("explorer.event", lang, name=event.name(lang), day=day, publisher=publisher))
    return [text("explorer.note.events", lang, events=text("explorer.event.join", lang).join(labels))]
