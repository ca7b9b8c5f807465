"""Observations in Parquet, one file per indicator, read through DuckDB: for tables larger than memory.

``pursuit pack`` writes ``packed/`` into the dataset's directory::

    packed/index.json                    rows, version, coverage; which published tables it was made from
    packed/series.parquet                entity, indicator, number of observations and of preferred figures
    packed/observations/<indicator>.parquet

Each file holds the columns of the published table in the order that
:class:`~dashboard.dataset.observations.ObservationTable` asks for. DuckDB is an optional extra
(``pip install 'pursuit[duckdb]'``).
"""

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.dataset import reading
from dashboard.dataset.observations import Coverage, Figure, Key, ObservationTable
from dashboard.dataset.reading import TEXTS, DatasetError, concat
from dashboard.dataset.records import OBSERVATION_COLUMNS, Observation, Source
from dashboard.paths import essay_dir

Progress = Callable[[int, int, str], None]
COLUMNS = ", ".join(OBSERVATION_COLUMNS)
FOLDER = "packed"
FORMAT = 3
"""Raised whenever the files hold something else, so that older ones are packed anew."""
WHOLE = 50_000
"""Rows up to which an indicator is read whole; of a larger one, only what was asked for. A row: 40 bytes."""
TABLES_KEPT = 64
COVERAGE_KEPT = 32
"""Indicators whose list of entities is kept."""
MOST_SELECTED = 2_000_000
"""Observations that one filter may cover; a wider question is one for DuckDB itself."""


def import_duckdb(why: str) -> Any:
    try:
        import duckdb
    except ImportError:
        raise DatasetError(f"{why} needs DuckDB; install it with `pip install 'pursuit[duckdb]'`") from None
    return duckdb


def stamp(directory: Path) -> dict[str, Any]:
    """Return what tells whether the packed files were made from the tables that stand here now."""
    described = directory / "datapackage.json"
    tables = sorted((directory / "observations").glob("*.csv"))
    return {
        "format": FORMAT,
        "datapackage": hashlib.sha256(described.read_bytes()).hexdigest() if described.is_file() else "",
        "bytes": {path.name: path.stat().st_size for path in tables},
    }


def packed(directory: Path) -> "ParquetTable | None":
    """Return the packed observations of a dataset; ``None`` where there are none, or older ones."""
    try:
        index = json.loads((directory / FOLDER / "index.json").read_text("utf-8"))
        current = isinstance(index, dict) and index.get("stamp") == stamp(directory)
    except (OSError, ValueError, RecursionError):
        return None
    return ParquetTable(directory / FOLDER, index) if current else None


class ParquetTable:
    """The same interface as ``ObservationTable``, answered from files."""

    def __init__(self, folder: Path, index: dict[str, Any]) -> None:
        duckdb = import_duckdb(f"{folder}: reading packed tables")
        self.folder, self.version = folder, str(index["version"])
        self._sizes: dict[str, int] = index["rows"]
        self._periods_of: dict[str, list[str]] = index["periods_of"]
        self.years: dict[str, list[int]] = index["years"]
        self.newest: dict[str, tuple[str, list[str]]] = index["newest"]
        self.per_source: dict[str, int] = index["per_source"]
        self.periods: list[str] = index["periods"]
        self._table = lru_cache(TABLES_KEPT)(self._read_table)
        self.coverage = lru_cache(COVERAGE_KEPT)(self._read_coverage)
        # by process: a connection does not survive a fork
        self._connection = cache(lambda pid: duckdb.connect(config={"threads": 1, "memory_limit": "512MB"}))

    def __len__(self) -> int:
        return sum(self._sizes.values())

    def _rows(self, query: str, values: list[Any]) -> Any:
        return self._connection(os.getpid()).cursor().execute(query, values)

    # -- one series -------------------------------------------------------------------------------

    def _series(self, indicator_id: str, entity_ids: Iterable[str]) -> ObservationTable:
        return self._table(indicator_id, None if self.count(indicator_id) <= WHOLE else (*entity_ids,))

    def _read_table(self, indicator_id: str, entity_ids: Sequence[str] | None) -> ObservationTable:
        allowed = {} if entity_ids is None else {"entity_id": entity_ids}
        return ObservationTable(self._read([indicator_id], allowed))

    def all_of(self, indicator_id: str, entity_id: str) -> list[Observation]:
        return self._series(indicator_id, [entity_id]).all_of(indicator_id, entity_id)

    def preferred(self, indicator_id: str, entity_ids: Iterable[str]) -> dict[str, dict[str, Figure]]:
        wanted = list(entity_ids)
        return self._series(indicator_id, wanted).preferred(indicator_id, wanted)

    # -- coverage ---------------------------------------------------------------------------------

    def _read_coverage(self, indicator_id: str) -> Mapping[str, Coverage]:
        query = "SELECT entity_id, observations, preferred FROM read_parquet(?) WHERE indicator_id = ?"
        rows = self._rows(query, [str(self.folder / "series.parquet"), indicator_id]).fetchall()
        return {entity: Coverage(*counts) for entity, *counts in rows}

    def count(self, indicator_id: str, entity_id: str = "") -> int:
        if entity_id:
            return self.coverage(indicator_id).get(entity_id, Coverage(0, 0)).observations
        return self._sizes.get(indicator_id, 0)

    def periods_of(self, indicator_id: str) -> tuple[str, ...]:
        return tuple(self._periods_of.get(indicator_id, ()))

    def across(self, indicator_id: str, period: str) -> dict[str, float]:
        rows = self.select({"indicator_id": [indicator_id], "period": [period]}, preferred=True)
        return dict(zip(rows["entity_id"].astype(str), rows["value"].tolist(), strict=True))

    def indicators(self, entity_id: str) -> Collection[str]:
        query = "SELECT indicator_id FROM read_parquet(?) WHERE entity_id = ?"
        rows = self._rows(query, [str(self.folder / "series.parquet"), entity_id]).fetchall()
        return {name for (name,) in rows}

    # -- selection --------------------------------------------------------------------------------

    def select(
        self, allowed: Mapping[str, Collection[str]], keys: Sequence[Key] = (), *, preferred: bool = False
    ) -> pd.DataFrame:
        """Return the observations whose columns hold one of the ``allowed`` values, in the table's order.

        Raises :class:`SelectionTooLarge` for a filter that may cover more than ``MOST_SELECTED`` of them.
        """
        columns = dict(allowed)
        wanted = set(columns.pop("indicator_id", self._sizes)) & self._sizes.keys()
        if keys:
            entities, indicators, *_ = map(set, zip(*keys, strict=True))
            wanted &= indicators
            columns["entity_id"] = entities & set(columns.get("entity_id", entities))
        if "entity_id" not in columns and sum(map(self.count, wanted)) > MOST_SELECTED:
            raise SelectionTooLarge
        return ObservationTable(self._read(sorted(wanted), columns)).select({}, keys, preferred=preferred)

    def _read(self, indicators: Sequence[str], allowed: Mapping[str, Collection[str]]) -> pd.DataFrame:
        conditions = " AND ".join(f"list_contains(?, {column})" for column in allowed) or "true"
        query = f"SELECT {COLUMNS} FROM read_parquet(?) WHERE {conditions}"  # noqa: S608 - our own names
        values = [sorted(v) for v in allowed.values()]
        frames = []
        for indicator_id in indicators:
            if indicator_id in self._sizes:
                path = self.folder / "observations" / f"{indicator_id}.parquet"
                frame = self._rows(query, [str(path), *values]).df()
                frames.append(frame.astype(dict.fromkeys(TEXTS, "category")))
        return concat(frames)


class SelectionTooLarge(Exception):  # noqa: N818 - the reader asked for too much; the server is well
    """A filter covers more observations than one answer may hold."""


def pack(directory: Path, progress: Progress = lambda done, total, name: None) -> int:
    """Write ``packed/`` for the dataset in ``directory``; return the number of observations.

    The new files are made beside the old ones and take their place at the end. Raises
    :class:`~dashboard.dataset.reading.DatasetError` without DuckDB or for tables that cannot be read.
    """
    duckdb = import_duckdb("packing")
    tables = sorted((directory / "observations").glob("*.csv"))
    if not tables:
        raise DatasetError(f"{directory / 'observations'}: no table here; run `pursuit refresh`")
    sources = {row.source_id: row for row in reading.rows(directory / "sources.csv", Source)}
    work, final = directory / f".{FOLDER}.next", directory / FOLDER
    shutil.rmtree(work, ignore_errors=True)
    (work / "observations").mkdir(parents=True)
    try:
        with duckdb.connect(
            config={"memory_limit": "2GB", "temp_directory": str(work / "tmp")}
        ) as connection:
            parts = _split(connection, tables, work / "split")
            index = _write(connection, parts, sources, work, progress)
        index |= {"version": reading.version(directory, essay_dir(directory)), "stamp": stamp(directory)}
        (work / "index.json").write_text(json.dumps(index, ensure_ascii=False), "utf-8")
        for scratch in ("tmp", "split"):
            shutil.rmtree(work / scratch, ignore_errors=True)
        shutil.rmtree(final, ignore_errors=True)
        work.rename(final)
    except duckdb.Error as error:
        line = " ".join(str(error).split())[:200]
        raise DatasetError(f"{directory}: {line}; run `pursuit validate`") from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return sum(index["rows"].values())


def _split(connection: Any, tables: list[Path], folder: Path) -> list[Path]:
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(
        f"COPY (SELECT {COLUMNS} FROM read_csv(?, header = true, types = ?, force_not_null = ?))"  # noqa: S608
        " TO ? (FORMAT parquet, PARTITION_BY (indicator_id), WRITE_PARTITION_COLUMNS true)",
        [list(map(str, tables)), dict.fromkeys(TEXTS, "VARCHAR") | {"value": "DOUBLE"}, TEXTS, str(folder)],
    )
    return sorted(folder.glob("indicator_id=*"))


def _write(
    connection: Any, parts: list[Path], sources: dict[str, Source], work: Path, progress: Progress
) -> dict[str, Any]:
    """Write each indicator's file in the table's order, and the list of series; return the index."""
    connection.execute(
        "CREATE TABLE series (entity_id VARCHAR, indicator_id VARCHAR, observations INT, preferred INT)"
    )
    counted: Counter[str] = Counter()
    periods: set[str] = set()
    index: dict[str, dict[str, Any]] = {"rows": {}, "years": {}, "newest": {}, "periods_of": {}}
    for done, part in enumerate(parts, 1):
        indicator_id = part.name.partition("=")[2]
        query = f"SELECT {COLUMNS} FROM read_parquet(?)"  # noqa: S608 - our own column names
        frame = connection.execute(query, [f"{part}/*.parquet"]).df()
        table = ObservationTable(reading.sort_by_preference(concat([frame]), sources))
        counted.update(table.per_source)
        periods.update(table.periods)
        index["years"] |= table.years
        index["newest"] |= table.newest
        index["rows"][indicator_id] = len(table)
        index["periods_of"][indicator_id] = table.periods_of(indicator_id)
        connection.register("rows", table.frame.astype(dict.fromkeys(TEXTS, "object")))
        # groups of rows small enough that one series reads little of the file
        connection.execute(
            "COPY (FROM rows) TO ? (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 40960)",
            [str(work / "observations" / f"{indicator_id}.parquet")],
        )
        connection.execute(
            "INSERT INTO series SELECT entity_id, indicator_id, count(*),"
            " count(DISTINCT period) FILTER (status <> 'doubtful') FROM rows GROUP BY ALL"
        )
        progress(done, len(parts), indicator_id)
    connection.execute(
        "COPY (FROM series ORDER BY indicator_id, entity_id) TO ? (FORMAT parquet, COMPRESSION zstd)",
        [str(work / "series.parquet")],
    )
    return {**index, "periods": sorted(periods), "per_source": counted}
