"""Packed tables answer every question as the tables in memory do; older ones are not read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from dashboard.dataset import Dataset, parquet
from dashboard.dataset.observations import ObservationTable
from dashboard.dataset.parquet import ParquetTable, pack
from dashboard.paths import data_dir

COLUMNS = ["entity_id", "indicator_id", "period", "value", "source_id", "status", "note", "locator"]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the shipped dataset with one domain of observations, packed."""
    copy = tmp_path_factory.mktemp("packed") / "data"
    shutil.copytree(data_dir(), copy, ignore=shutil.ignore_patterns("curated", "packed"))
    for path in (copy / "observations").glob("*.csv"):
        if path.name not in ("people.csv",):
            path.unlink()
    assert pack(copy) == len(Dataset.load(copy).table)
    return copy


@pytest.fixture(scope="module")
def tables(
    directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ObservationTable, ParquetTable]:
    plain = tmp_path_factory.mktemp("plain") / "data"
    shutil.copytree(directory, plain, ignore=shutil.ignore_patterns("packed"))
    memory, files = Dataset.load(plain).table, Dataset.load(directory).table
    assert isinstance(memory, ObservationTable)
    assert isinstance(files, ParquetTable)
    return memory, files


def rows(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(
        frame[COLUMNS].astype({c: str for c in COLUMNS if c != "value"}).itertuples(index=False, name=None)
    )


@pytest.mark.parametrize("whole", [0, 1_000_000])
def test_every_series_reads_the_same_one_by_one_and_whole(
    tables: tuple[ObservationTable, ParquetTable], monkeypatch: pytest.MonkeyPatch, whole: int
) -> None:
    memory, files = tables
    monkeypatch.setattr(parquet, "WHOLE", whole)
    for indicator_id in memory.years:
        have = {e: of[:2] for e, of in memory.coverage(indicator_id).items()}
        assert {e: of[:2] for e, of in files.coverage(indicator_id).items()} == have
        assert files.count(indicator_id) == memory.count(indicator_id)
        assert files.preferred(indicator_id, have) == memory.preferred(indicator_id, have)
        for period in memory.periods_of(indicator_id)[-2:]:
            assert files.across(indicator_id, period) == memory.across(indicator_id, period)
        assert files.periods_of(indicator_id) == memory.periods_of(indicator_id)
        for entity_id in [*list(have)[:20], "nobody"]:
            assert files.all_of(indicator_id, entity_id) == memory.all_of(indicator_id, entity_id)
            assert files.preferred(indicator_id, [entity_id]) == memory.preferred(indicator_id, [entity_id])
            assert files.count(indicator_id, entity_id) == memory.count(indicator_id, entity_id)


def test_coverage_is_the_same(tables: tuple[ObservationTable, ParquetTable]) -> None:
    memory, files = tables
    assert len(files) == len(memory)
    assert files.years == memory.years
    assert {k: (p, sorted(s)) for k, (p, s) in files.newest.items()} == {
        k: (p, sorted(s)) for k, (p, s) in memory.newest.items()
    }
    assert {k: n for k, n in memory.per_source.items() if n} == files.per_source
    assert files.periods == memory.periods
    for entity_id in ("shenzhen", "byd", "nobody"):
        assert set(files.indicators(entity_id)) == set(memory.indicators(entity_id))


@pytest.mark.parametrize("preferred", [False, True])
@pytest.mark.parametrize(
    "allowed",
    [
        {},
        {"indicator_id": ["population_resident", "no_such"]},
        {"entity_id": ["hangzhou"], "status": ["final"]},
        {"period": ["2020", "2021"], "indicator_id": ["population_hukou", "population_resident"]},
    ],
)
def test_filters_find_the_same(
    tables: tuple[ObservationTable, ParquetTable], allowed: dict[str, list[str]], preferred: bool
) -> None:
    memory, files = tables
    assert rows(files.select(allowed, preferred=preferred)) == rows(
        memory.select(allowed, preferred=preferred)
    )


def test_a_filter_that_covers_too_much_is_refused(
    tables: tuple[ObservationTable, ParquetTable], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "MOST_SELECTED", 100)
    with pytest.raises(parquet.SelectionTooLarge):
        tables[1].select({})
    assert len(tables[1].select({"entity_id": ["hangzhou"]}))


def test_packed_tables_of_an_older_dataset_are_not_read(directory: Path, tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(directory, copy)
    table = copy / "observations" / "people.csv"
    table.write_text(
        "".join(table.read_text(encoding="utf-8").splitlines(keepends=True)[:-1]), encoding="utf-8"
    )
    assert isinstance(Dataset.load(copy).table, ObservationTable)
    (copy / "packed" / "index.json").write_text("[" * 50_000, encoding="utf-8")
    assert parquet.packed(copy) is None
