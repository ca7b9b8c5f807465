"""The published tables from disk: checked while reading, every fault reported with its file and line.

Observations may be millions: text columns are read as categories, so that checking and sorting are
arithmetic on codes and the table stays a few dozen bytes a row.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Container
from dataclasses import fields
from itertools import product
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from dashboard.dataset.records import CUSTODIES, OBSERVATION_COLUMNS, TIERS, Source

Row = TypeVar("Row")
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters, and the marks that turn the direction of the text around them: shown nowhere."""
TEXTS = tuple(c for c in OBSERVATION_COLUMNS if c != "value")


class DatasetError(Exception):
    """The dataset cannot be read. ``str(error)`` is one line: file:line, what is wrong, how to fix it."""


def rows(path: Path, cls: type[Row]) -> list[Row]:
    """Read a table of named rows; a missing optional table is an empty one."""
    if not path.exists():
        return []
    kinds = {f.name: str(f.type) for f in fields(cast(Any, cls))}
    out: list[Row] = []
    reader = csv.DictReader(io.StringIO(plain_text(path), newline=""))
    missing = set(kinds) - set(reader.fieldnames or ())
    if missing:
        raise DatasetError(
            f"{path}:1: column {', '.join(sorted(missing))} is missing; "
            "take the table from the last release or run `pursuit validate`"
        )
    try:
        for row in reader:
            out.append(cls(**{k: _cell(row[k], kind) for k, kind in kinds.items()}))
    except (TypeError, ValueError, csv.Error) as error:
        raise DatasetError(f"{path}:{reader.line_num}: {error}; fix this row") from None
    return out


def plain_text(path: Path) -> str:
    """Return the text of a plain file; raise :class:`DatasetError` for any other, and for other encodings."""
    try:
        if not path.is_file():  # a pipe would be waited for without end
            raise DatasetError(f"{path}: not a plain file; put the table there")
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read ({error.strerror}); let it be read") from None
    except UnicodeDecodeError:
        raise DatasetError(f"{path}: not UTF-8; save it as UTF-8") from None


def texts(path: Path) -> pd.DataFrame:
    if not path.exists():
        return pd.DataFrame()
    try:
        return pd.read_csv(io.StringIO(plain_text(path)), dtype=str, keep_default_na=False)
    except ValueError as error:
        raise DatasetError(f"{path}: not a readable CSV ({str(error).strip()}); fix or refresh it") from None


def json_object(path: Path) -> dict[str, Any]:
    """Return a file's JSON object, ``{}`` where there is no file; raise :class:`DatasetError` for another."""
    if not path.exists():
        return {}
    try:
        found = json.loads(plain_text(path))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise DatasetError(f"{path}: not a JSON object; run `pursuit refresh`, which writes it anew")
    return found


def status(path: Path) -> dict[str, Any]:
    """Return the published status: ``collectors`` in it is an object of objects, whatever the file holds."""
    found = json_object(path)
    rows = found.get("collectors")
    known = rows.items() if isinstance(rows, dict) else ()
    return {**found, "collectors": {k: v for k, v in known if isinstance(v, dict)}} if found else {}


def _cell(text: str | None, kind: str) -> Any:
    if text is None:
        raise ValueError("the row has too few cells")
    if kind == "int":
        return int(text)
    if kind == "float | None":
        return float(text) if text else None
    return UNSEEN.sub("", text)


def observations(
    path: Path, entities: Container[str], indicators: Container[str], sources: Container[str]
) -> pd.DataFrame:
    """Read one table of observations: categories and a double; raises :class:`DatasetError`."""
    frame = _table(path)
    for column, known in (("entity_id", entities), ("indicator_id", indicators), ("source_id", sources)):
        strange = [code for code, name in enumerate(frame[column].cat.categories) if name not in known]
        if strange:
            at = int(np.isin(frame[column].cat.codes.to_numpy(), strange).argmax())
            raise DatasetError(
                f"{path}:{at + 2}: unknown {column} {frame[column].iloc[at]!r}; "
                f"add it to its table or take the row out"
            )
    return frame


def _table(path: Path) -> pd.DataFrame:
    kinds: dict[Any, Any] = dict.fromkeys(TEXTS, "category")
    if not path.is_file():
        raise DatasetError(f"{path}: not a plain file; put the table there")
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            missing = set(OBSERVATION_COLUMNS) - set(next(csv.reader(handle), []))
        if missing:
            raise DatasetError(
                f"{path}:1: column {', '.join(c for c in OBSERVATION_COLUMNS if c in missing)} is missing; "
                "run `pursuit refresh`"
            )
        read: dict[str, Any] = {
            "usecols": list(OBSERVATION_COLUMNS),
            "na_filter": False,
            "encoding": "utf-8-sig",
        }
        try:
            frame = pd.read_csv(path, dtype={**kinds, "value": "float64"}, low_memory=False, **read)
        except ValueError:  # a cell of values that is no number: read as text, it can be named
            frame = pd.read_csv(path, dtype={**kinds, "value": "str"}, **read)
        if digits := [c for c in TEXTS if frame[c].cat.categories.dtype != "str"]:
            # pandas takes a column of digits alone for numbers: 007 would be 7
            read_as_text = pd.read_csv(path, dtype="str", **{**read, "usecols": digits})
            frame[digits] = read_as_text.astype("category")
    except (ValueError, OSError) as error:
        raise DatasetError(f"{path}: not a readable CSV ({str(error).strip()}); fix or refresh it") from None
    numbers = pd.to_numeric(frame["value"], errors="coerce").to_numpy(dtype="float64")
    if not np.isfinite(numbers).all():
        at = int((~np.isfinite(numbers)).argmax())
        shown = str(frame["value"].iloc[at])
        raise DatasetError(f"{path}:{at + 2}: value {shown!r} is not a number; fix this cell")
    frame["value"] = numbers
    return pd.DataFrame(frame, columns=list(OBSERVATION_COLUMNS))


def concat(frames: list[pd.DataFrame]) -> pd.DataFrame:
    if not frames:
        return pd.DataFrame({column: pd.Series(dtype="object") for column in OBSERVATION_COLUMNS})
    out: dict[str, Any] = {}
    for column in OBSERVATION_COLUMNS:
        parts = [frame[column] for frame in frames]
        out[column] = (
            np.concatenate([part.to_numpy() for part in parts])
            if column == "value"
            else union_categoricals([_of_text(part) for part in parts])
        )
    return pd.DataFrame(out)


def sort_by_preference(frame: pd.DataFrame, sources: dict[str, Source]) -> pd.DataFrame:
    """Return the observations sorted by indicator, entity, period, then preference, as categories.

    Preference: not doubtful, tier, custody, newest document, id; one indicator has one definition. The order
    does not depend on that of the rows.
    """
    frame = frame.reindex(columns=list(OBSERVATION_COLUMNS), fill_value="")
    columns = {name: _sorted_categories(frame[name]) for name in TEXTS}
    names = [str(name) for name in columns["source_id"].categories]
    best = list(product(TIERS, CUSTODIES))
    rank = [best.index((sources[s].tier, sources[s].custody)) if s in sources else len(best) for s in names]
    published = [sources[s].published if s in sources else "" for s in names]
    age = {day: n for n, day in enumerate(sorted(set(published), reverse=True))}
    document = columns["source_id"].codes
    status = columns["status"]
    doubtful = np.asarray([name == "doubtful" for name in status.categories], dtype=bool)
    order = np.lexsort((
        document,
        np.asarray([age[day] for day in published], dtype="int32")[document],
        np.asarray(rank, dtype="int8")[document],
        doubtful[status.codes],
        columns["period"].codes,
        columns["entity_id"].codes,
        columns["indicator_id"].codes,
    )) if len(frame) else np.arange(0)  # fmt: skip
    out: dict[str, Any] = {
        name: columns[name].take(order) if name in columns else frame[name].to_numpy(dtype="float64")[order]
        for name in OBSERVATION_COLUMNS
    }
    return pd.DataFrame(out)


def _sorted_categories(column: pd.Series[Any]) -> pd.Categorical:
    found = _of_text(column).remove_unused_categories()
    return found.reorder_categories(sorted(found.categories), ordered=False)


def _of_text(column: pd.Series[Any]) -> pd.Categorical:
    """Return a column as a categorical of texts, whatever an empty or a one-valued file was read as."""
    found = pd.Categorical(column)
    return pd.Categorical.from_codes(found.codes, pd.Index(found.categories, dtype="str"))


def version(directory: Path, essay: Path) -> str:
    """Return a hash of every published table and of the essay, the same wherever they stand."""
    digest = hashlib.sha256()
    names = ("entities", "indicators", "sources", "publishers", "groups", "events", "titles", "notes", "gaps")
    paths = [directory / f"{name}.csv" for name in names]
    paths += sorted((directory / "observations").glob("*.csv"))
    written = sorted([*essay.glob("*.toml"), *essay.glob("claims/*.toml")])
    for root, found in ((directory, paths), (essay, written)):
        for path in filter(Path.is_file, found):
            digest.update(os.fsencode(path.relative_to(root).as_posix()) + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
