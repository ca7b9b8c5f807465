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

from etl.sources.base import Context, Request, Requests, Rows, ShapeError, Snapshot, Source
from etl.sources.reading import field, json_of, records, where

ID = "worldbank"
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

    id = ID
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
                answer = yield Request(
                    f"{BASE}/{code}",
                    params={
                        "format": "json",
                        "date": f"{FIRST_YEAR}:{context.today.year}",
                        "per_page": str(PER_PAGE),
                        "page": str(page),
                    },
                    accept=("application/json", "text/json"),
                    key=f"{code}-{page}",
                    best_effort=True,
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
            by_code.setdefault(_code(snapshot), []).append(snapshot)
        for code, answers in by_code.items():
            with out.apart():
                values = _years(code, answers)
                url = f"{BASE}/{code}?format=json"
                title = f"World Development Indicators: {_name(answers[0]) or code} ({code}), China"
                out.document(url, title, answers, published=_updated(answers[0]))
                for year, value in sorted(values.items()):
                    out.add(ENTITY, SERIES[code], year, value, url, locator=f"{code} · CHN · {year}")


def _years(code: str, answers: Sequence[Snapshot]) -> dict[str, Decimal]:
    """Return year → figure of one series from all its pages."""
    values: dict[str, Decimal] = {}
    pages = _page(answers[0])[0]
    if pages > len(answers):
        raise ShapeError(ID, f"{code}: {len(answers)} of {pages} pages", f"at most {MAX_PAGES} are asked for")
    for number, snapshot in enumerate(answers, start=1):
        said = json_of(snapshot, ID)[0].get("page", number)
        if str(said) != str(number):
            raise ShapeError(ID, f"{where(snapshot)}: page {said} came for page {number}")
        for position, row in enumerate(_page(snapshot)[1], start=1):
            at = f"{where(snapshot)}, row {position}"
            if (found := _row(row, code, at)) and values.setdefault(*found) != found[1]:
                raise ShapeError(ID, f"{at}: {found[0]} stands twice with two figures")
    if not values:
        raise ShapeError(ID, f"{code}: no figure for China in the answer", "try again later")
    return values


def _code(snapshot: Snapshot) -> str:
    code = snapshot.request.url.partition("?")[0].rstrip("/").rpartition("/")[2]
    if code not in SERIES:
        raise ShapeError(ID, f"{where(snapshot)}: {code} is not a series that was asked for")
    return code


def _page(snapshot: Snapshot) -> tuple[int, list[Any]]:
    """Return the number of pages and the rows of this one."""
    at = where(snapshot)
    answer = json_of(snapshot, ID)
    if not isinstance(answer, list) or not answer or not isinstance(answer[0], dict):
        raise ShapeError(ID, f"{at}: a list of two was expected")
    if "message" in answer[0]:
        said = answer[0]["message"]
        first = said[0] if isinstance(said, list) and said and isinstance(said[0], dict) else {}
        raise ShapeError(ID, f"{at}: the service says: {first.get('value') or first.get('key') or said}")
    if len(answer) != 2:
        raise ShapeError(ID, f"{at}: a list of {len(answer)}, of two was expected")
    pages = field(answer[0], "pages", (int, str), ID, at)
    if not (str(pages).isascii() and str(pages).isdecimal()):
        raise ShapeError(ID, f"{at}: 'pages' is {pages!r}")
    return int(pages), list(records(answer[1] if answer[1] is not None else [], ID, at))


def _row(row: dict[str, Any], code: str, at: str) -> tuple[str, Decimal] | None:
    said = field(field(row, "indicator", dict, ID, at), "id", str, ID, at)
    if said != code:
        raise ShapeError(ID, f"{at}: indicator {said} instead of {code}")
    country = field(field(row, "country", dict, ID, at), "id", str, ID, at)
    if field(row, "countryiso3code", (str, type(None)), ID, at) != "CHN" and country != "CN":
        return None
    year = field(row, "date", str, ID, at)
    if not re.fullmatch(r"(19|20)[0-9][0-9]", year):
        raise ShapeError(ID, f"{at}: date {year!r} is no year")
    value = field(row, "value", (int, Decimal, type(None)), ID, at)
    return None if value is None else (year, Decimal(value))


def _name(snapshot: Snapshot) -> str:
    rows = _page(snapshot)[1]
    return str(rows[0]["indicator"].get("value") or "") if rows else ""


def _updated(snapshot: Snapshot) -> str:
    said = str(json_of(snapshot, ID)[0].get("lastupdated") or "")
    return said if re.fullmatch(r"20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]", said) else ""


SOURCE = WorldBank()
