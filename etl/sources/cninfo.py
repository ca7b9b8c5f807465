"""CNINFO, where companies listed in Shenzhen and Shanghai file: how it is asked, and what it answers.

``topSearch/query`` answers a code with the service's ``orgId``; ``hisAnnouncement/query`` answers both with
announcements, page by page: ``announcementTime`` in milliseconds at midnight in China, ``adjunctUrl``
relative to static.cninfo.com.cn, ``announcements`` null where there are none. Both want a form by POST.
"""

import re
from collections.abc import Generator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from etl.sources.base import Request, ShapeError, Snapshot, Unreadable
from etl.sources.filing import ANNUAL, ANY_JSON, INTERIM, KINDS, SINCE, Filing, without_markup
from etl.sources.reading import field, json_of, normalise_text, records

HOST = "https://www.cninfo.com.cn"
FILES = "https://static.cninfo.com.cn/"
CATEGORIES = {ANNUAL: "category_ndbg_szsh", INTERIM: "category_bndbg_szsh"}
COLUMNS = {"szse": "sz", "sse": "sh"}
PAGE_SIZE = 30
MAX_PAGES = 10
CHINA_TIME = timedelta(hours=8)
FIRST_TIME, LAST_TIME = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp() * 1000) for year in (1990, 2100))
_REPORTS = {
    INTERIM: re.compile(r"20[0-9][0-9]年?(半年度|中期)报告"),
    ANNUAL: re.compile(r"20[0-9][0-9]年?(年度|度)报告|20[0-9][0-9]年年报"),
}
_NOT_REPORT = re.compile(r"摘要|英文|更正|补充|取消|问询|审核|提示|说明|公告|意见|H股|季度")


def reports(
    entity: str, exchange: str, code: str, today: date
) -> Generator[Request, Snapshot | None, list[Filing]]:
    """Ask for a company's reports since 2015 and return them; ``exchange``: szse or sse."""
    found: list[Filing] = []
    form = {"keyWord": code, "maxNum": "10"}
    answer = yield _request("information/topSearch", f"{entity}-cninfo_id", form, MAX_PAGES * len(KINDS) + 1)
    org = org_id(answer, code) if answer is not None else ""
    for indicator, kind in KINDS.items() if org else ():
        for page in range(1, MAX_PAGES + 1):
            form = {
                "pageNum": str(page), "pageSize": str(PAGE_SIZE), "column": exchange, "tabName": "fulltext",
                "plate": COLUMNS[exchange], "stock": f"{code},{org}", "searchkey": "", "secid": "",
                "category": CATEGORIES[indicator], "trade": "", "seDate": f"{SINCE}~{today}",
                "sortName": "", "sortType": "", "isHLtitle": "true",
            }  # fmt: skip
            key = f"{entity}-cninfo_{kind}_{page:02}"
            answer = yield _request("hisAnnouncement", key, form, MAX_PAGES - page + 1)
            if answer is not None:
                with suppress(ShapeError):  # reported when it is parsed
                    found += filings(answer)
            if answer is None or field(json_of(answer), "hasMore", bool) is not True:
                break
    return found


def _request(service: str, key: str, form: Mapping[str, str], leads_to: int) -> Request:
    return Request(
        f"{HOST}/new/{service}/query",
        method="POST",
        headers={"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"},
        body=urlencode(form).encode(),
        accept=ANY_JSON,
        key=key,
        leads_to=leads_to,
    )


def org_id(snapshot: Snapshot, code: str) -> str:
    for row in records(json_of(snapshot)):
        if str(row.get("code", "")) == code:
            return field(row, "orgId", str)  # type: ignore[no-any-return]
    raise Unreadable(f"no company with code {code}", "fix listing in entities.csv")


def filings(snapshot: Snapshot) -> list[Filing]:
    found = []
    for row in records(field(json_of(snapshot), "announcements", (list, type(None))) or []):
        title = without_markup(field(row, "announcementTitle", str))
        indicator = _kind(normalise_text(title))
        path = field(row, "adjunctUrl", (str, type(None)))
        if not indicator or not path:
            continue  # no report, or announced without a document
        day, path = _day(field(row, "announcementTime", int)), path.lstrip("/")
        if not re.fullmatch(r"[A-Za-z0-9][\w./-]*", path) or ".." in path:
            raise Unreadable(f"entry {row.position}: adjunctUrl {path[:60]!r} is no path of a file")
        name = without_markup(str(row.get("secName") or ""))
        found.append(Filing(indicator, day, title, f"{FILES}{path}", "CNINFO", name))
    return found


def _kind(title: str) -> str:
    found = (indicator for indicator, pattern in _REPORTS.items() if pattern.search(title))
    return "" if _NOT_REPORT.search(title) else next(found, "")


def _day(milliseconds: int) -> str:
    if not FIRST_TIME <= milliseconds <= LAST_TIME:
        raise Unreadable(f"announcementTime {milliseconds} is no time in milliseconds")
    return (datetime.fromtimestamp(milliseconds / 1000, UTC) + CHINA_TIME).date().isoformat()
