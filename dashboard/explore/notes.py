"""The notes under a chart: who is missing, how figures are marked and converted, breaks and doubts."""

from collections.abc import Iterable, Sequence

from dashboard import locale
from dashboard.explore.select import PROVISIONAL, Context, Selection
from dashboard.explore.state import State
from dashboard.explore.transforms import deflator_for
from dashboard.locale import text


def notes(context: Context, *, drawn: bool) -> tuple[str, ...]:
    """Return what a reader has to know: breaks and doubts, preliminary figures, who has no figure.

    ``drawn``: whether there is anything in the chart whose looks want explaining.
    """
    selections, lang, view = context.selections, context.lang, context.view
    out = [note for selection in selections for note in _missing_notes(context, selection)]
    if drawn and any(_shows_provisional(selection, view.shows) for selection in selections):
        out.append(text(f"explorer.note.{view.provisional_style}", lang))
    if view.single and len(context.state.indicators) > 1:
        out.append(text("explorer.note.first_only", lang))
    if shows_alternatives(context.state, selections[0].measure):
        out.append(text("explorer.note.rings", lang))
    for about in (_conversion_notes, _dataset_notes):
        out += [note for selection in selections for note in about(context, selection)]
    return tuple(dict.fromkeys(out))


def _shows_provisional(selection: Selection, shows: str) -> bool:
    if shows == "period":
        return any(s.provisional(selection.best_period) for s in selection.series)
    if shows == "ends":
        return any(s.provisional(p) for s in selection.series for p in selection.full_ends)
    return any(not PROVISIONAL.isdisjoint(f.status for f in s.figures.values()) for s in selection.series)


def _missing_notes(context: Context, selection: Selection) -> Iterable[str]:
    lang, measure = context.lang, selection.measure

    def line_about(key: str, entities: Sequence[str], **values: str) -> str:
        names = text("explorer.sub.list", lang).join(map(context.name, entities))
        line = text(f"explorer.note.{key}", lang, names=names, **values)
        if len(context.selections) == 1:
            return line
        return text("explorer.finding.of", lang, indicator=selection.indicator.name(lang), said=line)

    if selection.missing:
        yield line_about("missing", selection.missing)
    if selection.without_base and measure == "index":
        yield line_about("no_base", selection.without_base, period=locale.period(selection.base, lang))
    elif selection.without_base:
        key = "no_ratio" if measure == "ratio" else "no_change"
        yield line_about(key, selection.without_base, ref=context.name(context.state.reference))


def _conversion_notes(context: Context, selection: Selection) -> Iterable[str]:
    """Say by which series prices and money were converted: cities and companies share the country's."""
    lang = context.lang
    if selection.prices_of:
        prices = context.dataset.indicators[deflator_for(selection.indicator)].name(lang)
        yield text("explorer.note.real", lang, indicator=prices)
    if selection.currency and selection.prices_of:
        yield text("explorer.note.rate_fixed", lang, period=locale.period(selection.prices_of, lang))
    elif selection.currency:
        yield text("explorer.note.parity" if selection.currency == "ppp" else "explorer.note.rate", lang)


def shows_alternatives(state: State, measure: str, *, offered: bool = False) -> bool:
    """Return whether figures of other documents are drawn, or could be: beside lines as published."""
    plain = measure == "value" and not (state.currency or state.real or state.per_capita)
    return (state.alternatives or offered) and state.view == "line" and plain


def _dataset_notes(context: Context, selection: Selection) -> Iterable[str]:
    entities, periods = {s.entity for s in selection.series}, selection.periods
    found = context.dataset.notes_for(selection.indicator.indicator_id, entities)
    for note in sorted(found, key=lambda n: n.kind != "break"):
        if not note.period or (periods and periods[0] <= note.period <= f"{periods[-1]}~"):
            yield context.dataset.note_text(note, context.lang)
