"""World Bank, World Development Indicators: yearly figures for China.

An answer is a list of two: ``[{"page": 1, "pages": 1, "total": 26, …}, [{"indicator": {"id": …},
"country": {"id": "CN"}, "countryiso3code": "CHN", "date": "2025", "value": null}, …]]``. Years not out
yet have a null value. An unknown code is answered with status 200 and a list of one,
``[{"message": […]}]``; ``per_page`` has been a text in the past; aggregates stand among countries and
may have an empty ``countryiso3code``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

from etl.sources.base import JSON, Context, Request, Requests, Rows, ShapeError, Snapshot, Source, Unreadable
from etl.sources.reading import Entry, field, json_of, records

BASE = "https://api.worldbank.org/v2/country/CHN/indicator"
ENTITY = "china"
FIRST_YEAR = 1990
PER_PAGE = 1000
MAX_PAGES = 20

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
    """Seven yearly series for China."""

    id = "worldbank"
    title = "World Bank, World Development Indicators"
    cadence_days = 90
    hosts = ("api.worldbank.org",)
    publisher = "World Bank"
    licence = "CC-BY-4.0"
    locator_hint = "date, value"

    def requests(self, context: Context) -> Requests:
        """Ask for each series, page by page; one that fails fails alone, two in a row are the service."""
        failed = 0
        for code, indicator in SERIES.items():
            if not context.wants(ENTITY) or indicator not in set(context.indicators["indicator_id"]):
                continue
            page = pages = 1
            while page <= pages and failed < 2:
                params = {"format": "json", "date": f"{FIRST_YEAR}:{context.today.year}"}
                params |= {"per_page": str(PER_PAGE), "page": str(page)}
                answer = yield Request(
                    f"{BASE}/{code}", params=params, accept=JSON, key=f"{code}-{page}", best_effort=True
                )
                failed = failed + 1 if answer is None else 0
                # an answer that is none is told of where it is read
                with suppress(ShapeError):
                    pages = min(_page(answer)[0], MAX_PAGES) if answer is not None else 0
                page += 1

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        """Read the rows of China; a year without a figure stays absent."""
        by_code: dict[str, list[Snapshot]] = {}
        for snapshot in snapshots:
            code = snapshot.request.url.partition("?")[0].rstrip("/").rpartition("/")[2]
            if code not in SERIES:
                raise Unreadable(f"{snapshot.label}: {code} is not a series that was asked for")
            by_code.setdefault(code, []).append(snapshot)
        for code, answers in by_code.items():
            with out.apart(code):
                values = _years(code, answers)
                url, updated = f"{BASE}/{code}?format=json", str(_head(answers[0]).get("lastupdated") or "")
                title = f"World Development Indicators: {_name(answers[0]) or code} ({code}), China"
                dated = re.fullmatch(r"20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]", updated)
                out.document(url, title, answers, published=updated if dated else "")
                for year, value in sorted(values.items()):
                    out.add(ENTITY, SERIES[code], year, value, url, locator=f"{code} · CHN · {year}")


def _years(code: str, answers: Sequence[Snapshot]) -> dict[str, Decimal]:
    """Return year → figure of one series from all its pages."""
    values: dict[str, Decimal] = {}
    pages = _page(answers[0])[0]
    if pages > len(answers):
        raise Unreadable(f"{len(answers)} of {pages} pages", f"at most {MAX_PAGES} are asked for")
    for number, snapshot in enumerate(answers, start=1):
        said = _head(snapshot).get("page", number)
        if str(said) != str(number):
            raise Unreadable(f"page {said} came for page {number}")
        for row in _page(snapshot)[1]:
            if (found := _row(row, code)) and values.setdefault(*found) != found[1]:
                raise Unreadable(f"page {number}, entry {row.position}: {found[0]} stands twice")
    if not values:
        raise Unreadable("no figure for China in the answer", "try again later")
    return values


def _head(snapshot: Snapshot) -> dict[str, Any]:
    """Return what an answer says of itself."""
    answer = json_of(snapshot)
    if not isinstance(answer, list) or not answer or not isinstance(answer[0], dict):
        raise Unreadable("a list of two was expected")
    return answer[0]


def _page(snapshot: Snapshot) -> tuple[int, list[Entry]]:
    """Return the number of pages and the rows of this one."""
    head, answer = _head(snapshot), json_of(snapshot)
    if "message" in head:
        said = head["message"]
        first = said[0] if isinstance(said, list) and said and isinstance(said[0], dict) else {}
        raise Unreadable(f"the service says: {first.get('value') or first.get('key') or said}")
    if len(answer) != 2:
        raise Unreadable(f"a list of {len(answer)}, of two was expected")
    pages = field(head, "pages", (int, str))
    if not (str(pages).isascii() and str(pages).isdecimal()):
        raise Unreadable(f"'pages' is {pages!r}")
    return int(pages), records(answer[1] if answer[1] is not None else [])


def _row(row: Entry, code: str) -> tuple[str, Decimal] | None:
    if (said := field(field(row, "indicator", dict), "id", str)) != code:
        raise Unreadable(f"entry {row.position}: indicator {said} instead of {code}")
    country = field(field(row, "country", dict), "id", str)
    if field(row, "countryiso3code", (str, type(None))) != "CHN" and country != "CN":
        return None
    year = field(row, "date", str)
    if not re.fullmatch(r"(19|20)[0-9][0-9]", year):
        raise Unreadable(f"entry {row.position}: date {year!r} is no year")
    value = field(row, "value", (int, Decimal, type(None)))
    return None if value is None else (year, Decimal(value))


def _name(snapshot: Snapshot) -> str:
    rows = _page(snapshot)[1]
    return str(rows[0]["indicator"].get("value") or "") if rows else ""


SOURCE = WorldBank()
