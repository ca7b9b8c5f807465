"""The texts of a view: finding as title, measure as subtitle, texts of points, alternative text."""

import re
from collections.abc import Sequence

from dashboard import locale
from dashboard.dataset import Lang
from dashboard.dataset.ranking import ALL, rank_among
from dashboard.explore.findings import Found
from dashboard.explore.select import Context, Selection, Series
from dashboard.explore.state import State, default_scale
from dashboard.locale import text

MIN_TIMES, MIN_MIXED_TIMES = 2, 10
"""Growth below this factor is said in percent; the second where another one beside it is below the first."""
_IN_BEFORE_DAY = re.compile(r"\bin (?=[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4})")
_MAX_TOLD = 8
"""Series of an indicator that the text alternative tells of."""


def amount(value: float, selection: Selection, lang: Lang, digits: int = 3) -> str:
    if selection.measure == "change":
        return locale.change(value, digits=digits - 2)
    if selection.unit == "%":
        return locale.percent(value, digits=digits - 2)
    return locale.quantity(value, selection.unit, lang, digits=digits)


def distinct_amounts(values: Sequence[float], selection: Selection, lang: Lang) -> list[str]:
    """Return amounts; those that would read like a different one have as many digits as tell them apart."""
    return locale.write_apart(values, lambda v, digits: amount(v, selection, lang, digits))


def point_text(context: Context, selection: Selection, series: Series, period: str) -> str:
    """Say one point in full: entity, period, value, figure as published, place, status, publisher."""
    dataset, lang = context.dataset, context.lang
    parts = [series_name(context, selection, series), locale.period(period, lang)]
    if selection.measure != "value" or selection.conversions:
        parts.append(amount(series.values[period], selection, lang))
    if figure := series.figures.get(period):
        parts.append(locale.quantity(figure.value, selection.indicator.unit, lang, digits=None))
        if rank := rank_among(dataset, series.indicator, series.entity, period, ALL):
            parts.append(text("profile.place", lang, place=locale.ordinal(rank.place, lang), of=rank.of))
        if figure.status != "final":
            parts.append(text(f"pages.status.{figure.status}", lang))
        parts.append(dataset.publisher(dataset.sources[figure.source_id], lang))
    return " · ".join(p for p in parts if p)


def title(context: Context, found: Found) -> str:
    """Return a finding as a sentence, or the indicator's name where there is none."""
    (key, values), selection, lang = found, context.selections[0], context.lang
    if not key:
        return selection.indicator.name(lang)
    sentence = _on_days(text(f"explorer.finding.{key}", lang, **_format_values(context, values)), lang)
    if not selection.several or "indicator" in values or ("n" in values and "m" in values):
        return sentence
    return text("explorer.finding.of", lang, indicator=selection.indicator.name(lang), said=sentence)


def _format_values(context: Context, values: dict[str, str | float]) -> dict[str, str]:
    """Return a finding's values as words; amounts that differ are written until they read differently."""
    lang, indicators = context.lang, context.dataset.indicators
    numbers = {k: v for k, v in values.items() if isinstance(v, float)}
    amounts = {k: v for k, v in numbers.items() if k.endswith("_value")}
    out = dict(
        zip(amounts, distinct_amounts(list(amounts.values()), context.selections[0], lang), strict=True)
    )
    times = MIN_TIMES
    if any(v < MIN_TIMES for k, v in numbers.items() if k.endswith("growth")):
        times = MIN_MIXED_TIMES
    for k, v in values.items():
        if isinstance(v, str):
            if k in ("a", "b", "ref", "names"):
                v = locale.join([context.name(e) for e in v.split("~")], lang)
            elif k in ("period", "until"):
                v = locale.period(v, lang)
            elif k in ("indicator", "other"):
                v = indicators[v].name(lang)
            out[k] = v
        elif k.endswith("growth") and v < times:
            out[k] = locale.change((v - 1) * 100)
        elif k.endswith(("growth", "times")):
            out[k] = locale.times(v, lang)
        elif k == "r":
            out[k] = f"{v:.2f}".replace("-", "−")
        elif k not in out:
            out[k] = locale.percent(v)
    return out


def _on_days(sentence: str, lang: Lang) -> str:
    """Return English with *on* before a day: messages have *in*, as years and months want it."""
    return _IN_BEFORE_DAY.sub("on ", sentence) if lang == "en" else sentence


def subtitle(context: Context, period: str, log: bool) -> str:
    """Say what is measured, in which unit and prices, over which span, and that an axis is logarithmic."""
    selections, lang, view = context.selections, context.lang, context.view
    if view.shows == "columns" and len(context.state.indicators) > 1:
        return text("explorer.sub.ranks_each", lang)
    names = [named(context, s) for s in selections]
    if view.min_indicators > 1:
        parts = [text("explorer.sub.against", lang, indicator=names[0], other=names[1])]
    elif len(selections) > 1:
        parts = [text("explorer.sub.list", lang).join(names)]
    else:
        parts = [selections[0].indicator.name(lang), *measure_parts(context, selections[0])]
    if view.shows == "columns":
        parts.append(text("explorer.sub.ranks", lang))
    parts.append(_span(context, period))
    if view.min_indicators > 1 and len(selections) > 2:
        parts.append(text("explorer.sub.size", lang, indicator=selections[2].indicator.name(lang)))
    if log:
        parts.append(text("explorer.sub.log", lang))
    return text("explorer.sub.comma", lang).join(p for p in parts if p)


def _span(context: Context, period: str) -> str:
    selections, view, lang = context.selections, context.view, context.lang
    if view.shows == "period":
        alone = view.min_indicators > 1 or len(selections) == 1
        return locale.period(period, lang) if alone and period else ""
    if view.shows == "ends":  # not the span between the first and the last figure
        periods = sorted({p for s in selections if s.series for p in s.full_ends})
    else:
        periods = sorted({p for s in selections for p in s.periods})
    if not periods:
        return ""
    start, end = (locale.period(p, lang) for p in (periods[0], periods[-1]))
    if start == end:
        return start
    return f"{start}–{end}" if lang == "en" else f"{start}\u00a0–\u00a0{end}"


def measure_parts(context: Context, selection: Selection) -> list[str]:
    lang, measure = context.lang, selection.measure
    parts: list[str] = []
    if measure == "index":
        if selection.base:
            parts.append(text("explorer.sub.index", lang, period=locale.period(selection.base, lang)))
    elif measure == "ratio":
        parts.append(text("explorer.sub.ratio", lang, ref=context.name(context.state.reference)))
    elif measure == "change":
        parts.append(text("explorer.sub.change", lang))
    else:
        parts.append(locale.unit_name(selection.unit, lang))
        if measure == "cumulative":
            parts.append(text("explorer.sub.cumulative", lang))
    if selection.per_capita:
        parts.append(text("explorer.sub.head", lang))
    if selection.prices_of:
        parts.append(text("explorer.sub.real", lang, period=locale.period(selection.prices_of, lang)))
    if selection.currency and measure not in ("value", "cumulative"):
        parts.append(text(f"explorer.money.{selection.currency}", lang))
    return [p for p in parts if p]


def named(context: Context, selection: Selection) -> str:
    """Return an indicator's name with how it is measured in brackets; a ranking adds its period."""
    view, lang = context.view, context.lang
    parts = measure_parts(context, selection)
    if view.shows == "period" and view.min_indicators == 1 and selection.best_period:
        parts.append(locale.period(selection.best_period, lang))
    words, name = text("explorer.sub.comma", lang).join(parts), selection.indicator.name(lang)
    if not words:
        return name
    return f"{name} ({words})" if lang == "en" else f"{name}（{words}）"


def alternative_text(context: Context, title_text: str, subtitle_text: str) -> str:
    """Return the text alternative: the finding, the measure, then each series from its first to its last."""
    lang = context.lang
    lines = [f"{title_text}. {subtitle_text}." if lang == "en" else f"{title_text}。{subtitle_text}。"]
    for selection in context.selections:
        for s in selection.series[:_MAX_TOLD]:
            start = next(iter(s.values))
            lines.append(
                text(
                    "explorer.alt.series" if s.last > start else "explorer.alt.single", lang,
                    name=series_name(context, selection, s),
                    first=amount(s.values[start], selection, lang),
                    last=amount(s.values[s.last], selection, lang),
                    start=locale.period(start, lang), end=locale.period(s.last, lang),
                )
            )  # fmt: skip
    return _on_days(" ".join(lines), lang) if lang == "en" else "".join(lines)


def series_name(context: Context, selection: Selection, series: Series) -> str:
    """Return a series' name: the entity, and beside other indicators its indicator, too."""
    name = context.name(series.entity)
    return f"{name} · {selection.indicator.name(context.lang)}" if selection.several else name


def is_log(selection: Selection, state: State) -> bool:
    wanted = state.scale or default_scale(selection.indicator.scale, state.measure, state.view)
    return wanted == "log" and all(v > 0 for s in selection.series for v in s.values.values())
