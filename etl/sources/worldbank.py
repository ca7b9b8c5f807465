"""World Bank Indicators: yearly figures for China.

Years not out yet have a null value. An unknown code is answered with status 200 and a list of one message.
Aggregates stand among countries and may have an empty ``countryiso3code``.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from etl.sources.base import JSON, Context, Request, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.reading import Entry, field, json_of, records
from etl.tidy import period_form

BASE = "https://api.worldbank.org/v2/country/CHN/indicator"
ENTITY = "china"
FIRST_YEAR = 1990

SERIES = {
    "PA.NUS.FCRF": "cny_per_usd",
    "NY.GDP.MKTP.CN": "gdp",
    "NY.GDP.DEFL.KD.ZG": "gdp_deflator_growth",
    "FP.CPI.TOTL": "cpi_index",
    "FP.CPI.TOTL.ZG": "cpi_growth",
    "PA.NUS.PPP": "ppp_factor",
    "GB.XPD.RSDV.GD.ZS": "rd_intensity",
}
"""The bank's code → our indicator; units agree (CNY, %, 2010 = 100, CNY per US or international dollar)."""


class WorldBank(Source):
    id = "worldbank"
    title = "World Bank, World Development Indicators"
    cadence_days = 90
    hosts = ("api.worldbank.org",)
    publisher = "World Bank"
    licence = "CC-BY-4.0"

    def requests(self, context: Context) -> Requests:
        failed = 0
        for code in SERIES if context.wants(ENTITY) else ():
            params = {"format": "json", "date": f"{FIRST_YEAR}:{context.today.year}", "per_page": "1000"}
            answer = yield Request(f"{BASE}/{code}", params=params, accept=JSON, key=code, best_effort=True)
            failed = failed + 1 if answer is None else 0
            if failed == 2:
                return

    def read_answer(self, snapshot: Snapshot, context: Context, out: Rows) -> None:
        code, (head, rows) = snapshot.request.key, _answer(snapshot)
        values: dict[str, Decimal] = {}
        for row in rows:
            if (other := field(field(row, "indicator", dict), "id", str)) != code:
                raise Unreadable(f"entry {row.position}: indicator {other} instead of {code}")
            country = field(field(row, "country", dict), "id", str)
            if field(row, "countryiso3code", (str, type(None))) != "CHN" and country != "CN":
                continue
            year, value = field(row, "date", str), field(row, "value", (int, Decimal, type(None)))
            if not re.fullmatch(r"(19|20)[0-9][0-9]", year):
                raise Unreadable(f"entry {row.position}: date {year!r} is no year")
            if value is not None and values.setdefault(year, Decimal(value)) != value:
                raise Unreadable(f"entry {row.position}: {year} appears twice")
        if not values:
            raise Unreadable("no figure for China in the answer", "try again later")
        url, updated = f"{BASE}/{code}?format=json", str(head.get("lastupdated") or "")
        name = str(rows[0]["indicator"].get("value") or code)
        out.document(
            url, f"World Development Indicators: {name} ({code}), China", [snapshot],
            published=updated if period_form(updated) == "daily" else "",
        )  # fmt: skip
        for year, figure in sorted(values.items()):
            out.add(ENTITY, SERIES[code], year, figure, url, locator=f"{code} · CHN · {year}")


def _answer(snapshot: Snapshot) -> tuple[Mapping[str, Any], list[Entry]]:
    answer = json_of(snapshot)
    if not isinstance(answer, list) or not answer:
        raise Unreadable("a list of two was expected")
    (head,) = records(answer[:1])
    if "message" in head:
        words = (str(one.get("value")) for one in records(head["message"]))
        raise Unreadable(f"the service says: {'; '.join(words)}")
    if len(answer) != 2:
        raise Unreadable(f"a list of {len(answer)}, of two was expected")
    if str(field(head, "pages", (int, str))) not in ("0", "1"):
        raise Unreadable(f"{head['pages']} pages, one was expected", "raise per_page")
    return head, records(answer[1] or [])
