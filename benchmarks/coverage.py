"""Which collectors can renew the figures that decide the claims.

    python benchmarks/coverage.py

A figure that decides is one a finding uses. A collector can renew it when it reads that indicator of that
entity where its document prints it (its next period, not necessarily this one), which for communiqués is the
most it can be. What no collector reads is left to hands.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

from dashboard.claims import evaluate
from dashboard.dataset import Dataset
from etl.options import Options, RunEnvironment, known
from etl.refresh import make_context, published_tables
from etl.sources import (
    communiques,
    eastmoney,
    github_ranking,
    hot_lists,
    nbs_city,
    openalex,
    public_lists,
    rankings,
    report_figures,
    sec,
    wikidata,
    worldbank,
)  # fmt: skip
from etl.sources.base import Context

ROOT = Path(__file__).resolve().parents[1]
Pairs = set[tuple[str, str]]
MAIN = ("first_tier", "provincial_capitals", "sub_provincial")
"""Groups of ``groups.csv`` that make up the 36 cities of the bureau's library."""
PROVINCES = {"beijing", "shanghai", "tianjin", "chongqing", "guangdong", "zhejiang", "jiangsu", "china"}
"""Those of the R&D bulletin's rows that the claims name."""
WIPO = {"shenzhen", "hong_kong", "guangzhou", "beijing", "shanghai", "suzhou", "hangzhou", "nanjing"}
"""Cities named in the clusters of the hundred (second-hand readings of 2024 and 2025 say so)."""


def pairs_read(context: Context, dataset: Dataset) -> dict[str, Pairs]:
    """Return collector → the (entity, indicator) pairs it reads."""

    def of(scheme: str) -> set[str]:
        return set(context.ids(scheme).values())

    main = {e for name in MAIN for e in dataset.group(name)} | {"chongqing", "beijing", "shanghai", "tianjin"}
    listed = set(eastmoney.codes(context))
    kinds = dict(zip(context.entities["entity_id"], context.entities["kind"], strict=True))
    pairs: dict[str, Pairs] = {
        "communiques": {(e, i) for e in of(communiques.SCHEME) for i in communiques.PATTERNS}
        | {(e, f"{i}_first_published") for e in of(communiques.SCHEME) for i in communiques.FIRST_PRINT},
        "nbs_city": {(e, i) for e in of("nbs_area") & main for i in nbs_city.NAMES.values()},
        "sec": {(e, f"{i}{c}") for e in of("cik") for i in sec.TAGS for c in sec.CURRENCIES.values()},
        "eastmoney": {(e, i) for e in listed for i in eastmoney.MAINLAND.columns.values()},
        "worldbank": {(worldbank.ENTITY, i) for i in worldbank.SERIES.values()},
        "openalex": {(e, i) for e in of("ror") for i in openalex.COUNTS.values()},
        "wikidata (beside only)": {
            (e, i) for e in of("wikidata") for units in wikidata.PROPERTIES.get(kinds[e], {}).values()
            for i, _ in units.values()
        } | {(e, "founded_year") for e in of("wikidata") if kinds[e] == "company"}
        | {(e, i) for e in of("wikidata") if kinds[e] == "city" for i in ("latitude", "longitude")},
    }  # fmt: skip
    stars = context.indicators.loc[context.indicators["indicator_id"].str.startswith("github_stars_")]
    owners = of("github_owner")
    pairs["github_ranking"] = {(e, i) for e in owners for i in stars["indicator_id"]}
    pairs["github_ranking"] -= {(e, github_ranking.SUM) for e in owners}
    pairs["github_ranking_ai"] = {(e, github_ranking.SUM) for e in owners}
    rows = context.indicators[context.indicators["indicator_id"].str.match(r"house_price_(new|secondhand)_")]
    cities = set(context.entities.loc[context.entities["kind"] == "city", "entity_id"])
    pairs["nbs_housing"] = {(e, i) for e in cities for i in rows["indicator_id"] if "index" in i}
    pairs["filings"] = {
        (e, i) for name in ("hkex", "szse", "sse") for e in of(name) for i in report_figures.ITEMS
    }
    pairs["filings"] |= {(e, i) for e in of("annual_report") for i in ("revenue", "net_profit")}
    pairs["filings"] |= {(e, "nev_sales") for e in of("hkex_sales")}
    places = {*cities, *context.names("region"), "china"}
    pairs["communiques"] |= {(e, i) for e in PROVINCES & places for i in ("rd_expenditure", "rd_intensity")}
    hot = set(context.keywords["entity_id"]) | {"all_topics"}
    for one in (hot_lists.WEIBO_HOT, hot_lists.ZHIHU_HOT, hot_lists.WEIBO_HEAT):
        pairs[one.id] = {(e, i) for e in hot for i in (one.daily, one.monthly)}
    universities = context.entities.loc[context.entities["kind"] == "university", "entity_id"]
    pairs["shanghairanking"] = {(e, rankings.ShanghaiRanking.indicator) for e in universities}
    pairs["csrankings"] = {(e, public_lists.CsRankings.indicator) for e in universities}
    pairs["wipo_gii"] = {(e, rankings.WipoGii.indicator) for e in WIPO}
    municipalities = {"beijing", "shanghai", "tianjin", "chongqing", "hong_kong"}
    pairs["cnipa"] = {(e, "pct_applications") for e in municipalities}
    pairs["cnipa"] |= {
        (e, i) for e in municipalities | set(dataset.group("sub_provincial"))
        for i in ("patents_granted", "invention_patents_granted", "invention_patents_held")
    }  # fmt: skip
    pairs["llm_list"] = {(e, public_lists.LlmList.indicator) for e in cities}
    return pairs


def main() -> None:
    """Print the table and its sums."""
    data = ROOT / "data"
    dataset, setting = Dataset.load(data), RunEnvironment()
    context = make_context(communiques.Communiques(), Options(), setting, published_tables(data), data)
    pairs = pairs_read(context, dataset)
    tiers = {one.id: one.tier for one in known().values()}
    total, renewable, official = 0, 0, 0
    rest: Counter[str] = Counter()
    changed: dict[str, int] = defaultdict(int)
    print(f"# {datetime.now(UTC):%Y-%m-%d}\n\n| claim | deciding figures | by collector | nobody |")
    print("|---|---|---|---|")
    for claim, verdict in evaluate(dataset).items():
        figures = {(o.entity_id, o.indicator_id, o.period) for o in verdict.finding.used}
        by: Counter[str] = Counter()
        for entity, indicator, _ in figures:
            able = [
                name for name, mine in pairs.items() if (entity, indicator) in mine and "beside" not in name
            ]
            best = min(able, key=lambda name: tiers[name] != "official", default="")
            by[best] += 1
            official += bool(best) and tiers[best] == "official"
            rest[indicator] += not best
        total, renewable = total + len(figures), renewable + len(figures) - by[""]
        changed[claim] = len(figures) - by[""]
        shown = ", ".join(f"{name} {n}" for name, n in by.most_common() if name)
        print(f"| {claim} | {len(figures)} | {shown or '–'} | {by['']} |")
    touched = sum(n > 0 for n in changed.values())
    share = f"{renewable} of {total} ({renewable / max(total, 1):.0%}) from a collector"
    share += f", {official} official ({official / max(total, 1):.0%})"
    print(f"\n{share}; {touched} of {len(changed)} claims have at least one")
    print("left to hands: " + ", ".join(f"{name} {n}" for name, n in rest.most_common(25) if n))


if __name__ == "__main__":
    main()
