"""Pages and workbooks saved by hand: every figure with its document, all of them or none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from etl_support import FakeClock
from replica import CONTRACTS
from test_replica import make_dataset

from etl.errors import DataError, PursuitError, UsageError, ValidationError
from etl.importing import FILE, import_file
from etl.options import Options, RunEnvironment
from etl.refresh import refresh

URL = "https://tjj.suzhou.gov.cn/sztjj/tjgb/2026/x.shtml"
WHOLE = {"entity_id": "", "period": ""}


def document(url: str, title: str = "", publisher: str = "") -> dict[str, str]:
    return {
        "source_url": url, "source_title": title, "publisher": publisher, "tier": "official", "published": "",
    }  # fmt: skip


BOOK = document("https://tjj.example.gov.cn/nj/b1.xlsx", "Suzhou yearbook 2025, table 1-1", "苏州市统计局")


@pytest.fixture
def setting(tmp_path: Path) -> RunEnvironment:
    data = make_dataset(tmp_path)
    env = {"PURSUIT_DATA": str(data), "PURSUIT_CACHE": str(tmp_path / "cache")}
    return RunEnvironment(env=env, clock=FakeClock("2026-11-29T10:00:00Z"))


def curated(setting: RunEnvironment) -> pd.DataFrame:
    return pd.read_csv(Path(setting.env["PURSUIT_DATA"]) / "curated" / FILE, dtype=str, keep_default_na=False)


def test_a_saved_communique_is_read_with_its_sentences_and_publishes(
    tmp_path: Path, setting: RunEnvironment
) -> None:
    page = tmp_path / "saved.html"
    shutil.copy(CONTRACTS / "communiques" / "suzhou_2025.html", page)
    rows, _ = import_file(page, document(URL), WHOLE, setting)
    assert len(rows) == 16
    table = curated(setting).set_index("indicator_id")
    assert table.at["population_resident", "value"] == "13047700"
    assert "1304.77" in table.at["population_resident", "excerpt"]
    assert set(table["source_url"]) == {URL}
    assert set(table["publisher"]) == {"苏州市统计局"}
    assert set(table["published"]) == {"2026-05-25"}
    report = refresh(Options(("curated",)), setting)
    assert (report.exit_code, report.problems) == (0, [])
    import_file(page, document(URL), WHOLE, setting)  # again: the same figures, not twice
    assert len(curated(setting)) == 16


def test_a_saved_bulletin_gives_the_provinces(tmp_path: Path, setting: RunEnvironment) -> None:
    page = tmp_path / "bulletin.html"
    shutil.copy(CONTRACTS / "communiques" / "rd_2023_trimmed.html", page)
    import_file(
        page, document("https://www.stats.gov.cn/sj/zxfb/202410/t20241002_1956810.html"), WHOLE, setting
    )
    found = curated(setting).set_index(["entity_id", "indicator_id"])["value"]
    assert found["zhejiang", "rd_intensity"] == "3.2"
    assert len(found) == 64


def test_a_workbook_s_rows_are_placed_by_id_or_name(tmp_path: Path, setting: RunEnvironment) -> None:
    book = tmp_path / "book.xlsx"
    frame = pd.DataFrame({
        "城市": ["苏州市", "hangzhou", "深圳"], "指标": ["地区生产总值", "gdp", "GDP"],
        "年份": ["2024", "2024", "2023"],
        "数值": ["26726.98", "21860", ""], "单位": ["亿元", "亿元", "亿元"],
    })  # fmt: skip
    frame.to_excel(book, index=False)
    rows, _ = import_file(book, BOOK, WHOLE, setting)
    assert [(r["entity_id"], r["indicator_id"], r["period"], r["value"]) for r in rows] == [
        ("suzhou", "gdp", "2024", "26726.98"), ("hangzhou", "gdp", "2024", "21860"),
    ]  # fmt: skip
    assert rows[0]["locator"] == "row 2"
    assert refresh(Options(("curated",)), setting).exit_code == 0


def test_a_yearbook_s_table_is_read_as_printed_and_what_is_not_understood_is_named(
    setting: RunEnvironment,
) -> None:
    book = CONTRACTS / "city_yearbook" / "2023_trimmed.xlsx"
    rows, left_out = import_file(book, BOOK, WHOLE | {"period": "2022"}, setting)
    found = {(r["entity_id"], r["indicator_id"]): (r["value"], r["unit"]) for r in rows}
    assert found["shijiazhuang", "gdp"] == ("7101", "亿元")  # of the whole city, not of its districts
    assert found["beijing", "gdp_per_capita"] == ("190313", "元")
    assert found["tangshan", "gdp_growth_real"] == ("4.65", "%")
    assert len(found) == 12  # the population has no unit
    assert {r["locator"] for r in rows if r["entity_id"] == "shijiazhuang"} >= {"row 9, column 7"}
    assert "市辖区 Districts under City" in left_out
    assert "population_hukou has no unit" in left_out
    assert refresh(Options(("curated",)), setting).exit_code == 0
    table = pd.read_csv(Path(setting.env["PURSUIT_DATA"]) / "observations" / "economy.csv", dtype=str)
    gdp = table.query("entity_id == 'shijiazhuang' and indicator_id == 'gdp'")
    assert gdp["value"].tolist() == ["710100000000"]


@pytest.mark.parametrize("turned", [False, True])
def test_a_city_s_own_table_runs_either_way(tmp_path: Path, setting: RunEnvironment, turned: bool) -> None:
    table = [["指标", "单位", "2023", "2024"], ["地区生产总值", "亿元", "34606.4", "36801.87"],
             ["年末户籍人口", "万人", "598.3", "…"], ["公园个数", "个", "1290", "1320"]]  # fmt: skip
    table = [list(row) for row in zip(*table, strict=True)] if turned else table
    book = tmp_path / "book.csv"
    lines = ["1-1 主要指标,,,", *(",".join(row) for row in table)]
    book.write_text("\n".join(lines), "utf-8")
    with pytest.raises(DataError, match="add --entity"):
        import_file(book, BOOK, WHOLE, setting)
    rows, left_out = import_file(book, BOOK, WHOLE | {"entity_id": "深圳"}, setting)
    assert {(r["entity_id"], r["indicator_id"], r["period"], r["value"], r["unit"]) for r in rows} == {
        ("shenzhen", "gdp", "2023", "34606.4", "亿元"),
        ("shenzhen", "gdp", "2024", "36801.87", "亿元"),
        ("shenzhen", "population_hukou", "2023", "598.3", "万人"),
    }
    assert left_out == ["公园个数"]


def test_one_row_that_cannot_be_placed_writes_nothing_and_is_named(
    tmp_path: Path, setting: RunEnvironment
) -> None:
    book = tmp_path / "book.csv"
    book.write_text(
        "city,indicator,year,value,unit\nsuzhou,gdp,2024,1,CNY 100M\nAtlantis,gdp,2024,1,CNY\n", "utf-8"
    )
    with pytest.raises(ValidationError) as caught:
        import_file(book, BOOK, WHOLE, setting)
    assert caught.value.problems == ["book.csv:3: no entity is called 'Atlantis'"]
    assert not (Path(setting.env["PURSUIT_DATA"]) / "curated" / FILE).exists()


@pytest.mark.parametrize(
    ("name", "body", "of", "says"),
    [
        ("a.html", "<html><body>hello</body></html>", document(URL), "neither a communiqué nor"),
        ("a.html", "2025年国民经济和社会发展统计公报", document(URL), "names none of the catalogue"),
        ("a.xlsx", "no workbook", BOOK, "is not a workbook that can be read"),
        ("a.csv", "city,year\nsuzhou,2024\n", BOOK, "has no figure with city, indicator"),
        ("a.csv", "city,indicator,value\nsuzhou,gdp,2024\n", BOOK, "no column period, unit"),
        ("a.csv", "city,indicator,year,value,unit\nsuzhou,gdp,2024,1,CNY\n", document(URL), "--title"),
        ("a.csv", "city,indicator,year,value,unit\nsuzhou,gdp,2024,,CNY\n", BOOK, "no row with a value"),
    ],
)
def test_other_files_are_one_line(
    tmp_path: Path, setting: RunEnvironment, name: str, body: str, of: dict[str, str], says: str
) -> None:
    (tmp_path / name).write_text(body, "utf-8")
    with pytest.raises(PursuitError, match=says) as caught:
        import_file(tmp_path / name, of, WHOLE, setting)
    assert isinstance(caught.value, DataError | UsageError)
