"""Tables in memory and as CSV files, of which every fault is reported with its line.

Small tables are plain text frames. Observations may be millions of rows: all columns are categories but
``value``, a double, so that comparing, sorting and checking are arithmetic on codes.
"""

import csv
import errno
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from etl.errors import Problem, ValidationError, capped_problems
from etl.schema import ALL, BOOK, EDITION, OBSERVATIONS, Table
from etl.tidy import NUMBER, number_text

KEY = ALL["observations"].key
NAMES = ALL["observations"].names
POINT = list(KEY[:3])
"""Entity, indicator and period: a figure in whatever document."""
TEXTS = [name for name in NAMES if name != "value"]
csv.field_size_limit(1_000_000)
MISSING = "file is missing"


def empty_observations() -> pd.DataFrame:
    return with_categories(pd.DataFrame(columns=NAMES, dtype=object))


def with_categories(frame: pd.DataFrame) -> pd.DataFrame:
    """Return observations given as text in memory form; raise :class:`ValueError` for what is no number."""
    columns: dict[str, object] = {"value": frame["value"].astype(object).to_numpy(dtype=np.float64)}
    for name in TEXTS:
        column = frame[name]
        columns[name] = column.array if column.dtype == "category" else category(map(str, column))
    return pd.DataFrame(columns)[NAMES]


def category(texts: Iterable[str]) -> pd.Categorical:
    """Return texts as categories of the one dtype that all frames share, also when there are none."""
    return pd.Categorical(pd.array(list(texts), dtype="str"))


def used_categories(column: pd.Series) -> set[str]:
    return set(map(str, column.cat.remove_unused_categories().cat.categories))


def concat(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    frames = [frame for frame in frames if len(frame)]
    if not frames:
        return empty_observations()
    return pd.DataFrame({
        name: np.concatenate([f[name].to_numpy() for f in frames])
        if name == "value"
        else union_categoricals([f[name].array for f in frames], sort_categories=True)
        for name in NAMES
    })  # fmt: skip


def keys(*frames: pd.DataFrame, columns: Sequence[str] = KEY) -> list[npt.NDArray[np.int64]]:
    """Return one integer a row and frame, equal where the key columns are equal, ordered as they are.

    Keys are exact, not hashes: the mixed-radix number of the four category codes.
    """
    result = [np.zeros(len(frame), dtype=np.int64) for frame in frames]
    size = 1.0
    for name in columns:
        union = union_categoricals([frame[name].array for frame in frames], sort_categories=True)
        codes = np.split(union.codes.astype(np.int64), np.cumsum([len(frame) for frame in frames])[:-1])
        count = max(1, len(union.categories))
        size *= count
        result = [key * count + code for key, code in zip(result, codes, strict=True)]
    if size >= 2**62:
        raise OverflowError("more distinct keys than fit into 62 bits")
    return result


def map_by_category(frame: pd.DataFrame, column: str, lookup: Mapping[Any, Any], default: Any) -> Any:
    """Return ``lookup`` of a category column for every row, as an array."""
    values = frame[column].array
    cells = [lookup.get(str(value), default) for value in values.categories] or [default]
    return np.array(cells, dtype=bool if isinstance(default, bool) else object)[values.codes]


def sorted_by_key(frame: pd.DataFrame) -> pd.DataFrame:
    (key,) = keys(frame)
    if len(key) > 1 and (key[1:] < key[:-1]).any():
        frame = frame.take(np.argsort(key, kind="stable"))
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="line")
    return frame


def split_by_domain(frame: pd.DataFrame, indicators: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Split observations into the published files, sorted; an unknown indicator is in none of them."""
    domain_of = dict(zip(indicators["indicator_id"], indicators["domain"], strict=True))
    domains = map_by_category(frame, "indicator_id", domain_of, "")
    documents = map(str, frame["source_id"].array.categories)
    books = {name: BOOK for name in documents if name.startswith(EDITION)}
    domains = domains + map_by_category(frame, "source_id", books, "")
    return {name: sorted_by_key(part) for name in OBSERVATIONS if len(part := frame[domains == name])}


def read_small(path: Path, table: Table, file: str = "") -> tuple[pd.DataFrame, list[Problem]]:
    """Read a small table as text; a fault of the file becomes a :class:`Problem`, never an exception.

    The index is the line number. ``file``: the name to show.
    """
    file = file or table.path
    raw, problems = _bytes(path, table, file)
    if raw is None:
        return pd.DataFrame(columns=table.names, dtype=object), problems
    frame, problems = _parse(raw, table, file)
    if not table.hand_written and not problems:
        problems += _difference(raw, small_bytes(frame, table), file)
    return frame, problems


def _bytes(path: Path, table: Table, file: str) -> tuple[bytes | None, list[Problem]]:
    try:
        return read_regular_file(path), []
    except FileNotFoundError:
        return None, [] if table.optional else [Problem(file, 0, MISSING, "put it there")]
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        return None, [Problem(file, 0, what, "make it a plain file that you may read")]


def _difference(raw: bytes, written: bytes, file: str) -> Iterator[Problem]:
    lines = zip_longest(raw.splitlines(True), written.splitlines(True))
    for number, (line, wanted) in enumerate(lines, 1):
        if line != wanted:
            what = "not as a refresh writes it: byte order mark, line ends, quotes or order"
            yield Problem(file, number, what, "let `pursuit refresh` write it")
            return


def with_rows(data_dir: Path, table: Table, rows: Sequence[Mapping[str, str]]) -> tuple[str, bytes]:
    """Return path and bytes of a hand-written table with ``rows`` in place of those of the same key."""
    before, problems = read_small(data_dir / table.path, replace(table, optional=True))
    if problems:
        raise ValidationError(problems)
    frame = pd.concat([before, pd.DataFrame(rows, columns=table.names, dtype=object)], ignore_index=True)
    return table.path, small_bytes(frame.drop_duplicates(list(table.key), keep="last"), table)


def read_observations(path: Path, file: str, *, trusted: bool = False) -> tuple[pd.DataFrame, list[Problem]]:
    """Read an observations file; the index is the line number. A value that is no number becomes NaN.

    ``trusted``: the file is one we wrote; it is not compared to the byte.
    """
    raw, problems = _bytes(path, ALL["observations"], file)
    if raw is None:
        return empty_observations(), problems
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
                column = frame[name].array
                frame[name] = pd.Categorical.from_codes(column.codes, column.categories.astype("str"))
            frame.index = pd.RangeIndex(2, len(frame) + 2, name="line")
            if trusted or observation_bytes(frame) == raw:
                return frame, []
    except ValueError:  # not UTF-8, not CSV, not a number: reported below, by line
        pass
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
        return pd.DataFrame(columns=table.names, dtype=object), [
            Problem(file, line, "not UTF-8", "save the file as UTF-8")
        ]
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
        return pd.DataFrame(columns=table.names, dtype=object), [
            *problems,
            _header_problem(file, header, table.names),
        ]
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
    ordered = frame.sort_values(list(table.key), kind="stable") if table.key else frame
    return ordered[table.names].astype(str).to_csv(index=False, lineterminator="\n").encode("utf-8")


def read_regular_file(path: Path) -> bytes:
    """Return a file's bytes; raise :class:`OSError` for what is no regular file: a pipe would never end."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "not a plain file", str(path))
    return path.read_bytes()


def read_object(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file; ``{}`` where there is none or it is damaged."""
    try:
        document = json.loads(path.read_bytes()) if path.is_file() else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _header_problem(file: str, header: list[str], wanted: list[str]) -> Problem:
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark.join(wanted[:2]) in header[0]:
            return Problem(file, 1, f"cells are separated by {name}", "save it with commas between the cells")
    missing = ", ".join(name for name in wanted if name not in header)
    extra = ", ".join(name for name in header if name not in wanted)
    faults = [f"columns missing: {missing}"] * bool(missing) + [f"columns unknown: {extra}"] * bool(extra)
    what = "; ".join(faults) or "columns repeated or in another order"
    return Problem(file, 1, " ".join(what.split())[:300], f"the header must be {','.join(wanted)}")
