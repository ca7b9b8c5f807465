"""HKEXnews: how the Stock Exchange of Hong Kong is asked for a company's reports, and what it answers.

``prefix.do`` answers a stock code with the exchange's own stock id (JSON in a callback);
``titleSearchServlet.do`` answers a stock id with titles: its ``result`` is JSON inside a JSON text, dates
as ``DD/MM/YYYY HH:MM``, names with ``<br/>`` and slashes written ``&#x2f;``. ``LONG_TEXT`` names the
category, ``Financial Statements/ESG Information - [Annual Report]``: a report whose title does not say what
it is is known by that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urljoin

from etl.sources.base import Request, ShapeError, Snapshot
from etl.sources.filing import ANNUAL, INTERIM, JSON, SINCE, Filing, plain
from etl.sources.reading import decode, field, json_of, records, where

__all__ = ["HOST", "filings", "stock_id", "stock_request", "title_requests"]

HOST = "https://www1.hkexnews.hk"
PREFIX = f"{HOST}/search/prefix.do"
SEARCH = f"{HOST}/search/titleSearchServlet.do"
CATEGORIES = {ANNUAL: "40100", INTERIM: "40200"}
"""The exchange's second-level categories under 40000, financial statements."""
_REPORTS = {
    ANNUAL: re.compile(r"\bANNUAL REPORT\b", re.IGNORECASE),
    INTERIM: re.compile(r"\b(INTERIM|HALF[- ]YEAR(LY)?) REPORT\b", re.IGNORECASE),
}
_CATEGORY = {
    ANNUAL: re.compile(r"\[Annual Report\b", re.IGNORECASE),
    INTERIM: re.compile(r"\[Interim\s*/\s*Half[- ]Year Report\b", re.IGNORECASE),
}
_NOT_REPORT = re.compile(
    r"\b(SUMMARY|NOTICE|NOTIFICATION|LETTER|FORM|SUPPLEMENT\w*|CLARIFICATION|DELAY)\b", re.IGNORECASE
)
_DATE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})\b")


def stock_request(entity: str, code: str) -> Request:
    """Return the request for the exchange's own id of a stock code (five digits)."""
    return Request(
        PREFIX,
        params={"callback": "callback", "lang": "EN", "type": "A", "name": code, "market": "SEHK"},
        accept=JSON,
        key=f"{entity}-hkex_id",
    )


def title_requests(entity: str, stock: str, today: date) -> Iterator[Request]:
    """Yield the requests for a stock's annual and interim reports since 2015."""
    for indicator, category in CATEGORIES.items():
        yield Request(
            SEARCH,
            params={
                "sortDir": "0",
                "sortByOptions": "DateTime",
                "category": "0",
                "market": "SEHK",
                "stockId": stock,
                "documentType": "-1",
                "fromDate": SINCE.replace("-", ""),
                "toDate": f"{today:%Y%m%d}",
                "title": "",
                "searchType": "1",
                "t1code": "40000",
                "t2Gcode": "-2",
                "t2code": category,
                "rowRange": "200",
                "lang": "EN",
            },
            accept=JSON,
            key=f"{entity}-hkex_{'annual' if indicator == ANNUAL else 'interim'}",
        )


def stock_id(snapshot: Snapshot, code: str, source: str) -> str:
    """Return the exchange's id of ``code``."""
    text = decode(snapshot).strip()
    inner = re.fullmatch(r"[\w.]*\s*\(\s*(\{.*\})\s*\)\s*;?", text, re.DOTALL)
    at = where(snapshot)
    try:
        answer = json.loads(inner.group(1) if inner else text)
    except ValueError as error:
        raise ShapeError(source, f"{at}: no JSON in the callback, but “{text[:60]}”") from error
    for row in records(field(answer, "stockInfo", list, source, at), source, at):
        if str(row.get("code", "")).zfill(5) == code:
            return str(field(row, "stockId", (int, str), source, at))
    raise ShapeError(source, f"{at}: no stock with code {code}", "fix listing in entities.csv")


def filings(snapshot: Snapshot, source: str) -> list[Filing]:
    """Return the annual and interim reports among the titles of an answer."""
    found = []
    for position, row in enumerate(_titles(snapshot, source), start=1):
        at = f"{where(snapshot)}, title {position}"
        title = plain(field(row, "TITLE", str, source, at))
        indicator = _kind(title, plain(str(row.get("LONG_TEXT") or row.get("SHORT_TEXT") or "")))
        if not indicator:
            continue
        day = _day(field(row, "DATE_TIME", str, source, at), at, source)
        address = urljoin(HOST, field(row, "FILE_LINK", str, source, at))
        if not address.startswith(f"{HOST}/"):
            raise ShapeError(source, f"{at}: the file is at another host")
        name = plain(str(row.get("STOCK_NAME") or ""))
        found.append(Filing(indicator, day, title, address, "HKEXnews", name))
    return found


def _kind(title: str, category: str) -> str:
    """Return the indicator a title stands for, ``""`` if it is no report."""
    if _NOT_REPORT.search(title):
        return ""
    for indicator, pattern in _REPORTS.items():
        if pattern.search(title):
            return indicator
    return next((indicator for indicator, pattern in _CATEGORY.items() if pattern.search(category)), "")


def _titles(snapshot: Snapshot, source: str) -> list[Mapping[str, Any]]:
    at = where(snapshot)
    result = field(json_of(snapshot, source), "result", (str, type(None)), source, at)
    if result in (None, "", "null"):
        return []
    try:
        rows = json.loads(result)
    except ValueError as error:
        raise ShapeError(source, f"{at}: 'result' is no JSON, but “{result[:60]}”") from error
    return records(rows, source, at)


def _day(text: str, at: str, source: str) -> str:
    match = _DATE.match(text.strip())
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1])).isoformat()
    except ValueError:
        pass
    raise ShapeError(source, f"{at}: DATE_TIME {text!r} is no DD/MM/YYYY")
