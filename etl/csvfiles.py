"""Reading and writing CSV files; every fault is reported with its line."""

from __future__ import annotations

import csv
import errno
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from etl.errors import ValidationError
from etl.problems import Problem, capped_problems
from etl.schema import ALL, Table
from etl.tables import NAMES, TEXTS, empty_observations, with_categories
from etl.tidy import NUMBER, number_text

csv.field_size_limit(1_000_000)
MISSING = "file is missing"


def read_small(path: Path, table: Table, file: str = "") -> tuple[pd.DataFrame, list[Problem]]:
    """Read a small table as text; a fault of the file becomes a :class:`Problem`, never an exception.

    The index is the line number. ``file``: the name to show.
    """
    file = file or table.path
    try:
        raw = read_regular_file(path)
    except FileNotFoundError:
        return _empty(table), [] if table.optional else [Problem(file, 0, MISSING, "put it there")]
    except OSError as error:
        return _empty(table), [_unreadable(file, error)]
    frame, problems = _parse(raw, table, file)
    if not table.hand_written and not problems:
        problems += _difference(raw, small_bytes(frame, table), file)
    return frame, problems


def _difference(raw: bytes, written: bytes, file: str) -> Iterator[Problem]:
    """Yield where a file that a refresh writes is not what it would write."""
    lines = zip_longest(raw.splitlines(True), written.splitlines(True))
    for number, (found, wanted) in enumerate(lines, 1):
        if found != wanted:
            what = "not as a refresh writes it: byte order mark, line ends, quotes or order"
            yield Problem(file, number, what, "let `pursuit refresh` write it")
            return


def _empty(table: Table) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series([], dtype=object) for name in table.names})


def with_rows(data_dir: Path, table: Table, rows: Sequence[Mapping[str, str]]) -> tuple[str, bytes]:
    """Return path and bytes of a hand-written table with ``rows`` in place of those of the same key."""
    before, problems = read_small(data_dir / table.path, replace(table, optional=True))
    if problems:
        raise ValidationError([str(problem) for problem in problems])
    frame = pd.concat([before, pd.DataFrame(rows, columns=table.names, dtype=object)], ignore_index=True)
    return table.path, small_bytes(frame.drop_duplicates(list(table.key), keep="last"), table)


def read_observations(path: Path, file: str, *, trusted: bool = False) -> tuple[pd.DataFrame, list[Problem]]:
    """Read an observations file; the index is the line number. A value that is no number becomes NaN.

    ``trusted``: the file is one we wrote; it is not compared to the byte.
    """
    try:
        raw = read_regular_file(path)
    except FileNotFoundError:
        return empty_observations(), []
    except OSError as error:
        return empty_observations(), [_unreadable(file, error)]
    kinds: dict[str, Any] = {**dict.fromkeys(TEXTS, "category"), "value": np.float64}
    try:
        frame = pd.read_csv(io.BytesIO(raw), dtype=kinds, na_filter=False, low_memory=False)
        if numbers := [c for c in TEXTS if c in frame and frame[c].cat.categories.dtype != "str"]:
            # pandas takes a column of digits alone for numbers: 007 would be 7
            texts = pd.read_csv(io.BytesIO(raw), dtype="str", usecols=numbers, na_filter=False)
            frame[numbers] = texts.astype("category")
        complete = list(frame.columns) == NAMES and isinstance(frame.index, pd.RangeIndex)
        if complete and np.isfinite(frame["value"].to_numpy()).all():
            for name in TEXTS:  # the dtype that frames need to share; read_csv leaves it to what it finds
                found = frame[name].array
                frame[name] = pd.Categorical.from_codes(found.codes, found.categories.astype("str"))
            frame.index = pd.RangeIndex(2, len(frame) + 2, name="line")
            if trusted or observation_bytes(frame) == raw:
                return frame, []
    except ValueError:  # not UTF-8, not CSV, not a number: reported below, by line
        pass
    return _read_line_by_line(raw, file)


def _read_line_by_line(raw: bytes, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Read observations that are not as we write them; say where."""
    rows, problems = _parse(raw, ALL["observations"], file)
    wrong = np.array([not NUMBER.fullmatch(text) for text in rows["value"]], dtype=bool)
    what, fix = "is not a plain number in its shortest form", "write it like 12.5"
    problems += capped_problems(rows, file, wrong, what, fix, cell="value")
    frame = with_categories(rows.assign(value=rows["value"].mask(wrong, "nan"))).set_index(rows.index)
    if not problems:
        problems += _difference(raw, observation_bytes(frame), file)
    return frame, problems


def _parse(raw: bytes, table: Table, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the rows as text, and what is wrong with the form; empty rows and columns are left out."""
    problems: list[Problem] = []
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return _empty(table), [Problem(file, line, "not UTF-8", "save the file as UTF-8")]
    rows: list[tuple[int, list[str]]] = []
    reader, line = csv.reader(io.StringIO(text, newline=""), strict=True), 1
    try:
        for row in reader:
            rows += [(line, row)] if any(row) else []
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(file, line, f"not CSV ({error})", "check quotes and commas"))
    header = rows.pop(0)[1] if rows else []
    width = len(table.names)
    if header[:width] == table.names and not any(header[width:]):
        wide, header = len(header), header[:width]
        rows = [(n, row[:width] if len(row) == wide and not any(row[width:]) else row) for n, row in rows]
    if header != table.names:
        return _empty(table), [*problems, _header_problem(file, header, table.names)]
    for line, row in rows:
        if len(row) != width:
            few = "few" if len(row) < width else "many"
            what = f"too {few} cells ({len(row)} instead of {width})"
            problems.append(Problem(file, line, what, "check quotes and commas"))
    cells = [(row + [""] * width)[:width] for _, row in rows]
    index = pd.Index([line for line, _ in rows], dtype="int64", name="line")
    return pd.DataFrame(cells, columns=header, index=index, dtype=object), problems


def observation_bytes(frame: pd.DataFrame) -> bytes:
    texts = frame[NAMES].assign(value=[number_text(value) for value in frame["value"].tolist()])
    return texts.to_csv(index=False, lineterminator="\n").encode("utf-8")


def small_bytes(frame: pd.DataFrame, table: Table) -> bytes:
    """Return the CSV of a small table, sorted by its key."""
    ordered = frame.sort_values(list(table.key), kind="stable") if table.key else frame
    return ordered[table.names].astype(str).to_csv(index=False, lineterminator="\n").encode("utf-8")


def read_regular_file(path: Path) -> bytes:
    """Return a file's bytes; raise :class:`OSError` for what is no regular file: a pipe would never end."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "not a plain file", str(path))
    return path.read_bytes()


def _unreadable(file: str, error: OSError) -> Problem:
    return Problem(file, 0, f"cannot be read ({error.strerror})", "make it a plain file that you may read")


def _header_problem(file: str, header: list[str], wanted: list[str]) -> Problem:
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark.join(wanted[:2]) in header[0]:
            return Problem(file, 1, f"cells are separated by {name}", "save it with commas between the cells")
    missing = ", ".join(name for name in wanted if name not in header)
    extra = ", ".join(name for name in header if name not in wanted)
    found = [f"columns missing: {missing}"] * bool(missing) + [f"columns unknown: {extra}"] * bool(extra)
    what = "; ".join(found) or "columns repeated or in another order"
    return Problem(file, 1, " ".join(what.split())[:300], f"the header must be {','.join(wanted)}")
