"""Reports filed in Hong Kong, Shenzhen and Shanghai: found among the titles, each its own document."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import parse_qs

import pandas as pd
import pytest
from source_support import answered, context, snapshot, values

from etl.build import stale_financials
from etl.errors import ShapeError
from etl.sources import exchanges, filings
from etl.sources.base import Request
from etl.sources.exchanges import report_year

TODAY = date(2026, 11, 22)
STOCK = 'callback({"more":"1","stockInfo":[{"stockId":7609,"code":"00700","name":"TENCENT"}]});'
EMPTY = {"announcements": None, "totalAnnouncement": 0, "hasMore": False}


def title(**changes: Any) -> dict[str, str]:
    return {
        "TITLE": "ANNUAL REPORT 2024",
        "DATE_TIME": "08/04/2025 16:31",
        "FILE_LINK": "/listedco/listconews/sehk/2025/0408/2025040800001.pdf",
        "STOCK_NAME": "TENCENT<br/>TENCENT-R",
    } | changes


def titles(*rows: Any) -> dict[str, Any]:
    return {"result": json.dumps(rows), "recordCnt": len(rows)}


def announcement(**changes: Any) -> dict[str, Any]:
    return {
        "secCode": "002594",
        "secName": "比亚迪",
        "announcementTitle": "2024年<em>年度报告</em>",
        "announcementTime": 1742832000000,  # 2025-03-25 00:00 in China, the day before in Greenwich
        "adjunctUrl": "finalpage/2025-03-25/1222877465.PDF",
    } | changes


def announcements(*rows: Any, more: bool = False) -> dict[str, Any]:
    return {"announcements": list(rows), "totalAnnouncement": len(rows), "hasMore": more}


def test_reports_are_found_among_the_titles_of_hong_kong() -> None:
    interim = title(
        TITLE="2025 INTERIM REPORT",
        DATE_TIME="29/08/2025 16:45",
        FILE_LINK="/listedco/listconews/sehk/2025/0829/2025082900001.pdf",
    )
    listed = {
        "40100": titles(
            title(),
            title(TITLE="NOTICE OF ANNUAL REPORT", DATE_TIME="09/04/2025 10:00"),
            title(TITLE="CIRCULAR"),
        ),
        "40200": titles(interim),
    }
    asked, given = answered(
        filings.Filings(),
        context(TODAY, only=["tencent"]),
        lambda request: STOCK if "prefix" in request.url else listed.get(request.params.get("t2code", "")),
    )
    assert [request.params["stockId"] for request in asked[1:3]] == ["7609", "7609"]
    assert [(one.key, one.ask) for one in asked[3:]] == [("tencent-hkex_pdf2024", "once")]
    assert asked[3].url == f"{exchanges.HKEXNEWS}{title()['FILE_LINK']}"
    parsed = filings.Filings().parse(given, context())
    assert values(parsed) == {
        ("tencent", "annual_report_published", "2025-04-08"): "1",
        ("tencent", "interim_report_published", "2025-08-29"): "1",
    }
    assert parsed.sources["url"].tolist()[0] == f"{exchanges.HKEXNEWS}{title()['FILE_LINK']}"
    assert parsed.sources["title"].tolist()[0] == "TENCENT TENCENT-R: ANNUAL REPORT 2024"


def test_a_report_is_known_by_its_category_too_and_its_slashes_are_written_out() -> None:
    rows = titles(
        title(
            TITLE="Building on trust", LONG_TEXT="Financial Statements&#x2f;ESG Information - [Annual Report]"
        ),
        title(TITLE="2023&#x2f;24 Annual Report", DATE_TIME="30/07/2024 08:00"),
        title(
            TITLE="Environmental Report", LONG_TEXT="ESG Information - [Environmental Report]", FILE_LINK=""
        ),
    )
    parsed = filings.Filings().parse([snapshot(rows, "tencent-hkex_annual")], context())
    assert parsed.observations["locator"].tolist() == ["Building on trust", "2023/24 Annual Report"]
    half = titles(title(TITLE="2025/26", LONG_TEXT="ESG Information - [Interim&#x2f;Half-Year Report]"))
    parsed = filings.Filings().parse([snapshot(half, "tencent-hkex_interim")], context())
    assert parsed.observations["indicator_id"].tolist() == ["interim_report_published"]


def test_an_announcement_without_a_document_is_passed_over() -> None:
    rows = announcements(
        announcement(adjunctUrl=None), announcement(announcementTitle="关于会议", adjunctUrl="")
    )
    assert filings.Filings().parse([snapshot(rows, "byd-cninfo_annual_01")], context()).observations.empty


def mainland(request: Request) -> Any:
    form = {name: found[0] for name, found in parse_qs((request.body or b"").decode()).items()}
    if "topSearch" in request.url:
        return [
            {"code": "102594", "orgId": "x"},
            {"code": "002594", "orgId": "gshk0001211", "zwjc": "比亚迪"},
        ]
    if "hisAnnouncement" not in request.url:
        return STOCK.replace("00700", "01211") if "prefix" in request.url else titles()
    assert form["stock"] == "002594,gshk0001211"
    assert form["column"] == "szse"
    if form["category"] == "category_bndbg_szsh":
        half = announcement(announcementTitle="2025年半年度报告", announcementTime=1756396800000)
        return announcements(half, announcement(announcementTitle="2025年半年度报告摘要"))
    if form["pageNum"] == "1":
        return announcements(
            announcement(),
            announcement(announcementTitle="2024年年度报告摘要"),
            announcement(announcementTitle="2024年年度报告（英文版）"),
            announcement(announcementTitle="关于2024年年度报告的更正公告"),
            more=True,
        )
    return announcements(
        announcement(announcementTitle="比亚迪股份有限公司2023年度报告", announcementTime=1711468800000)
    )


def test_reports_are_found_among_the_announcements_of_the_mainland() -> None:
    here = context(TODAY, only=["byd"])
    asked, given = answered(filings.Filings(), here, mainland)
    assert [r.key for r in asked if "cninfo" in r.key] == [
        "byd-cninfo_id",
        "byd-cninfo_annual_01",
        "byd-cninfo_annual_02",
        "byd-cninfo_interim_01",
        "byd-cninfo_pdf2024",
    ]
    forms = [r for r in asked if "cninfo" in r.key and "pdf" not in r.key]
    assert all(r.method == "POST" and r.headers["Content-Type"] for r in forms)
    parsed = filings.Filings().parse(given, here)
    assert values(parsed) == {
        ("byd", "annual_report_published", "2025-03-25"): "1",
        ("byd", "annual_report_published", "2024-03-27"): "1",
        ("byd", "interim_report_published", "2025-08-29"): "1",
    }
    assert parsed.sources["publisher"].unique().tolist() == ["CNINFO"]
    assert parsed.sources["url"].tolist()[0] == f"{exchanges.CNINFO_FILES}{announcement()['adjunctUrl']}"


def test_a_shanghai_code_is_asked_for_in_shanghai() -> None:
    entities = pd.DataFrame([{"entity_id": "unitree", "listing": "SSE STAR Market: 688000"}])
    asked, _ = answered(
        filings.Filings(),
        context(TODAY, entities=entities),
        lambda request: [{"code": "688000", "orgId": "o"}] if "topSearch" in request.url else EMPTY,
    )
    assert b"column=sse" in (asked[1].body or b"")
    assert b"plate=sh" in (asked[1].body or b"")


def test_nothing_filed_is_said() -> None:
    for key, body in (("tencent-hkex_annual", {"result": "null"}), ("byd-cninfo_annual_01", EMPTY)):
        parsed = filings.Filings().parse([snapshot(body, key)], context())
        assert parsed.observations.empty
        assert "no annual report" in parsed.notes[0]


@pytest.mark.parametrize(
    ("key", "body", "says"),
    [
        ("tencent-hkex_annual", "<html>", "HTML instead of JSON"),
        ("tencent-hkex_annual", {"result": "<html>"}, "HTML instead of JSON"),
        ("tencent-hkex_annual", titles(title(DATE_TIME="2025-04-08")), "DD/MM/YYYY"),
        ("tencent-hkex_annual", titles(title(DATE_TIME="31/02/2025")), "DD/MM/YYYY"),
        ("tencent-hkex_annual", titles(title(FILE_LINK="javascript:alert(1)")), "another host"),
        ("tencent-hkex_annual", titles(title(FILE_LINK="//evil.example/a.pdf")), "another host"),
        ("byd-cninfo_annual_01", "<html>", "HTML instead of JSON"),
        ("byd-cninfo_annual_01", {"data": []}, "'announcements' is missing"),
        ("byd-cninfo_annual_01", announcements(announcement(announcementTime="2025")), "is str"),
        ("byd-cninfo_annual_01", announcements(announcement(announcementTime=20250325)), "milliseconds"),
        ("byd-cninfo_annual_01", announcements(announcement(adjunctUrl="../x.pdf")), "no path"),
        ("byd-cninfo_annual_01", announcements(announcement(adjunctUrl="//evil.example:1/x")), "no path"),
    ],
)
def test_drift_is_refused_by_name(key: str, body: Any, says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        filings.Filings().parse([snapshot(body, key)], context())


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(ShapeError, match="no company with code 002594"):
        exchanges.org_id(snapshot([{"code": "1", "orgId": "x"}], "byd-cninfo_id"), "002594")
    with pytest.raises(ShapeError, match="no stock with code 00001"):
        exchanges.stock_id(snapshot(STOCK, "x-hkex_id"), "00001")


@pytest.mark.parametrize(
    ("text", "year"),
    [("2024年年度报告", 2024), ("ANNUAL REPORT 2023/24", 2024), ("Annual Report 2019", 2019), ("年报", 2025)],
)
def test_the_year_of_a_report(text: str, year: int) -> None:
    assert report_year(text, "2026-04-01") == year


def test_a_company_whose_report_is_newer_than_its_figures_is_stale() -> None:
    def row(entity: str, indicator: str, period: str, locator: str = "", status: str = "final") -> Any:
        return (entity, indicator, period, locator, status)

    rows = [
        row("byd", "annual_report_published", "2026-03-27", "2025年年度报告"),
        row("byd", "revenue", "2025", status="doubtful"),
        row("byd", "revenue", "2024"),
        row("tencent", "annual_report_published", "2026-04-08", "ANNUAL REPORT 2025"),
        row("tencent", "annual_report_published", "2025-04-08", "ANNUAL REPORT 2024"),
        row("tencent", "revenue", "2025"),
        row("vanke", "annual_report_published", "2026-04-01", "2025年度报告"),
        row("dji", "revenue", "2020"),
    ]
    names = ["entity_id", "indicator_id", "period", "locator", "status"]
    assert stale_financials(pd.DataFrame(rows, columns=names)) == [
        "byd: stale: the annual report 2025 was filed on 2026-03-27, the newest revenue here is of 2024",
        "vanke: stale: the annual report 2025 was filed on 2026-04-01, no revenue is here",
    ]
