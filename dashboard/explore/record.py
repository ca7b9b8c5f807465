"""A state → its chart record: what every renderer, file and answer of the explorer is made from."""

from collections import Counter

from dashboard import locale
from dashboard.dataset import Dataset, Lang
from dashboard.explore import events, notes, wording
from dashboard.explore.findings import NOTHING
from dashboard.explore.select import Context
from dashboard.explore.state import State
from dashboard.explore.views import Drawn
from dashboard.figures.record import Chart, Form, Table
from dashboard.locale import text


def view_chart(dataset: Dataset, state: State, lang: Lang, form: Form = "wide") -> Chart:
    """Return the chart record of a state; without anything to draw its ``empty`` says why."""
    return draw(Context(dataset, state, lang, form))


def draw(context: Context) -> Chart:
    view, lang, selections = context.view, context.lang, context.selections
    drawn = view.draw(context) if any(s.series for s in selections) else Drawn()
    period = drawn.period or selections[0].best_period
    found = drawn.finding or NOTHING
    if drawn.finding is None and view.finding and selections[0].series:
        found = view.finding(context, period)
    title = wording.title(context, found)
    subtitle = wording.subtitle(context, period, drawn.log)
    used = Counter(f.source_id for one in selections for s in one.series for f in s.figures.values())
    return Chart(
        id="explore",
        lang=lang,
        title=title,
        subtitle=subtitle,
        x=drawn.x,
        y=drawn.y,
        marks=drawn.marks,
        alt=wording.alternative_text(context, title, subtitle),
        table=table(context) if context.with_texts else Table((), ()),
        sources=tuple(s for s, _ in sorted(used.items(), key=lambda p: (-p[1], p[0]))),
        notes=(
            *([text("explorer.note.left_out", lang, n=drawn.left_out)] if drawn.left_out else ()),
            *notes.notes(context, drawn=bool(drawn.marks)),
            *events.note(context, drawn.events),
        ),
        form=context.form,
        height=drawn.height,
        equal=drawn.equal,
        empty="" if drawn.marks else _empty(context, drawn),
        meta={
            "view": context.state.view,
            "at": period,
            "events": " ".join(event.event_id for event in drawn.events),
        },
    )


def _empty(context: Context, drawn: Drawn) -> str:
    """Say why nothing is drawn: the view's own reason, a known gap, or that there is no figure."""
    state, lang = context.state, context.lang
    if drawn.empty:
        key, values = drawn.empty
        return text(f"explorer.empty.{key}", lang, **values)
    for gap in context.dataset.gaps:
        if gap.indicator_id in state.indicators and gap.entity_id in state.entities:
            return text("explorer.empty.gap", lang, what=gap.looked_for(lang))
    return text("explorer.empty", lang)


def table(context: Context) -> Table:
    """Return the data shown: a row a period, a column a series, numbers as they are."""
    lang = context.lang
    columns = [(one, s) for one in context.selections for s in one.series]
    names = (wording.series_name(context, one, s) for one, s in columns)
    periods = sorted({p for _, s in columns for p in s.values})
    rows = ((locale.period(p, lang), *(s.values.get(p) for _, s in columns)) for p in periods)
    return Table((text("explorer.period", lang), *names), tuple(rows))


def common_table(context: Context) -> tuple[str, Table]:
    """Return the newest period that most of the shown have figures for, and its figures: a row an entity."""
    selections, lang = context.selections, context.lang
    have = Counter(p for one in selections for s in one.series for p in s.values)
    period = max(have, key=lambda p: (have[p], p), default="")
    columns = [one.across(period) for one in selections]
    entities = dict.fromkeys(s.entity for one in selections for s in one.series)
    rows = [
        (context.name(e), *(column.get(e) for column in columns))
        for e in entities if any(e in column for column in columns)
    ]  # fmt: skip
    names = (one.indicator.name(lang) for one in selections)
    return period, Table((text("explorer.entities", lang), *names), tuple(rows))
