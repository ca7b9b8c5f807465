"""Yearly documents of statistics bureaus: cities' communiqués, tables of provinces, the R&D bulletin.

A bureau's list page (``communique_list`` in ``external_ids.csv``) names its documents; the newest of the kind
it prints is read. A communiqué's sentences are matched with :data:`PATTERNS`: a pattern that finds no value,
or several, is a gap that the report names, never a guess.

Recorded: the communiqués of Suzhou (2025) and Shenzhen (2024), Guangdong's table (2025), the bulletins of
2018 to 2023. No list page was available; links are found by title only.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from etl.sources.base import HTML, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.html_tables import grids, links, published_on, tree
from etl.sources.reading import decode, normalise_text, parse_number, shipped_csv

SCHEME = "communique_list"
COUNTRY = "china"
TITLES = {
    "country": re.compile(r"(20[0-9]{2})年全国科技经费投入统计公报"),
    "city": re.compile(r"(20[0-9]{2})年[^年]{0,8}国民经济和社会发展统计公报"),
    "region": re.compile(r"(20[0-9]{2})年各市地区生产总值(?:初步|统一)?核算结果"),
}
"""Kind of an entity → title of its yearly document."""
PUBLISHERS = {
    "country": "国家统计局 科学技术部 财政部", "city": "{}市统计局", "region": "{}省统计局",
}  # fmt: skip
_UNIT = "万亿元|亿元|万元|元|亿美元|万人|人|万件|件|万家|家|%"
_AMOUNT = rf"(?P<about>超过?|约|近|突破|达到?|为)?(?P<value>[0-9][0-9,]*(?:\.[0-9]+)?)(?P<unit>{_UNIT})"
_UP = r"[,，](?:按[^,，。；]{2,12}计算[,，]?)?比上年(?P<sign>增长|下降)(?P<value>[0-9.]+)(?P<unit>%)"
_BREAK = re.compile(r"[。！!；]")


PATTERNS = {
    row["indicator_id"]: re.compile(row["words"] + (_UP if row["kind"] == "growth" else _AMOUNT))
    for row in shipped_csv("communique_patterns.csv")
}
"""Indicator → the words before its figure, and the figure."""
FIRST_PRINT = frozenset({"gdp", "gdp_growth_real", "gdp_per_capita"})
"""First printed in a communiqué: later revisions do not change what it says."""


class Communiques(Source):
    id = "communiques"
    title = "Statistical communiqués of cities, and the national bulletin on R&D"
    cadence_days = 30
    untried = True
    hosts = ("tjj.sz.gov.cn", ".gov.cn")
    rate_per_second = 0.5
    keeps_history = True
    asks_by = (SCHEME,)
    tier = "official"

    def requests(self, context: Context) -> Requests:
        for address, entity in context.ids(SCHEME).items():
            listing = yield Request(address, accept=HTML, key=f"{entity}-list", best_effort=True, leads_to=1)
            if listing is not None and (newest := _newest(listing, TITLES[context.kind(entity)])):
                yield Request(newest[1], accept=HTML, key=f"{entity}-{newest[0]}", best_effort=True)

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        answered = {one.request.key for one in snapshots}
        for snapshot in snapshots:
            entity, _, year = snapshot.request.key.rpartition("-")
            if year == "list":
                if not any(key.startswith(f"{entity}-20") for key in answered):
                    out.notes.append(f"{entity}: no document in the list at {snapshot.request.url}")
                continue
            with out.isolate(snapshot):
                root = tree(decode(snapshot))
                text = normalise_text(root.text_content())
                kind = context.kind(entity)
                title = TITLES[kind].search(text)
                if title is None or title[1] != year:
                    other = f"of {title[1]}" if title else "without its title"
                    raise Unreadable(f"a page {other} instead of {year}")
                url, publisher = snapshot.request.url, PUBLISHERS[kind].format(context.names(kind)[entity])
                out.document(url, title[0], [snapshot], publisher=publisher, published=published_on(root))
                if kind in TABLES:
                    _table(root, *TABLES[kind], year, url, out)
                else:
                    _sentences(text, entity, year, url, out)


def _newest(listing: Snapshot, title: re.Pattern[str]) -> tuple[str, str] | None:
    found: dict[str, str] = {}
    for text, address in links(listing):
        match = title.search(text)
        if match and (urlsplit(address).hostname or "").endswith(".gov.cn"):
            found.setdefault(match[1], address)
    return max(found.items(), default=None)


def _sentences(text: str, entity: str, year: str, url: str, out: Rows) -> None:
    sentences = _BREAK.split(text)
    nothing, several = list[str](), list[str]()
    for indicator, pattern in PATTERNS.items():
        matches = [match for sentence in sentences for match in pattern.finditer(sentence)]
        found = {(match["value"], match["unit"]): match for match in matches}
        if len(found) != 1:
            (several if found else nothing).append(indicator)
            continue
        ((value, unit), match) = found.popitem()
        number, words = parse_number(value), match.groupdict()
        if number is None:
            raise Unreadable(f"{value!r} is no number")
        about = words.get("about") in ("超", "超过", "约", "近", "突破")
        first = [f"{indicator}_first_published"] * (indicator in FIRST_PRINT)
        for one in (indicator, *first):
            out.add(
                entity, one, year, -number if words.get("sign") == "下降" else number, url,
                unit=unit, locator=f"“{match.string[:160]}”",
                status="estimate" if about else "preliminary" if "初步" in match.string else "final",
            )  # fmt: skip
    out.notes += [f"{entity} {year}: no sentence for {', '.join(nothing)}"] * bool(nothing)
    out.notes += [f"{entity} {year}: more than one value for {', '.join(several)}"] * bool(several)
    if len(nothing) + len(several) == len(PATTERNS):
        raise Unreadable("no known sentence")


TABLES: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "region": ("地区生产总值", "preliminary", {
        "gdp": "亿元", "": "", "secondary_value_added": "亿元", "tertiary_value_added": "亿元",
        "gdp_growth_real": "%",
    }),
    "country": ("经费", "final", {"rd_expenditure": "亿元", "rd_intensity": "%"}),
}  # fmt: skip
"""Kind → a word of its table's heading, status of its figures, and the columns behind a place's name:
indicator → unit."""


def _table(
    root: Any, word: str, status: str, columns: Mapping[str, str], year: str, url: str, out: Rows
) -> None:
    places = out.context.places()
    for grid in grids(root):  # a page may hold it twice
        head = "".join("".join(row) for row in grid.rows[:3])
        rows = [row for row in grid.rows if row[0] in places]
        if word in head and "亿元" in head and len(rows) > 3:
            for place, *cells in rows:
                values = [parse_number(cell) for cell in cells[: len(columns)]]
                for (indicator, unit), value in zip(columns.items(), values, strict=False):
                    if indicator and None not in values:
                        out.add(
                            places[place], indicator, year, value, url, unit=unit, status=status,
                            locator=f"table · {place}",
                        )  # fmt: skip
            return
    raise Unreadable(f"no table of {word} by place, in 亿元")
