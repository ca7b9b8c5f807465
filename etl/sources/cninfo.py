"""CNINFO, where companies listed in Shenzhen and Shanghai file: how it is asked, and what it answers.

``topSearch/query`` answers a code with the service's ``orgId``; ``hisAnnouncement/query`` answers both with
announcements, page by page: ``announcementTime`` in milliseconds at midnight in China, ``adjunctUrl``
relative to static.cninfo.com.cn, ``announcements`` null where there are none. Both want a form by POST.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from etl.sources.base import Request, ShapeError, Snapshot
from etl.sources.filing import ANNUAL, INTERIM, JSON, SINCE, Filing, plain
from etl.sources.reading import field, json_of, normal, records, where

__all__ = ["HOST", "announcement_request", "filings", "has_more", "org_id", "org_request"]

HOST = "https://www.cninfo.com.cn"
FILES = "https://static.cninfo.com.cn/"
CATEGORIES = {ANNUAL: "category_ndbg_szsh", INTERIM: "category_bndbg_szsh"}
COLUMNS = {"SZSE": ("szse", "sz"), "SSE": ("sse", "sh")}
PAGE_SIZE = 30
CHINA_TIME = timedelta(hours=8)
_REPORTS = {
    INTERIM: re.compile(r"20[0-9][0-9]年?(半年度|中期)报告"),
    ANNUAL: re.compile(r"20[0-9][0-9]年?(年度|度)报告|20[0-9][0-9]年年报"),
}
_NOT_REPORT = re.compile(r"摘要|英文|更正|补充|取消|问询|审核|提示|说明|公告|意见|H股|季度")
_FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}


def org_request(entity: str, code: str) -> Request:
    """Return the request for the service's own id of a code (six digits)."""
    return Request(
        f"{HOST}/new/information/topSearch/query",
        method="POST",
        headers=_FORM,
        body=urlencode({"keyWord": code, "maxNum": "10"}).encode(),
        accept=JSON,
        key=f"{entity}-cninfo_id",
    )


def announcement_request(
    entity: str, indicator: str, exchange: str, code: str, org: str, page: int, today: date
) -> Request:
    """Return the request for one page of a company's reports since 2015; ``exchange``: SZSE or SSE."""
    column, plate = COLUMNS[exchange]
    form = {
        "pageNum": str(page),
        "pageSize": str(PAGE_SIZE),
        "column": column,
        "tabName": "fulltext",
        "plate": plate,
        "stock": f"{code},{org}",
        "searchkey": "",
        "secid": "",
        "category": CATEGORIES[indicator],
        "trade": "",
        "seDate": f"{SINCE}~{today}",
        "sortName": "",
        "sortType": "",
        "isHLtitle": "true",
    }
    kind = "annual" if indicator == ANNUAL else "interim"
    return Request(
        f"{HOST}/new/hisAnnouncement/query",
        method="POST",
        headers=_FORM,
        body=urlencode(form).encode(),
        accept=JSON,
        key=f"{entity}-cninfo_{kind}_{page:02}",
    )


def org_id(snapshot: Snapshot, code: str, source: str) -> str:
    """Return the service's id of ``code``."""
    at = where(snapshot)
    for row in records(json_of(snapshot, source), source, at):
        if str(row.get("code", "")) == code:
            return field(row, "orgId", str, source, at)  # type: ignore[no-any-return]
    raise ShapeError(source, f"{at}: no company with code {code}", "fix listing in entities.csv")


def has_more(snapshot: Snapshot, source: str) -> bool:
    """Tell whether a further page follows."""
    return field(json_of(snapshot, source), "hasMore", bool, source, where(snapshot)) is True


def filings(snapshot: Snapshot, source: str) -> list[Filing]:
    """Return the annual and interim reports among the announcements of a page."""
    found = []
    for position, row in enumerate(_announcements(snapshot, source), start=1):
        at = f"{where(snapshot)}, announcement {position}"
        title = plain(field(row, "announcementTitle", str, source, at))
        indicator = _kind(normal(title))
        path = field(row, "adjunctUrl", (str, type(None)), source, at)
        if not indicator or not path:
            continue  # no report, or announced without a document
        day = _day(field(row, "announcementTime", int, source, at), at, source)
        path = path.lstrip("/")
        if not re.fullmatch(r"[A-Za-z0-9][\w./-]*", path) or ".." in path:
            raise ShapeError(source, f"{at}: adjunctUrl {path[:60]!r} is no path of a file")
        name = plain(str(row.get("secName") or ""))
        found.append(Filing(indicator, day, title, f"{FILES}{path}", "CNINFO", name))
    return found


def _kind(title: str) -> str:
    """Return the indicator a title stands for, ``""`` if it is no report."""
    if _NOT_REPORT.search(title):
        return ""
    return next((indicator for indicator, pattern in _REPORTS.items() if pattern.search(title)), "")


def _announcements(snapshot: Snapshot, source: str) -> list[Mapping[str, Any]]:
    at = where(snapshot)
    rows = field(json_of(snapshot, source), "announcements", (list, type(None)), source, at)
    return records(rows if rows is not None else [], source, at)


def _day(milliseconds: int, at: str, source: str) -> str:
    try:
        moment = datetime.fromtimestamp(milliseconds / 1000, UTC) + CHINA_TIME
    except (OverflowError, ValueError, OSError) as error:
        raise ShapeError(source, f"{at}: announcementTime {milliseconds} is no time") from error
    if not 1990 <= moment.year <= 2100:
        raise ShapeError(source, f"{at}: announcementTime {milliseconds} is no time in milliseconds")
    return moment.date().isoformat()
