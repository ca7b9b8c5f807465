"""The texts of a view: finding as title, measure as subtitle, texts of points, alternative text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dashboard import locale
from dashboard.dataset import Dataset, Figure, Lang, Observation
from dashboard.dataset.ranking import ALL, rank_among
from dashboard.explore import views
from dashboard.explore.findings import Found, number
from dashboard.explore.select import Selection, Series
from dashboard.explore.state import State, default_scale
from dashboard.locale import text

MIN_TIMES, MIN_MIXED_TIMES = 2, 10
"""Growth below this factor is said in percent; the second where another one beside it is below the first."""
_IN_BEFORE_DAY = re.compile(r"\bin (?=[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4})")
MAX_DIGITS = 9
"""Digits up to which values that differ are written until they read differently."""


def name(dataset: Dataset, entity: str, lang: Lang) -> str:
    return dataset.entities[entity].name(lang) if entity in dataset.entities else entity


def amount(value: float, selection: Selection, lang: Lang, digits: int = 3) -> str:
    """Write a value of the selection as labels and titles show it."""
    if selection.measure == "change":
        return locale.change(value, digits=digits - 2)
    if selection.unit == "%":
        return locale.percent(value, digits=digits - 2)
    return locale.quantity(value, selection.unit, lang, digits=digits)


def point_text(dataset: Dataset, series: Series, k: int, selection: Selection, lang: Lang) -> str:
    """Say one point in full: entity, period, value, figure as published, place, status, publisher."""
    value, figure = series.values[k], series.figures[k]
    if value is None or not selection.with_texts:
        return ""
    parts = [series_name(dataset, series, selection, lang), locale.period(selection.periods[k], lang)]
    if selection.measure != "value" or selection.conversions:
        parts.append(amount(value, selection, lang))
    if figure is not None:
        parts.append(locale.quantity(figure.value, selection.indicator.unit, lang, digits=None))
        if rank := rank_among(dataset, series.indicator, series.entity, selection.periods[k], ALL):
            parts.append(text("profile.place", lang, place=locale.ordinal(rank.place, lang), of=rank.of))
        if figure.status != "final":
            parts.append(text(f"pages.status.{figure.status}", lang))
        parts.append(publisher(dataset, figure, lang))
    return " · ".join(p for p in parts if p)


def publisher(dataset: Dataset, cell: Observation | Figure, lang: Lang) -> str:
    source = dataset.sources.get(cell.source_id)
    return (dataset.publisher(source, lang) or dataset.document(source, lang)) if source else ""


def title(dataset: Dataset, selection: Selection, lang: Lang, found: Found) -> str:
    """Return a finding as a sentence, or the indicator's name where there is none."""
    key, values = found
    if not key:
        return selection.indicator.name(lang)
    sentence = _on_days(
        text(f"explorer.finding.{key}", lang, **_format_values(dataset, selection, values, lang)), lang
    )
    if not selection.several or "indicator" in values or ("n" in values and "m" in values):
        return sentence
    return text("explorer.finding.of", lang, indicator=selection.indicator.name(lang), said=sentence)


def _format_values(
    dataset: Dataset, selection: Selection, values: dict[str, str | float], lang: Lang
) -> dict[str, str]:
    """Return a finding's values as words; amounts that differ are written until they read differently."""
    out: dict[str, str] = {}
    amounts = {k: v for k, v in values.items() if isinstance(v, float) and k.endswith("_value")}
    out |= dict(zip(amounts, distinct_amounts(list(amounts.values()), selection, lang), strict=True))
    growths = [v for k, v in values.items() if k.endswith("growth") and isinstance(v, float)]
    for k, v in values.items():
        if k in out:
            continue
        if isinstance(v, str):
            if k in ("a", "b", "ref", "names"):
                v = locale.join([name(dataset, e, lang) for e in v.split("~")], lang)
            elif k in ("period", "until"):
                v = locale.period(v, lang)
            elif k in ("indicator", "other"):
                v = dataset.indicators[v].name(lang)
            out[k] = v
        elif k.endswith("growth"):
            as_times = v >= (MIN_TIMES if all(g >= MIN_TIMES for g in growths) else MIN_MIXED_TIMES)
            out[k] = locale.times(v, lang) if as_times else locale.change((v - 1) * 100)
        elif k.endswith("times"):
            out[k] = locale.times(v, lang)
        elif k == "r":
            out[k] = f"{v:.2f}".replace("-", "−")
        else:
            out[k] = locale.percent(v)
    return out


def _on_days(sentence: str, lang: Lang) -> str:
    """Return English with *on* before a day: messages have *in*, as years and months want it."""
    return _IN_BEFORE_DAY.sub("on ", sentence) if lang == "en" else sentence


def distinct_amounts(values: Sequence[float], selection: Selection, lang: Lang) -> list[str]:
    """Return amounts; those that would read like a different one have as many digits as tell them apart."""
    return locale.write_apart(values, lambda v, digits: amount(v, selection, lang, digits))


def subtitle(
    dataset: Dataset, selections: Sequence[Selection], state: State, lang: Lang, at: int, log: bool
) -> str:
    """Say what is measured, in which unit and prices, over which span, and that an axis is logarithmic."""
    first, view = selections[0], views.view(state.view)
    if view.shows == "columns" and len(state.indicators) > 1:
        return text("explorer.sub.ranks_each", lang)
    comma = text("explorer.sub.comma", lang)
    pair = view.min_indicators > 1
    if pair and len(selections) > 1:
        parts = [
            text(
                "explorer.sub.against", lang, indicator=named(dataset, first, state, lang),
                other=named(dataset, selections[1], state, lang),
            )
        ]  # fmt: skip
    elif len(selections) > 1:
        parts = [text("explorer.sub.list", lang).join(named(dataset, s, state, lang) for s in selections)]
    else:
        parts = [first.indicator.name(lang), *measure_parts(dataset, first, state, lang)]
    if view.shows == "columns":
        parts.append(text("explorer.sub.ranks", lang))
    parts.append(_span(selections, view, lang, at))
    if pair and len(selections) > 2:
        parts.append(text("explorer.sub.size", lang, indicator=selections[2].indicator.name(lang)))
    if log:
        parts.append(text("explorer.sub.log", lang))
    return comma.join(p for p in parts if p)


def _span(selections: Sequence[Selection], view: views.View, lang: Lang, at: int) -> str:
    first = selections[0]
    if view.shows == "period":
        alone = view.min_indicators > 1 or len(selections) == 1
        return locale.period(first.periods[at], lang) if alone and first.periods and at >= 0 else ""
    periods = sorted({p for s in selections for p in s.periods})
    if view.shows == "ends":  # not the span between the first and the last figure
        periods = sorted({s.periods[k] for s in selections if s.series for k in s.full_ends})
    if not periods:
        return ""
    start, end = (locale.period(p, lang) for p in (periods[0], periods[-1]))
    if start == end:
        return start
    return f"{start}–{end}" if lang == "en" else f"{start}\u00a0–\u00a0{end}"


def measure_parts(dataset: Dataset, selection: Selection, state: State, lang: Lang) -> list[str]:
    """Say how an indicator is measured: unit or transform, per head, in which prices and money."""
    parts: list[str] = []
    if selection.measure == "index":
        if selection.base:
            parts.append(text("explorer.sub.index", lang, period=locale.period(selection.base, lang)))
    elif selection.measure == "ratio":
        parts.append(text("explorer.sub.ratio", lang, ref=name(dataset, state.reference, lang)))
    elif selection.measure == "change":
        parts.append(text("explorer.sub.change", lang))
    else:
        parts.append(locale.unit_name(selection.unit, lang))
        if selection.measure == "cumulative":
            parts.append(text("explorer.sub.cumulative", lang))
    if selection.per_capita:
        parts.append(text("explorer.sub.head", lang))
    if selection.prices_of:
        parts.append(text("explorer.sub.real", lang, period=locale.period(selection.prices_of, lang)))
    if selection.currency and selection.measure not in ("value", "cumulative"):
        parts.append(text(f"explorer.money.{selection.currency}", lang))
    return [p for p in parts if p]


def named(dataset: Dataset, selection: Selection, state: State, lang: Lang) -> str:
    """Return an indicator's name with how it is measured in brackets; a ranking adds its period."""
    own = selection.indicator.name(lang)
    parts = measure_parts(dataset, selection, state, lang)
    if (
        views.view(state.view).shows == "period"
        and len(state.indicators) > 1
        and views.view(state.view).min_indicators == 1
        and selection.periods
    ):
        parts.append(locale.period(selection.periods[selection.best_place], lang))
    words = text("explorer.sub.comma", lang).join(parts)
    if not words:
        return own
    return f"{own} ({words})" if lang == "en" else f"{own}（{words}）"


def alternative_text(
    title_text: str, subtitle_text: str, selections: Sequence[Selection], dataset: Dataset, lang: Lang
) -> str:
    """Return the text alternative: the finding, the measure, then each series from its first to its last."""
    lines = [f"{title_text}. {subtitle_text}." if lang == "en" else f"{title_text}。{subtitle_text}。"]
    for selection in selections:
        for s in selection.series[:8]:
            at = s.places
            a, b = at[0], at[-1]
            key = "explorer.alt.series" if b > a else "explorer.alt.single"
            lines.append(
                text(
                    key, lang, name=series_name(dataset, s, selection, lang),
                    first=amount(number(s.values[a]), selection, lang),
                    last=amount(number(s.values[b]), selection, lang),
                    start=locale.period(selection.periods[a], lang),
                    end=locale.period(selection.periods[b], lang),
                )
            )  # fmt: skip
    return _on_days(" ".join(lines), lang) if lang == "en" else "".join(lines)


def series_name(dataset: Dataset, series: Series, selection: Selection, lang: Lang) -> str:
    """Return a series' name: the entity, and beside other indicators its indicator, too."""
    own = name(dataset, series.entity, lang)
    return f"{own} · {selection.indicator.name(lang)}" if selection.several else own


def is_log(selection: Selection, state: State) -> bool:
    wanted = state.scale or default_scale(selection.indicator.scale, state.measure, state.view)
    return wanted == "log" and all(v > 0 for s in selection.series for v in s.values if v is not None)
