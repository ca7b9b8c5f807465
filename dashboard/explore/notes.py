"""The notes under a chart: who is missing, how figures are marked and converted, breaks and doubts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dashboard import locale
from dashboard.dataset import Dataset, Lang
from dashboard.explore import views
from dashboard.explore.conversions import deflator_for
from dashboard.explore.select import Selection
from dashboard.explore.state import State
from dashboard.explore.wording import name
from dashboard.locale import text


def notes(
    dataset: Dataset, selections: Sequence[Selection], state: State, lang: Lang, *, drawn: bool
) -> tuple[str, ...]:
    """Return what a reader has to know: breaks and doubts, preliminary figures, who has no figure.

    ``drawn``: whether there is anything in the chart whose looks want explaining.
    """
    out: list[str] = []
    view = views.view(state.view)
    for selection in selections:
        out += _missing_notes(dataset, selection, state, lang, alone=len(selections) == 1)
    if drawn and any(_shows_provisional(selection, view) for selection in selections):
        out.append(text(f"explorer.note.{view.provisional_style}", lang))
    if view.single and len(state.indicators) > 1:
        out.append(text("explorer.note.first_only", lang))
    if shows_alternatives(state, selections[0].measure):
        out.append(text("explorer.note.rings", lang))
    for selection in selections:
        out += _conversion_notes(dataset, selection, lang)
    for selection in selections:
        out += _dataset_notes(dataset, selection, lang)
    return tuple(dict.fromkeys(out))


def _shows_provisional(selection: Selection, view: views.View) -> bool:
    """Return whether a figure that is not final is among those that a view draws."""
    if view.shows == "period":
        return any(s.provisional(selection.best_place) for s in selection.series)
    if view.shows == "ends":
        return any(s.provisional(k) for s in selection.series for k in selection.full_ends)
    return any(s.any_provisional for s in selection.series)


def _missing_notes(
    dataset: Dataset, selection: Selection, state: State, lang: Lang, *, alone: bool
) -> Iterable[str]:
    """Say who is not drawn, and why: no figure at all, or none in the period that all start from."""

    def line_about(key: str, entities: Sequence[str], **values: str) -> str:
        names = text("explorer.sub.list", lang).join(name(dataset, e, lang) for e in entities)
        line = text(f"explorer.note.{key}", lang, names=names, **values)
        own = selection.indicator.name(lang)
        return line if alone else text("explorer.finding.of", lang, indicator=own, said=line)

    if selection.missing:
        yield line_about("missing", selection.missing)
    if selection.without_base and selection.measure == "index":
        yield line_about("no_base", selection.without_base, period=locale.period(selection.base, lang))
    elif selection.without_base:
        ref = name(dataset, state.reference, lang)
        yield line_about(
            "no_ratio" if selection.measure == "ratio" else "no_change", selection.without_base, ref=ref
        )


def _conversion_notes(dataset: Dataset, selection: Selection, lang: Lang) -> Iterable[str]:
    """Say by which series prices and money were converted: cities and companies share the country's."""
    if selection.prices_of:
        prices = dataset.indicators[deflator_for(selection.indicator)].name(lang)
        yield text("explorer.note.real", lang, indicator=prices)
    if selection.currency and selection.prices_of:
        yield text("explorer.note.rate_fixed", lang, period=locale.period(selection.prices_of, lang))
    elif selection.currency:
        yield text("explorer.note.parity" if selection.currency == "ppp" else "explorer.note.rate", lang)


def shows_alternatives(state: State, measure: str, *, offered: bool = False) -> bool:
    """Return whether figures of other documents are drawn, or could be: beside lines as published."""
    plain = measure == "value" and not (state.currency or state.real or state.per_capita)
    return (state.alternatives or offered) and state.view == "line" and plain


def _dataset_notes(dataset: Dataset, selection: Selection, lang: Lang) -> Iterable[str]:
    shown = {s.entity for s in selection.series}
    every = dataset.notes_for(selection.indicator.indicator_id, shown)
    for note in sorted(every, key=lambda n: n.kind != "break"):
        periods = selection.periods
        if note.period and not (periods and periods[0] <= note.period <= periods[-1] + "~"):
            continue
        yield dataset.note_text(note, lang)
