"""What the commands print: plain records through a pipe, JSON in UTF-8, and never a failure of its own.

A terminal may lack a character, a disk may be full, a reader may have gone (``| head``): the work is done
all the same, and the exit code tells of the work.
"""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

LOST = 3
"""Exit code where all went well but for the output, which could not be written."""


class _Lasting(io.FileIO):
    """A file whose writes do not fail; ``lost`` is why the first one that would have did."""

    lost: OSError | None = None

    def write(self, data: Any, /) -> int:
        if self.lost is None:
            try:
                return super().write(data)
            except OSError as error:
                self.lost = error
        return len(data)


def run(command: Callable[[], object]) -> None:
    """Run a command line with streams that last; leave with its exit code."""
    _open_all()
    sys.stdout, out = _lasting(sys.stdout, 1)
    sys.stderr, _ = _lasting(sys.stderr, 2)
    code: Any = 0
    try:
        command()
    except SystemExit as end:
        code = end.code
    sys.stdout.flush()
    lost = out.lost if out else None
    if lost is not None and lost.errno not in (errno.EPIPE, errno.EINVAL):
        print(f"error: the output could not be written ({lost.strerror})", file=sys.stderr)
        code = code or LOST
    sys.stderr.flush()
    raise SystemExit(code)


def _open_all() -> None:
    """Put nothing in place of closed streams, so that no file opened later takes their numbers."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _lasting(stream: TextIO | None, number: int) -> tuple[TextIO, _Lasting | None]:
    """Return ``stream`` such that writing to it cannot fail; a terminal is left to the system."""
    if stream is not None and stream.isatty():
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
        return stream, None
    raw = _Lasting(number, "wb", closefd=False)
    encoding = stream.encoding if stream is not None else "utf-8"
    text = io.TextIOWrapper(io.BufferedWriter(raw), encoding, "backslashreplace", line_buffering=number == 2)
    return text, raw


def emit(document: Any) -> None:
    """Print one JSON document on standard output, in UTF-8 whatever the system's encoding is."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n")


def records(names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows: as a table in a terminal; elsewhere one a line, cells parted by tabs, no heading."""
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        for row in rows:
            print("\t".join(" ".join(cell.split()) for cell in row))
        return
    table = Table(*names, box=None, pad_edge=False)
    for column in table.columns[:-1]:
        column.no_wrap = True
    for row in rows:
        table.add_row(*row)
    console.print(table)
