"""Every error the collecting side raises on purpose.

::

    PursuitError                 one clear line: what happened, and how to fix it
    ├── UsageError               a wrong argument or setting                      (exit 2)
    ├── DataError                a table or an input file has a fault
    │   ├── ValidationError      all violations found, each with file and line
    │   └── CorrectionError      a correction no longer fits what the source says
    ├── BusyError                another refresh holds the lock
    ├── SkipSource               a source cannot run here (no key); not a failure
    └── SourceError              a source failed; the others go on
        ├── FetchError           the network, the server or a safety limit refused
        └── ShapeError           the answer does not have the expected shape (schema drift)
            └── Unreadable       the same, raised before the source is known
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "BusyError",
    "CorrectionError",
    "DataError",
    "FetchError",
    "PursuitError",
    "ShapeError",
    "SkipSource",
    "SourceError",
    "Unreadable",
    "UsageError",
    "ValidationError",
]


def _plain(text: str) -> str:
    """Return text on one line, without control characters: it may quote a server's answer."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


class PursuitError(Exception):
    """Base of all: ``what`` happened and how to ``fix`` it, each without a line break."""

    def __init__(self, what: str, fix: str = "") -> None:
        self.what, self.fix = _plain(what), _plain(fix)
        super().__init__(self.line())

    def line(self) -> str:
        """One line for a reader: ``what; fix``."""
        return f"{self.what}; {self.fix}" if self.fix else self.what


class UsageError(PursuitError):
    """A wrong argument or setting."""


class DataError(PursuitError):
    """A table or an input file is not as it must be."""


class ValidationError(DataError):
    """The dataset breaks its contract; ``problems`` holds one line for each violation."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        super().__init__((self.problems[0] if self.problems else "invalid dataset") + more)


class CorrectionError(DataError):
    """A correction no longer fits: the value it expects is not what the source says."""


class BusyError(PursuitError):
    """Another refresh holds the lock."""


class SkipSource(PursuitError):  # noqa: N818 - not an error: the source is left out, with its reason
    """A source cannot run here and now (for example: it wants a key), and that is no failure."""


class SourceError(PursuitError):
    """A source failed; its last published observations stay and the other sources go on."""

    def __init__(self, source: str, what: str, fix: str = "") -> None:
        self.source = source
        super().__init__(f"{source}: {what}", fix)


class FetchError(SourceError):
    """The network, the server or a safety limit said no."""


class ShapeError(SourceError):
    """The answer is not of the agreed shape: the source changed, or sent an error as if it were data."""

    def __init__(self, source: str, what: str, fix: str = "") -> None:
        looked_at = f"compare the answer with etl/sources/{source}.py; the published figures are kept"
        super().__init__(source, what, fix or looked_at)


class Unreadable(ShapeError):  # noqa: N818 - short, for it is raised a hundred times
    """What a parser says of an answer; who called it knows source and request: ``of`` adds them."""

    def __init__(self, what: str, fix: str = "") -> None:
        self.source = ""
        PursuitError.__init__(self, what, fix)

    def of(self, source: str, label: str = "") -> ShapeError:
        """Return the error of a source's answer to the request ``label``."""
        return ShapeError(source, f"{label}: {self.what}" if label else self.what, self.fix)
