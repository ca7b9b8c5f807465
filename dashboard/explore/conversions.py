"""The series by which amounts are converted: prices, exchange rates, residents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dashboard.dataset import Dataset, Indicator
from dashboard.explore import transforms as tf
from dashboard.explore.state import State
from dashboard.figures.record import ObservationKey

RATES = {"usd": "cny_per_usd", "ppp": "ppp_factor", "cny": "cny_per_usd"}
"""Series of China that turn yuan into another money and back: per US dollar, per international dollar."""
POPULATIONS = ("population_resident", "population_total")


def deflator_for(indicator: Indicator) -> str:
    """Return the growth series that takes out price changes: consumer prices for households' money."""
    return "cpi_growth" if indicator.domain in ("people", "housing") else "gdp_deflator_growth"


@dataclass(frozen=True)
class Conversion:
    """A factor a year, by which amounts are multiplied (``power`` 1) or divided (−1)."""

    power: int
    factors: Mapping[str, Mapping[str, float]]
    """Entity → year → factor above zero; the entity is empty where one series holds for all."""
    keys: Mapping[str, Mapping[str, ObservationKey]]
    """The observations behind the factors."""

    def apply(self, entity: str, periods: tuple[str, ...], values: tf.Values) -> list[float | None]:
        return tf.scale(
            periods, values, self.factors.get("" if "" in self.factors else entity, {}), self.power
        )

    def key(self, entity: str, period: str) -> ObservationKey | None:
        return self.keys.get("" if "" in self.keys else entity, {}).get(period[:4])


def conversions(
    dataset: Dataset, indicator: Indicator, state: State, entities: Iterable[str], available: tuple[str, ...]
) -> tuple[list[Conversion], str, str]:
    """Return the conversions that a state asks for, the unit they lead to, the year of the prices."""
    out: list[Conversion] = []
    unit, prices_of = indicator.unit, ""
    if state.real and "real" in available:
        growth, keys = _annual(dataset, deflator_for(indicator), ["china"])
        levels = tf.price_levels(growth.get("china", {}))
        prices_of = max(levels, default="")
        out.append(Conversion(-1, {"": levels}, {"": keys.get("china", {})}))
    if state.currency and state.currency in available:
        found, keys = _annual(dataset, RATES[state.currency], ["china"])
        rates, rate_keys = found.get("china", {}), keys.get("china", {})
        if prices_of and rates:  # constant prices want one constant rate: that of the year of the prices
            year = prices_of if prices_of in rates else max(rates)
            rates = {p[:4]: rates[year] for p in dataset.periods_of(indicator.indicator_id)}
            rate_keys = dict.fromkeys(rates, rate_keys[year])
        out.append(Conversion(1 if state.currency == "cny" else -1, {"": rates}, {"": rate_keys}))
        new = {"usd": "USD", "ppp": "int$", "cny": "CNY"}[state.currency]
        unit = unit.replace("USD" if state.currency == "cny" else "CNY", new, 1)
    if state.per_capita and "head" in available:
        people: dict[str, Mapping[str, float]] = {}
        people_keys: dict[str, Mapping[str, ObservationKey]] = {}
        for name in reversed(POPULATIONS):  # the first that an entity has is its own
            found, keys = _annual(dataset, name, entities)
            people |= found
            people_keys |= keys
        out.append(Conversion(-1, people, people_keys))
    return out, unit, prices_of


def _annual(
    dataset: Dataset, indicator_id: str, entities: Iterable[str]
) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, ObservationKey]]]:
    """Return entity → year → value of an annual series, and the observations these are."""
    values: dict[str, dict[str, float]] = {}
    keys: dict[str, dict[str, ObservationKey]] = {}
    for entity, own in dataset.preferred(indicator_id, entities).items():
        years = {p: figure for p, figure in own.items() if len(p) == 4}
        if years:
            values[entity] = {p: figure.value for p, figure in years.items()}
            keys[entity] = {p: (entity, indicator_id, p, figure.source_id) for p, figure in years.items()}
    return values, keys
