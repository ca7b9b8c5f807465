"""Figures off a report's text layer: unit, currency and year as printed, one value or none."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pdf import pdf
from source_support import answered, context, snapshot, values

from etl.sources import exchanges, filings
from etl.sources.base import ShapeError
from etl.sources.report_figures import annual_sales, figures, pages

LINK = "/listedco/listconews/sehk/2026/0408/2026040800001.pdf"
URL = f"{exchanges.HKEXNEWS}{LINK}"
STATEMENT = [
    "CONSOLIDATED INCOME STATEMENT", "For the year ended 31 December 2025", "2025 2024",
    "Note RMB'Million RMB'Million",
    "Revenues 5 751,766 660,257", "Cost of revenues 8 (329,124) (311,011)",
    "Research and development expenses (85,750) (70,686)", "Attributable to:",
    "Equity holders of the Company 224,842 194,073",
]  # fmt: skip
STAFF = ["As at 31 December 2025, the Group had 115,849 employees (2024: 110,558)."]


def found(*texts: list[str], year: str = "2025") -> dict[str, int]:
    body = pdf(*texts)
    return {one.indicator: int(one.value) for one in figures(pages(body), year)[0]}


def test_a_statement_gives_its_year_in_its_unit_and_currency() -> None:
    assert found(["Chairman's statement: revenue grew to 800,000"], STATEMENT, STAFF) == {
        "revenue": 751_766_000_000, "rd_expense": 85_750_000_000, "net_profit": 224_842_000_000,
        "employees": 115_849,
    }  # fmt: skip
    dollars = [line.replace("RMB'Million", "US$'000") for line in STATEMENT]
    assert found(dollars)["revenue_usd"] == 751_766_000
    assert found([line.replace("RMB", "HK$") for line in STATEMENT]) == {}
    loss = [line.replace("Company 224,842", "Company (1,842)") for line in STATEMENT]
    assert found(loss)["net_profit"] == -1_842_000_000


def test_another_year_s_statement_and_a_page_without_a_unit_say_nothing() -> None:
    assert found(STATEMENT, year="2024") == {}
    assert found([line for line in STATEMENT if "RMB" not in line]) == {}


def test_two_values_are_none_and_are_named() -> None:
    again = [line.replace("751,766", "751,767") for line in STATEMENT]
    one, lacking = figures(pages(pdf(STATEMENT, again)), "2025")
    assert "revenue" not in {figure.indicator for figure in one}
    assert lacking == ["employees", "revenue"]


def test_a_chinese_report_names_the_unit_with_the_item() -> None:
    text = "营业收入（元） 803,964,958,000.00 777,102,455,000.00"
    text += "归属于上市公司股东的净利润（元） -49,478,429,000.00"
    staff = "报告期末在职员工的数量合计（人） 968,872"
    one, lacking = figures([text, staff], "2024")
    assert {figure.indicator: int(figure.value) for figure in one} == {
        "revenue": 803_964_958_000, "net_profit": -49_478_429_000, "employees": 968_872,
    }  # fmt: skip
    assert lacking == ["rd_expense"]


def listing() -> Any:
    row = {
        "TITLE": "ANNUAL REPORT 2025",
        "DATE_TIME": "08/04/2026 16:31",
        "FILE_LINK": LINK,
        "STOCK_NAME": "T",
    }
    return snapshot({"result": json.dumps([row])}, "tencent-hkex_annual")


def test_figures_stand_in_the_report_s_own_document_and_a_bad_file_holds_back_itself() -> None:
    report = snapshot(pdf(STATEMENT), "tencent-hkex_pdf2025", URL, "application/pdf")
    parsed = filings.Filings().parse([listing(), report], context())
    assert values(parsed)["tencent", "revenue", "2025"] == "751766000000"
    assert parsed.sources["url"].tolist() == [URL]
    assert "tencent 2025: not found exactly once in the report: employees" in parsed.notes
    bad = snapshot(b"%PDF-1.4 and no more", "tencent-hkex_pdf2025", URL, "application/pdf")
    parsed = filings.Filings().parse([listing(), bad], context())
    assert list(values(parsed)) == [("tencent", "annual_report_published", "2026-04-08")]
    assert len(parsed.errors) == 1
    with pytest.raises(ShapeError, match="no text layer"):
        pages(pdf([""]))


HIGHLIGHTS = """
<table><tr><td></td><td>2022</td><td></td><td>2021</td><td>2020</td><td>2019</td><td>2018</td></tr>
<tr><td></td><td>(USD Million)</td><td>(CNY Million)</td><td colspan="4">(CNY Million)</td></tr>
<tr><td>Revenue</td><td>92,379</td><td>642,338</td><td>636,807</td><td>891,368</td><td>858,833</td>
<td>721,202</td></tr>
<tr><td>Operating profit</td><td>6,071</td><td>42,216</td><td>121,412</td><td>72,501</td><td>77,835</td>
<td>73,287</td></tr>
<tr><td>Net profit</td><td>5,114</td><td>35,562</td><td>113,718</td><td>64,649</td><td>62,656</td>
<td>59,345</td></tr></table>"""
"""The words and figures of Huawei's page of 2022, put into a table."""


def test_the_page_of_a_company_that_is_not_listed_gives_the_year_in_yuan() -> None:
    address = "https://www.huawei.com/en/annual-report/2022"
    page = snapshot(HIGHLIGHTS, "huawei-web_page2022", address, "text/html")
    parsed = filings.Filings().parse([page], context())
    assert values(parsed) == {
        ("huawei", "revenue", "2022"): "642338000000",
        ("huawei", "net_profit", "2022"): "35562000000",
    }
    assert parsed.sources["publisher"].tolist() == ["Huawei Investment & Holding Co., Ltd."]
    with pytest.raises(ShapeError, match="no known figure"):
        filings.Filings().parse([replace(page, body=b"<p>Revenue</p>")], context())


def test_the_newest_page_of_an_annual_report_is_looked_for() -> None:
    here = context(date(2026, 2, 1), only=["huawei"])
    asked, _ = answered(
        filings.Filings(), here, lambda request: HIGHLIGHTS if "2024" in request.url else None
    )
    assert [one.key for one in asked] == ["huawei-web_page2025", "huawei-web_page2024"]


SALES = "New energy vehicle 420,398 514,809 4,564,211 4,304,073 6.04% "
SALES += "420,398 514,809 4,602,436 4,272,145 7.73%"


def test_sales_of_a_year_are_those_whose_printed_growth_agrees() -> None:
    (one,) = annual_sales(["Units", SALES + " - Passenger vehicle 414,784"])
    assert (one.indicator, int(one.value)) == ("nev_sales", 4_602_436)
    assert annual_sales([SALES.replace("7.73", "8.73")]) == []
    assert annual_sales(["Oil-fueled vehicle 0"]) == []


def test_an_announcement_of_sales_is_a_document_of_its_own() -> None:
    title = {"TITLE": "PRODUCTION AND SALES VOLUME FOR DECEMBER 2025", "DATE_TIME": "01/01/2026 18:59"}
    row = title | {"FILE_LINK": LINK, "STOCK_NAME": "BYD COMPANY"}
    listed = snapshot({"result": json.dumps([row])}, "byd-hkex_sales")
    announced = snapshot(pdf([SALES]), "byd-hkex_sales2025", URL, "application/pdf")
    parsed = filings.Filings().parse([listed, announced], context())
    assert values(parsed) == {("byd", "nev_sales", "2025"): "4602436"}
    assert parsed.sources["published"].tolist() == ["2026-01-01"]
