"""What a chart's title states: a message of ``explorer.finding`` and its values, read off what is drawn.

A title is written only where it holds for everything drawn: growth names its span and is compared only
where all shown have both ends; whoever shares the first place is named with the others; growth of money
says that it is nominal. Where no such statement holds, the title is the indicator's name (an empty message
key).
"""

import math
import statistics
from collections.abc import Sequence

from dashboard.explore.select import Context, Selection, unit_is_money
from dashboard.explore.transforms import available_transforms, is_chain_link

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


def over_time(context: Context, period: str) -> Found:
    """Return who grew most, whose peak was when (daily figures), or who comes first at the end."""
    selection = context.selections[0]
    if selection.indicator.frequency == "daily" and selection.measure == "value":
        return _highest_days(selection)
    enough = max(2, len(selection.series) / 2)
    newest = max((p for p, n in selection.coverage.items() if n >= enough), default=period)
    return _fastest_growth(context, selection) or ranked(context, newest)


def _fastest_growth(context: Context, selection: Selection) -> Found | None:
    """Return who grew most between the ends that all have, where these ends stand for what is drawn."""
    indicator, measure, periods = selection.indicator, selection.measure, selection.periods
    comparable = "index" in available_transforms(indicator, context.dataset) and (
        measure == "index" or not is_chain_link(indicator)
    )
    if measure not in ("value", "index") or not comparable or len(selection.series) < 2:
        return None
    start, stop = selection.full_ends
    if periods.index(stop) - periods.index(start) < max(1, MIN_COVERAGE * (len(periods) - 1)):
        return None
    if any(stop not in s.values or s.values.get(start, 0) <= 0 for s in selection.series):
        return None
    grown = sorted(((s.values[stop] / s.values[start], s) for s in selection.series), key=lambda p: -p[0])
    (first, one), (second, other) = grown[:2]
    values: dict[str, str | float] = {
        "a": one.entity, "a_growth": first, "b": other.entity, "b_growth": second,
        "period": start, "until": stop,
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


def ranked(context: Context, period: str) -> Found:
    """Return who comes first at a period, with whom, and before whom."""
    selection = context.selections[0]
    ranking = [(v, s) for v, s in selection.ranked(period) if s.entity != selection.reference]
    link = is_chain_link(selection.indicator) and selection.measure == "value"
    if not ranking or link or selection.unit in _UNRANKED_UNITS:
        return NOTHING
    (first, one), (last, trailing) = ranking[0], ranking[-1]
    values: dict[str, str | float] = {"a": one.entity, "a_value": first, "period": period}
    if len(ranking) == 1:
        return ("alone" if len(selection.series) == 1 else "only"), values
    tied = [s.entity for value, s in ranking if value == first]
    if len(tied) > 1:  # nobody is first with nothing
        return ("level", {**values, "names": "~".join(tied)}) if first else NOTHING
    values |= {"b": ranking[1][1].entity, "b_value": ranking[1][0]}
    if selection.measure == "change":
        return "changed_nominal" if nominal(selection) else "changed", values
    far = context.state.view == "bar" and not selection.lowest_first and first >= FAR_APART * last > 0
    if far and len(ranking) > 2:
        return "far_apart", {**values, "b": trailing.entity, "b_value": last, "b_times": first / last}
    every = sum(s.entity != selection.reference for s in selection.series)
    return ("leads" if len(ranking) == every else "leads_some"), {**values, "n": str(len(ranking))}


def _highest_days(selection: Selection) -> Found:
    """Return which day was whose highest: attention comes in bursts, and the last day says little."""
    peaks = [(max(s.values, key=s.values.__getitem__), s) for s in selection.series]
    peaks.sort(key=lambda p: -p[1].values[p[0]])
    (day, one), (other_day, other) = peaks[0], peaks[min(1, len(peaks) - 1)]
    return ("peaks" if len(peaks) > 1 else "peak"), {
        "a": one.entity, "a_value": one.values[day], "period": day,
        "b": other.entity, "b_value": other.values[other_day], "until": other_day,
    }  # fmt: skip


def closest_pursuer(context: Context, period: str) -> Found:
    """Return who was overtaken, who is ahead, and who of those that never were came closest."""
    del period  # of all
    lines = [(max(s.values.values()), s.values[s.last], s) for s in context.selections[0].series]
    passed = [p for p in lines if p[0] >= 100 > p[1]]
    ahead = [p for p in lines if p[1] >= 100]
    behind = [p for p in lines if p[0] < 100]
    peak, now, best = max(passed or behind or ahead, key=lambda p: p[0])
    peak_period = next(p for p, v in best.values.items() if v == peak)
    values: dict[str, str | float] = {
        "a": best.entity, "ref": context.state.reference, "peak_share": peak, "period": peak_period,
        "now_share": now, "until": best.last,
    }  # fmt: skip
    if passed:
        return "passed", values
    if ahead and behind:
        _, first, leader = max(ahead, key=lambda p: p[1])
        ends: dict[str, str | float] = {"now_share": first, "until": leader.last}
        return "ahead_closest", {**values, "a": leader.entity, "b": best.entity, **ends}
    return ("ahead" if ahead else "closest") + ("_still" if peak_period == best.last else ""), values


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
