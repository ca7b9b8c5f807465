"""The housing release is read in every layout known, and never misread."""

from __future__ import annotations

import csv
import os
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from source_support import CONTRACTS, ROOT, answered, context, snapshot, values

from etl.sources.base import ShapeError
from etl.sources.html_tables import tree
from etl.sources.nbs_housing import LIST, NbsHousing, known_releases, releases_in_list
from etl.sources.nbs_release import SURVEYED, read_page
from etl.tidy import source_id_for

PAGES = CONTRACTS / "nbs_release"
MONTHS = ("2016-01", "2016-09", "2017-03", "2020-05", "2025-12")
URL = "https://www.stats.gov.cn/sj/zxfb/202604/t20260416_1900001.html"


def page(month: str) -> bytes:
    return (PAGES / f"{month}.html").read_bytes()


def recorded(month: str):
    return snapshot(page(month), month, known_releases()[month].url, "text/html")


def half(names: list[str], value: str = "100.1") -> list[list[str]]:
    return [[name, value, "99.5"] for name in names]


def release(
    market_rows: dict[str, list[list[str]]] | None = None,
    *,
    month: str = "2026年3月",
    heads: tuple[str, ...] = ("城市", "环比", "同比"),
) -> str:
    """A made-up page in the simplest layout, to be spoilt one way at a time."""
    rows = market_rows or {}
    parts = [f"<html><head><title>{month}份70个大中城市商品住宅销售价格变动情况</title></head><body>"]
    for number, market in enumerate(("新建商品住宅", "二手住宅"), start=1):
        body = rows.get(market, half(sorted(SURVEYED)))
        parts.append(f"<p>表{number}：{month}70个大中城市{market}销售价格指数</p><table>")
        parts += [
            "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in [list(heads), *body]
        ]
        parts.append("</table>")
    return "".join(parts) + "</body></html>"


@pytest.mark.parametrize("month", MONTHS)
def test_every_layout_gives_the_figures_read_independently(month: str) -> None:
    parsed = NbsHousing().parse([recorded(month)], context())
    found = values(parsed)
    with (PAGES / "expected.csv").open(encoding="utf-8") as file:
        expected = {
            (row["entity_id"], row["indicator_id"], row["period"]): row["value"]
            for row in csv.DictReader(file)
            if row["period"] == month
        }
    assert len(expected) >= 24
    assert {key: found.get(key) for key in expected} == expected
    assert {entity for entity, _, _ in found} >= {"shenzhen", "hangzhou", "nanjing"}
    assert set(parsed.observations["source_id"]) == set(parsed.sources["source_id"])
    assert parsed.sources["published"].tolist() == [known_releases()[month].published]


def test_a_few_figures_by_eye() -> None:
    found = values(NbsHousing().parse([recorded("2025-12")], context()))
    assert found["beijing", "house_price_new_mom_index", "2025-12"] == "99.6"
    assert found["shenzhen", "house_price_new_yoy_index", "2025-12"] == "95.6"
    assert found["beijing", "house_price_secondhand_yoy_index", "2025-12"] == "91.5"
    assert not [key for key in found if "fixed_base" in key[1]]  # 平均 is not 定基


def test_subsidised_homes_and_half_months_are_not_taken() -> None:
    found = values(NbsHousing().parse([recorded("2016-01")], context()))
    assert found["beijing", "house_price_new_mom_index", "2016-01"] == "101.1"  # 表2, not 101.0 of 表1


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_either_encoding_reads_the_same(encoding: str) -> None:
    text = page("2020-05").decode().replace('charset="utf-8"', f'charset="{encoding}"', 1)
    again = read_page(snapshot(text.encode(encoding), "2020-05", kind="text/html"))
    assert again.tables == read_page(recorded("2020-05")).tables


@settings(deadline=None, max_examples=25)
@given(st.permutations(sorted(SURVEYED)), st.sampled_from(["", " ", "\u3000\u3000", "\u00a0"]))
def test_order_of_rows_and_blanks_in_names_do_not_matter(names: list[str], blank: str) -> None:
    rows = [[blank.join(name), "１００．１", "99.5"] for name in names]
    found = read_page(snapshot(release({"新建商品住宅": rows}), "2026-03")).tables["new"].values
    assert {str(value) for value in found.values()} == {"100.1", "99.5"}
    assert {city for city, _ in found} == SURVEYED


def test_merged_cells_layout_tables_and_extra_columns() -> None:
    cities = sorted(SURVEYED)
    head = (
        "<tr><th rowspan=2>城 市</th><th>编号</th><th colspan=2>指数</th>"
        "<th rowspan=2>城 市</th><th>编号</th><th colspan=2>指数</th></tr>"
        "<tr><td></td><td>同比</td><td>环比</td><td></td><td>同比</td><td>环比</td></tr>"
    )
    body = "".join(
        f"<tr><td>{a}</td><td>1</td><td>98.0</td><td>101.5</td><td>{b}</td><td>2</td><td>97.0</td><td>…</td></tr>"
        for a, b in zip(cities[:35], cities[35:], strict=True)
    )
    tables = "".join(
        f"<tr><td><p>2026年3月70个大中城市{market}销售价格指数</p><table>{head}{body}</table></td></tr>"
        for market in ("新建商品住宅", "二手住宅")
    )
    read = read_page(snapshot(f"<html><body><table>{tables}</table></body></html>", "2026-03"))
    left, right = cities[0], cities[35]
    assert str(read.tables["new"].values[left, "mom"]) == "101.5"
    assert str(read.tables["secondhand"].values[right, "yoy"]) == "97.0"
    assert read.tables["new"].values[right, "mom"] is None  # a mark instead of a figure is no zero


def old_release(base: str = "", numbers: dict[str, str] | None = None) -> str:
    """A made-up page as the bureau laid it out from 2011 to 2015: three tables, spaced names, 定基."""
    cities = sorted(SURVEYED)
    parts = ["<html><head><title>2013年3月份70个大中城市住宅销售价格变动情况</title></head><body>"]
    parts.append("<p>一、新建商品住宅（不含保障性住房）价格变动情况</p><p>二、二手住宅价格变动情况</p>")
    for number, market in enumerate(("新建住宅", "新建商品住宅", "二手住宅"), start=1):
        mom = (numbers or {}).get(market, "100.1")
        two = f"<td rowspan=3>城市</td><td colspan=3>{market}价格指数</td>" * 2
        kinds = "<td>环比</td><td>同比</td><td>定基</td>" * 2
        hundred = f"<td>上月=100</td><td>去年同月=100</td><td>{base}</td>" * 2
        caption = f"<p>表{number}：2013年3月70个大中城市{market}价格指数</p>" if base else ""
        parts.append(f"{caption}<table><tr>{two}</tr><tr>{kinds}</tr><tr>{hundred}</tr>")
        for pair in zip(cities[:35], cities[35:], strict=True):
            cells = "".join(
                f"<td>{'　'.join(name)}</td><td>{mom}</td><td>99.5</td><td>104</td>" for name in pair
            )
            parts.append(f"<tr>{cells}</tr>")
        parts.append("</table>")
    return "".join(parts) + "</body></html>"


def test_before_2016_the_market_is_named_in_the_table_and_subsidised_homes_are_a_table_of_their_own() -> None:
    figures = {"新建住宅": "101.1", "新建商品住宅": "102.2", "二手住宅": "103.3"}
    for base, wanted in (("2010年<br>=100", True), ("", False)):
        read = read_page(snapshot(old_release(base, figures), "2013-03"))
        assert read.period == "2013-03"
        assert str(read.tables["new"].values["深圳", "mom"]) == "102.2"
        assert str(read.tables["secondhand"].values["深圳", "mom"]) == "103.3"
        # without its base year a fixed base means nothing
        assert (("深圳", "fixed_base_2010") in read.tables["new"].values) is wanted


@pytest.mark.parametrize("headed", [True, False])
def test_seventy_cities_may_stand_in_two_tables_of_35(headed: bool) -> None:
    cities = sorted(SURVEYED)
    parts = ["<html><title>2026年3月份70个大中城市商品住宅销售价格变动情况</title>"]
    for market, value in (("新建商品住宅", "100.2"), ("二手住宅", "99.8")):
        caption = f"<p>2026年3月70个大中城市{market}销售价格指数</p>"
        for names in (cities[:35], cities[35:]):
            rows = "".join(f"<tr><td>{name}*</td><td>{value}</td><td>97.5</td></tr>" for name in names)
            parts.append(f"{caption}<table><tr><td>城市</td><td>环比</td><td>同比</td></tr>{rows}</table>")
            caption = caption if headed else ""
    read = read_page(snapshot("".join(parts), "2026-03"))
    assert {name: len(table.cities) for name, table in read.tables.items()} == {"new": 70, "secondhand": 70}
    assert {str(v) for (_, m), v in read.tables["secondhand"].values.items() if m == "mom"} == {"99.8"}


def test_a_blank_figure_is_left_out_and_said() -> None:
    rows = [[name, "" if name == "深圳" else "100.1", "99.5"] for name in sorted(SURVEYED)]
    parsed = NbsHousing().parse([snapshot(release({"二手住宅": rows}), "2026-03", URL)], context())
    assert ("shenzhen", "house_price_secondhand_mom_index", "2026-03") not in values(parsed)
    assert any("深圳" in note for note in parsed.notes)


def test_words_of_a_page_leave_raised_marks_out_and_keep_what_squares_a_unit() -> None:
    page = "<p>总值<sup>2</sup>36801.87<sup>[3]</sup>亿元，10 m<sup>2</sup>，<b>x<sub>1</sub>y</b>z</p>"
    assert tree(page).text_content() == "总值36801.87亿元，10 m2，xyz"


@pytest.mark.parametrize("mark", ["<sup>2</sup>", "<sup>[1]</sup>", "<sub>①</sub>", " <sup><a>2</a></sup> "])
def test_a_raised_mark_is_no_digit_of_the_figure(mark: str) -> None:
    page = release({"二手住宅": half(sorted(SURVEYED), "99.5")}).replace("99.5<", f"99.5{mark}<")
    assert mark in page
    read = read_page(snapshot(page, "2026-03"))
    assert {str(v) for (_, m), v in read.tables["secondhand"].values.items() if m == "mom"} == {"99.5"}


@pytest.mark.parametrize(
    ("spoilt", "says"),
    [
        ("<html><body><h1>访问被拒绝</h1></body></html>", "no table of secondhand or new homes"),
        ("upstream connect error", "no table"),
        (release(heads=("城市", "环比指数变动", "去年")), "no table"),
        (release(month="2026年2月"), "2026-02 and 2026-03"),
        (release({"新建商品住宅": half(sorted(SURVEYED - {"深圳"}))}), "no row 深圳"),
        (release({"新建商品住宅": half(sorted(SURVEYED), "1001")}), "outside"),
        (release({"新建商品住宅": [*half(sorted(SURVEYED)), ["深圳", "97.0", "99.5"]]}), "appears twice"),
        (release(heads=("城市", "环比", "同比")).replace("二手住宅", "新房"), "no table of secondhand homes"),
        (release() + release({"二手住宅": half(sorted(SURVEYED), "90")}), "two different tables"),
        (release({"二手住宅": [[n, "", "", "99"] for n in sorted(SURVEYED)]}), "most cells"),
        (release({"二手住宅": half(sorted(SURVEYED)[:35])}), "no table of secondhand"),
        (release({"二手住宅": half(sorted(SURVEYED), "99.5②")}), "has '99.5②'"),
        (release({"二手住宅": half(sorted(SURVEYED), "99,5")}), "has '99,5'"),
        (release({"二手住宅": half(sorted(SURVEYED), "٩٩")}), "has '٩٩'"),
    ],
)
def test_drift_is_refused_by_name(spoilt: str, says: str) -> None:
    with pytest.raises(ShapeError, match=re.escape(says)):
        NbsHousing().parse([snapshot(spoilt, "2026-03", URL, "text/html")], context())


def test_a_page_that_cannot_be_read_holds_back_itself_alone() -> None:
    old = snapshot("<html></html>", "2016-12", known_releases()["2016-12"].url, "text/html")
    parsed = NbsHousing().parse([old, recorded("2025-12")], context())
    assert len(parsed.sources) == 1
    assert any("2016-12" in error for error in parsed.errors)
    new = snapshot("<html></html>", "2026-03", URL, "text/html")
    parsed = NbsHousing().parse([recorded("2025-12"), new], context())
    assert len(parsed.sources) == 1
    assert any("2026-03" in error for error in parsed.errors)
    with pytest.raises(ShapeError):
        NbsHousing().parse([new], context())


def test_a_new_month_is_found_in_the_list_and_cited_by_its_address() -> None:
    listing = (
        '<a href="./202604/t20260416_1900001.html" '
        'title="2026年3月份70个大中城市商品住宅销售价格变动情况">…</a>'
        '<a href="./202603/t20260316_1900000.html">２０２６年２月份 70个大中城市商品住宅销售价格变动情况</a>'
        '<a href="http://[::1">2026年4月份70个大中城市商品住宅销售价格变动情况</a>'
        '<a href="https://elsewhere.example/t20260416_1.html">'
        "2026年1月份70个大中城市商品住宅销售价格变动情况</a>"
    )
    assert releases_in_list(snapshot(listing, "list-00", LIST, "text/html")) == {
        "2026-03": URL,
        "2026-02": "https://www.stats.gov.cn/sj/zxfb/202603/t20260316_1900000.html",
    }
    answers = {LIST: listing, URL: release()}
    asked, given = answered(
        NbsHousing(), context(date(2026, 4, 20)), lambda request: answers.get(request.url)
    )
    assert {"2026-02", "2026-03", "2025-12"} <= {request.key for request in asked}
    parsed = NbsHousing().parse(given, context(date(2026, 4, 20)))
    assert parsed.sources["source_id"].tolist() == [source_id_for(URL)]
    assert any("2026-01" in note for note in parsed.notes)


def test_a_page_without_any_release_is_no_list() -> None:
    with pytest.raises(ShapeError, match="names no release"):
        releases_in_list(snapshot("<html><a href='/'>首页</a></html>", "list-00", LIST))


def test_published_months_are_not_asked_again_but_the_newest(tmp_path: Path) -> None:
    parsed = NbsHousing().parse([recorded("2020-05"), recorded("2025-12")], context())
    (tmp_path / "observations").mkdir()
    parsed.observations.to_csv(tmp_path / "observations" / "housing.csv", index=False)
    parsed.sources.to_csv(tmp_path / "sources.csv", index=False)
    asked, _ = answered(NbsHousing(), context(date(2026, 1, 25), tmp_path), lambda request: None)
    keys = {request.key for request in asked}
    assert "2025-12" in keys
    assert "2020-05" not in keys
    assert "2016-01" in keys
    assert not [key for key in keys if key.startswith("list-")]  # nothing newer is due


def test_shipped_addresses_are_one_a_month_on_the_bureaus_host() -> None:
    releases = known_releases()
    assert sorted(releases) == [f"{y}-{m:02}" for y in range(2016, 2026) for m in range(1, 13)]
    assert all(
        re.match(r"https?://www\.stats\.gov\.cn/.+/t\d{8}_\d+\.html$", one.url) for one in releases.values()
    )
    assert (ROOT / "etl" / "sources" / "nbs_housing_addresses.csv").is_file()


FOLDERS = [PAGES]
if MORE := os.environ.get("PURSUIT_RECORDINGS"):
    FOLDERS.append(Path(MORE) / "nbs_release")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_whole_recordings_have_all_cities_and_read_like_their_trimmed_copies(folder: Path) -> None:
    paths = sorted(folder.glob("20??-??.html"))
    assert paths
    for path in paths:
        whole = read_page(snapshot(path.read_bytes(), path.stem, kind="text/html"))
        assert whole.period == path.stem
        assert [table.cities for table in whole.tables.values()] == [SURVEYED, SURVEYED]
        if (PAGES / path.name).is_file():
            assert whole.tables == read_page(recorded(path.stem)).tables
