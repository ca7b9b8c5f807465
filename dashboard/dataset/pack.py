"""``pursuit pack``: write the published observations as the Parquet files that :mod:`.parquet` describes.

The tables are split by indicator in one pass over the CSV files, then each indicator is put in the order
of preference by the same function that orders them in memory.
"""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dashboard.dataset import reading
from dashboard.dataset.observations import ObservationTable
from dashboard.dataset.parquet import FOLDER, import_duckdb, stamp
from dashboard.dataset.reading import TEXTS, DatasetError
from dashboard.dataset.records import OBSERVATION_COLUMNS, Source
from dashboard.paths import essay_dir

Progress = Callable[[int, int, str], None]
COLUMNS = ", ".join(OBSERVATION_COLUMNS)


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
        table = ObservationTable(reading.sort_by_preference(reading.concat([frame]), sources))
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
