"""Communiqués: every figure with its sentence, a gap where there is none or two, never a guess."""

from __future__ import annotations

from typing import Any

import pytest
from source_support import CONTRACTS, answered, context, snapshot, values

from etl.sources.base import Request, ShapeError
from etl.sources.communiques import PATTERNS, Communiques

LIST = """<ul><li><a href="./202505/t2.html" title="2024年苏州市国民经济和社会发展统计公报">…</a></li>
<li><a href="/sztjj/tjgb/2026/x.shtml">２０２５年苏州市国民经济和社会发展统计公报</a></li>
<li><a href="https://elsewhere.example/y.html">2026年苏州市国民经济和社会发展统计公报</a></li></ul>"""


def page(name: str, key: str, edit: Any = lambda text: text) -> Any:
    text = (CONTRACTS / "communiques" / name).read_text("utf-8")
    return snapshot(edit(text), key, "https://tjj.example.gov.cn/page.html", "text/html")


def test_recorded_communiques_give_their_printed_figures() -> None:
    suzhou = Communiques().parse([page("suzhou_2025.html", "suzhou-2025")], context())
    found = {key[1]: float(value) for key, value in values(suzhou).items()}
    assert found.pop("gdp_first_published") == found["gdp"]
    assert found.pop("gdp_growth_real_first_published") == found["gdp_growth_real"]
    assert found.pop("gdp_per_capita_first_published") == found["gdp_per_capita"]
    assert found == {
        "gdp": 27695.1e8, "gdp_growth_real": 5.4, "gdp_per_capita": 213000, "population_resident": 13047700,
        "population_hukou": 7988000, "disposable_income_per_capita": 80796,
        "fiscal_revenue_general": 2490.2e8,
        "trade_total": 28119.3e8, "exports": 17608.7e8, "retail_sales": 9092.2e8, "pct_applications": 2768,
        "hightech_enterprises": 18500, "fdi_used": 58.1e8,
    }  # fmt: skip
    rows = suzhou.observations.set_index("indicator_id")
    assert "年末常住人口1304.77万人" in rows.at["population_resident", "locator"]
    assert rows.at["hightech_enterprises", "status"] == "estimate"
    assert rows.at["gdp", "status"] == "preliminary"
    (note,) = suzhou.notes
    assert note.startswith("suzhou 2025: no sentence for rd_expenditure, ")
    assert suzhou.sources["published"].tolist() == ["2026-05-25"]
    shenzhen = Communiques().parse([page("shenzhen_2024_trimmed.html", "shenzhen-2024")], context())
    found = {key[1]: float(value) for key, value in values(shenzhen).items()}
    assert found["gdp"] == 36801.87e8
    assert found["invention_patents_granted"] == 74675
    assert found["exports"] == 28122.16e8  # not those of high-tech products
    assert "patents_granted" not in found  # only inventions stand there
    assert "population_hukou" not in found  # 常住户籍 is another thing


def test_recorded_table_of_a_province_gives_its_cities() -> None:
    parsed = Communiques().parse([page("guangdong_2025.html", "guangdong-2025")], context())
    found = {key: float(value) for key, value in values(parsed).items()}
    assert found["shenzhen", "gdp", "2025"] == 38731.80e8
    assert found["guangzhou", "tertiary_value_added", "2025"] == 24012.17e8
    assert found["guangzhou", "gdp_growth_real", "2025"] == 4.0
    assert len({entity for entity, _, _ in found}) == 21


@pytest.mark.parametrize(
    ("year", "beijing", "guangdong", "published"),
    [
        ("2018", (1870.8e8, 6.17), (2704.7e8, 2.78), ""),
        ("2023", (2947.1e8, 6.73), (4802.6e8, 3.54), "2024-10-02"),
    ],
)
def test_recorded_bulletins_give_the_provinces_research(
    year: str, beijing: tuple[float, float], guangdong: tuple[float, float], published: str
) -> None:
    parsed = Communiques().parse([page(f"rd_{year}_trimmed.html", f"china-{year}")], context())
    found = {key: float(value) for key, value in values(parsed).items()}
    for entity, figures in (("beijing", beijing), ("guangdong", guangdong)):
        assert tuple(found[entity, name, year] for name in ("rd_expenditure", "rd_intensity")) == figures
    assert len(found) == 64  # 31 provinces and the country
    assert ("jilin_province", "rd_intensity", year) in found  # not the city of that name
    assert parsed.sources[["publisher", "published"]].to_numpy().tolist() == [
        ["国家统计局 科学技术部 财政部", published]
    ]


def test_two_values_are_a_gap_and_a_repeated_one_is_not() -> None:
    def again(value: str) -> Any:
        return lambda text: text.replace("二、农业", f"年末常住人口{value}万人。二、农业", 1)

    twice = Communiques().parse([page("suzhou_2025.html", "suzhou-2025", again("1304.77"))], context())
    assert ("suzhou", "population_resident", "2025") in values(twice)
    other = Communiques().parse([page("suzhou_2025.html", "suzhou-2025", again("1304.78"))], context())
    assert ("suzhou", "population_resident", "2025") not in values(other)
    assert "suzhou 2025: more than one value for population_resident" in other.notes


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda text: text.replace("2025年苏州市国民", "2024年苏州市国民"), "a page of 2024 instead of 2025"),
        (lambda text: "<html><body>请开启JavaScript</body></html>", "without its title"),
        (lambda text: "2025年苏州市国民经济和社会发展统计公报 附件", "no known sentence"),
    ],
)
def test_another_page_is_refused(edit: Any, says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        Communiques().parse([page("suzhou_2025.html", "suzhou-2025", edit)], context())


def test_the_newest_document_a_list_names_is_asked_for_and_a_list_without_one_is_named() -> None:
    def answer(request: Request) -> Any:
        if request.key == "suzhou-list":
            return LIST
        return "<a href='/'>首页</a>" if "-list" in request.key else None

    asked, given = answered(Communiques(), context(), answer)
    documents = [one.url for one in asked if not one.key.endswith("-list")]
    assert documents == ["https://tjj.suzhou.gov.cn/sztjj/tjgb/2026/x.shtml"]
    notes = Communiques().parse(given, context()).notes
    assert any(note.startswith("hangzhou: no document in the list") for note in notes)


NATIONAL = """<ul class="list-content">
<li><a href="./202510/t20251001_1961234.html" target="_blank" title="{0}">{0}</a><span>2025-10-01</span></li>
<li><a href="./202410/t20241002_1956810.html" title="2023年全国科技经费投入统计公报">2023年全国科技…</a></li>
<li><a href="./202302/t20230206_1902226.html">第二次内蒙古R&amp;D资源清查主要数据公报</a></li></ul>
<script>createPageHTML(3, 0, "index", "html");</script>"""
"""The bureau's lists of releases look like this; of this list none was available."""


@pytest.mark.parametrize(
    ("listed", "asked_for"),
    [
        (NATIONAL.format("2024年全国科技经费投入统计公报"), "202510/t20251001_1961234.html"),
        (NATIONAL.format("２０２４年全国科技经费投入统计公报"), "202510/t20251001_1961234.html"),
        (NATIONAL.format("2024年全国专利调查报告"), "202410/t20241002_1956810.html"),
        (NATIONAL.format("2024年全国科技经费投入统计公报").replace('"./', '"https://a.example/'), ""),
        ("<script>challenge()</script>", ""),
        ("", ""),
        ("<li><a href='http://[/t1.html'>2024年全国科技经费投入统计公报</a></li>", ""),
    ],
)
def test_the_bureau_s_list_names_the_newest_bulletin_or_the_report_says_so(
    listed: str, asked_for: str
) -> None:
    here = context(only=["china"])
    asked, given = answered(Communiques(), here, lambda request: listed if "list" in request.key else None)
    pages = [one.url.partition("qgkjjftrtjgb/")[2] for one in asked[1:]]
    assert pages == ([asked_for] if asked_for else [])
    assert Communiques().parse(given, here).notes == [f"china: no document in the list at {asked[0].url}"]


def test_every_pattern_is_of_an_indicator_of_the_catalogue() -> None:
    assert set(PATTERNS) <= set(context().indicators["indicator_id"])
