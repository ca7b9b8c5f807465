"""What a chart's title states: a message of ``explorer.finding`` and its values, read off what is drawn.

A title is written only where it holds for everything drawn: growth names its span and is compared only
where all shown have both ends; whoever shares the first place is named with the others; growth of money
says that it is nominal. Where no such statement holds, the title is the indicator's name (an empty message
key).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from dashboard.dataset import Dataset
from dashboard.explore.available_transforms import available_transforms, is_chain_link
from dashboard.explore.select import Selection, unit_is_money
from dashboard.explore.state import State

Found = tuple[str, dict[str, "str | float"]]
"""A message key below ``explorer.finding`` and its values: entities, periods, numbers by their names."""
FAR_APART = 10
"""A ranking whose first is so many times its last says how far apart they are."""
FEWEST_PAIRS = 5
MIN_COVERAGE = 2 / 3
"""The part of the drawn span that growth has to be measured over, to stand for the chart."""
NOTHING: Found = ("", {})
_UNRANKED_UNITS = ("degrees", "year", "event")
"""Units of which the largest is not first in anything."""


def over_time(dataset: Dataset, selection: Selection, state: State, at: int) -> Found:
    """Return who grew most, whose peak was when (daily figures), or who comes first at the end."""
    if selection.indicator.frequency == "daily" and selection.measure == "value" and selection.series:
        return _highest_days(selection)
    return _fastest_growth(dataset, selection) or ranked(dataset, selection, state, _newest(selection, at))


def _newest(selection: Selection, otherwise: int) -> int:
    """Return the place of the newest period that two, and at least half of the shown, have a figure for."""
    enough = max(2, len(selection.series) / 2)
    return max((k for k, n in enumerate(selection.series_at) if n >= enough), default=otherwise)


def _fastest_growth(dataset: Dataset, selection: Selection) -> Found | None:
    """Return who grew most between the ends that all have, where these ends stand for what is drawn."""
    indicator, measure = selection.indicator, selection.measure
    comparable = "index" in available_transforms(indicator, dataset) and (
        measure == "index" or not is_chain_link(indicator)
    )
    if measure not in ("value", "index") or not comparable or len(selection.series) < 2:
        return None
    start, stop = selection.full_ends
    shown = [(s.values[start], s.values[stop], s) for s in selection.series]
    if start >= stop or any(a is None or b is None or a <= 0 for a, b, _ in shown):
        return None
    if stop - start < MIN_COVERAGE * (len(selection.periods) - 1):
        return None
    grown = sorted(((number(b) / number(a), s) for a, b, s in shown), key=lambda p: -p[0])
    (first, one), (second, other) = grown[:2]
    values: dict[str, str | float] = {
        "a": one.entity, "a_growth": first, "b": other.entity, "b_growth": second,
        "period": selection.periods[start], "until": selection.periods[stop],
    }  # fmt: skip
    level = [s.entity for g, s in grown if math.isclose(g, first, rel_tol=5e-4)]
    if math.isclose(first, 1, rel_tol=5e-4):
        return "unchanged", {**values, "names": "~".join(level)}
    if len(level) > 1:
        return ("grew_alike", {**values, "names": "~".join(level)}) if first > 1 else None
    if first < 1:
        return "fell", values
    return "grew_nominal" if nominal(selection) else "grew", values


def nominal(selection: Selection) -> bool:
    """Return whether the figures are money in current prices, so that their growth is no real growth."""
    return unit_is_money(selection.indicator) and not selection.prices_of and selection.measure != "ratio"


def ranked(dataset: Dataset, selection: Selection, state: State, at: int) -> Found:
    """Return who comes first at the place ``at``, with whom, and before whom."""
    left_out = state.reference if selection.measure == "ratio" else ""
    here = [
        (value, s)
        for s in selection.series
        if at >= 0 and s.entity != left_out and (value := s.values[at]) is not None
    ]
    link = is_chain_link(selection.indicator) and selection.measure == "value"
    if not here or link or selection.unit in _UNRANKED_UNITS:
        return NOTHING
    low = selection.indicator.better == "lower" and selection.unit == "rank"
    here.sort(key=lambda p: p[0] if low else -p[0])
    (first, one), (last, trailing) = here[0], here[-1]
    values: dict[str, str | float] = {"a": one.entity, "a_value": first, "period": selection.periods[at]}
    if len(here) == 1:
        return ("alone" if len(selection.series) == 1 else "only"), values
    tied = [s.entity for value, s in here if value == first]
    if len(tied) > 1 and first == 0:
        return NOTHING  # nobody is first with nothing
    if len(tied) > 1:
        return "level", {**values, "names": "~".join(tied)}
    values |= {"b": here[1][1].entity, "b_value": here[1][0]}
    if selection.measure == "change":
        return "changed_nominal" if nominal(selection) else "changed", values
    if state.view == "bar" and len(here) > 2 and not low and first >= FAR_APART * last > 0:
        return "far_apart", {**values, "b": trailing.entity, "b_value": last, "b_times": first / last}
    every = sum(s.entity != left_out for s in selection.series)
    return ("leads" if len(here) == every else "leads_some"), {**values, "n": str(len(here))}


def _highest_days(selection: Selection) -> Found:
    """Return which day was whose highest: attention comes in bursts, and the last day says little."""
    tops = [(max(v for v in s.values if v is not None), s) for s in selection.series]
    tops.sort(key=lambda p: -p[0])
    (first, one), (second, other) = tops[0], tops[min(1, len(tops) - 1)]
    found: dict[str, str | float] = {
        "a": one.entity, "a_value": first, "period": selection.periods[one.values.index(first)],
        "b": other.entity, "b_value": second, "until": selection.periods[other.values.index(second)],
    }  # fmt: skip
    return ("peaks" if len(tops) > 1 else "peak"), found


def closest_pursuer(dataset: Dataset, selection: Selection, state: State, at: int) -> Found:
    """Return who was overtaken, who is ahead, and who of those that never were came closest."""
    lines = [
        (max(v for v in s.values if v is not None), number(s.values[s.places[-1]]), s)
        for s in selection.series
        if s.entity != state.reference
    ]
    if not lines:
        return NOTHING
    passed = [p for p in lines if p[0] >= 100 > p[1]]
    ahead = [p for p in lines if p[1] >= 100]
    behind = [p for p in lines if p[0] < 100]
    peak, now, best = max(passed or behind or ahead, key=lambda p: p[0])
    last = best.values.index(peak) == best.places[-1]
    found: dict[str, str | float] = {
        "a": best.entity, "ref": state.reference, "peak_share": peak,
        "period": selection.periods[best.values.index(peak)], "now_share": now,
        "until": selection.periods[best.places[-1]],
    }  # fmt: skip
    if passed:
        return "passed", found
    if ahead and behind:
        _, first, leader = max(ahead, key=lambda p: p[1])
        ends: dict[str, str | float] = {"now_share": first, "until": selection.periods[leader.places[-1]]}
        return "ahead_closest", {**found, "a": leader.entity, "b": best.entity, **ends}
    return ("ahead" if ahead else "closest") + ("_still" if last else ""), found


def relation(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Return Pearson's correlation of pairs; ``None`` for fewer than five, or where one does not vary.

    Of four pairs even r = 0.94 happens by chance once in twenty times.
    """
    if len(xs) < FEWEST_PAIRS:
        return None
    try:
        return statistics.correlation(xs, ys)
    except statistics.StatisticsError:  # one of the two does not vary
        return None


def number(value: float | None) -> float:
    """Return a value that is there."""
    return 0.0 if value is None else value
