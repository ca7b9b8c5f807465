"""Observations in Parquet, one file per indicator, read through DuckDB: for tables larger than memory.

``pursuit pack`` writes ``packed/`` into the dataset's directory::

    packed/index.json                    rows, version, coverage; which published tables it was made from
    packed/series.parquet                entity, indicator, number of observations and of preferred figures
    packed/observations/<indicator>.parquet

Each file holds the columns of the published table in the order that
:class:`~dashboard.dataset.observations.ObservationTable` asks for. A few series of an indicator are read
one by one; an indicator that is asked for often is read whole and kept while there is room. DuckDB is
an optional extra (``pip install 'pursuit[duckdb]'``).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.dataset.observations import Figure, Key, ObservationTable
from dashboard.dataset.reading import DatasetError, concat
from dashboard.dataset.records import OBSERVATION_COLUMNS, Observation

FOLDER = "packed"
FORMAT = 2
"""Raised whenever the files hold something else, so that older ones are packed anew."""
SINGLE_SERIES = 25
"""Series of one indicator that are read one by one before the indicator is read whole."""
ROWS_KEPT = 4_000_000
"""Rows of whole indicators kept in memory; a row is about 40 bytes."""
SERIES_KEPT = 2_000
COUNTS_KEPT = 32
"""Indicators whose list of entities is kept."""
MOST_SELECTED = 2_000_000
"""Observations that one filter may cover; a wider question is one for DuckDB itself."""
_NAME = re.compile(r"[a-z0-9_]+", re.ASCII)


def stamp(directory: Path) -> dict[str, Any]:
    """Return what tells whether the packed files were made from the tables that stand here now."""
    described = directory / "datapackage.json"
    tables = sorted((directory / "observations").glob("*.csv"))
    return {
        "format": FORMAT,
        "datapackage": hashlib.sha256(described.read_bytes()).hexdigest() if described.is_file() else "",
        "bytes": {path.name: path.stat().st_size for path in tables},
    }


def packed(directory: Path) -> ParquetTable | None:
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
        try:
            import duckdb
        except ImportError:
            raise DatasetError(
                f"{folder}: reading packed tables needs DuckDB; install it with "
                f"`pip install 'pursuit[duckdb]'`, or remove {folder}"
            ) from None
        self._duckdb, self.folder, self.index = duckdb, folder, index
        self._whole: OrderedDict[str, ObservationTable] = OrderedDict()
        self._series: OrderedDict[tuple[str, str], ObservationTable] = OrderedDict()
        self._counts = lru_cache(COUNTS_KEPT)(self._read_counts)
        self._asked: dict[str, int] = {}
        self._lock = threading.RLock()
        self._connections: dict[int, Any] = {}

    def __reduce__(self) -> tuple[type[ParquetTable], tuple[Path, dict[str, Any]]]:
        """Another process opens the files itself."""
        return ParquetTable, (self.folder, self.index)

    def __len__(self) -> int:
        return int(self.index["rows"])

    @property
    def version(self) -> str:
        return str(self.index["version"])

    # -- one series -------------------------------------------------------------------------------

    def all_of(self, indicator_id: str, entity_id: str) -> list[Observation]:
        return self._tables(indicator_id, [entity_id])[entity_id].all_of(indicator_id, entity_id)

    def preferred(self, indicator_id: str, entity_ids: Iterable[str]) -> dict[str, dict[str, Figure]]:
        out: dict[str, dict[str, Figure]] = {}
        for entity, table in self._tables(indicator_id, list(entity_ids)).items():
            out |= table.preferred(indicator_id, [entity])
        return out

    def length(self, indicator_id: str, entity_id: str) -> int:
        return self._counts(indicator_id).get(entity_id, (0, 0))[1]

    def count(self, indicator_id: str, entity_id: str = "") -> int:
        if entity_id:
            return self._counts(indicator_id).get(entity_id, (0, 0))[0]
        return int(self.index["indicators"].get(indicator_id, {}).get("rows", 0))

    def _read_counts(self, indicator_id: str) -> dict[str, tuple[int, int]]:
        query = "SELECT entity_id, observations, preferred FROM {series} WHERE indicator_id = ?"
        return {e: (n, m) for e, n, m in self._rows(query, [indicator_id])}

    def _tables(self, indicator_id: str, entity_ids: Sequence[str]) -> dict[str, ObservationTable]:
        """Return for each entity a table that holds its series; those not in memory are read together."""
        with self._lock:
            if indicator_id in self._whole:
                self._whole.move_to_end(indicator_id)
                return dict.fromkeys(entity_ids, self._whole[indicator_id])
            missing = [e for e in entity_ids if (indicator_id, e) not in self._series]
            if missing and len(entity_ids) == 1:
                self._asked[indicator_id] = self._asked.get(indicator_id, 0) + 1
                if self._asked[indicator_id] > SINGLE_SERIES:
                    return dict.fromkeys(entity_ids, self._read_whole(indicator_id))
            if missing:
                read = ObservationTable(self._read([indicator_id], {"entity_id": missing}))
                self._series.update(((indicator_id, e), read) for e in missing)
            found = {}
            for e in entity_ids:
                self._series.move_to_end((indicator_id, e))
                found[e] = self._series[indicator_id, e]
            while len(self._series) > SERIES_KEPT:
                self._series.popitem(last=False)
            return found

    def _read_whole(self, indicator_id: str) -> ObservationTable:
        self._asked[indicator_id] = 0
        table = self._whole[indicator_id] = ObservationTable(self._read([indicator_id], {}))
        while len(self._whole) > 1 and sum(map(len, self._whole.values())) > ROWS_KEPT:
            self._whole.popitem(last=False)
        return table

    # -- coverage ---------------------------------------------------------------------------------

    def entities(self, indicator_id: str) -> Collection[str]:
        return self._counts(indicator_id).keys()

    def entities_with_data(self, indicator_id: str) -> Collection[str]:
        return {e for e, (_, preferred) in self._counts(indicator_id).items() if preferred}

    def periods_of(self, indicator_id: str) -> tuple[str, ...]:
        return tuple(self.index["indicators"].get(indicator_id, {}).get("periods", ()))

    def across(self, indicator_id: str, period: str) -> dict[str, float]:
        found = self.select({"indicator_id": [indicator_id], "period": [period]}, preferred=True)
        return dict(zip(found["entity_id"].astype(str), found["value"].tolist(), strict=True))

    def indicators(self, entity_id: str) -> Collection[str]:
        rows = self._rows("SELECT indicator_id FROM {series} WHERE entity_id = ?", [entity_id])
        return {row[0] for row in rows}

    def years(self) -> dict[str, list[int]]:
        return {name: list(of["years"]) for name, of in self.index["indicators"].items()}

    def newest(self) -> dict[str, tuple[str, list[str]]]:
        return {name: (of["newest"], list(of["sources"])) for name, of in self.index["indicators"].items()}

    def per_source(self) -> dict[str, int]:
        return dict(self.index["sources"])

    def periods(self) -> list[str]:
        return list(self.index["periods"])

    # -- selection --------------------------------------------------------------------------------

    def select(
        self, allowed: Mapping[str, Collection[str]], keys: Sequence[Key] = (), *, preferred: bool = False
    ) -> pd.DataFrame:
        """Return the observations whose columns hold one of the ``allowed`` values, in the table's order.

        Raises :class:`SelectionTooLarge` for a filter that may cover more than ``MOST_SELECTED`` of them.
        """
        columns = dict(allowed)
        wanted = set(columns.pop("indicator_id", self.index["indicators"])) & set(self.index["indicators"])
        if keys:
            wanted &= {key[1] for key in keys}
            columns["entity_id"] = {key[0] for key in keys} & set(
                columns.get("entity_id", [k[0] for k in keys])
            )
        if "entity_id" not in columns and sum(map(self.count, wanted)) > MOST_SELECTED:
            raise SelectionTooLarge
        return ObservationTable(self._read(sorted(wanted), columns)).select({}, keys, preferred=preferred)

    # -- files ------------------------------------------------------------------------------------

    @cached_property
    def _enums(self) -> dict[str, list[str]]:
        return {
            "period": list(self.index["periods"]),
            "source_id": list(self.index["sources"]),
            "status": list(self.index["statuses"]),
        }

    def _read(self, indicators: Sequence[str], allowed: Mapping[str, Collection[str]]) -> pd.DataFrame:
        frames = []
        for indicator_id in indicators:
            path = self.folder / "observations" / f"{indicator_id}.parquet"
            if not _NAME.fullmatch(indicator_id) or not path.is_file():
                continue
            conditions = " AND ".join(f"list_contains(?, {column})" for column in allowed) or "true"
            cast = (f"{c}::{c}_type AS {c}" if c in self._enums else c for c in OBSERVATION_COLUMNS)
            query = f"SELECT {', '.join(cast)} FROM read_parquet(?) WHERE {conditions}"  # noqa: S608 - our own names
            values = [str(path), *(sorted(v) for v in allowed.values())]
            frames.append(self._cursor().execute(query, values).df())
        return _categories(concat([_categories(frame) for frame in frames]))

    def _rows(self, query: str, values: list[Any]) -> list[tuple[Any, ...]]:
        series = "read_parquet('" + str(self.folder / "series.parquet").replace("'", "''") + "')"
        found: list[tuple[Any, ...]] = self._cursor().execute(query.format(series=series), values).fetchall()
        return found

    def _cursor(self) -> Any:
        """Return a cursor of this process: a connection does not survive a fork."""
        with self._lock:
            pid = os.getpid()
            if pid not in self._connections:
                connection = self._duckdb.connect(config={"threads": 1, "memory_limit": "512MB"})
                for name, words in self._enums.items():
                    listed = ", ".join("'" + word.replace("'", "''") + "'" for word in words)
                    connection.execute(f"CREATE TYPE {name}_type AS ENUM ({listed})")
                self._connections[pid] = connection
            return self._connections[pid].cursor()


class SelectionTooLarge(Exception):  # noqa: N818 - the reader asked for too much; the server is well
    """A filter covers more observations than one answer may hold."""


def _categories(frame: pd.DataFrame) -> pd.DataFrame:
    out: dict[str, Any] = {}
    for name in OBSERVATION_COLUMNS:
        column = frame[name]
        out[name] = column.astype("float64") if name == "value" else pd.Categorical(column)
    return pd.DataFrame(out)
