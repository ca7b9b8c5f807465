"""Tables between disk and memory, with every fault of a file named by its line.

Small tables are plain text frames. Observations may be millions of rows: all columns are categories but
``value``, a double, so that comparing, sorting and checking are arithmetic on codes.
"""

from __future__ import annotations

import csv
import errno
import io
import mmap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from etl.schema import ALL, BOOK, EDITION, OBSERVATIONS, Table
from etl.tidy import number_texts

KEY = ALL["observations"].key
NAMES = ALL["observations"].names
TEXTS = [name for name in NAMES if name != "value"]
csv.field_size_limit(1_000_000)
MISSING = "file is missing"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong: where, what, and how to fix it."""

    file: str
    line: int
    what: str
    fix: str
    error: bool = True
    """False: worth a look, but no reason not to publish."""

    def __str__(self) -> str:
        mark = "" if self.error else "note: "
        return f"{self.file}:{self.line}: {mark}{self.what}; {self.fix}"


def read_small(path: Path, table: Table, shown: str = "") -> tuple[pd.DataFrame, list[Problem]]:
    """Read a small table as text; a fault of the file becomes a :class:`Problem`, never an exception."""
    shown = shown or table.path
    empty = pd.DataFrame({name: pd.Series([], dtype=object) for name in table.names})
    try:
        raw = read_regular_file(path)
    except FileNotFoundError:
        return empty, [] if table.optional else [Problem(shown, 0, MISSING, "put it there")]
    except OSError as error:
        return empty, [unreadable(shown, error)]
    # what people write comes from their editors and spreadsheets; what we write is ours to the byte
    problems = [] if table.hand_written else _bytes_problems(raw, shown)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return empty, [*problems, Problem(shown, line, "not UTF-8", "save the file as UTF-8")]
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        for row in reader:
            if any(row) or (row and not table.hand_written):
                rows.append(row)
                lines.append(line)
            elif not table.hand_written:
                problems.append(Problem(shown, line, "empty line", "remove it"))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(shown, line, f"not CSV ({error})", "check quotes and commas"))
    header = rows[0] if rows else []
    wide, width = len(header), len(table.names)
    if table.hand_written and wide > width and not any(header[width:]):  # a spreadsheet's empty columns
        header = header[:width]
        rows = [row[:width] if len(row) == wide and not any(row[width:]) else row for row in rows]
    if header != table.names:
        return empty, [*problems, _header_problem(shown, header, table.names)]
    good: list[list[str]] = []
    for number, row in zip(lines[1:], rows[1:], strict=True):
        if len(row) != len(header):
            problems.append(
                Problem(
                    shown, number, f"{len(row)} cells instead of {len(header)}", "check quotes and commas"
                )
            )
        row = (row + [""] * len(header))[: len(header)]
        good.append([*row, str(number)])
    frame = pd.DataFrame(good, columns=[*header, "_line"], dtype=object)
    frame.index = pd.Index(frame.pop("_line").astype("int64"), name="line")
    return frame, problems


def read_observations(path: Path, shown: str, *, trusted: bool = False) -> tuple[pd.DataFrame, list[Problem]]:
    """Read an observations file; the index is the line number. A value that is no number becomes NaN.

    ``trusted``: the file is one we wrote; the shape of its rows and the spelling of its numbers are not
    looked at, which is several times as fast.
    """
    try:
        if not path.exists():
            return empty_observations(), []
        problems = _file_problems(path, shown)
    except OSError as error:
        return empty_observations(), [unreadable(shown, error)]
    with path.open("rb") as stream:
        header = stream.readline().decode("utf-8", "replace").strip("\r\n\ufeff").split(",")
    if header != NAMES:
        return empty_observations(), [*problems, _header_problem(shown, header, NAMES)]
    kinds: dict[str, Any] = {**dict.fromkeys(TEXTS, "category"), "value": object}
    if trusted:
        try:
            frame = pd.read_csv(path, dtype={**kinds, "value": np.float64}, na_filter=False, low_memory=False)
        except ValueError:
            return read_observations(path, shown)
        if isinstance(frame.index, pd.RangeIndex) and np.isfinite(frame["value"].to_numpy()).all():
            frame.index = pd.RangeIndex(2, len(frame) + 2, name="line")
            return _one_dtype(frame), problems
    try:
        frame = pd.read_csv(
            path, dtype=kinds, keep_default_na=False, na_values=[], skip_blank_lines=False, encoding="utf-8"
        )  # fmt: skip
    except UnicodeDecodeError:
        return empty_observations(), [*problems, Problem(shown, 1, "not UTF-8", "save the file as UTF-8")]
    except pd.errors.ParserError as error:
        what = " ".join(str(error).split())
        return empty_observations(), [*problems, Problem(shown, 1, f"not CSV ({what})", "check the line")]
    if not isinstance(frame.index, pd.RangeIndex):
        return empty_observations(), [
            *problems,
            Problem(shown, 2, "too many cells", "check quotes and commas"),
        ]
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="line")
    problems += _row_problems(path, shown)
    texts = frame["value"].tolist()
    values = _doubles(texts)
    if np.isfinite(values).all():
        wrong = np.array([a != b for a, b in zip(texts, number_texts(values), strict=True)], dtype=bool)
        for line in frame.index[wrong]:
            problems.append(
                Problem(shown, int(line), f"value {frame.at[line, 'value']!r} is not in its shortest form",
                        "let `pursuit refresh` write this file")
            )  # fmt: skip
    else:
        for line in frame.index[~np.isfinite(values)]:
            problems.append(
                Problem(shown, int(line), f"value {frame.at[line, 'value']!r} is not a number", "fix it")
            )
    frame["value"] = values
    return _one_dtype(frame), problems


def _one_dtype(frame: pd.DataFrame) -> pd.DataFrame:
    """Give all categories the dtype that frames need to share; read_csv leaves it to what it finds."""
    for name in TEXTS:
        found = frame[name].array
        frame[name] = pd.Categorical.from_codes(found.codes, found.categories.astype("str"))
    return frame


def empty_observations() -> pd.DataFrame:
    """Return observations without rows."""
    return with_categories(pd.DataFrame({name: pd.Series([], dtype=object) for name in NAMES}))


def with_categories(frame: pd.DataFrame) -> pd.DataFrame:
    """Return observations given as text (values as numbers or text) in the form used in memory.

    Raises :class:`ValueError` where a value is no number.
    """
    columns: dict[str, object] = {}
    for name in NAMES:
        if name == "value":
            columns[name] = np.array([float(v) for v in frame[name]], dtype=np.float64)
        else:
            columns[name] = category(str(v) for v in frame[name])
    return pd.DataFrame(columns)


def category(texts: Iterable[str]) -> pd.Categorical:
    """Return texts as categories of the one dtype that all frames share, also when there are none."""
    return pd.Categorical(pd.array(list(texts), dtype="str"))


def concat(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return observations one after the other, with common sorted categories and a fresh index."""
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
        arrays = [frame[name].array for frame in frames]
        first = arrays[0].categories
        if first.is_monotonic_increasing and all(first.equals(a.categories) for a in arrays[1:]):
            codes, count = [a.codes.astype(np.int64) for a in arrays], len(first)
        else:
            both = union_categoricals(arrays, sort_categories=True)
            ends = np.cumsum([len(a) for a in arrays])[:-1]
            codes, count = np.split(both.codes.astype(np.int64), ends), len(both.categories)
        size *= max(1, count)
        result = [key * max(1, count) + code for key, code in zip(result, codes, strict=True)]
    if size >= 2**62:
        raise OverflowError("more distinct keys than fit into 62 bits")
    return result


def sorted_by_key(frame: pd.DataFrame) -> pd.DataFrame:
    """Return observations sorted by their key, with line numbers as the index."""
    (key,) = keys(frame)
    if len(key) > 1 and (key[1:] < key[:-1]).any():
        frame = frame.take(np.argsort(key, kind="stable"))
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="line")
    return frame


def observation_bytes(frame: pd.DataFrame) -> bytes:
    """Return the CSV of observations; the same table gives the same bytes."""
    # neighbouring columns are joined once a combination, not once a row
    place = NAMES.index("value")
    pieces = (
        _joined(frame, NAMES[:2], "{},"),
        _joined(frame, NAMES[2:place], "{},"),
        number_texts(frame["value"].to_numpy()),
        _joined(frame, NAMES[place + 1 :], ",{}"),
    )
    lines = map("".join, zip(*pieces, strict=True))
    return ("\n".join([",".join(NAMES), *lines]) + "\n").encode("utf-8")


def _joined(frame: pd.DataFrame, names: Sequence[str], form: str) -> list[str]:
    """Return the cells of category columns joined by commas, in ``form``, for every row."""
    place = np.zeros(len(frame), dtype=np.int64)
    texts = [""]
    for number, name in enumerate(names):
        values = frame[name].array
        cells = [_cell(str(text)) for text in values.categories] or [""]
        place, found = pd.factorize(place * len(cells) + values.codes)
        before, own = np.divmod(found, len(cells))
        between = "," if number else ""
        texts = [f"{texts[i]}{between}{cells[j]}" for i, j in zip(before.tolist(), own.tolist(), strict=True)]
    joined = np.empty(max(1, len(texts)), dtype=object)
    joined[:] = [form.format(text) for text in texts] or [""]
    result: list[str] = joined[place].tolist()
    return result


def small_bytes(frame: pd.DataFrame, table: Table) -> bytes:
    """Return the CSV of a small table, sorted by its key."""
    ordered = frame.sort_values(list(table.key), kind="stable") if table.key else frame
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.names)
    writer.writerows(ordered[table.names].astype(str).to_numpy().tolist())
    return out.getvalue().encode("utf-8")


def split_by_domain(frame: pd.DataFrame, indicators: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Split observations into the published files, sorted; an unknown indicator is in none of them."""
    domain_of = dict(zip(indicators["indicator_id"], indicators["domain"], strict=True))
    known, documents = frame["indicator_id"].array, frame["source_id"].array
    domains = np.array([domain_of.get(str(i), "") for i in known.categories] or [""], dtype=object)[
        known.codes
    ]
    books = np.array([str(i).startswith(EDITION) for i in documents.categories] or [False])[documents.codes]
    domains[books] += BOOK
    return {name: sorted_by_key(part) for name in OBSERVATIONS if len(part := frame[domains == name])}


def _cell(text: str) -> str:
    if any(mark in text for mark in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _doubles(texts: list[str]) -> npt.NDArray[np.float64]:
    try:
        return np.array(list(map(float, texts)), dtype=np.float64)
    except ValueError:
        return np.array([_double(text) for text in texts], dtype=np.float64)


def _double(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def read_regular_file(path: Path) -> bytes:
    """Return a file's bytes; raise :class:`OSError` for what is no plain file: a pipe would never end."""
    _check_regular_file(path)
    return path.read_bytes()


def _check_regular_file(path: Path) -> None:
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "not a plain file", str(path))


def unreadable(shown: str, error: OSError) -> Problem:
    """Return the problem of a file that the system does not let us read."""
    return Problem(shown, 0, f"cannot be read ({error.strerror})", "make it a plain file that you may read")


def _header_problem(shown: str, header: list[str], wanted: list[str]) -> Problem:
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark.join(wanted[:2]) in header[0]:
            return Problem(
                shown, 1, f"cells are separated by {name}", "save it with commas between the cells"
            )
    missing = [name for name in wanted if name not in header]
    extra = [name for name in header if name not in wanted]
    what = "; ".join(
        [f"columns missing: {', '.join(missing)}"] * bool(missing)
        + [f"columns unknown: {', '.join(extra)}"] * bool(extra)
    ) or "columns repeated or in another order"  # fmt: skip
    return Problem(shown, 1, what.replace("\n", " ")[:300], f"the header must be {','.join(wanted)}")


def _bytes_problems(raw: bytes | mmap.mmap, shown: str) -> list[Problem]:
    problems = []
    if raw[:3] == b"\xef\xbb\xbf":
        problems.append(Problem(shown, 1, "byte order mark", "save the file as UTF-8 without BOM"))
    if (place := raw.find(b"\r")) >= 0:
        line = raw[:place].count(b"\n") + 1
        problems.append(Problem(shown, line, "carriage return", "use LF line ends"))
    if len(raw) and raw[-1:] != b"\n":
        line = raw[: len(raw)].count(b"\n") + 1
        problems.append(Problem(shown, line, "no line end at the end of the file", "add one"))
    return problems


def _row_problems(path: Path, shown: str) -> list[Problem]:
    """Find rows of the wrong length or over several lines: pandas fills the one and takes the other."""
    problems: list[Problem] = []
    raw = np.fromfile(path, dtype=np.uint8)
    if not (raw == ord('"')).any():  # without quotes a cell is what stands between commas
        ends = np.flatnonzero(raw == ord("\n"))
        commas = np.searchsorted(np.flatnonzero(raw == ord(",")), ends)
        if (np.diff(commas, prepend=0) == len(NAMES) - 1).all():
            return []
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        for number, row in enumerate(reader, 1):
            if len(row) != len(NAMES):
                few = "few" if len(row) < len(NAMES) else "many"
                problems.append(Problem(shown, number, f"too {few} cells", "check quotes and commas"))
        if not problems and reader.line_num != number:
            problems.append(Problem(shown, 1, "a cell has a line break inside", "write it on one line"))
    return problems[:100]


def _file_problems(path: Path, shown: str) -> list[Problem]:
    _check_regular_file(path)
    if path.stat().st_size == 0:
        return [Problem(shown, 1, "empty file", "let `pursuit refresh` write it")]
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as raw:
        return _bytes_problems(raw, shown)
