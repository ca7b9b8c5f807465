"""A state → its chart record: what every renderer, file and answer of the explorer is made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from dashboard import locale
from dashboard.dataset import Dataset, Lang
from dashboard.explore import events, notes, views, wording
from dashboard.explore.findings import NOTHING
from dashboard.explore.select import Selection, Shown, select
from dashboard.explore.state import State
from dashboard.figures.record import Chart, Form, Table
from dashboard.locale import text


def view_chart(
    dataset: Dataset, state: State, lang: Lang, form: Form = "wide", *, with_texts: bool = True
) -> Chart:
    """Return the chart record of a state; without anything to draw its ``empty`` says why.

    ``with_texts`` gives every point its text and the figures it stands on: what files and keyboard navigation
    want, and a drawing alone does not.
    """
    return drawn_chart(dataset, state, lang, form, selections(dataset, state, with_texts=with_texts))


def drawn_chart(dataset: Dataset, state: State, lang: Lang, form: Form, shown: Shown) -> Chart:
    view = views.view(state.view)
    selection = shown[0]
    some = any(s.series for s in shown)
    drawn = view.draw(dataset, shown, state, lang, form) if some else views.Drawn()
    at = selection.best_place if drawn.at is None else drawn.at
    found = drawn.finding or NOTHING
    if drawn.finding is None and view.finding and selection.series:
        found = view.finding(dataset, selection, state, at)
    title = wording.title(dataset, selection, lang, found)
    subtitle = wording.subtitle(dataset, shown, state, lang, at, drawn.log)
    used = Counter(f.source_id for one in shown for s in one.series for f in s.figures if f is not None)
    return Chart(
        id="explore",
        lang=lang,
        title=title,
        subtitle=subtitle,
        x=drawn.x,
        y=drawn.y,
        marks=drawn.marks,
        alt=wording.alternative_text(title, subtitle, shown, dataset, lang),
        table=table(dataset, shown, lang) if selection.with_texts else Table((), ()),
        sources=tuple(s for s, _ in sorted(used.items(), key=lambda p: (-p[1], p[0]))),
        notes=(
            *([text("explorer.note.left_out", lang, n=drawn.left_out)] if drawn.left_out else ()),
            *notes.notes(dataset, shown, state, lang, drawn=bool(drawn.marks)),
            *events.note(dataset, drawn.events, lang),
        ),
        form=form,
        height=drawn.height,
        equal=drawn.equal,
        empty="" if drawn.marks else _empty(dataset, state, lang, drawn),
        meta={
            "view": state.view,
            "at": selection.periods[at] if 0 <= at < len(selection.periods) else "",
            "events": " ".join(event.event_id for event in drawn.events),
        },
    )


def selections(dataset: Dataset, state: State, *, with_texts: bool = True) -> list[Selection]:
    """Return what is drawn of each of a state's indicators; a comparison leaves the other out."""
    first = select(dataset, state, with_texts=with_texts)
    if views.view(state.view).fixed:
        first = replace(first, series=tuple(s for s in first.series if s.entity != state.reference))
    others = range(1, len(state.indicators)) if first.several else ()
    return [first, *(select(dataset, state, n, with_texts=with_texts) for n in others)]


def _empty(dataset: Dataset, state: State, lang: Lang, drawn: views.Drawn) -> str:
    """Say why nothing is drawn: the view's own reason, a known gap, or that there is no figure."""
    if drawn.empty:
        key, values = drawn.empty
        return text(f"explorer.empty.{key}", lang, **values)
    for gap in dataset.gaps:
        if gap.indicator_id in state.indicators and gap.entity_id in state.entities:
            return text("explorer.empty.gap", lang, what=gap.looked_for(lang))
    return text("explorer.empty", lang)


def table(dataset: Dataset, selections: Sequence[Selection], lang: Lang) -> Table:
    """Return the data shown: a row a period, a column a series, numbers as they are."""
    columns = [
        (one, s, dict(zip(one.periods, s.values, strict=True))) for one in selections for s in one.series
    ]
    head = (
        text("explorer.period", lang),
        *(wording.series_name(dataset, s, one, lang) for one, s, _ in columns),
    )
    periods = sorted({p for one in selections for p in one.periods})
    rows = [(locale.period(p, lang), *(values.get(p) for _, _, values in columns)) for p in periods]
    return Table(head, tuple(r for r in rows if any(v is not None for v in r[1:])))


def common_table(dataset: Dataset, selections: Sequence[Selection], lang: Lang) -> tuple[str, Table]:
    """Return the newest period that most of the shown have figures for, and its figures: a row an entity."""
    have: Counter[str] = Counter()
    for one in selections:
        for s in one.series:
            have.update(one.periods[k] for k in s.places)
    period = max(have, key=lambda p: (have[p], p), default="")
    columns = [
        {s.entity: s.values[one.periods.index(period)] for s in one.series} if period in one.periods else {}
        for one in selections
    ]
    entities = dict.fromkeys(s.entity for one in selections for s in one.series)
    rows = [(wording.name(dataset, e, lang), *(column.get(e) for column in columns)) for e in entities]
    head = (text("explorer.entities", lang), *(one.indicator.name(lang) for one in selections))
    return period, Table(head, tuple(r for r in rows if any(v is not None for v in r[1:])))
