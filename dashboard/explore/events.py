"""Vertical lines on a time axis: events, and breaks in a series."""

from collections.abc import Sequence

from dashboard import locale
from dashboard.dataset import Event
from dashboard.explore.select import Context, Selection
from dashboard.figures.record import Axis, Dash, Mark, Rule, Text, time_value
from dashboard.locale import text

MOST = {"wide": 6, "narrow": 3}
"""Events on one chart; those nearest to what is shown stay."""
LABEL = 11.0
LEVELS = 3
"""Labels of neighbouring uprights stand at so many heights, so that they pass each other."""


def events_on(context: Context) -> list[Event]:
    selections = context.selections
    periods = [p for one in selections for p in one.span or one.periods]
    if not context.view.time_axis or not periods:
        return []
    first, last = min(periods), f"{max(periods)}~"
    drawn = (
        {s.entity for one in selections for s in one.series},
        {one.indicator.indicator_id for one in selections},
        {one.indicator.domain for one in selections},
    )

    def distance(event: Event) -> int:
        concerned = event.concerns.split()
        return next((n for n, known in enumerate(drawn) if not known.isdisjoint(concerned)), len(drawn))

    inside = [e for e in context.dataset.events if first <= e.date <= last and distance(e) < len(drawn)]
    return sorted(sorted(inside, key=distance)[: MOST[context.form]], key=lambda e: e.date)


def vertical_rules(context: Context, y: Axis) -> tuple[list[Mark], tuple[Event, ...]]:
    """Return an upright with a word on top for each event and for each break of a series; and the events.

    What broke stands in the notes under the chart; here a reader sees where not to read growth.
    """
    events = events_on(context) if context.state.events else []
    found: list[tuple[float, str, Dash]] = [
        (time_value(_period_of(event.date, context.selections[0])), event.name(context.lang), "solid")
        for event in events
    ]
    found += [(time_value(period), label, "dot") for period, label in _breaks(context).items()]
    marks: list[Mark] = []
    for n, (x, label, dash) in enumerate(sorted(found)):
        marks.append(Rule(x, None, x, None, "rule" if dash == "solid" else "muted", dash))
        height = LABEL + 14 * (n % LEVELS)
        marks.append(Text(x, y.domain[0 if y.reverse else 1], label, "muted", dx=4, dy=height, size=LABEL))
    return marks, tuple(events)


def _period_of(date: str, selection: Selection) -> str:
    """Return the period of a selection that a day lies in: what a census counts is that year's figure."""
    if any("Q" in p for p in selection.periods) and len(date) > 4:
        return f"{date[:4]}-Q{(int(date[5:7]) + 2) // 3}"
    return date[: min((len(p) for p in selection.periods if "Q" not in p), default=4)]


def _breaks(context: Context) -> dict[str, str]:
    """Return the periods within the span in which a series breaks, and what to say there."""
    names: dict[str, str] = {}
    for one in context.selections:
        entities = [s.entity for s in one.series]
        for note in context.dataset.notes_for(one.indicator.indicator_id, entities):
            if note.kind == "break" and one.periods and one.periods[0] < note.period <= one.periods[-1]:
                name = context.name(note.entity_id) if note.entity_id and len(entities) > 1 else ""
                names[note.period] = names.get(note.period) or name
    mark, lang = text("explorer.mark.break", context.lang), context.lang
    return {
        period: text("explorer.finding.of", lang, indicator=mark, said=name) if name else mark
        for period, name in names.items()
    }


def note(context: Context, events: Sequence[Event]) -> list[str]:
    """Return the note that says what the uprights are, each with its day and who tells of it."""
    lang = context.lang
    labels = [
        text(
            "explorer.event", lang, name=event.name(lang), day=locale.period(event.date, lang),
            publisher=context.dataset.publisher(event, lang),
        )
        for event in events
    ]  # fmt: skip
    joined = text("explorer.event.join", lang).join(labels)
    return [text("explorer.note.events", lang, events=joined)] if events else []
