"""The published tables from disk: checked while reading, every fault reported with its file and line."""

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Container, Sequence
from dataclasses import fields
from itertools import product
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from dashboard.dataset.records import CUSTODIES, OBSERVATION_COLUMNS, TABLES, TIERS, Source

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
    kinds = {f.name: f.type for f in fields(cast(Any, cls))}
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


def status(path: Path) -> dict[str, Any]:
    """Return the published status: ``collectors`` in it is an object of objects, whatever the file holds."""
    try:
        content = json.loads(plain_text(path)) if path.exists() else {}
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise DatasetError(f"{path}: not a JSON object; run `pursuit refresh`, which writes it anew")
    rows = content.get("collectors")
    known = rows.items() if isinstance(rows, dict) else ()
    return content | {"collectors": {name: row for name, row in known if isinstance(row, dict)}}


def _cell(text: str | None, kind: object) -> Any:
    if text is None:
        raise ValueError("the row has too few cells")
    if kind == float | None:
        return float(text) if text else None
    return UNSEEN.sub("", text)


def observations(
    path: Path, entities: Container[str], indicators: Container[str], sources: Container[str]
) -> pd.DataFrame:
    """Read one table of observations: categories and a double; raises :class:`DatasetError`."""
    if not path.is_file():
        raise DatasetError(f"{path}: not a plain file; put the table there")
    how: dict[str, Any] = {"usecols": OBSERVATION_COLUMNS, "na_filter": False, "encoding": "utf-8-sig"}
    kinds: dict[Any, Any] = dict.fromkeys(TEXTS, "category")
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            header = next(csv.reader(handle), [])
        if missing := [c for c in OBSERVATION_COLUMNS if c not in header]:
            raise DatasetError(f"{path}:1: column {', '.join(missing)} is missing; run `pursuit refresh`")
        try:
            frame = pd.read_csv(path, dtype={**kinds, "value": "float64"}, low_memory=False, **how)
        except ValueError:  # a cell of values that is no number: read as text, it can be named
            frame = pd.read_csv(path, dtype={**kinds, "value": "str"}, **how)
        if digits := [c for c in TEXTS if frame[c].cat.categories.dtype != "str"]:
            # pandas takes a column of digits alone for numbers: 007 would be 7
            how["usecols"] = digits
            frame[digits] = pd.read_csv(path, dtype="str", **how).astype("category")
    except (ValueError, OSError) as error:
        raise DatasetError(f"{path}: not a readable CSV ({str(error).strip()}); fix or refresh it") from None
    frame = frame.assign(value=pd.to_numeric(frame["value"], errors="coerce"), text=frame["value"])
    _refuse(path, frame, "text", ~np.isfinite(frame["value"]), "value {!r} is not a number; fix this cell")
    for column, known in (("entity_id", entities), ("indicator_id", indicators), ("source_id", sources)):
        strange = [name for name in frame[column].cat.categories if name not in known]
        advice = f"unknown {column} {{!r}}; add it to its table or take the row out"
        _refuse(path, frame, column, frame[column].isin(strange), advice)
    return pd.DataFrame(frame, columns=list(OBSERVATION_COLUMNS))


def _refuse(path: Path, frame: pd.DataFrame, column: str, wrong: "pd.Series[bool]", advice: str) -> None:
    """Name the first row that is wrong, if any."""
    if wrong.any():
        at = int(wrong.to_numpy().argmax())
        raise DatasetError(f"{path}:{at + 2}: {advice.format(str(frame[column].iloc[at]))}")


def concat(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return tables of observations as one; texts are categories, also where a table has no row."""
    if not frames:
        frames = [pd.DataFrame(columns=list(OBSERVATION_COLUMNS)).astype(dict.fromkeys(TEXTS, "category"))]
    texts = {c: union_categoricals([_of_text(frame[c]) for frame in frames]) for c in TEXTS}
    values = np.concatenate([frame["value"].to_numpy(dtype="float64") for frame in frames])
    return pd.DataFrame({**texts, "value": values}, columns=list(OBSERVATION_COLUMNS))


def sort_by_preference(frame: pd.DataFrame, sources: dict[str, Source]) -> pd.DataFrame:
    """Return the observations sorted by indicator, entity, period, then preference, as categories.

    Preference: not doubtful, tier, custody, newest document, id; one indicator has one definition. The order
    does not depend on that of the rows. ``frame``: as :func:`concat` returns it.
    """
    ranks = {kind: n for n, kind in enumerate(product(TIERS, CUSTODIES))}
    place = {s.source_id: ranks.get((s.tier, s.custody), len(ranks)) for s in sources.values()}
    documents = sorted(frame["source_id"].cat.categories)
    documents.sort(key=lambda s: sources[s].published if s in sources else "", reverse=True)
    documents.sort(key=lambda s: place.get(s, len(ranks)))
    columns: dict[str, Any] = {"doubtful": frame["status"] == "doubtful"}
    for column in TEXTS:
        order = documents if column == "source_id" else sorted(frame[column].cat.categories)
        columns[column] = frame[column].cat.reorder_categories(order).cat.remove_unused_categories()
    keys = ["indicator_id", "entity_id", "period", "doubtful", "source_id"]
    return frame.assign(**columns).sort_values(keys, ignore_index=True).drop(columns="doubtful")


def _of_text(column: "pd.Series[Any]") -> pd.Categorical:
    """Return a column as a categorical of texts, whatever an empty or a one-valued file was read as."""
    coded = pd.Categorical(column)
    return pd.Categorical.from_codes(coded.codes, pd.Index(coded.categories, dtype="str"))


def version(directory: Path, essay: Path) -> str:
    """Return a hash of every published table and of the essay, the same wherever they stand."""
    digest = hashlib.sha256()
    paths = [directory / f"{name}.csv" for name in TABLES]
    paths += sorted((directory / "observations").glob("*.csv"))
    written = sorted([*essay.glob("*.toml"), *essay.glob("claims/*.toml")])
    for root, files in ((directory, paths), (essay, written)):
        for path in filter(Path.is_file, files):
            digest.update(os.fsencode(path.relative_to(root).as_posix()) + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
