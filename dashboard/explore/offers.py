"""Which transforms make sense for an indicator; everything else is neither offered nor obeyed.

A level (money, people, things) can be indexed, compared with another entity and differenced; only a flow
can be added up over time; only totals can be divided by people; only money in yuan or dollars can change
its currency; a rank or a share is shown as it is.
"""

from __future__ import annotations

from dashboard.dataset import Dataset, Indicator
from dashboard.explore.tables import having

RATES = {"usd": "cny_per_usd", "ppp": "ppp_factor"}
"""Series of China that turn yuan into another money: yuan per US dollar, yuan per international dollar."""
POPULATIONS = ("population_resident", "population_total")
DEFLATORS = ("gdp_deflator_growth", "cpi_growth")
_PLACES = ("city", "region", "country")


def is_level(indicator: Indicator) -> bool:
    """Return whether values are amounts of something, whose ratio means something."""
    if indicator.kind in ("stock", "flow"):
        return indicator.unit not in ("%", "degrees", "year", "rank")
    return indicator.kind == "rate" and indicator.unit not in (
        "%",
        "ratio",
        "CNY/USD",
        "CNY per USD",
        "share",
    )


def is_link(indicator: Indicator) -> bool:
    """Return whether each value is relative to the period before it (= 100), so that values chain."""
    return indicator.indicator_id.endswith("_mom_index")


def deflator_for(indicator: Indicator) -> str:
    """Return the growth series that takes out price changes: consumer prices for households' money."""
    return "cpi_growth" if indicator.domain in ("people", "housing") else "gdp_deflator_growth"


def _has(dataset: Dataset, indicator_id: str, entity: str = "") -> bool:
    """Return whether the dataset has figures of a helper series (for ``entity``, if named)."""
    if indicator_id not in dataset.indicators:
        return False
    if entity:
        return dataset.length(indicator_id, entity) > 0
    return bool(having(dataset, indicator_id))


def offers(indicator: Indicator, dataset: Dataset) -> tuple[str, ...]:
    """Return the transforms offered for ``indicator``.

    They are some of ``index ratio change cumulative head real usd ppp cny log``.
    """
    level, unit = is_level(indicator), indicator.unit
    money = unit.split("/")[0] if unit.split("/")[0] in ("CNY", "USD") else ""
    # an annual index number of prices can be re-based; one relative to the year before cannot
    rebasable = indicator.kind == "index" and not indicator.indicator_id.endswith("_yoy_index")
    shared_money = bool(money) and level
    found = {
        "index": level or rebasable,
        "ratio": level,
        "change": level or (rebasable and not is_link(indicator)),
        "cumulative": indicator.kind == "flow"
        and indicator.frequency != "irregular"
        and not indicator.indicator_id.endswith(("_year_to_date", "_30d")),
        "head": indicator.kind in ("stock", "flow")
        and level
        and indicator.entity_kind in _PLACES
        and unit not in ("persons", "km2", "year")
        and any(_has(dataset, p) for p in POPULATIONS),
        "real": money == "CNY" and shared_money and _has(dataset, deflator_for(indicator), "china"),
        "usd": money == "CNY" and shared_money and _has(dataset, RATES["usd"], "china"),
        "ppp": money == "CNY" and shared_money and _has(dataset, RATES["ppp"], "china"),
        "cny": money == "USD" and shared_money and _has(dataset, RATES["usd"], "china"),
        "log": level or rebasable,
    }
    return tuple(name for name, yes in found.items() if yes)
