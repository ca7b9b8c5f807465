"""Sales prices of homes in 70 cities: the monthly release of the National Bureau of Statistics.

Pages known by address ship in ``nbs_housing_addresses.csv``; later months are looked for in the bureau's list
of releases. A release is final, so only months that are not published yet are asked for, and the newest one
again. The average of the year so far (平均, since 2023) is not collected.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from etl.ledgers import host_of
from etl.sources.base import HTML, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.html_tables import links
from etl.sources.nbs_release import MEASURES, SURVEYED, TITLE, IndexTable, month_of, read_page
from etl.sources.reading import load_published, normalise_text, shipped_csv

LIST = "https://www.stats.gov.cn/sj/zxfb/"
PAGE_DATE = re.compile(r"/t(20[0-9][0-9])([0-9][0-9])([0-9][0-9])_[0-9]+\.s?html?$")
LIST_PAGES = 70
"""List pages looked through at most: all the bureau shows, some 15 releases each, 40 a month."""
RELEASED_BY = 14
"""Day of the next month before which a release is not looked for (it comes between the 14th and 18th)."""
BOUNDS = {"mom": (80, 130), "yoy": (40, 250), "fixed_base": (20, 500)}
HEADS = {measure: head for head, measure in MEASURES.items()}


class Release(NamedTuple):
    period: str
    published: str
    url: str


def known_releases() -> dict[str, Release]:
    return {row["period"]: Release(**row) for row in shipped_csv("nbs_housing_addresses.csv")}


def releases_in_list(snapshot: Snapshot) -> dict[str, str]:
    """Return month → address of the releases that a page of the bureau's list names."""
    found: dict[str, str] = {}
    named = list(links(snapshot))
    for text, address in named:
        title = TITLE.search(text)
        if title and host_of(address) in NbsHousing.hosts:
            found.setdefault(month_of(*title.groups()), address)
    if not any(PAGE_DATE.search(address) for _, address in named):
        raise Unreadable("the list page names no release")
    return found


def _https(address: str) -> str:
    return re.sub(r"^http://", "https://", address)


class NbsHousing(Source):
    id = "nbs_housing"
    title = "NBS sales prices of homes in 70 cities"
    cadence_days = 31
    hosts = ("www.stats.gov.cn", "stats.gov.cn")
    keeps_history = True
    publisher = "National Bureau of Statistics of China"
    tier = "official"

    def requests(self, context: Context) -> Requests:
        have = _published_releases(context)
        addresses = {period: release.url for period, release in known_releases().items()} | have
        wanted = _due(context) - set(addresses)
        for number in range(LIST_PAGES if wanted else 0):
            listing = yield Request(
                f"{LIST}index_{number}.html" if number else LIST, accept=HTML, key=f"list-{number:02}",
                optional=True, leads_to=LIST_PAGES - number + len(wanted),
            )  # fmt: skip
            if listing is None:
                break
            addresses |= {p: u for p, u in releases_in_list(listing).items() if p in wanted}
            if min(wanted) in addresses:
                break
        newest = max(addresses)
        for period in sorted(addresses):
            if period == newest or period not in have:
                yield Request(_https(addresses[period]), accept=HTML, key=period, optional=True)

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        cities = _cities(context)
        pages = [one for one in snapshots if not one.request.key.startswith("list-")]
        for snapshot in sorted(pages, key=lambda one: one.request.key):
            with out.isolate(snapshot):
                page = read_page(snapshot)
                shipped, url = known_releases().get(page.period), snapshot.request.url
                dated = PAGE_DATE.search(url)
                published = page.published or ("-".join(dated.groups()) if dated else "")
                if shipped and _https(shipped.url) == url:  # some are on record with http, and keep it
                    url, published = shipped.url, page.published or shipped.published
                out.document(url, page.title, [snapshot], published=published)
                for market, table in page.tables.items():
                    _figures(page.period, market, table, cities, url, out)
        answered = {one.request.key for one in snapshots}
        if absent := sorted(_due(context) - answered - set(_published_releases(context))):
            lists = len(snapshots) - len(pages)
            out.notes.append(f"not in the {lists} pages of the list of releases: {', '.join(absent)}")


def _figures(
    period: str, market: str, table: IndexTable, cities: dict[str, str], url: str, out: Rows
) -> None:
    if lost := sorted(set(cities) - table.cities):
        raise Unreadable(f"{period}: no row {lost[0]} among homes of {market}")
    for (city, measure), value in table.values.items():
        kind = "fixed_base" if measure.startswith("fixed_base") else measure
        indicator = f"house_price_{market}_{measure}" + ("" if kind == "fixed_base" else "_index")
        low, high = BOUNDS[kind]
        if city not in cities:
            continue
        if value is None:
            out.notes.append(f"{period}: {city}, {indicator}: no figure in the table")
        elif not low <= value <= high:
            raise Unreadable(f"{period}: {city}, {indicator} = {value}, outside {low} to {high}")
        else:
            locator = f"{table.label} · {city} · {HEADS[kind]}"
            out.add(cities[city], indicator, period, str(value), url, locator=locator)


def _cities(context: Context) -> dict[str, str]:
    named = {normalise_text(n).removesuffix("市"): e for e, n in context.names("city").items()}
    return {n: entity for n, entity in named.items() if n in SURVEYED and context.wants(entity)}


def _published_releases(context: Context) -> dict[str, str]:
    """Return month → address of the releases whose figures for every city are published already."""
    table = load_published(context, "housing")
    table = table[table["indicator_id"] == "house_price_secondhand_mom_index"]
    if table.empty:
        return {}
    sources = pd.read_csv(context.data_dir / "sources.csv", dtype=str, keep_default_na=False)
    releases = sources[[host_of(url) in NbsHousing.hosts for url in sources["url"]]]
    table = table.merge(releases[["source_id", "url"]], on="source_id")
    cities = set(_cities(context).values())
    return {
        str(period): str(url)
        for (period, url), rows in table.groupby(["period", "url"])
        if cities <= set(rows["entity_id"])
    }


def _due(context: Context) -> set[str]:
    """Months after the shipped addresses whose release must be out by now (mid of the next month)."""
    last = pd.Period(context.today, "M") - (1 if context.today.day >= RELEASED_BY else 2)
    first = pd.Period(max(known_releases()), "M") + 1
    return {str(month) for month in pd.period_range(first, last)}
