"""CNIPA's statistical yearbook: patents granted and in force, and PCT applications, by city and year.

A year has a list page for each chapter. Tables are chosen by title, since their numbers change from year to
year, and columns by heading. A province's figure is never taken for a city of the same name.

Untried: the text of seven tables of 2003 to 2023 was available; their mark-up and the list pages were not.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from etl.sources.base import HTML, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.html_tables import Grid, grids, links, tree
from etl.sources.reading import decode, parse_number

LIST = "https://www.cnipa.gov.cn/tjxx/jianbao/year{year}/{chapter}.html"
CHAPTERS = "bcf"
"""Grants, patents in force, PCT applications."""
FIRST_YEAR = 2015
MOST_TABLES = 6
"""Tables of a chapter that are asked for."""
TITLE = re.compile(
    r"(?:国内(?!外|职务(?!、))|分地区)[^。:]{0,24}?专利(?:申请)?(?:授权|有效)量|PCT国际专利申请受理量"
)
_ONE_KIND = re.compile(r"实用新型|外观设计")


class Cnipa(Source):
    id = "cnipa"
    title = "CNIPA, yearbook of intellectual property statistics"
    cadence_days = 90
    untried = True
    hosts = ("www.cnipa.gov.cn", "cnipa.gov.cn")
    rate_per_second = 0.5
    keeps_history = True
    publisher = "CNIPA"
    tier = "official"

    def requests(self, context: Context) -> Requests:
        newest = context.today.year - 1
        for year in range(newest, FIRST_YEAR - 1, -1):
            for chapter in CHAPTERS:
                request = Request(
                    LIST.format(year=year, chapter=chapter), accept=HTML, key=f"{year}-{chapter}",
                    optional=True, ask="once" if year < newest - 1 else "always", leads_to=MOST_TABLES,
                )  # fmt: skip
                listing = yield request
                found = links(listing) if listing is not None else ()
                tables = dict.fromkeys(url for text, url in found if _indicators(text))
                for number, url in enumerate(list(tables)[:MOST_TABLES], start=1):
                    yield replace(request, url=url, key=f"{request.key}-{number}", leads_to=0)

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        known = context.names("city")
        cities = {name: entity for name, entity in context.places().items() if entity in known}
        tables = [one for one in snapshots if one.request.key.count("-") > 1]
        if snapshots and not tables:
            out.notes.append("the list pages name no table that is read")
        for snapshot in tables:
            with out.isolate(snapshot):
                year, url = snapshot.request.key[:4], snapshot.request.url
                title, grid = _table(snapshot)
                out.document(url, f"CNIPA {year}: {title}", [snapshot])
                for place, head, indicator, period, value in _figures(title, grid, year):
                    if place in cities:
                        locator = f"{title} · {place} · {head}"
                        out.add(cities[place], indicator, period, value, url, locator=locator)


def _indicators(title: str) -> dict[str, str]:
    """Return word of a heading → indicator, for the columns that are read of a table with this title."""
    found = TITLE.search(title)
    if found is None or _ONE_KIND.search(found[0]):
        return {}
    if "PCT" in found[0]:
        return {"年": "pct_applications"}
    inventions = "invention_patents_" + ("granted" if "授权" in found[0] else "held")
    if "发明专利" in found[0]:
        return {"合计": inventions}
    return {"发明": inventions} | ({"合计": "patents_granted"} if "授权" in found[0] else {})


def _table(snapshot: Snapshot) -> tuple[str, Grid]:
    """Return title and rows of the page's table, from its line of headings on."""
    for grid in grids(tree(decode(snapshot))):
        first = next((n for n, row in enumerate(grid.rows) if row[0].startswith("地区")), -1)
        above = grid.caption + "".join(cell for row in grid.rows[: max(first, 0)] for cell in row)
        if first >= 0 and (title := TITLE.search(above)):
            return title[0], Grid(grid.caption, grid.rows[first:])
    raise Unreadable("no table by place under a known title")


def _figures(title: str, grid: Grid, year: str) -> Iterator[tuple[str, str, str, str, Decimal]]:
    places = [re.sub(r"[^\u4e00-\u9fff]", "", row[0]) for row in grid.rows]
    below = next((n for n, place in enumerate(places) if "计" in place), len(places))
    read = False
    for column in range(1, len(grid.rows[0])):
        head = "".join(dict.fromkeys(row[column] for row in grid.rows[:below]))
        years = re.findall("20[0-9][0-9]", head)
        indicator = next((i for word, i in _indicators(title).items() if word in head), "")
        if not indicator or "累计" in head or (years and years != [year] and "年" not in head):
            continue
        read = True
        for place, row in zip(places[below:], grid.rows[below:], strict=True):
            if (value := parse_number(row[column])) is not None:
                yield place, head, indicator, years[0] if years else year, value
    if not read:
        raise Unreadable(f"{title}: no column of the year's figures")
