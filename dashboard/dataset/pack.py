"""``pursuit pack``: write the published observations as Parquet for DuckDB, for data larger than memory.

The tables are split by indicator in one pass over the CSV files, then each indicator is put in the order
of preference by the same function that orders them in memory. :mod:`dashboard.dataset.parquet` describes the
files.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.dataset import reading
from dashboard.dataset.observations import ObservationTable
from dashboard.dataset.parquet import FOLDER, stamp
from dashboard.dataset.reading import DatasetError
from dashboard.dataset.records import OBSERVATION_COLUMNS, Source
from dashboard.paths import essay_dir

Progress = Callable[[int, int, str], None]


def pack(directory: Path, progress: Progress | None = None) -> int:
    """Write ``packed/`` for the dataset in ``directory``; return the number of observations.

    The new files are made beside the old ones and take their place at the end. Raises
    :class:`~dashboard.dataset.reading.DatasetError` without DuckDB or for tables that cannot be read.
    """
    try:
        import duckdb
    except ImportError:
        raise DatasetError("packing needs DuckDB; install it with `pip install 'pursuit[duckdb]'`") from None
    tables = sorted((directory / "observations").glob("*.csv"))
    if not tables:
        raise DatasetError(f"{directory / 'observations'}: no table here; run `pursuit refresh`")
    sources = {row.source_id: row for row in reading.rows(directory / "sources.csv", Source)}
    work, final = directory / f".{FOLDER}.next", directory / FOLDER
    shutil.rmtree(work, ignore_errors=True)
    (work / "observations").mkdir(parents=True)
    try:
        connection = duckdb.connect(config={"memory_limit": "2GB", "temp_directory": str(work / "tmp")})
        connection.execute("SET preserve_insertion_order = false")
        index = _write(connection, tables, sources, work, progress)
        index |= {"version": reading.version(directory, essay_dir(directory)), "stamp": stamp(directory)}
        (work / "index.json").write_text(json.dumps(index, ensure_ascii=False), "utf-8")
        connection.close()
        for scratch in ("tmp", "split"):
            shutil.rmtree(work / scratch, ignore_errors=True)
        shutil.rmtree(final, ignore_errors=True)
        work.rename(final)
    except duckdb.Error as error:
        line = " ".join(str(error).split())[:200]
        raise DatasetError(f"{directory}: {line}; run `pursuit validate`") from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return int(index["rows"])


def _write(
    connection: Any, tables: list[Path], sources: dict[str, Source], work: Path, progress: Progress | None
) -> dict[str, Any]:
    parts = _split(connection, tables, work / "split")
    connection.execute(
        "CREATE TABLE series (entity_id VARCHAR, indicator_id VARCHAR, observations INT, preferred INT)"
    )
    counted: Counter[str] = Counter()
    periods: set[str] = set()
    statuses: set[str] = set()
    indicators: dict[str, Any] = {}
    for done, part in enumerate(parts, 1):
        indicator_id = part.name.partition("=")[2]
        table = ObservationTable(reading.sort_by_preference(_read(connection, part), sources))
        counted.update(table.per_source())
        periods.update(table.periods())
        statuses.update(str(s) for s in table.frame["status"].cat.categories)
        newest, documents = table.newest()[indicator_id]
        indicators[indicator_id] = {
            "rows": len(table), "years": table.years()[indicator_id], "newest": newest, "sources": documents,
            "periods": table.periods_of(indicator_id),
        }  # fmt: skip
        _write_indicator(connection, table, indicator_id, work / "observations" / f"{indicator_id}.parquet")
        if progress:
            progress(done, len(parts), indicator_id)
    connection.execute(
        "COPY (FROM series ORDER BY indicator_id, entity_id) TO ? (FORMAT parquet, COMPRESSION zstd)",
        [str(work / "series.parquet")],
    )
    return {
        "rows": sum(of["rows"] for of in indicators.values()),
        "periods": sorted(periods),
        "statuses": sorted(statuses),
        "sources": dict(sorted(counted.items())),
        "indicators": indicators,
    }


def _split(connection: Any, tables: list[Path], folder: Path) -> list[Path]:
    types = {name: "DOUBLE" if name == "value" else "VARCHAR" for name in OBSERVATION_COLUMNS}
    columns = ", ".join(f"coalesce({c}, '') AS {c}" if t == "VARCHAR" else c for c, t in types.items())
    connection.execute(
        f"COPY (SELECT {columns} FROM read_csv(?, header = true, types = ?, nullstr = ''))"  # noqa: S608
        " TO ? (FORMAT parquet, PARTITION_BY (indicator_id), WRITE_PARTITION_COLUMNS true)",
        [[str(path) for path in tables], types, str(folder)],
    )
    return sorted(folder.glob("indicator_id=*"))


def _read(connection: Any, part: Path) -> pd.DataFrame:
    columns = ", ".join(OBSERVATION_COLUMNS)
    query = f"SELECT {columns} FROM read_parquet(?)"  # noqa: S608 - our own column names
    frame: pd.DataFrame = connection.execute(query, [f"{part}/*.parquet"]).df()
    return frame


def _write_indicator(connection: Any, table: ObservationTable, indicator_id: str, path: Path) -> None:
    """Write one indicator's file, in the table's order, and its rows of the list of series."""
    texts = {c: "object" for c in OBSERVATION_COLUMNS if c != "value"}
    connection.register("rows", table.frame.astype(texts))
    # groups of rows small enough that one series reads little of the file
    connection.execute(
        "COPY (FROM rows) TO ? (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 40960)", [str(path)]
    )
    connection.unregister("rows")
    series = pd.DataFrame(
        [
            (e, indicator_id, table.count(indicator_id, e), table.length(indicator_id, e))
            for e in table.entities(indicator_id)
        ],
        columns=["entity_id", "indicator_id", "observations", "preferred"],
    )
    connection.register("found", series)
    connection.execute("INSERT INTO series FROM found")
    connection.unregister("found")
