"""The dataset in memory: preferred figures, gaps, and one clear line for a table that is not sound."""

from __future__ import annotations

import shutil
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest

from dashboard.dataset import OBSERVATION_COLUMNS, Dataset, DatasetError, Source, reading
from tests.conftest import DATA


def _source(source_id: str, tier: str, published: str, custody: str = "issuer") -> Source:
    empty = {field.name: "" for field in fields(Source)}
    own = {"source_id": source_id, "tier": tier, "published": published, "custody": custody}
    return Source(**empty | own)


def _dataset(*rows: tuple[str, str, float, str, str]) -> Dataset:
    """Rows are (entity, period, value, source, status) of one indicator."""
    frame = pd.DataFrame(
        [(e, "gdp", p, v, s, status, "", "") for e, p, v, s, status in rows],
        columns=list(OBSERVATION_COLUMNS),
    )
    sources = [
        _source("press_new", "press", "2026"),
        _source("official_old", "official", "2020"),
        _source("official_new", "official", "2025-03"),
        _source("reference", "reference", "2026"),
        _source("official_copy", "official", "2025-06", "archive"),
        _source("official_told", "official", "2026", "relay"),
        _source("of_no_tier", "", "2026", ""),
    ]
    return Dataset.from_frames(entities=(), indicators=(), sources=sources, observations=frame)


def test_preferred_by_tier_then_custody_then_newest_document() -> None:
    data = _dataset(
        ("a", "2024", 0, "of_no_tier", "final"),
        ("a", "2024", 1, "press_new", "final"),
        ("a", "2024", 2, "official_old", "final"),
        ("a", "2024", 3, "official_new", "final"),
        ("a", "2024", 4, "reference", "final"),
        ("a", "2024", 5, "official_told", "final"),
        ("a", "2024", 6, "official_copy", "final"),
    )
    assert [o.value for o in data.alternatives("gdp", "a", "2024")] == [3, 2, 6, 5, 4, 1, 0]
    assert data.value("gdp", "a", "2024").value == 3


def test_a_doubtful_figure_never_stands_before_another_nor_alone() -> None:
    data = _dataset(
        ("a", "2023", 1, "official_new", "doubtful"),
        ("a", "2023", 2, "press_new", "final"),
        ("a", "2024", 3, "official_new", "doubtful"),
    )
    assert [o.value for o in data.series("gdp", "a")] == [2]
    assert [o.value for o in data.series("gdp", "a", doubtful=True)] == [2, 3]
    assert data.value("gdp", "a", "2024") is None


def test_latest_until_and_common_periods() -> None:
    data = _dataset(
        ("a", "2022", 1, "reference", "final"),
        ("a", "2024", 2, "reference", "final"),
        ("b", "2022", 3, "reference", "final"),
        ("b", "2023", 4, "reference", "final"),
    )
    assert data.latest("gdp", "a", "2023").value == 1
    assert data.latest("gdp", "nobody") is None
    assert data.common_periods("gdp", ["a", "b"]) == ["2022"]
    assert data.common_periods("gdp", []) == []


def test_series_does_not_depend_on_the_order_of_rows() -> None:
    rows = [
        ("a", str(y), float(y), s, "final") for y in range(2000, 2010) for s in ("reference", "official_old")
    ]
    assert _dataset(*rows).series("gdp", "a") == _dataset(*reversed(rows)).series("gdp", "a")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("curated")))


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_shipped_dataset_has_everybody_named(dataset: Dataset) -> None:
    cities = ["shenzhen", "hangzhou", "suzhou", "chongqing", "beijing", "shanghai"]
    companies = [
        "huawei",
        "tencent",
        "byd",
        "dji",
        "vanke",
        "ubtech",
        "inmotion",
        "smallrig",
        "nutribite",
        "bandu",
        "engineai",
        "deepseek",
        "unitree",
        "game_science",
        "brainco",
        "deep_robotics",
        "manycore",
    ]
    yardsticks = ["apple", "sony", "alphabet", "meta", "amazon", "netflix", "alibaba", "pdd", "tesla"]
    for kind, ids in (("city", cities), ("company", companies + yardsticks)):
        for entity_id in ids:
            assert dataset.entities[entity_id].kind == kind
    assert len(dataset.indicators) >= 80
    assert len(dataset.table) >= 14_000


def test_version_is_of_the_content_not_of_the_place(dataset: Dataset, copy: Path) -> None:
    assert Dataset.load(copy).version == dataset.version
    (copy / "status.json").write_text("{}", encoding="utf-8")  # when something was collected is not content
    assert Dataset.load(copy).version == dataset.version


@pytest.mark.parametrize(
    ("table", "old", "new", "says"),
    [
        ("entities.csv", "entity_id,", "entity,", "column entity_id is missing"),
        ("observations/economy.csv", ",value,", ",worth,", "column value is missing"),
        ("observations/economy.csv", "\nbeijing,", "\natlantis,", "unknown entity_id 'atlantis'"),
    ],
)
def test_a_broken_table_is_one_line_with_file_and_mend(copy: Path, table, old, new, says) -> None:
    _edit(copy / table, old, new)
    with pytest.raises(DatasetError) as caught:
        Dataset.load(copy)
    message = str(caught.value)
    assert "\n" not in message
    assert table in message
    assert says in message


def test_a_value_that_is_no_number_names_its_line(copy: Path) -> None:
    path = copy / "observations" / "economy.csv"
    lines = path.read_text("utf-8").splitlines()
    cells = lines[4].split(",")
    cells[3] = "n/a"
    lines[4] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(DatasetError, match=r"economy\.csv:5: value 'n/a' is not a number"):
        Dataset.load(copy)


def test_no_dataset_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="pursuit refresh"):
        Dataset.load(tmp_path)


def test_a_column_of_digits_alone_is_text(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    rows = ["a,gdp,2024,1,007,final,00,", "a,gdp,2025,2,007,final,01,"]
    table.write_text("\n".join([",".join(OBSERVATION_COLUMNS), *rows, ""]))
    found = reading.observations(table, {"a"}, {"gdp"}, {"007"})
    assert found["source_id"].tolist() == ["007", "007"]
    assert found["note"].tolist() == ["00", "01"]
    assert found["period"].tolist() == ["2024", "2025"]
