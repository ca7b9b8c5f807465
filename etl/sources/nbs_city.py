"""Yearly figures of main cities from the bureau's data library (data.stats.gov.cn, relaunched in March 2026).

Ids of catalogues and indicators are random and change when the library is rebuilt; those in
``nbs_city_ids.csv`` were in use in 2026. They are asked for by POST, which the service's firewall lets
through. What a figure means is always read from the name and unit shown with it.

Values come grouped by year (``code: "2025YY"``, the area in ``da`` or ``areaCode``) or by area (``code:
"440300000000"``, the year in ``dt``). An empty text is no figure. The library has 36 cities, not Suzhou.
"""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from etl.sources.base import JSON, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.reading import field, json_of, normalise_text, parse_number, records, shipped_csv

BASE = "https://data.stats.gov.cn/dg/website/publicrelease/web/external/"
ROOT = "2d06bab01494417e9052ef0f8d93e23e"
FIRST_YEAR = 2000
NAMES = {row["name"]: row["indicator_id"] for row in shipped_csv("printed_names.csv")}
"""Name shown, without base and unit → indicator."""
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
        every = replace(context, only_entities=frozenset())  # so that the same answer serves every refresh
        names, areas = context.names("city"), every.ids("nbs_area")
        catalogues = defaultdict[str, list[str]](list)
        for row in shipped_csv("nbs_city_ids.csv"):
            catalogues[row["catalogue"]].append(row["indicator"])
        for catalogue, indicators in catalogues.items():
            body = {
                "cid": catalogue, "indicatorIds": sorted(indicators), "daCatalogId": "",
                "das": [{"text": f"{names[e]}市", "value": code} for code, e in areas.items()],
                "showType": "1", "dts": [f"{FIRST_YEAR}YY-{context.today.year - 1}YY"], "rootId": ROOT,
            }  # fmt: skip
            yield Request(
                f"{BASE}stream/esData",
                method="POST",
                headers={
                    "Referer": "https://data.stats.gov.cn/dg/website/page.html",
                    "Content-Type": "application/json",
                },
                body=json.dumps(body, ensure_ascii=False, sort_keys=True).encode("utf-8"),
                accept=JSON,
                key=catalogue,
                best_effort=True,
            )

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        cities = context.ids("nbs_area")
        figures = 0
        for snapshot in snapshots:
            with out.isolate(snapshot):
                catalogue = snapshot.request.key
                url = f"{BASE}new/queryIndicatorsByCid?cid={catalogue}"
                title = "NBS data library: main cities, yearly"
                out.document(url, title, [snapshot], published=snapshot.day)
                for (area, indicator, year), (value, unit) in sorted(_values(snapshot).items()):
                    figures += 1
                    if area in cities:
                        locator = f"{catalogue} · {year}"
                        out.add(cities[area], indicator, year, value, url, unit=unit, locator=locator)
        if not figures and not out.failed:
            raise Unreadable(
                f"no catalogue has an indicator of a name that is read ({', '.join(NAMES)})",
                "if the library was rebuilt, write its new ids into etl/sources/nbs_city_ids.csv",
            )


def _values(snapshot: Snapshot) -> dict[tuple[str, str, str], tuple[Decimal, str]]:
    """Return (area, indicator, year) → value and unit, whichever way the values are grouped."""
    values: dict[tuple[str, str, str], tuple[Decimal, str]] = {}
    for group in records(field(json_of(snapshot), "data", (list, type(None))) or []):
        code = field(group, "code", str)
        by_year = _YEAR.match(code)
        for row in records(field(group, "values", list)):
            period = code if by_year else field(row, "dt", str)
            area = row.get("da") or row.get("areaCode") or ("" if by_year else code)
            match = _YEAR.match(period)
            if match is None or not area:
                raise Unreadable(f"a value of period {period!r} and area {area!r}")
            # 地区生产总值(当年价格) (亿元)
            name = re.fullmatch(
                r"(.+?)(?:\(当年价格\))?\(([^()]+)\)", normalise_text(field(row, "i_showname", str))
            )
            value = field(row, "value", (str, int, Decimal, type(None)))
            text = "" if value is None else str(value).strip()
            if not name or name[1] not in NAMES or not text:
                continue
            number = parse_number(text)
            if number is None:
                raise Unreadable(f"value {text!r} is no number")
            values[str(area).ljust(12, "0"), NAMES[name[1]], match[1]] = number, name[2]
    return values
