"""Sales prices of homes in 70 cities: the monthly release of the National Bureau of Statistics.

A release page holds, besides tables by size of home that are not read, one table of new commodity homes
and one of second-hand homes: index numbers against the previous month (环比), the same month of the
previous year (同比) and either a base year (定基, until 2022) or the average of the year so far (平均,
since 2023; not collected). 70 cities stand in two halves side by side. Three generations of layout are
known; columns are found by their headings, cities by their names.

Pages known by address ship in ``nbs_housing_addresses.csv`` (``period,published,url``); later months are
looked for in the bureau's list of releases. A release is final, so only months that are not published
yet are asked for, and the newest one again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from urllib.parse import urljoin, urlsplit

import pandas as pd
from bs4 import BeautifulSoup

from etl.sources.base import Context, Parsed, Request, Requests, ShapeError, Snapshot, Source
from etl.sources.nbs_release import HEADS, MEND, PAGE_DATE, SURVEYED, TITLE, ReleasePage, month_of, read_page
from etl.sources.reading import decode, document, known, normal, published, where
from etl.tidy import source_id_for

ID = "nbs_housing"
LIST = "https://www.stats.gov.cn/sj/zxfb/"
LIST_PAGES = 24
"""List pages looked through at most: some 40 releases appear a month."""

PAGES = ("text/html", "application/xhtml+xml")
RELEASED_BY = 14
"""Day of the next month before which a release is not looked for (it comes between the 14th and 18th)."""

_BOUNDS = {"mom": (80, 130), "yoy": (40, 250), "fixed_base": (20, 500)}
_MARKETS = {"new": "new commodity homes", "secondhand": "second-hand homes"}


@dataclass(frozen=True)
class Release:
    """A known release page: month, day of publication, address."""

    period: str
    published: str
    url: str


def known_releases() -> dict[str, Release]:
    """Return the releases whose addresses ship with the project, by month."""
    text = resources.files("etl.sources").joinpath("nbs_housing_addresses.csv").read_text("utf-8")
    return {row["period"]: Release(**row) for row in csv.DictReader(text.splitlines())}


def releases_in_list(snapshot: Snapshot) -> dict[str, str]:
    """Return month → address of the releases that a page of the bureau's list names.

    Raise :class:`ShapeError` when the page names no release of any kind.
    """
    base = snapshot.request.url
    found: dict[str, str] = {}
    links = 0
    for link in BeautifulSoup(decode(snapshot), "lxml").find_all("a", href=True):
        address = urljoin(base, str(link["href"]).strip())
        links += bool(PAGE_DATE.search(address))
        for text in (str(link.get("title") or ""), link.get_text()):
            title = TITLE.search(normal(text))
            if title and urlsplit(address).hostname in NbsHousing.hosts:
                found.setdefault(month_of(*title.groups()), _https(address))
    if not links:
        raise ShapeError(ID, f"{where(snapshot)}: the list page names no release", MEND)
    return found


def _https(address: str) -> str:
    return re.sub(r"^http://", "https://", address)


class NbsHousing(Source):
    """The bureau's monthly release, one page a month."""

    id = ID
    title = "NBS sales prices of homes in 70 cities"
    cadence_days = 31
    hosts = ("www.stats.gov.cn", "stats.gov.cn")
    rate_per_second = 2.0
    keeps_history = True

    def requests(self, context: Context) -> Requests:
        """Ask for the months not published yet; look newer ones up in the list of releases."""
        pages = known_releases()
        have = _published_releases(context)
        addresses = {period: release.url for period, release in pages.items()} | have
        wanted = _due(context) - set(addresses)
        for number in range(LIST_PAGES if wanted else 0):
            name = "index.html" if number == 0 else f"index_{number}.html"
            address = LIST if number == 0 else urljoin(LIST, name)
            listing = yield Request(address, accept=PAGES, key=f"list-{number:02}", optional=True)
            if listing is None:
                break
            addresses |= {p: u for p, u in releases_in_list(listing).items() if p in wanted}
            if min(wanted) in addresses:
                break
        newest = max(addresses)
        for period in sorted(addresses):
            if period == newest or period not in have:
                yield Request(_https(addresses[period]), accept=PAGES, key=period, optional=period in pages)

    def parse(self, snapshots: Sequence[Snapshot], context: Context) -> Parsed:
        """Read both tables of every page for the cities of the catalogue."""
        shipped = known_releases()
        cities = _cities(context)
        observations: list[dict[str, str]] = []
        sources: list[dict[str, str]] = []
        notes: list[str] = []
        pages = [one for one in snapshots if not one.request.key.startswith("list-")]
        failures: list[ShapeError] = []
        for snapshot in sorted(pages, key=lambda one: one.request.key):
            try:
                page = read_page(snapshot)
                rows, said = _rows(page, cities, context)
            except ShapeError as error:
                failures.append(error)
                # An old page that never could be read must not hold back the new ones.
                if snapshot.request.key not in shipped or len(pages) == 1:
                    raise
                notes.append(f"left out: {error.what}")
                continue
            cited = source_id_for(_cited(page.period, snapshot))
            observations += [row | {"source_id": cited} for row in rows]
            sources.append(_document(page, snapshot))
            notes += said
        if failures and not observations:
            raise failures[-1]
        notes += _unfound(snapshots, context)
        return Parsed.of(observations, sources, notes)


def _document(page: ReleasePage, snapshot: Snapshot) -> dict[str, str]:
    url = _cited(page.period, snapshot)
    shipped = known_releases().get(page.period)
    dated = PAGE_DATE.search(url)
    fallback = (
        shipped.published if shipped and shipped.url == url else "-".join(dated.groups()) if dated else ""
    )
    return document(
        url,
        title=page.title,
        publisher="National Bureau of Statistics of China",
        tier="official",
        licence="facts with attribution",
        collector=ID,
        snapshots=[snapshot],
        published=page.published or fallback,
        locator_hint="table of new commodity homes, table of second-hand homes; row by city",
    )


def _cited(period: str, snapshot: Snapshot) -> str:
    """Return the address a release is cited by: some are on record with http, and keep it."""
    shipped = known_releases().get(period)
    same = shipped is not None and _https(shipped.url) == snapshot.request.url
    return shipped.url if shipped and same else snapshot.request.url


def _rows(
    page: ReleasePage, cities: dict[str, str], context: Context
) -> tuple[list[dict[str, str]], list[str]]:
    """Return the observations of a page, and a line for each figure that is missing or not catalogued."""
    rows: list[dict[str, str]] = []
    notes: list[str] = []
    for market, table in page.tables.items():
        names = {city for city, _ in table.values}
        for city in sorted(set(cities) - names):
            raise ShapeError(ID, f"{page.period}: no row {city} among {_MARKETS[market]}", MEND)
        for (city, measure), value in table.values.items():
            if city not in cities:
                continue
            kind = "fixed_base" if measure.startswith("fixed_base") else measure
            indicator = f"house_price_{market}_{measure}" + ("" if kind == "fixed_base" else "_index")
            if value is None:
                notes.append(f"{page.period}: {city}, {indicator}: no figure in the table")
                continue
            low, high = _BOUNDS[kind]
            if not low <= value <= high:
                raise ShapeError(
                    ID, f"{page.period}: {city}, {indicator} = {value}, outside {low} to {high}", MEND
                )
            if not known(context, [indicator]):
                notes.append(f"{page.period}: {indicator} is not in indicators.csv, left out")
                continue
            rows.append(
                {
                    "entity_id": cities[city],
                    "indicator_id": indicator,
                    "period": page.period,
                    "value": str(value),
                    "status": "final",
                    "locator": f"{table.label} · {city} · {HEADS[kind]}",
                }
            )
    return rows, sorted(set(notes))


def _cities(context: Context) -> dict[str, str]:
    rows = context.entities[context.entities["kind"] == "city"]
    pairs = zip(rows["name_zh_hans"], rows["entity_id"], strict=True)
    named = {normal(str(name)).removesuffix("市"): str(entity) for name, entity in pairs}
    return {n: entity for n, entity in named.items() if n in SURVEYED and context.wants(entity)}


def _published_releases(context: Context) -> dict[str, str]:
    """Return month → address of the releases whose figures for every city are published already."""
    path = context.data_dir / "sources.csv"
    if not path.is_file():
        return {}
    sources = pd.read_csv(path, dtype=str, keep_default_na=False, usecols=["source_id", "url"])
    ours = sources[[urlsplit(url).hostname in NbsHousing.hosts for url in sources["url"]]]
    table = published(context, "housing").merge(ours, on="source_id")
    table = table[table["indicator_id"] == "house_price_secondhand_mom_index"]
    cities = set(_cities(context).values())
    there: dict[tuple[str, str], set[str]] = {}
    for period, url, entity in zip(table["period"], table["url"], table["entity_id"], strict=True):
        there.setdefault((period, url), set()).add(entity)
    return {period: url for (period, url), entities in there.items() if cities <= entities}


def _unfound(snapshots: Sequence[Snapshot], context: Context) -> list[str]:
    there = {one.request.key for one in snapshots}
    absent = sorted(_due(context) - there - set(_published_releases(context)))
    if not absent:
        return []
    lists = sum(key.startswith("list-") for key in there)
    return [f"not in the {lists} pages of the list of releases: {', '.join(absent)}"]


def _due(context: Context) -> set[str]:
    """Months after the shipped addresses whose release must be out by now (mid of the next month)."""
    last = _previous(f"{context.today:%Y-%m}")
    if context.today.day < RELEASED_BY:
        last = _previous(last)
    months: set[str] = set()
    while last > max(known_releases()):
        months.add(last)
        last = _previous(last)
    return months


def _previous(period: str) -> str:
    year, month = int(period[:4]), int(period[5:])
    return f"{year - (month == 1):04}-{(month - 2) % 12 + 1:02}"


SOURCE = NbsHousing()
