"""Figures off a report's text layer: unit, currency and year as printed, one value or none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pdf import pdf
from source_support import context, snapshot, values

from etl.sources import filings, hkexnews
from etl.sources.base import ShapeError
from etl.sources.report_figures import figures, pages

LINK = "/listedco/listconews/sehk/2026/0408/2026040800001.pdf"
URL = f"{hkexnews.HOST}{LINK}"
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
    return {one.indicator: int(one.value) for one in figures(pages(body, "filings", "x"), year)[0]}


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
    one, lacking = figures(pages(pdf(STATEMENT, again), "filings", "x"), "2025")
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
    parsed = filings.SOURCE.parse([listing(), report], context())
    assert values(parsed)["tencent", "revenue", "2025"] == "751766000000"
    assert parsed.sources["url"].tolist() == [URL]
    assert "tencent 2025: not once in the report: employees" in parsed.notes
    bad = snapshot(b"%PDF-1.4 and no more", "tencent-hkex_pdf2025", URL, "application/pdf")
    parsed = filings.SOURCE.parse([listing(), bad], context())
    assert list(values(parsed)) == [("tencent", "annual_report_published", "2026-04-08")]
    assert len(parsed.errors) == 1
    with pytest.raises(ShapeError, match="no text layer"):
        pages(pdf([""]), "filings", "x")


def test_a_figure_that_differs_from_its_copy_is_left_out_and_both_are_named(tmp_path: Path) -> None:
    (tmp_path / "observations").mkdir()
    (tmp_path / "observations" / "company.csv").write_text(
        "entity_id,indicator_id,period,value,source_id,status,note,locator\n"
        "tencent,revenue,2025,660257000000,datacenter_eastmoney_com_get_1234abcd,final,,\n"
        "tencent,net_profit,2025,224842000001,datacenter_eastmoney_com_get_1234abcd,final,,\n",
        encoding="utf-8",
    )
    report = snapshot(pdf(STATEMENT), "tencent-hkex_pdf2025", URL, "application/pdf")
    parsed = filings.SOURCE.parse([listing(), report], context(data_dir=tmp_path))
    assert ("tencent", "net_profit", "2025") in values(parsed)
    assert ("tencent", "revenue", "2025") not in values(parsed)
    (note,) = [one for one in parsed.notes if "left out" in one]
    assert "751,766,000,000" in note
    assert "660,257,000,000" in note
