"""The rank of a city among all cities that have a figure."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache, partial

from dashboard.dataset import Dataset

FEWEST = 3
"""With fewer in a period, a place among them says nothing."""
ALL = 30
"""From so many on, it is a place among China's cities and not among those the essay compares."""
KEPT = 512
"""Periods of indicators whose cities are kept in order."""
UNRANKED = frozenset({"degrees", "rank", "event", "year"})


@dataclass(frozen=True, slots=True)
class Rank:
    """A place among ``of`` cities; equal values share the better place."""

    indicator_id: str
    period: str
    place: int
    of: int


def rank_among(
    dataset: Dataset, indicator_id: str, entity_id: str, period: str, fewest: int = FEWEST
) -> Rank | None:
    """Return a city's place in one period: the largest value first, the smallest where less is better.

    ``None`` for what has no order and for companies, where the city has no figure that is not doubtful, or
    where fewer than ``fewest`` cities have one.
    """
    indicator = dataset.indicators[indicator_id]
    if indicator.unit in UNRANKED or dataset.entities[entity_id].kind != "city":
        return None
    cities_of = dataset.once("cities of a period", lambda: lru_cache(KEPT)(partial(_cities, dataset)))
    values, in_order = cities_of(indicator_id, period)
    if entity_id not in values or len(in_order) < fewest:
        return None
    value, lower = values[entity_id], indicator.better == "lower"
    ahead = bisect_left(in_order, value) if lower else len(in_order) - bisect_right(in_order, value)
    return Rank(indicator_id, period, ahead + 1, len(in_order))


def _cities(dataset: Dataset, indicator_id: str, period: str) -> tuple[dict[str, float], list[float]]:
    """Return the values of all cities in one period, by city and in order."""
    values = dataset.across(indicator_id, period)
    cities = {e: value for e, value in values.items() if dataset.entities[e].kind == "city"}
    return cities, sorted(cities.values())


def latest_rank(dataset: Dataset, indicator_id: str, entity_id: str) -> Rank | None:
    """Return a city's newest place among all cities, looking back to the last period that they have."""
    for period in reversed(dataset.points(indicator_id, entity_id)):
        if rank := rank_among(dataset, indicator_id, entity_id, period, ALL):
            return rank
    return None
