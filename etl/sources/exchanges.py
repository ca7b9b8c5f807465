"""The exchanges' searches for a company's reports: how they are asked, and what they answer.

HKEXnews (Hong Kong): ``prefix.do`` answers a stock code with the exchange's own stock id (JSON in a
callback); ``titleSearchServlet.do`` answers a stock id with titles: its ``result`` is JSON inside a JSON
text. A report whose title does not say what it is is known by its category.

CNINFO (Shenzhen, Shanghai): ``topSearch/query`` answers a code with the service's ``orgId``;
``hisAnnouncement/query`` answers both with announcements, page by page: ``announcementTime`` in milliseconds
at midnight in China, ``announcements`` null where there are none. Both want a form by POST.
"""

import html
import re
from collections.abc import Generator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from urllib.parse import urlencode, urljoin

from etl.sources.base import Request, ShapeError, Snapshot, Unreadable
from etl.sources.reading import decode, field, json_of, normalise_text, records

HKEXNEWS = "https://www1.hkexnews.hk"
CNINFO = "https://www.cninfo.com.cn"
CNINFO_FILES = "https://static.cninfo.com.cn/"
ANNUAL, INTERIM, SALES = "annual_report_published", "interim_report_published", "nev_sales"
KINDS = {
    ANNUAL: ("annual", "40100", "category_ndbg_szsh"),
    INTERIM: ("interim", "40200", "category_bndbg_szsh"),
}
"""Indicator → the word for it in a request's key, and its categories at HKEXnews and CNINFO."""
MAINLAND = {"szse": "sz", "sse": "sh"}
"""Exchange → what CNINFO calls it."""
SINCE = "2015-01-01"
MAX_PAGES = 10
CHINA_TIME = timezone(timedelta(hours=8))
_TITLES = {
    ANNUAL: re.compile(r"\bANNUAL REPORT\b|20[0-9][0-9]年?(年度|度)报告|20[0-9][0-9]年年报", re.IGNORECASE),
    INTERIM: re.compile(
        r"\b(INTERIM|HALF[- ]YEAR(LY)?) REPORT\b|20[0-9][0-9]年?(半年度|中期)报告", re.IGNORECASE
    ),
    SALES: re.compile(r"\bPRODUCTION AND SALES VOLUME FOR DECEMBER 20[0-9][0-9]", re.IGNORECASE),
}
_NOT_REPORT = re.compile(
    r"\b(SUMMARY|NOTICE|NOTIFICATION|LETTER|FORM|SUPPLEMENT\w*|CLARIFICATION|DELAY)\b"
    r"|摘要|英文|更正|补充|取消|问询|审核|提示|说明|公告|意见|H股|季度",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(20[0-9][0-9])(?:\s*[/-]\s*([0-9][0-9])\b)?")


@dataclass(frozen=True)
class Filing:
    indicator: str
    day: str
    title: str
    url: str
    publisher: str
    company: str


Asking = Generator[Request, Snapshot | None, list[Filing]]


def hkexnews_reports(entity: str, code: str, today: date, *, sales: bool) -> Asking:
    """Ask for a company's reports since 2015, and its sales announcements if wanted; return them."""
    answer = yield Request(
        f"{HKEXNEWS}/search/prefix.do",
        params={"callback": "callback", "lang": "EN", "type": "A", "name": code, "market": "SEHK"},
        key=f"{entity}-hkex_id",
        leads_to=2 * (len(KINDS) + sales),
    )
    if answer is None:
        return []
    stock, found = stock_id(answer, code), list[Filing]()
    wanted = [(kind, "40000", category, "") for kind, category, _ in KINDS.values()]
    wanted += [("sales", "-2", "-2", "production and sales volume for december")] * sales
    for kind, first, second, title in wanted:
        answer = yield Request(
            f"{HKEXNEWS}/search/titleSearchServlet.do",
            params={
                "sortDir": "0", "sortByOptions": "DateTime", "category": "0", "market": "SEHK",
                "stockId": stock, "documentType": "-1", "fromDate": SINCE.replace("-", ""),
                "toDate": f"{today:%Y%m%d}", "title": title, "searchType": "1", "t1code": first,
                "t2Gcode": "-2", "t2code": second, "rowRange": "200", "lang": "EN",
            },
            key=f"{entity}-hkex_{kind}",
            leads_to=1,
        )  # fmt: skip
        with suppress(ShapeError):  # reported when it is parsed
            found += hkexnews_filings(answer) if answer is not None else []
    return found


def stock_id(snapshot: Snapshot, code: str) -> str:
    inner = re.sub(r"^[\w.\s]*\(|\)\s*;?\s*$", "", decode(snapshot))
    answer = json_of(replace(snapshot, body=inner.encode()))
    for row in records(field(answer, "stockInfo", list)):
        if str(row.get("code", "")).zfill(5) == code:
            return str(field(row, "stockId", (int, str)))
    raise Unreadable(f"no stock with code {code}", "fix listing in entities.csv")


def hkexnews_filings(snapshot: Snapshot) -> list[Filing]:
    result = field(json_of(snapshot), "result", (str, type(None)))
    found = []
    for row in records(json_of(replace(snapshot, body=(result or "[]").encode())) or []):
        title = _without_markup(field(row, "TITLE", str))
        category = _without_markup(str(row.get("LONG_TEXT") or row.get("SHORT_TEXT") or ""))
        if not (indicator := _kind(title, category)):
            continue
        stamp, address = field(row, "DATE_TIME", str), urljoin(HKEXNEWS, field(row, "FILE_LINK", str))
        if not address.startswith(f"{HKEXNEWS}/"):
            raise Unreadable(f"entry {row.position}: the file is at another host")
        try:
            day = datetime.strptime(stamp.strip()[:10], "%d/%m/%Y").date().isoformat()
        except ValueError:
            raise Unreadable(f"DATE_TIME {stamp!r} is no DD/MM/YYYY") from None
        name = _without_markup(str(row.get("STOCK_NAME") or ""))
        found.append(Filing(indicator, day, title, address, "HKEXnews", name))
    return found


def cninfo_reports(entity: str, exchange: str, code: str, today: date) -> Asking:
    """Ask for a company's reports since 2015 and return them; ``exchange``: szse or sse."""
    form = {"keyWord": code, "maxNum": "10"}
    key, left = f"{entity}-cninfo_id", MAX_PAGES * len(KINDS) + 1
    answer = yield _form("information/topSearch", key, form, left)
    if answer is None:
        return []
    organisation, found = org_id(answer, code), list[Filing]()
    for kind, _, category in KINDS.values():
        for page in range(1, MAX_PAGES + 1):
            form = {
                "pageNum": str(page), "pageSize": "30", "column": exchange, "tabName": "fulltext",
                "plate": MAINLAND[exchange], "stock": f"{code},{organisation}", "searchkey": "", "secid": "",
                "category": category, "trade": "", "seDate": f"{SINCE}~{today}",
                "sortName": "", "sortType": "", "isHLtitle": "true",
            }  # fmt: skip
            key = f"{entity}-cninfo_{kind}_{page:02}"
            answer = yield _form("hisAnnouncement", key, form, MAX_PAGES - page + 1)
            if answer is None:
                break
            with suppress(ShapeError):  # reported when it is parsed
                found += cninfo_filings(answer)
            if field(json_of(answer), "hasMore", bool) is not True:
                break
    return found


def _form(service: str, key: str, form: Mapping[str, str], leads_to: int) -> Request:
    return Request(
        f"{CNINFO}/new/{service}/query",
        method="POST",
        headers={"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"},
        body=urlencode(form).encode(),
        key=key,
        leads_to=leads_to,
    )


def org_id(snapshot: Snapshot, code: str) -> str:
    for row in records(json_of(snapshot)):
        if str(row.get("code", "")) == code:
            return field(row, "orgId", str)  # type: ignore[no-any-return]
    raise Unreadable(f"no company with code {code}", "fix listing in entities.csv")


def cninfo_filings(snapshot: Snapshot) -> list[Filing]:
    found = []
    for row in records(field(json_of(snapshot), "announcements", (list, type(None))) or []):
        title = _without_markup(field(row, "announcementTitle", str))
        indicator = _kind(normalise_text(title))
        path = field(row, "adjunctUrl", (str, type(None)))
        if not indicator or not path:
            continue  # no report, or announced without a document
        if not re.fullmatch(r"/?[A-Za-z0-9][\w./-]*", path) or ".." in path:
            raise Unreadable(f"entry {row.position}: adjunctUrl {path[:60]!r} is no path of a file")
        milliseconds = field(row, "announcementTime", int)
        if not 10**11 < milliseconds < 10**13:
            raise Unreadable(f"announcementTime {milliseconds} is no time in milliseconds")
        day = datetime.fromtimestamp(milliseconds / 1000, CHINA_TIME).date().isoformat()
        name = _without_markup(str(row.get("secName") or ""))
        found.append(Filing(indicator, day, title, urljoin(CNINFO_FILES, path), "CNINFO", name))
    return found


def _kind(*texts: str) -> str:
    """Return what a title, or else its category, says that it is; ``""`` for what is no report."""
    if _NOT_REPORT.search(texts[0]):
        return ""
    return next((one for text in texts for one, pattern in _TITLES.items() if pattern.search(text)), "")


def _without_markup(text: str) -> str:
    """Return a title without the mark-up and entities (``<em>``, ``<br/>``, ``&#x2f;``) of search results."""
    bare = re.sub(r"</?(em|br|b|font|span)\b[^>]*>", " ", html.unescape(text), flags=re.IGNORECASE)
    return " ".join(bare.split())


def report_year(title: str, filed: str) -> int:
    """Return the (closing) year a report is about; ``filed``: the day it was filed, ``YYYY-MM-DD``.

    The title names it (``2024年年度报告``, ``ANNUAL REPORT 2023/24``), else it is the year before the filing.
    """
    match = _YEARS.search(title)
    if match is None:
        return int(filed[:4]) - 1
    return int(match[1][:2] + match[2]) if match[2] else int(match[1])
