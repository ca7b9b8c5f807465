"""What a view says: finding as title, measure as subtitle, texts of points, notes, alternative text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dashboard import locale
from dashboard.dataset import Dataset, Lang, Observation
from dashboard.explore.offers import deflator_for
from dashboard.explore.select import Selection, Series, best_period
from dashboard.explore.state import State, own_scale
from dashboard.locale import text

FAR = 10
"""A ranking whose first is so many times its last says how far apart they are."""
SOFT_MARK = {"bar": "hatched", "scatter": "hollow", "heat": "starred", "table": "starred"}
"""How a view shows that a figure is not final; the others dash their lines."""


def name(dataset: Dataset, entity: str, lang: Lang) -> str:
    """Return an entity's name."""
    return dataset.entities[entity].name(lang) if entity in dataset.entities else entity


def amount(value: float, selection: Selection, lang: Lang) -> str:
    """Write a value of the selection as labels and tables show it."""
    if selection.unit == "index":
        return locale.number(value, lang)
    if selection.measure == "change":
        return locale.change(value, lang)
    return locale.quantity(value, selection.unit, lang)


def status_word(status: str, lang: Lang) -> str:
    """Return the word for a status worth saying; empty for a final figure."""
    return "" if status == "final" else text(f"explorer.status.{status}", lang)


def point_text(dataset: Dataset, series: Series, k: int, selection: Selection, lang: Lang) -> str:
    """Say one point in full: entity, period, value, the figure behind it, its status, its publisher."""
    value, cell = series.values[k], series.cells[k]
    if value is None:
        return ""
    said = amount(value, selection, lang)
    parts = [whose(dataset, series, selection, lang), locale.period(selection.periods[k], lang), said]
    if cell is not None:
        raw = locale.quantity(cell.value, selection.indicator.unit, lang)
        if raw != said:
            parts.append(raw)
        parts += [status_word(cell.status, lang), publisher(dataset, cell, lang)]
    return " · ".join(p for p in parts if p)


def publisher(dataset: Dataset, cell: Observation, lang: Lang) -> str:
    """Return who published a figure, in ``lang``."""
    source = dataset.sources.get(cell.source_id)
    return (dataset.publisher(source, lang) or source.title) if source else ""


def title(
    dataset: Dataset,
    selection: Selection,
    state: State,
    lang: Lang,
    at: int,
    found: tuple[str, dict[str, str | float]] | None = None,
) -> str:
    """Return the finding (or the view's own) as a sentence; every number is read off the data."""
    key, values = found or finding(selection, state, at)
    if not key:
        return selection.indicator.name(lang)
    words = {
        k: _names(dataset, v, lang) if k in ("a", "b", "ref", "names") else v
        for k, v in values.items() if isinstance(v, str)
    }  # fmt: skip
    for k, v in values.items():
        if isinstance(v, float):
            words[k] = _written(k, v, selection, lang)
    for k in ("period", "until"):
        if k in words:
            words[k] = locale.period(words[k], lang)
    for k in ("indicator", "other"):
        if k in words:
            words[k] = dataset.indicators[words[k]].name(lang)
    said = text(f"explorer.finding.{key}", lang, **words)
    if found or not selection.several:
        return said
    return text("explorer.finding.of", lang, indicator=selection.indicator.name(lang), said=said)


def _names(dataset: Dataset, joined: str, lang: Lang) -> str:
    return text("explorer.sub.list", lang).join(name(dataset, e, lang) for e in joined.split("~"))


def _written(key: str, value: float, selection: Selection, lang: Lang) -> str:
    if key.endswith("times"):
        return locale.times(value, lang)
    if key.endswith("share"):
        return locale.percent(value, lang)
    return amount(value, selection, lang)


def finding(selection: Selection, state: State, at: int) -> tuple[str, dict[str, str | float]]:
    """Return the finding's message key and its values: entities ``a`` ``b`` ``ref``, periods, numbers."""
    series, periods = selection.series, selection.periods
    if not series:
        return "", {}
    if state.view == "pursuit":
        return _pursued(selection, state)
    if state.view in ("line", "slope", "multiples", "table") and state.measure in ("value", "index"):
        start, stop = common_ends(selection)
        grown = [
            (last / first, s)
            for s in series
            if (first := s.values[start]) is not None and first > 0 and (last := s.values[stop]) is not None
        ]
        grown.sort(key=lambda p: -p[0])
        if len(grown) >= 2 and start < stop and selection.unit not in ("%", "rank", "degrees", "year"):
            (first_times, first_one), (second_times, second_one) = grown[:2]
            return "grew" if first_times >= 1 else "fell", {
                "a": first_one.entity, "a_times": first_times, "b": second_one.entity,
                "b_times": second_times, "period": periods[start],
            }  # fmt: skip
    if state.view == "line" and state.measure == "value" and selection.indicator.frequency == "daily":
        return _peaks(selection)
    here = [(s.values[at], s) for s in series if at >= 0 and s.values[at] is not None]
    if not here:
        return "", {}
    low = selection.indicator.better == "lower" and selection.unit == "rank"
    ranked = sorted(here, key=lambda p: _number(p[0]), reverse=not low)
    values: dict[str, str | float] = {
        "a": ranked[0][1].entity, "a_value": _number(ranked[0][0]), "period": periods[at],
    }  # fmt: skip
    if len(ranked) == 1:
        return "alone", values
    first, last = _number(ranked[0][0]), _number(ranked[-1][0])
    if state.view == "bar" and len(ranked) > 2 and not low and first >= FAR * last > 0:
        values |= {"b": ranked[-1][1].entity, "b_value": last, "b_times": first / last}
        return "far_apart", values
    values |= {"b": ranked[1][1].entity, "b_value": _number(ranked[1][0])}
    return "leads", values


def _peaks(selection: Selection) -> tuple[str, dict[str, str | float]]:
    """Return which day was whose highest: attention comes in bursts, and the last day says little."""
    tops = [(max(v for v in s.values if v is not None), s) for s in selection.series]
    tops.sort(key=lambda p: -p[0])
    (first, one), (second, other) = tops[0], tops[min(1, len(tops) - 1)]
    found: dict[str, str | float] = {
        "a": one.entity, "a_value": first, "period": selection.periods[one.values.index(first)],
        "b": other.entity, "b_value": second, "until": selection.periods[other.values.index(second)],
    }  # fmt: skip
    return ("peaks" if len(tops) > 1 else "peak"), found


def _pursued(selection: Selection, state: State) -> tuple[str, dict[str, str | float]]:
    """Return who was overtaken, who is ahead, and who of those that never were came closest."""
    lines = [
        (max(v for v in s.values if v is not None), _number(s.values[s.points()[-1]]), s)
        for s in selection.series
        if s.entity != state.reference
    ]
    passed = [p for p in lines if p[0] >= 100 > p[1]]
    ahead = [p for p in lines if p[1] >= 100]
    behind = [p for p in lines if p[0] < 100]
    if not lines:
        return "", {}
    peak, now, best = max(passed or behind or ahead, key=lambda p: p[0])
    last = best.values.index(peak) == best.points()[-1]
    found: dict[str, str | float] = {
        "a": best.entity, "ref": state.reference, "peak_share": peak,
        "period": selection.periods[best.values.index(peak)], "now_share": now,
    }  # fmt: skip
    if passed:
        return "passed", found
    if ahead and behind:
        _, first, leader = max(ahead, key=lambda p: p[1])
        return "ahead_closest", {**found, "a": leader.entity, "b": best.entity, "now_share": first}
    return ("ahead" if ahead else "closest") + ("_still" if last else ""), found


def common_ends(selection: Selection) -> tuple[int, int]:
    """Return the first and last places for which most series have a value."""
    counts = [sum(s.values[k] is not None for s in selection.series) for k in range(len(selection.periods))]
    full = [k for k, n in enumerate(counts) if n == max(counts)]
    return full[0], full[-1]


def _number(value: float | None) -> float:
    return 0.0 if value is None else value


def subtitle(
    dataset: Dataset, selections: Sequence[Selection], state: State, lang: Lang, at: int, log: bool
) -> str:
    """Say what is measured, in which unit and prices, over which span, and that an axis is logarithmic."""
    first = selections[0]
    if state.view == "heat" and len(state.indicators) > 1:
        return text("explorer.sub.ranks_each", lang)
    comma = text("explorer.sub.comma", lang)
    if len(selections) > 1 and state.view != "scatter":
        parts = [text("explorer.sub.list", lang).join(named(dataset, s, state, lang) for s in selections)]
    else:
        parts = [first.indicator.name(lang), *measured(dataset, first, state, lang)]
    periods = sorted({p for s in selections for p in s.periods}) if state.view != "scatter" else first.periods
    if state.view == "slope":  # it shows two periods, not the span between the first and the last figure
        periods = sorted({s.periods[k] for s in selections if s.series for k in common_ends(s)})
    if periods:
        if state.view == "heat":
            parts.append(text("explorer.sub.ranks", lang))
        if state.view == "scatter" or (state.view == "bar" and len(selections) == 1):
            parts.append(locale.period(first.periods[at], lang) if at >= 0 else "")
        elif state.view != "bar":
            start, end = (locale.period(p, lang) for p in (periods[0], periods[-1]))
            parts.append(
                start if start == end else f"{start}–{end}" if lang == "en" else f"{start}\u00a0–\u00a0{end}"
            )
    if state.view == "scatter" and len(selections) > 2:
        parts.append(text("explorer.sub.size", lang, indicator=selections[2].indicator.name(lang)))
    if log:
        parts.append(text("explorer.sub.log", lang))
    return comma.join(p for p in parts if p)


def measured(dataset: Dataset, selection: Selection, state: State, lang: Lang) -> list[str]:
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
    if selection.head:
        parts.append(text("explorer.sub.head", lang))
    if selection.prices_of:
        parts.append(text("explorer.sub.real", lang, period=locale.period(selection.prices_of, lang)))
    if selection.money and selection.measure not in ("value", "cumulative"):
        parts.append(text(f"explorer.money.{selection.money}", lang))
    return [p for p in parts if p]


def named(dataset: Dataset, selection: Selection, state: State, lang: Lang) -> str:
    """Return an indicator's name with how it is measured in brackets; a ranking adds its period."""
    own = selection.indicator.name(lang)
    said = measured(dataset, selection, state, lang)
    if state.view == "bar" and selection.periods:
        said.append(locale.period(selection.periods[best_period(selection)], lang))
    words = text("explorer.sub.comma", lang).join(said)
    if not words:
        return own
    return f"{own} ({words})" if lang == "en" else f"{own}（{words}）"


def notes(dataset: Dataset, selections: Sequence[Selection], state: State, lang: Lang) -> tuple[str, ...]:
    """Return what a reader has to know: breaks and doubts, preliminary figures, who has no figure."""
    out: list[str] = []
    soft = ""
    for selection in selections:
        if selection.missing:
            joined = text("explorer.sub.list", lang).join(name(dataset, e, lang) for e in selection.missing)
            said = text("explorer.note.missing", lang, names=joined)
            if len(selections) > 1:
                own = selection.indicator.name(lang)
                said = text("explorer.finding.of", lang, indicator=own, said=said)
            out.append(said)
    for selection in selections:
        cells = [c for s in selection.series for c in s.cells if c is not None]
        if any(c.status in ("preliminary", "estimate") for c in cells):
            soft = text(f"explorer.note.{SOFT_MARK.get(state.view, 'dashed')}", lang)
    out += [soft] if soft else []
    if shows_alternatives(state, selections[0].measure):
        out.append(text("explorer.note.rings", lang))
    for selection in selections:
        out += _converted(dataset, selection, lang)
    for selection in selections:
        out += _noted(dataset, selection, lang)
    return tuple(dict.fromkeys(out))


def _converted(dataset: Dataset, selection: Selection, lang: Lang) -> Iterable[str]:
    """Say by which series prices and money were converted: cities and companies share the country's."""
    if selection.prices_of:
        prices = dataset.indicators[deflator_for(selection.indicator)].name(lang)
        yield text("explorer.note.real", lang, indicator=prices)
    if selection.money and selection.prices_of:
        yield text("explorer.note.rate_fixed", lang, period=locale.period(selection.prices_of, lang))
    elif selection.money:
        yield text("explorer.note.parity" if selection.money == "ppp" else "explorer.note.rate", lang)


def shows_alternatives(state: State, measure: str) -> bool:
    """Return whether figures of other documents are drawn: beside lines of figures as published."""
    plain = measure == "value" and not (state.money or state.real or state.head)
    return state.alternatives and state.view == "line" and plain


def _noted(dataset: Dataset, selection: Selection, lang: Lang) -> Iterable[str]:
    shown = {s.entity for s in selection.series}
    every = dataset.notes_for(selection.indicator.indicator_id, shown)
    for note in sorted(every, key=lambda n: n.kind != "break"):
        periods = selection.periods
        if note.period and not (periods and periods[0] <= note.period <= periods[-1] + "~"):
            continue
        colon = ": " if lang == "en" else "："
        who = f"{name(dataset, note.entity_id, lang)}{colon}" if note.entity_id else ""
        yield f"{who}{note.text(lang)}"


def alternative_text(
    title_said: str, subtitle_said: str, selections: Sequence[Selection], dataset: Dataset, lang: Lang
) -> str:
    """Return the text alternative: the finding, the measure, then each series from its first to its last."""
    lines = [f"{title_said}. {subtitle_said}." if lang == "en" else f"{title_said}。{subtitle_said}。"]
    for selection in selections:
        for s in selection.series[:8]:
            at = s.points()
            a, b = at[0], at[-1]
            lines.append(
                text(
                    "explorer.alt.series", lang, name=whose(dataset, s, selection, lang),
                    first=amount(_number(s.values[a]), selection, lang),
                    last=amount(_number(s.values[b]), selection, lang),
                    start=locale.period(selection.periods[a], lang),
                    end=locale.period(selection.periods[b], lang),
                )
            )  # fmt: skip
    return " ".join(lines) if lang == "en" else "".join(lines)


def whose(dataset: Dataset, series: Series, selection: Selection, lang: Lang) -> str:
    """Return a series' name: the entity, and beside other indicators its indicator, too."""
    own = name(dataset, series.entity, lang)
    return f"{own} · {selection.indicator.name(lang)}" if selection.several else own


def is_log(selection: Selection, state: State) -> bool:
    """Return whether the value axis is logarithmic: chosen, or the indicator's own; all values > 0."""
    wanted = state.scale or own_scale(selection.indicator.scale, state.measure, state.view)
    return wanted == "log" and all(v > 0 for s in selection.series for v in s.values if v is not None)
