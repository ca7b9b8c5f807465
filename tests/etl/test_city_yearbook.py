"""The city yearbook: a row a city and a column an indicator become observations; what ships is sound."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from etl_support import ENTITIES, make_dataset
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.errors import SkipSource, ValidationError
from etl.schema import TABLES
from etl.sources.base import Context
from etl.sources.city_yearbook import FOLDER, CityYearbook, figures, source_id
from etl.tables import read_small

DATA = Path(__file__).resolve().parents[2] / "data"
FILES = {
    "documents": "edition,title,published,url\n2005,中国城市统计年鉴2005,2005,https://example.org/2005.rar\n",
    "columns": "edition,indicator_id,period,unit,workbook,table,heading,offset,note\n"
    "2005,gdp,2004,CNY 10k,book.xlsx,2-13 综合经济(一),地区生产总值 > 全市 > 万元,3,\n"
    "2005,population_resident,2004,10k persons,book.xlsx,人口,常住人口 > 全市,1,\n",
    "remarks": "edition,entity_id,indicator_id,period,unit,status,note\n"
    "2005,hangzhou,population_resident,2004,persons,doubtful,printed in persons\n",
    "2005": "entity_id,period,gdp,population_resident\n"
    "hangzhou,2004,25150000,6516800\nshenzhen,2004,34228000,\n",
}


def book(data: Path, **changed: str) -> Context:
    (data / FOLDER).mkdir(parents=True, exist_ok=True)
    for name, text in (FILES | changed).items():
        (data / FOLDER / f"{name}.csv").write_text(text, "utf-8")
    small = {
        n: read_small(data / TABLES[n].path, TABLES[n])[0] for n in ("entities", "indicators", "keywords")
    }
    return Context(small["entities"], small["indicators"], small["keywords"], data, date(2026, 11, 29))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_dataset(tmp_path, [])


def test_an_edition_becomes_observations(data: Path) -> None:
    parsed = CityYearbook().parse([], book(data))
    names = ["entity_id", "indicator_id", "period", "value", "source_id", "status", "note", "locator"]
    assert parsed.observations[names].to_numpy().tolist() == [
        ["hangzhou", "gdp", "2004", "251500000000", "ccsy_2005", "final", "", "2-13"],
        ["shenzhen", "gdp", "2004", "342280000000", "ccsy_2005", "final", "", "2-13"],
        ["hangzhou", "population_resident", "2004", "6516800", "ccsy_2005", "doubtful",
         "printed in persons", "人口"],
    ]  # fmt: skip
    (source,) = parsed.sources.to_dict("records")
    assert (source["source_id"], source["tier"], source["custody"]) == (
        "ccsy_2005",
        "official",
        "archive",
    )


@pytest.mark.parametrize(
    ("name", "before", "after", "says"),
    [
        ("2005", "34228000", "many", r"2005.csv:3: gdp: not a number: 'many'"),
        ("2005", "entity_id,period", "city,period", r"2005.csv:1: not a city a row"),
        ("2005", "shenzhen,", "hangzhou,", r"2005.csv:3: city and period stand twice"),
        ("2005", "25150000,", "25150000,,", r"2005.csv:2: too many cells (5 instead of 4)"),
        ("2005", ",gdp,", ",gnp,", r"2005.csv:1: gnp: no such column of edition 2005 in 2004"),
        ("columns", "CNY 10k", "USD 10k", r"2005.csv:2: gdp: unit 'USD 10k' does not convert"),
        ("remarks", ",hangzhou,", ",beijing,", r"remarks.csv:1: 1 remarks on figures that are not there"),
        ("remarks", "doubtful", "sure", r"remarks.csv:2: status 'sure'"),
        ("documents", "https://example.org/2005.rar", "", r"documents.csv:2: url '' is empty"),
    ],
)
def test_every_fault_is_named_by_file_and_line(
    data: Path, name: str, before: str, after: str, says: str
) -> None:
    assert before in FILES[name]
    with pytest.raises(ValidationError) as failure:
        CityYearbook().parse([], book(data, **{name: FILES[name].replace(before, after, 1)}))
    assert any(says in problem for problem in failure.value.problems), failure.value.problems


def test_a_dataset_without_the_book_goes_without_it(data: Path) -> None:
    context = book(data)
    (data / FOLDER / "documents.csv").unlink()
    with pytest.raises(SkipSource):
        list(CityYearbook().requests(context))


@given(st.lists(st.tuples(st.integers(0, 10**9), st.booleans()), min_size=1, max_size=3))
@settings(max_examples=25)
def test_every_printed_cell_is_one_figure(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[int, bool]]
) -> None:
    data = make_dataset(tmp_path_factory.mktemp("book"), [])
    ids = [row[0] for row in ENTITIES][: len(cells)]
    rows = [f"{e},2004,{n if there else ''}" for e, (n, there) in zip(ids, cells, strict=False)]
    text = "entity_id,period,gdp\n" + "\n".join(rows) + "\n"
    context = book(data, **{"2005": text, "remarks": FILES["remarks"].partition("\n")[0] + "\n"})
    found = CityYearbook().parse([], context).observations
    printed = {e: n * 10_000 for e, (n, there) in zip(ids, cells, strict=False) if there}
    assert {e: int(v) for e, v in zip(found["entity_id"], found["value"], strict=True)} == printed


def test_every_shipped_figure_is_sound() -> None:
    documents, rows, problems = figures(DATA)
    assert problems == []
    assert len(documents) >= 38
    assert len(rows) > 190_000
    assert not rows.duplicated(["entity_id", "indicator_id", "period"]).any()
    assert rows["entity_id"].nunique() >= 295
    assert set(rows["status"]) == {"final", "doubtful"}
    assert (rows.loc[rows["status"] == "doubtful", "note"] != "").all()
    assert source_id("1993-1994") == "ccsy_1993_1994"


def test_the_tables_stay_small() -> None:
    inputs = sum(p.stat().st_size for p in (DATA / "curated").rglob("*.csv"))
    tables = sum(p.stat().st_size for p in DATA.rglob("*.csv"))
    assert inputs <= 12_000_000
    assert tables <= 30_000_000
