"""Yearly figures of main cities from the bureau's data library (data.stats.gov.cn, relaunched in 2026).

Off by default, since the service is undocumented and refuses many callers. The library (``code=8``) is a
tree of catalogues with random ids: it is walked from its root to the leaves, ``{"_id", "name", "isLeaf"}``
each, unless ``PURSUIT_NBS_CITY_CATALOGUES`` names the leaves to read (ids, separated by commas). Indicators
are found by their shown names (which carry the unit), and values asked for the cities of the catalogue by
area code. An empty text is no figure; the bureau's library has 36 cities, Suzhou is not among them.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Generator, Sequence
from decimal import Decimal

from etl.errors import UsageError
from etl.sources.base import Context, Parsed, Request, Requests, ShapeError, Snapshot, Source
from etl.sources.reading import amount, document, field, json_of, known, normal, records, where
from etl.tidy import source_id_for, unit_factor

ID = "nbs_city"
BASE = "https://data.stats.gov.cn/dg/website/publicrelease/web/external/"
SETTING = "PURSUIT_NBS_CITY_CATALOGUES"
LIBRARY = "8"
"""The library of main cities, yearly."""
MAX_CATALOGUES = 150
HEADERS = {"Referer": "https://data.stats.gov.cn/dg/website/page.html"}
FIRST_YEAR = 2000
AREAS = {
    "440300000000": ("shenzhen", "深圳市"),
    "330100000000": ("hangzhou", "杭州市"),
    "500000000000": ("chongqing", "重庆市"),
    "110000000000": ("beijing", "北京市"),
    "310000000000": ("shanghai", "上海市"),
    "440100000000": ("guangzhou", "广州市"),
    "320100000000": ("nanjing", "南京市"),
}
NAMES = {
    "地区生产总值": ("gdp", "CNY"),
    "地区生产总值(当年价格)": ("gdp", "CNY"),
    "常住人口": ("population_resident", "persons"),
    "年末常住人口": ("population_resident", "persons"),
}
TREE = "tree"
_CATALOGUE = re.compile(r"[0-9a-f]{32}\Z")
_YEAR = re.compile(r"(20[0-9][0-9])YY\Z")


class NbsCity(Source):
    """GDP and residents of main cities, a year."""

    id = ID
    title = "NBS data library, main cities"
    cadence_days = 365
    on_by_default = False
    hosts = ("data.stats.gov.cn",)
    rate_per_second = 0.5

    def requests(self, context: Context) -> Requests:
        """Find the catalogues, ask for the indicators of each, then for their values."""
        catalogues = [one.strip() for one in context.setting(SETTING).split(",") if one.strip()]
        if not all(_CATALOGUE.match(one) for one in catalogues):
            raise UsageError(f"{SETTING} is no list of catalogues", "give 32-digit ids, separated by commas")
        root = ""
        if not catalogues:
            root, catalogues = yield from _leaves()
        areas = [
            {"text": name, "value": code} for code, (entity, name) in AREAS.items() if context.wants(entity)
        ]
        for catalogue in catalogues:
            listing = yield Request(
                f"{BASE}new/queryIndicatorsByCid",
                params={"cid": catalogue},
                headers=HEADERS,
                accept=("application/json",),
                key=f"{catalogue}-indicators",
            )
            found = _indicators(listing) if listing else {}
            if found:
                body = {
                    "cid": catalogue,
                    "indicatorIds": sorted(found),
                    "daCatalogId": "",
                    "das": areas,
                    "showType": "1",
                    "dts": [f"{FIRST_YEAR}YY-{context.today.year - 1}YY"],
                    "rootId": root,
                }
                yield Request(
                    f"{BASE}stream/esData",
                    method="POST",
                    headers={**HEADERS, "Content-Type": "application/json"},
                    body=json.dumps(body, ensure_ascii=False, sort_keys=True).encode("utf-8"),
                    accept=("application/json",),
                    key=f"{catalogue}-values",
                )

    def parse(self, snapshots: Sequence[Snapshot], context: Context) -> Parsed:
        """Read the values of the indicators found."""
        observations: list[dict[str, object]] = []
        sources: list[dict[str, str]] = []
        for snapshot in snapshots:
            catalogue, _, kind = snapshot.request.key.rpartition("-")
            if kind != "values":
                continue
            url = f"{BASE}new/queryIndicatorsByCid?cid={catalogue}"
            observations += [
                {
                    "entity_id": entity,
                    "indicator_id": indicator,
                    "period": year,
                    "value": value,
                    "source_id": source_id_for(url),
                    "status": "final",
                    "locator": f"{catalogue} · {year}",
                }
                for (entity, indicator, year), value in sorted(_values(snapshot).items())
                if known(context, [indicator]) and context.wants(entity)
            ]
            sources.append(
                document(
                    url,
                    title="NBS data library: main cities, yearly",
                    publisher="National Bureau of Statistics of China",
                    tier="official",
                    licence="facts with attribution",
                    collector=ID,
                    snapshots=[snapshot],
                )
            )
        if not sources:
            names = ", ".join(NAMES)
            raise ShapeError(ID, f"no catalogue has an indicator of a name that is read ({names})")
        return Parsed.of(observations, sources)


def _leaves() -> Generator[Request, Snapshot | None, tuple[str, list[str]]]:
    """Walk the library's tree, level by level; return its root's id and the ids of its leaves."""
    top = _nodes((yield _tree_request("")))
    if not top:
        raise ShapeError(ID, f"{TREE}-root: the library has no root")
    root, leaves = top[0][0], list[str]()
    waiting, seen = deque(top), {node for node, _ in top}
    while waiting:
        node, leaf = waiting.popleft()
        if leaf:
            leaves.append(node)
            continue
        below = [one for one in _nodes((yield _tree_request(node))) if one[0] not in seen]
        seen |= {one for one, _ in below}
        if len(seen) > MAX_CATALOGUES:
            raise ShapeError(ID, f"more than {MAX_CATALOGUES} catalogues", f"name the leaves in {SETTING}")
        waiting.extend(below)
    return root, leaves


def _tree_request(parent: str) -> Request:
    return Request(
        f"{BASE}new/queryIndexTreeAsync",
        params={"pid": parent, "code": LIBRARY},
        headers=HEADERS,
        accept=("application/json",),
        key=f"{TREE}-{parent or 'root'}",
    )


def _nodes(snapshot: Snapshot | None) -> list[tuple[str, bool]]:
    """Return id and whether it is a leaf of each catalogue in an answer."""
    if snapshot is None:
        return []
    at = where(snapshot)
    answer = json_of(snapshot, ID)
    _must_succeed(answer, at)
    rows = field(answer, "data", (list, type(None)), ID, at)
    found = []
    for row in records(rows if rows is not None else [], ID, at):
        leaf = field(row, "isLeaf", (bool, int, str), ID, at)
        found.append((field(row, "_id", str, ID, at), str(leaf).lower() in ("true", "1")))
    return found


def _must_succeed(answer: object, at: str) -> None:
    """Raise :class:`ShapeError` when the service says that it failed (with status 200)."""
    if isinstance(answer, dict) and answer.get("success") is False:
        raise ShapeError(ID, f"{at}: the service says: {answer.get('message') or answer.get('state')}")


def _shown(text: str) -> tuple[str, str] | None:
    """Return name and unit of a shown name such as ``地区生产总值(当年价格) (亿元) ``."""
    match = re.fullmatch(r"(.+)\(([^()]+)\)", normal(text))
    return (match[1], match[2]) if match else None


def _indicators(snapshot: Snapshot) -> dict[str, str]:
    """Return id → our indicator of those in a catalogue that are wanted."""
    at = where(snapshot)
    answer = json_of(snapshot, ID)
    _must_succeed(answer, at)
    data = field(answer, "data", (dict, list, type(None)), ID, at)
    if not data:
        return {}  # a catalogue without indicators of its own
    rows = field(data, "list", (list, type(None)), ID, at)
    found: dict[str, str] = {}
    for row in records(rows if rows is not None else [], ID, at):
        shown = _shown(field(row, "i_showname", str, ID, at))
        if shown and shown[0] in NAMES:
            found[field(row, "_id", str, ID, at)] = NAMES[shown[0]][0]
    return found


def _values(snapshot: Snapshot) -> dict[tuple[str, str, str], Decimal]:
    at = where(snapshot)
    answer = json_of(snapshot, ID)
    if field(answer, "success", bool, ID, at) is not True:
        raise ShapeError(ID, f"{at}: the service says: {answer.get('message') or answer.get('state')}")
    values: dict[tuple[str, str, str], Decimal] = {}
    for period in records(field(answer, "data", list, ID, at), ID, at):
        match = _YEAR.match(field(period, "code", str, ID, at))
        if match is None:
            raise ShapeError(ID, f"{at}: {period['code']} is no year")
        for row in records(field(period, "values", list, ID, at), ID, at):
            shown = _shown(field(row, "i_showname", str, ID, at))
            area = AREAS.get(field(row, "da", str, ID, at).ljust(12, "0"))
            given = field(row, "value", (str, int, Decimal, type(None)), ID, at)
            text = "" if given is None else str(given)
            if shown is None or shown[0] not in NAMES or area is None or not text.strip():
                continue
            number = amount(text)
            indicator, unit = NAMES[shown[0]]
            if number is None:
                raise ShapeError(ID, f"{at}: value {text!r} is no number")
            try:
                factor = unit_factor({"万人": "10k persons", "人": "persons"}.get(shown[1], shown[1]), unit)
            except ValueError as error:
                raise ShapeError(ID, f"{at}: {error}") from error
            values[area[0], indicator, match[1]] = number * factor
    return values


SOURCE = NbsCity()
