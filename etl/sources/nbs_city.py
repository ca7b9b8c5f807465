"""Yearly figures of main cities from the bureau's data library (data.stats.gov.cn, relaunched in March 2026).

Ids of catalogues and indicators are random and change when the library is rebuilt. Those of
:data:`CATALOGUES` were in use in 2026 and are asked for by POST, which the service's firewall lets through;
only where none of them answers is the library's tree walked, by GET, and its indicators found by their shown
names. What a figure means is always read from the name and unit shown with it.

Values come grouped by year (``code: "2025YY"``, the area in ``da`` or ``areaCode``) or by area (``code:
"440300000000"``, the year in ``dt``). An empty text is no figure. The library has 36 cities, not Suzhou.
"""

import json
import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

from etl.sources.base import JSON, Context, Request, Requests, Rows, ShapeError, Snapshot, Source, Unreadable
from etl.sources.reading import field, json_of, normalise_text, parse_number, records, shipped_csv

BASE = "https://data.stats.gov.cn/dg/website/publicrelease/web/external/"
LIBRARY = "8"
"""The library of main cities, yearly."""
ROOT = "2d06bab01494417e9052ef0f8d93e23e"
IDS = [tuple(row.values()) for row in shipped_csv("nbs_city_ids.csv")]
CATALOGUES = {one: [indicator for catalogue, indicator in IDS if catalogue == one] for one, _ in IDS}
"""Catalogue → indicators: accounts, people and wages, trade, schools, and budgets (the provinces')."""
MAX_CATALOGUES = 150
HEADERS = {"Referer": "https://data.stats.gov.cn/dg/website/page.html"}
FIRST_YEAR = 2000
NAMES = {row["name"]: row["indicator_id"] for row in shipped_csv("printed_names.csv")}
"""Name shown, without base and unit → indicator."""
TREE = "tree"
_YEAR = re.compile(r"(20[0-9][0-9])YY\Z")


class NbsCity(Source):
    id = "nbs_city"
    title = "NBS data library, main cities"
    cadence_days = 90
    hosts = ("data.stats.gov.cn",)
    rate_per_second = 0.5
    publisher = "National Bureau of Statistics of China"
    tier = "official"

    def requests(self, context: Context) -> Requests:
        found = 0
        for catalogue, indicators in CATALOGUES.items():
            answer = yield _values_request(catalogue, indicators, ROOT, context)
            with suppress(ShapeError):  # reported when it is parsed
                found += answer is not None and bool(_values(answer))
        if found:
            return
        root, leaves = yield from _leaves()
        for catalogue in leaves:
            listing = yield _get("queryIndicatorsByCid", {"cid": catalogue}, f"{catalogue}-indicators")
            data = _data(listing, (dict, list)) if listing else []
            rows = records(data.get("list") or []) if isinstance(data, dict) else []
            if wanted := [field(one, "_id", str) for one in rows if _shown(field(one, "i_showname", str))]:
                yield _values_request(catalogue, wanted, root, context)

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        cities = context.ids("nbs_area")
        read: set[str] = set()
        for snapshot in snapshots:
            catalogue, _, kind = snapshot.request.key.rpartition("-")
            if kind != "values":
                continue
            with out.isolate(snapshot):
                url = f"{BASE}new/queryIndicatorsByCid?cid={catalogue}"
                title = "NBS data library: main cities, yearly"
                out.document(url, title, [snapshot], published=snapshot.day)
                for (area, indicator, year), (value, unit) in sorted(_values(snapshot).items()):
                    read.add(indicator)
                    if area in cities:
                        out.add(
                            cities[area], indicator, year, value, url, unit=unit,
                            locator=f"{catalogue} · {year}",
                        )  # fmt: skip
        if not read and not out.failed:
            raise Unreadable(f"no catalogue has an indicator of a name that is read ({', '.join(NAMES)})")


def _get(service: str, params: Mapping[str, str], key: str, leads_to: int = 0) -> Request:
    address = f"{BASE}new/{service}"
    return Request(address, params=params, headers=HEADERS, accept=JSON, key=key, leads_to=leads_to)


def _values_request(catalogue: str, indicators: Iterable[str], root: str, context: Context) -> Request:
    every = replace(context, only_entities=frozenset())  # so that the same answer serves every refresh
    names, areas = context.names("city"), every.ids("nbs_area")
    body = {
        "cid": catalogue,
        "indicatorIds": sorted(indicators),
        "daCatalogId": "",
        "das": [{"text": f"{names[e]}市", "value": code} for code, e in areas.items()],
        "showType": "1",
        "dts": [f"{FIRST_YEAR}YY-{context.today.year - 1}YY"],
        "rootId": root,
    }
    return Request(
        f"{BASE}stream/esData",
        method="POST",
        headers={**HEADERS, "Content-Type": "application/json"},
        body=json.dumps(body, ensure_ascii=False, sort_keys=True).encode("utf-8"),
        accept=JSON,
        key=f"{catalogue}-values",
        best_effort=True,
    )


def _leaves() -> Generator[Request, Snapshot | None, tuple[str, list[str]]]:
    """Walk the library's tree, level by level; return its root's id and the ids of its leaves."""
    nodes, leaves, seen = [""], list[str](), set[str]()
    for node in nodes:
        left, key = (0, node) if node else (3 * MAX_CATALOGUES, "root")
        answer = yield _get("queryIndexTreeAsync", {"pid": node, "code": LIBRARY}, f"{TREE}-{key}", left)
        for row in records(_data(answer, (list,))) if answer else []:
            one, leaf = field(row, "_id", str), str(field(row, "isLeaf", (bool, int, str))).lower()
            if one not in seen:
                seen.add(one)
                (leaves if leaf in ("true", "1") else nodes).append(one)
        if len(seen) > MAX_CATALOGUES:
            raise Unreadable(f"more than {MAX_CATALOGUES} catalogues", "raise MAX_CATALOGUES")
    if not seen:
        raise Unreadable(f"{TREE}-root: the library has no root")
    return nodes[1], leaves


def _data(snapshot: Snapshot, kinds: tuple[type, ...]) -> Any:
    answer = json_of(snapshot)
    if isinstance(answer, dict) and answer.get("success") is False:
        raise Unreadable(f"the service says: {answer.get('message') or answer.get('state')}")
    return field(answer, "data", (*kinds, type(None))) or []


def _shown(text: str) -> tuple[str, str] | None:
    """Return name and unit of a shown name (``地区生产总值(当年价格) (亿元) ``) that we read."""
    match = re.fullmatch(r"(.+?)(?:\(当年价格\))?\(([^()]+)\)", normalise_text(text))
    return (match[1], match[2]) if match and match[1] in NAMES else None


def _cells(snapshot: Snapshot) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield area, year and row of each value, whichever way they are grouped."""
    for group in records(_data(snapshot, (list,))):
        code = field(group, "code", str)
        by_year = _YEAR.match(code)
        for row in records(field(group, "values", list)):
            period = code if by_year else field(row, "dt", str)
            area = row.get("da") or row.get("areaCode") or ("" if by_year else code)
            match = _YEAR.match(period)
            if match is None or not area:
                raise Unreadable(f"a value of period {period!r} and area {area!r}")
            yield str(area).ljust(12, "0"), match[1], row


def _values(snapshot: Snapshot) -> dict[tuple[str, str, str], tuple[Decimal, str]]:
    """Return (area, indicator, year) → value, unit."""
    values: dict[tuple[str, str, str], tuple[Decimal, str]] = {}
    for area, year, row in _cells(snapshot):
        shown = _shown(field(row, "i_showname", str))
        given = field(row, "value", (str, int, Decimal, type(None)))
        text = "" if given is None else str(given).strip()
        if shown is None or not text:
            continue
        number = parse_number(text)
        if number is None:
            raise Unreadable(f"value {text!r} is no number")
        values[area, NAMES[shown[0]], year] = number, shown[1]
    return values


SOURCE = NbsCity()
