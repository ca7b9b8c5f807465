"""The series by which amounts are converted: prices, exchange rates, residents."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from dashboard.dataset import Dataset, Indicator
from dashboard.explore import transforms as tf
from dashboard.explore.state import State
from dashboard.figures.record import ObservationKey

RATES = {"usd": "cny_per_usd", "ppp": "ppp_factor", "cny": "cny_per_usd"}
"""Series of China that turn yuan into another money and back: per US dollar, per international dollar."""
POPULATIONS = ("population_resident", "population_total")
Factors = dict[str, dict[str, float]]
Keys = dict[str, dict[str, ObservationKey]]


class Conversion(NamedTuple):
    """Factors by entity and year, by which amounts are multiplied (``power`` 1) or divided (−1)."""

    power: int
    factors: Factors
    keys: Keys
    """The observations behind the factors."""


def deflator_for(indicator: Indicator) -> str:
    """Return the growth series that takes out price changes: consumer prices for households' money."""
    return "cpi_growth" if indicator.domain in ("people", "housing") else "gdp_deflator_growth"


def conversions(
    dataset: Dataset, indicator: Indicator, state: State, entities: Collection[str], available: Iterable[str]
) -> tuple[list[Conversion], str, str]:
    """Return the conversions that a state asks for, the unit they lead to, the year of the prices."""
    out: list[Conversion] = []
    unit, prices_of = indicator.unit, ""

    def of_china(power: int, factors: dict[str, float], keys: dict[str, ObservationKey]) -> None:
        out.append(Conversion(power, dict.fromkeys(entities, factors), dict.fromkeys(entities, keys)))

    if state.real and "real" in available:
        growth, keys = _annual(dataset, deflator_for(indicator), ["china"])
        levels = tf.price_levels(growth.get("china", {}))
        prices_of = max(levels, default="")
        of_china(-1, levels, keys.get("china", {}))
    if state.currency and state.currency in available:
        found, keys = _annual(dataset, RATES[state.currency], ["china"])
        rates, rate_keys = found.get("china", {}), keys.get("china", {})
        if prices_of and rates:  # constant prices want one constant rate: that of the year of the prices
            year = prices_of if prices_of in rates else max(rates)
            rates = {p[:4]: rates[year] for p in dataset.periods_of(indicator.indicator_id)}
            rate_keys = dict.fromkeys(rates, rate_keys[year])
        of_china(1 if state.currency == "cny" else -1, rates, rate_keys)
        new = {"usd": "USD", "ppp": "int$", "cny": "CNY"}[state.currency]
        unit = unit.replace("USD" if state.currency == "cny" else "CNY", new, 1)
    if state.per_capita and "head" in available:
        total, resident = (_annual(dataset, name, entities) for name in reversed(POPULATIONS))
        out.append(Conversion(-1, total[0] | resident[0], total[1] | resident[1]))
    return out, unit, prices_of


def _annual(dataset: Dataset, indicator_id: str, entities: Iterable[str]) -> tuple[Factors, Keys]:
    """Return entity → year → value of an annual series, and the observations these are."""
    values: Factors = {}
    keys: Keys = {}
    for entity, figures in dataset.preferred(indicator_id, entities).items():
        if years := {p: figure for p, figure in figures.items() if len(p) == 4}:
            values[entity] = {p: figure.value for p, figure in years.items()}
            keys[entity] = {p: (entity, indicator_id, p, figure.source_id) for p, figure in years.items()}
    return values, keys
