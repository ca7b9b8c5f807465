"""HKEXnews: how the Stock Exchange of Hong Kong is asked for a company's reports, and what it answers.

``prefix.do`` answers a stock code with the exchange's own stock id (JSON in a callback);
``titleSearchServlet.do`` answers a stock id with titles: its ``result`` is JSON inside a JSON text, dates as
``DD/MM/YYYY HH:MM``. A report whose title does not say what it is is known by the category in ``LONG_TEXT``.
"""

import json
import re
from collections.abc import Generator
from contextlib import suppress
from datetime import date, datetime
from urllib.parse import urljoin

from etl.sources.base import Request, ShapeError, Snapshot, Unreadable
from etl.sources.filing import ANNUAL, ANY_JSON, INTERIM, KINDS, SINCE, Filing, without_markup
from etl.sources.reading import decode, field, json_of, records

HOST = "https://www1.hkexnews.hk"
CATEGORIES = {ANNUAL: "40100", INTERIM: "40200"}
"""The exchange's second-level categories under 40000, financial statements."""
SALES = "nev_sales"
_TITLES = {
    ANNUAL: re.compile(r"\bANNUAL REPORT\b", re.IGNORECASE),
    INTERIM: re.compile(r"\b(INTERIM|HALF[- ]YEAR(LY)?) REPORT\b", re.IGNORECASE),
    SALES: re.compile(r"\bPRODUCTION AND SALES VOLUME FOR DECEMBER (20[0-9][0-9])", re.IGNORECASE),
}
_CATEGORY = {
    ANNUAL: re.compile(r"\[Annual Report\b", re.IGNORECASE),
    INTERIM: re.compile(r"\[Interim\s*/\s*Half[- ]Year Report\b", re.IGNORECASE),
}
_NOT_REPORT = re.compile(
    r"\b(SUMMARY|NOTICE|NOTIFICATION|LETTER|FORM|SUPPLEMENT\w*|CLARIFICATION|DELAY)\b", re.IGNORECASE
)


def reports(
    entity: str, code: str, today: date, *, sales: bool
) -> Generator[Request, Snapshot | None, list[Filing]]:
    """Ask for a company's reports since 2015, and its sales announcements if wanted; return them."""
    answer = yield Request(
        f"{HOST}/search/prefix.do",
        params={"callback": "callback", "lang": "EN", "type": "A", "name": code, "market": "SEHK"},
        accept=ANY_JSON,
        key=f"{entity}-hkex_id",
        leads_to=2 * (len(KINDS) + sales),
    )
    if answer is None:
        return []
    stock, found = stock_id(answer, code), list[Filing]()
    wanted = [(kind, "40000", CATEGORIES[indicator], "") for indicator, kind in KINDS.items()]
    wanted += [("sales", "-2", "-2", "production and sales volume for december")] * sales
    for kind, first, second, title in wanted:
        answer = yield Request(
            f"{HOST}/search/titleSearchServlet.do",
            params={
                "sortDir": "0", "sortByOptions": "DateTime", "category": "0", "market": "SEHK",
                "stockId": stock, "documentType": "-1", "fromDate": SINCE.replace("-", ""),
                "toDate": f"{today:%Y%m%d}", "title": title, "searchType": "1", "t1code": first,
                "t2Gcode": "-2", "t2code": second, "rowRange": "200", "lang": "EN",
            },
            accept=ANY_JSON,
            key=f"{entity}-hkex_{kind}",
            leads_to=1,
        )  # fmt: skip
        with suppress(ShapeError):  # reported when it is parsed
            found += filings(answer) if answer is not None else []
    return found


def stock_id(snapshot: Snapshot, code: str) -> str:
    text = decode(snapshot).strip()
    inner = re.fullmatch(r"[\w.]*\s*\(\s*(\{.*\})\s*\)\s*;?", text, re.DOTALL)
    try:
        answer = json.loads(inner.group(1) if inner else text)
    except ValueError as error:
        raise Unreadable(f"no JSON in the callback, but “{text[:60]}”") from error
    for row in records(field(answer, "stockInfo", list)):
        if str(row.get("code", "")).zfill(5) == code:
            return str(field(row, "stockId", (int, str)))
    raise Unreadable(f"no stock with code {code}", "fix listing in entities.csv")


def filings(snapshot: Snapshot) -> list[Filing]:
    result = field(json_of(snapshot), "result", (str, type(None)))
    try:
        rows = records(json.loads(result or "null") or [])
    except ValueError as error:
        raise Unreadable(f"'result' is no JSON, but “{result[:60]}”") from error
    found = []
    for row in rows:
        title = without_markup(field(row, "TITLE", str))
        indicator = _kind(title, without_markup(str(row.get("LONG_TEXT") or row.get("SHORT_TEXT") or "")))
        if not indicator:
            continue
        day, address = _day(field(row, "DATE_TIME", str)), urljoin(HOST, field(row, "FILE_LINK", str))
        if not address.startswith(f"{HOST}/"):
            raise Unreadable(f"entry {row.position}: the file is at another host")
        name = without_markup(str(row.get("STOCK_NAME") or ""))
        found.append(Filing(indicator, day, title, address, "HKEXnews", name))
    return found


def _kind(title: str, category: str) -> str:
    found = [indicator for indicator, pattern in _TITLES.items() if pattern.search(title)]
    found += [indicator for indicator, pattern in _CATEGORY.items() if pattern.search(category)]
    return "" if _NOT_REPORT.search(title) or not found else found[0]


def sales_year(title: str) -> str:
    match = _TITLES[SALES].search(title)
    return match[1] if match else ""


def _day(text: str) -> str:
    try:
        return datetime.strptime(text.strip()[:10], "%d/%m/%Y").date().isoformat()
    except ValueError:
        raise Unreadable(f"DATE_TIME {text!r} is no DD/MM/YYYY") from None
