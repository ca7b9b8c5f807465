"""Which transforms make sense for an indicator; everything else is neither offered nor applied.

A level (money, people, things) can be indexed, compared with another entity and differenced; only a flow
can be added up over time; only totals can be divided by people; only money in yuan or dollars can change
its currency; a rank or a share is shown as it is.
"""

from dashboard.dataset import Dataset, Indicator
from dashboard.explore.conversions import POPULATIONS, RATES, deflator_for

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
