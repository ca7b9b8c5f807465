"""Figures that Pursuit computes from published ones: chained home prices, and GDP at one year's prices.

The bureau publishes no long series of home prices: base years change, and since 2023 there is none at all.
"""

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_EVEN, Decimal

import pandas as pd

from etl.ledgers import sorted_by_preference
from etl.schema import TABLES
from etl.sources.base import Parsed
from etl.tables import POINT
from etl.tidy import source_id_for

BASE_MONTH = "2011-01"
"""Base of the chains (= 100): the survey's method changed then, earlier months are not comparable."""
BASE_YEAR = "2020"
"""Whose prices real GDP is in: the base year of the bureau's own constant prices."""
CHAINS = {
    "house_price_new_mom_index": "house_price_new_chained_index",
    "house_price_secondhand_mom_index": "house_price_secondhand_chained_index",
}
PRICES_DOCUMENT = source_id_for("https://www.stats.gov.cn/sj/zxfb/#pursuit-chained-home-prices")
"""A fixed id, though the document's address changes with every release."""
REAL_GDP_DOCUMENT = "pursuit_real_gdp"
DOCUMENT = {"tier": "reference", "licence": "facts with attribution", "collector": "derived"}


def derived(observations: pd.DataFrame, sources: pd.DataFrame) -> Parsed:
    """Return what is computed from published ``observations``; a note tells where a chain ends in a gap."""
    prices, prices_document, notes = _home_prices(observations, sources)
    gdp, gdp_document = _real_gdp(observations, sources)
    documents = [prices_document] * bool(prices) + [gdp_document] * bool(gdp)
    return Parsed.of([*prices, *gdp], [DOCUMENT | document for document in documents], notes)


def _rows(
    entity: str, indicator: str, values: dict[str, Decimal], step: str, of: dict[str, str]
) -> Iterator[dict[str, str]]:
    for period, value in sorted(values.items()):
        rounded = value.quantize(Decimal(step), ROUND_HALF_EVEN).normalize()
        row = {"entity_id": entity, "indicator_id": indicator, "period": period, "status": "estimate"}
        yield row | of | {"value": format(rounded, "f")}


def _home_prices(
    observations: pd.DataFrame, sources: pd.DataFrame
) -> tuple[list[dict[str, str]], dict[str, str], list[str]]:
    months = _preferred(observations, sources, CHAINS)
    rows: list[dict[str, str]] = []
    broken: dict[str, set[str]] = {}
    for (entity, indicator), changes in _by_series(months).items():
        values, missing = chain(changes, BASE_MONTH)
        if missing:
            broken.setdefault(missing, set()).add(entity)
        if values:
            note = f"own computation: product of the month-on-month indices, {next(iter(values))} = 100"
            of = {"source_id": PRICES_DOCUMENT, "note": note, "locator": indicator}
            rows += _rows(entity, CHAINS[indicator], values, "0.0001", of)
    notes = [
        f"chained home prices end before {month}, which has no figure: {', '.join(sorted(entities))}"
        for month, entities in sorted(broken.items())
    ]
    if not rows:
        return rows, {}, notes
    at_issuer = months[months["custody"] == "issuer"]
    newest = (at_issuer if len(at_issuer) else months).sort_values("period").iloc[-1]
    document = {
        "source_id": PRICES_DOCUMENT,
        "title": "Home prices chained from the month-on-month index numbers",
        "publisher": "Pursuit, chained from NBS releases",
        "url": str(newest["url"]),
        "custody": _weakest(months.loc[months["period"] >= BASE_MONTH, "custody"]),
        "published": str(newest["published"]),
        "note": f"computed by this project, not by the bureau; chained to {months['period'].max()}; months "
        "without a release page in the dataset come from third-party copies of the releases",
    }
    return rows, document, notes


def _real_gdp(
    observations: pd.DataFrame, sources: pd.DataFrame
) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Return GDP(y) = GDP(base) x the product of 1 + growth / 100 from the base to y, both ways in time."""
    years = _preferred(observations, sources, ("gdp", "gdp_growth_real"))
    years = years[years["period"].str.len() == len(BASE_YEAR)]
    series = _by_series(years)
    note = f"own computation: GDP of {BASE_YEAR}, carried on by the published real growth"
    of = {"source_id": REAL_GDP_DOCUMENT, "note": note, "locator": "gdp_growth_real"}
    rows: list[dict[str, str]] = []
    for (entity, indicator), growth in series.items():
        level = series.get((entity, "gdp"), {}).get(BASE_YEAR)
        if indicator != "gdp_growth_real" or level is None:
            continue
        index = {year: 100 + percent for year, percent in growth.items()} | {BASE_YEAR: Decimal(100)}
        values = {year: level * value / 100 for year, value in chain(index, BASE_YEAR)[0].items()}
        year = BASE_YEAR
        while year in growth:
            before = str(int(year) - 1)
            values[before] = values[year] * 100 / (100 + growth[year])
            year = before
        if len(values) > 1:
            rows += _rows(entity, "gdp_real", values, "1E8", of)
    used = years["entity_id"].isin({row["entity_id"] for row in rows})
    document = {
        "source_id": REAL_GDP_DOCUMENT,
        "title": f"Cities' GDP at {BASE_YEAR} prices, from their published real growth",
        "publisher": "Pursuit",
        "custody": _weakest(years.loc[used, "custody"]),
        "published": max(years["published"], default=""),
        "note": "computed by this project from the cities' own figures; no bureau publishes the series",
    }
    return rows, document


def _weakest(custodies: Iterable[str]) -> str:
    """Return the weakest of some custodies: no result stands nearer to the documents than its figures."""
    words = TABLES["sources"].choices("custody")
    return words[max(map(words.index, custodies), default=0)]


def chain(changes: dict[str, Decimal], base: str) -> tuple[dict[str, Decimal], str]:
    """Chain index numbers (month or year → previous one = 100) to one series, unrounded.

    The series begins at ``base``, or at the first period if that is later, with 100, and goes on as
    I(t) = I(t-1) x m(t) / 100 while period follows period. Returns the series and the first period that is
    missing between others (``""`` if none).
    """
    values: dict[str, Decimal] = {}
    level = Decimal(100)
    known = sorted(period for period in changes if period >= base and len(period) == len(base))
    frequency = "M" if "-" in base else "Y"
    for period in pd.period_range(known[0], known[-1], freq=frequency).astype(str) if known else ():
        if period not in changes:
            return values, period
        level = level * changes[period] / 100 if values else level
        values[period] = level
    return values, ""


def _preferred(observations: pd.DataFrame, sources: pd.DataFrame, indicators: Iterable[str]) -> pd.DataFrame:
    chosen = observations["indicator_id"].isin(list(indicators)) & (observations["status"] != "doubtful")
    texts = [*POINT, "source_id", "status"]
    frame = observations.loc[chosen, [*texts, "value"]].astype(dict.fromkeys(texts, str))
    documents = sources[["source_id", "tier", "custody", "published", "url"]].astype(str)
    frame = frame.merge(documents, on="source_id", how="left")
    return sorted_by_preference(frame).drop_duplicates(POINT).sort_values(POINT, ignore_index=True)


def _by_series(frame: pd.DataFrame) -> dict[tuple[str, str], dict[str, Decimal]]:
    series: dict[tuple[str, str], dict[str, Decimal]] = {}
    for entity, indicator, period, value in frame[[*POINT, "value"]].itertuples(index=False):
        series.setdefault((entity, indicator), {})[period] = Decimal(str(value))
    return series
