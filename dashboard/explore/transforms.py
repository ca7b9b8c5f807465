"""Transforms of a series: which make sense for an indicator, the series that convert amounts, the arithmetic.

A level (money, people, things) can be indexed, compared with another entity and differenced; only a flow
can be added up over time; only totals can be divided by people; only money in yuan or dollars can change
its currency; a rank or a share is shown as it is.

Series are numbers by period (``2024``, ``2024-07``), in order. A result lacks the periods for which it cannot
be computed; nothing is guessed. ``periods``, where asked for, are all those at which there could be a figure,
so that gaps are seen.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate, dropwhile, islice, takewhile
from typing import NamedTuple

from dashboard.dataset import Dataset, Indicator
from dashboard.explore.state import State
from dashboard.figures.record import ObservationKey

Values = Mapping[str, float]
RATES = {"usd": "cny_per_usd", "ppp": "ppp_factor", "cny": "cny_per_usd"}
"""Series of China that turn yuan into another money and back: per US dollar, per international dollar."""
POPULATIONS = ("population_resident", "population_total")
_PLACES = ("city", "region", "country")
_NO_LEVEL = ("%", "ratio", "CNY/USD", "CNY per USD", "share")


def available_transforms(indicator: Indicator, dataset: Dataset) -> tuple[str, ...]:
    """Return some of ``index ratio change cumulative head real usd ppp cny log``."""
    name = f"explore.transforms.{indicator.indicator_id}"
    found: tuple[str, ...] = dataset.once(name, lambda: _available(indicator, dataset))
    return found


def is_chain_link(indicator: Indicator) -> bool:
    """Return whether each value is relative to the period before it (= 100), so that values chain."""
    return indicator.indicator_id.endswith("_mom_index")


def _available(indicator: Indicator, dataset: Dataset) -> tuple[str, ...]:
    level, unit = _is_level(indicator), indicator.unit
    money = level and unit.split("/")[0]
    # an annual index number of prices can be re-based; one relative to the year before cannot
    rebasable = indicator.kind == "index" and not indicator.indicator_id.endswith("_yoy_index")

    def china(helper: str) -> bool:
        return helper in dataset.indicators and dataset.length(helper, "china") > 0

    found = {
        "index": level or rebasable,
        "ratio": level,
        "change": level or (rebasable and not is_chain_link(indicator)),
        "cumulative": indicator.kind == "flow"
        and indicator.frequency != "irregular"
        and not indicator.indicator_id.endswith(("_year_to_date", "_30d")),
        "head": indicator.kind in ("stock", "flow")
        and level
        and indicator.entity_kind in _PLACES
        and unit not in ("persons", "km2", "year")
        and any(dataset.periods_of(p) for p in POPULATIONS),
        "real": money == "CNY" and china(deflator_for(indicator)),
        "usd": money == "CNY" and china(RATES["usd"]),
        "ppp": money == "CNY" and china(RATES["ppp"]),
        "cny": money == "USD" and china(RATES["usd"]),
        "log": level or rebasable,
    }
    return tuple(name for name, yes in found.items() if yes)


def _is_level(indicator: Indicator) -> bool:
    """Return whether values are amounts of something, whose ratio means something."""
    if indicator.kind in ("stock", "flow"):
        return indicator.unit not in ("%", "degrees", "year", "rank")
    return indicator.kind == "rate" and indicator.unit not in _NO_LEVEL


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
        levels = price_levels(growth.get("china", {}))
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


def index(values: Values, base: str) -> dict[str, float]:
    """Return ``values`` with the one at ``base`` as 100; empty unless that one is above zero."""
    start = values.get(base, 0.0)
    return {p: v / start * 100 for p, v in values.items()} if start > 0 else {}


def chain(periods: Sequence[str], values: Values) -> dict[str, float]:
    """Chain link relatives (each in percent of the period before it) into levels.

    The period before the first figure is 100. A gap ends the chain: nothing says how far prices moved in it.
    """
    links = _until_gap(periods, values)
    levels = accumulate(links.values(), lambda level, link: level * (link / 100), initial=100.0)
    return dict(zip(links, islice(levels, 1, None), strict=True))


def cumulate(periods: Sequence[str], values: Values) -> dict[str, float]:
    """Return running sums; a gap ends them, since a sum over it would be wrong."""
    terms = _until_gap(periods, values)
    return dict(zip(terms, accumulate(terms.values()), strict=True))


def _until_gap(periods: Sequence[str], values: Values) -> dict[str, float]:
    rest = dropwhile(lambda p: p not in values, periods)
    return {p: values[p] for p in takewhile(values.__contains__, rest)}


def ratio(values: Values, reference: Values) -> dict[str, float]:
    """Return each value in percent of the reference's of the same period, where that is above zero."""
    return {p: v / r * 100 for p, v in values.items() if (r := reference.get(p, 0.0)) > 0}


def year_before(period: str) -> str:
    """Return the same period a year earlier: ``2024-07`` → ``2023-07``."""
    return f"{int(period[:4]) - 1:04d}{period[4:]}"


def change(values: Values) -> dict[str, float]:
    """Return the change on the same period a year earlier, in percent, where that is above zero."""
    before = {p: values.get(year_before(p), 0.0) for p in values}
    return {p: (v / before[p] - 1) * 100 for p, v in values.items() if before[p] > 0}


def scale(values: Values, by_year: Mapping[str, float], power: int) -> dict[str, float]:
    """Multiply (``power`` 1) or divide (−1) each value by its year's factor, where there is one above zero.

    ``by_year`` maps ``YYYY`` to an exchange rate, a deflator, residents.
    """
    factors = {p: by_year.get(p[:4], 0.0) for p in values}
    return {p: v * factors[p] if power > 0 else v / factors[p] for p, v in values.items() if factors[p] > 0}


def price_levels(growth: Mapping[str, float]) -> dict[str, float]:
    """Return price levels by year, the last year = 1, from growth rates in percent by year.

    level(t − 1) = level(t) / (1 + growth(t) / 100), as far back as rates are unbroken; the year before the
    first rate is included.
    """
    if not growth:
        return {}
    year, level = max(growth), 1.0
    out = {year: level}
    while growth.get(year, -100) > -100:
        level /= 1 + growth[year] / 100
        year = year_before(year)
        out[year] = level
    return out
