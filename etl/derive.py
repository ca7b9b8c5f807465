"""Figures that Pursuit computes from published ones; pure, and the last step of a refresh.

:func:`derived` takes the merged observations and sources of the dataset and returns a
:class:`~etl.sources.base.Parsed` to be added under the collector ``derived``. One family so far: home
prices chained from the month-on-month index numbers of the National Bureau of Statistics. The bureau
publishes no long series of its own: base years change every five years, and since 2023 there is no
fixed base at all.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import pandas as pd

from etl.documents import sorted_by_preference
from etl.sources.base import Parsed
from etl.tidy import source_id_for

__all__ = ["BASE_MONTH", "CHAINS", "chain", "derived"]

BASE_MONTH = "2011-01"
"""Base of the chains (= 100): the survey's method changed then, earlier months are not comparable."""
CHAINS = {
    "house_price_new_mom_index": "house_price_new_chained_index",
    "house_price_secondhand_mom_index": "house_price_secondhand_chained_index",
}
DOCUMENT = source_id_for("https://www.stats.gov.cn/sj/zxfb/#pursuit-chained-home-prices")
"""One id for good, though the document's address moves on with every release."""
_PLACES = Decimal("0.0001")


def derived(observations: pd.DataFrame, sources: pd.DataFrame) -> Parsed:
    """Return everything computed from the published ``observations``; empty tables when there is nothing.

    ``observations``: columns of ``observations/*.csv``; ``sources``: columns of ``sources.csv``. A chain
    ends at the first month without a figure; a note says which.
    """
    wanted = observations[observations["indicator_id"].isin(list(CHAINS))]
    months = _preferred(wanted, sources)
    if months.empty:
        return Parsed.of([], [])
    rows: list[dict[str, str]] = []
    broken: dict[str, set[str]] = {}
    for key, group in months.groupby(["entity_id", "indicator_id"], sort=True):
        entity, indicator = (str(part) for part in key)
        changes = dict(zip(group["period"], (Decimal(str(v)) for v in group["value"]), strict=True))
        values, missing = chain(changes)
        if not values:
            continue
        if missing:
            broken.setdefault(missing, set()).add(entity)
        first = next(iter(values))
        rows += [
            {
                "entity_id": entity,
                "indicator_id": CHAINS[indicator],
                "period": period,
                "value": format(value.quantize(_PLACES, ROUND_HALF_EVEN).normalize(), "f"),
                "source_id": DOCUMENT,
                "status": "estimate",
                "note": f"own computation: product of the month-on-month indices, {first} = 100",
                "locator": indicator,
            }
            for period, value in values.items()
        ]
    notes = [
        f"chained home prices end before {month}, which has no figure: {', '.join(sorted(entities))}"
        for month, entities in sorted(broken.items())
    ]
    return Parsed.of(rows, [_document(months)] if rows else [], notes)


def chain(changes: dict[str, Decimal]) -> tuple[dict[str, Decimal], str]:
    """Chain index numbers (``YYYY-MM`` → previous month = 100) to one series, unrounded.

    The series begins at :data:`BASE_MONTH`, or at the first month if that is later, with 100, and goes on
    as I(t) = I(t-1) x m(t) / 100 while month follows month. Returns the series and the first month that
    is missing between others (``""`` if none).
    """
    months = sorted(month for month in changes if month >= BASE_MONTH)
    values: dict[str, Decimal] = {}
    level = Decimal(100)
    for position, month in enumerate(months):
        if position:
            expected = _next(months[position - 1])
            if month != expected:
                return values, expected
            level = level * changes[month] / 100
        values[month] = level
    return values, ""


def _preferred(observations: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return the preferred figure a city and month, with its document's columns."""
    frame = observations[["entity_id", "indicator_id", "period", "value", "source_id", "status"]].copy()
    for column in ("entity_id", "indicator_id", "period", "source_id", "status"):
        frame[column] = frame[column].astype(str)
    documents = sources[["source_id", "tier", "custody", "published", "url"]].astype(str)
    frame = frame[frame["status"] != "doubtful"].merge(documents, on="source_id", how="left")
    frame = sorted_by_preference(frame).drop_duplicates(["entity_id", "indicator_id", "period"])
    return frame.sort_values(["entity_id", "indicator_id", "period"], ignore_index=True)


def _document(months: pd.DataFrame) -> dict[str, str]:
    at_issuer = months[months["custody"] == "issuer"]
    newest = (at_issuer if len(at_issuer) else months).sort_values("period").iloc[-1]
    return {
        "source_id": DOCUMENT,
        "title": "Home prices chained from the month-on-month index numbers",
        "publisher": "Pursuit, chained from NBS releases",
        "url": str(newest["url"]),
        "tier": "reference",
        "custody": str(newest["custody"]),
        "licence": "facts with attribution",
        "published": str(newest["published"]),
        "collector": "derived",
        "note": f"computed by this project, not by the bureau; chained to {months['period'].max()}; months "
        "without a release page in the dataset come from third-party copies of the releases",
    }


def _next(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + (number == 12):04}-{number % 12 + 1:02}"
