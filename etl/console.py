"""What the commands print: plain records through a pipe, JSON in UTF-8.

A terminal may lack a character and a reader may have left (``| head``): neither changes the exit code.
"""

import errno
import io
import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn
from rich.table import Column, Table

from etl.errors import DataError, PursuitError, UsageError, ValidationError

OUTPUT_LOST = 3
"""Exit code where all went well but for the output, which could not be written."""


class _TolerantFile(io.FileIO):
    """A file whose writes do not fail; ``lost`` is why the first one that would have did."""

    lost: OSError | None = None

    def write(self, data: Any, /) -> int:
        try:
            if self.lost is None:
                return super().write(data)
        except OSError as error:
            self.lost = error
        return len(data)


def run(command: Callable[[], object]) -> None:
    """Run a command line with streams that cannot fail; exit with its code."""
    for number in (0, 1, 2):  # no file opened later may take the number of a closed stream
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdout, out = _tolerant(sys.stdout, 1)
    sys.stderr, _ = _tolerant(sys.stderr, 2)
    code: Any = 0
    try:
        command()
    except SystemExit as end:
        code = end.code
    sys.stdout.flush()
    lost = out.lost if out else None
    if lost is not None and lost.errno not in (errno.EPIPE, errno.EINVAL):
        print(f"error: the output could not be written ({lost.strerror})", file=sys.stderr)
        code = code or OUTPUT_LOST
    sys.stderr.flush()
    raise SystemExit(code)


def _tolerant(stream: TextIO | None, number: int) -> tuple[TextIO, _TolerantFile | None]:
    """Return ``stream`` such that writing to it cannot fail; a terminal is left to the system."""
    if stream is not None and stream.isatty():
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
        return stream, None
    raw = _TolerantFile(number, "wb", closefd=False)
    encoding = stream.encoding if stream is not None else "utf-8"
    text = io.TextIOWrapper(io.BufferedWriter(raw), encoding, "backslashreplace", line_buffering=number == 2)
    return text, raw


def emit(document: Any) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n")


def print_records(names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows: as a table in a terminal; elsewhere one a line, cells separated by tabs, no heading."""
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        for row in rows:
            print("\t".join(" ".join(cell.split()) for cell in row))
        return
    columns = (Column(name, no_wrap=True) for name in names[:-1])
    table = Table(*columns, names[-1], box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    console.print(table)


@contextmanager
def one_line_errors(as_json: bool = False) -> Iterator[None]:
    """Turn our errors, and the system's about files, into one clear line (or JSON) and an exit code."""
    try:
        yield
    except KeyboardInterrupt:
        what = "interrupted; the dataset is whole, and what was fetched is kept for the next run"
        _fail(PursuitError(what, "run again" * as_json), as_json, 130)
    except PursuitError as error:
        _fail(error, as_json, 2 if isinstance(error, UsageError) else 1)
    except OSError as error:
        what = f"{os.fsdecode(error.filename)}: {error.strerror}" if error.filename else str(error)
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        fix = "make room there" if full else "it must be a plain file that is yours"
        _fail(DataError(what, fix), as_json, 1)


def _fail(error: PursuitError, as_json: bool, code: int) -> None:
    problems = error.problems if isinstance(error, ValidationError) else []
    if as_json:
        emit({"error": error.what, "fix": error.fix, "problems": problems})
    else:
        if len(problems) > 1:
            typer.echo("\n".join(problems[:50]), err=True)
        typer.echo(f"error: {error.line()}", err=True)
    raise typer.Exit(code) from None


@contextmanager
def progress_lines(quiet: bool) -> Iterator[Callable[[str, str, bool], None]]:
    """Give a progress function: moving lines in a terminal, plain lines elsewhere, on standard error."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda source, line, done: typer.echo(line, err=True) if done and not quiet else None
        return
    columns = SpinnerColumn(), TextColumn("{task.description}", markup=False)
    with Progress(*columns, console=console) as bars:
        tasks = defaultdict[str, TaskID](lambda: bars.add_task("", total=1))
        yield lambda source, line, done: bars.update(tasks[source], description=line, completed=done)
