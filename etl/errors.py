"""Errors that end something, and problems of a file: each one line that says what and how to fix it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

MOST = 50
"""Lines reported for one rule and column; the rest is counted."""


@dataclass(frozen=True, order=True)
class Problem:
    file: str
    line: int
    what: str
    fix: str
    error: bool = True
    """False: worth a look, but no reason not to publish."""

    def __str__(self) -> str:
        mark = "" if self.error else "note: "
        return f"{self.file}:{self.line}: {mark}{self.what}; {self.fix}"


def capped_problems(
    frame: pd.DataFrame, file: str, wrong: npt.NDArray[np.bool_], what: str, fix: str, *, cell: str = "",
    named: bool = False, error: bool = True,
) -> Iterator[Problem]:  # fmt: skip
    """Yield a problem for each row that is wrong, up to :data:`MOST`; the rest is counted.

    ``frame``: its index is the line numbers. ``cell``: the column to quote; ``named``: say which observation.
    """
    places = np.flatnonzero(wrong)
    for place in places[:MOST]:
        text = f"{cell} {str(frame[cell].iloc[place])[:80]!r} {what}" if cell else what
        if named:
            row = frame.iloc[place]
            text = f"{row['indicator_id']} of {row['entity_id']} in {row['period']}: {text}"
        yield Problem(file, int(frame.index[place]), text, fix, error)
    if len(places) > MOST:
        rest = int(frame.index[places[MOST]])
        yield Problem(file, rest, f"and {len(places) - MOST} more like this ({cell or what})", fix, error)


class PursuitError(Exception):
    def __init__(self, what: str, fix: str = "") -> None:
        # either may quote a server's answer, or the name of a file
        self.what, self.fix = (
            "".join(c for c in " ".join(text.split()) if c.isprintable()) for text in (what, fix)
        )
        super().__init__(self.line())

    def line(self) -> str:
        return f"{self.what}; {self.fix}" if self.fix else self.what


class UsageError(PursuitError):
    """A wrong argument or setting: exit code 2."""


class DataError(PursuitError):
    """A table or an input file has a fault."""


class ValidationError(DataError):
    """All faults of some files."""

    def __init__(self, problems: Iterable[object]) -> None:
        self.problems = [str(problem) for problem in problems]
        more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        super().__init__(self.problems[0] + more)


class BusyError(PursuitError):
    """Another refresh holds the lock."""


class SkipSource(PursuitError):  # noqa: N818 - not an error
    """A source cannot run here, such as one without its key."""


class SourceError(PursuitError):
    """A source failed; the others go on."""

    def __init__(self, source: str, what: str, fix: str = "") -> None:
        self.source = source
        super().__init__(f"{source}: {what}", fix)


class FetchError(SourceError):
    """The network, the server or a limit refused."""


class ShapeError(SourceError):
    """An answer does not have the expected shape."""

    def __init__(self, source: str, what: str, fix: str = "") -> None:
        default = f"compare the answer with the parser of {source} in etl/sources; published figures are kept"
        super().__init__(source, what, fix or default)


class Unreadable(ShapeError):  # noqa: N818 - short, for it is raised a hundred times
    """What a parser says of an answer; :meth:`of` adds the source and the request."""

    def __init__(self, what: str, fix: str = "") -> None:
        self.source = ""
        PursuitError.__init__(self, what, fix)

    def of(self, source: str, label: str = "") -> ShapeError:
        return ShapeError(source, f"{label}: {self.what}" if label else self.what, self.fix)
