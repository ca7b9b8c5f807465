"""CSV for spreadsheets: text that a spreadsheet would run as a formula is escaped."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

_NUMBER = re.compile(r"[+\-−]?[0-9]+(\.[0-9]+)?([eE][+\-]?[0-9]+)?")
_FORMULA = re.compile(r"[\t\r\n]|[\s\ufeff]*[=+\-@＝＋－＠]")
"""What a spreadsheet may take for a formula, or cut, at the start of a text."""
_PIECE = 2000
"""Rows of a piece."""


def neutral(cell: object) -> object:
    """Return ``cell`` so that no spreadsheet takes it for a formula; numbers stay as they are.

    >>> neutral("=1+1"), neutral("2024"), neutral("-3.5"), neutral("-")
    ("'=1+1", '2024', '-3.5', "'-")
    """
    if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV (UTF-8 with a byte order mark, so that spreadsheets read Chinese) of ``rows``."""
    return b"".join(pieces(columns, rows))


def pieces(columns: Sequence[str], rows: Iterable[Sequence[object]], *, mark: bool = True) -> Iterator[bytes]:
    """Give what :func:`table` returns piece by piece; ``mark``: begin with a byte order mark."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    # a carriage return ends a row for many readers, and csv quotes none where rows end in a line feed
    careful = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    out.write("\ufeff" if mark else "")

    for n, row in enumerate(chain([columns], rows), 1):
        cells = [neutral("" if cell is None else cell) for cell in row]
        broken = any(isinstance(cell, str) and "\r" in cell for cell in cells)
        (careful if broken else writer).writerow(cells)
        if n % _PIECE == 0:
            yield out.getvalue().encode("utf-8")
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode("utf-8")
