"""Every error the collecting side raises on purpose.

::

    PursuitError                 one clear line: what happened, and how to fix it
    ├── UsageError               a wrong argument or setting                      (exit 2)
    ├── DataError                a table or an input file has a fault
    │   └── ValidationError      all violations found, each with file and line
    ├── BusyError                another refresh holds the lock
    ├── SkipSource               a source cannot run here (no key); not a failure
    └── SourceError              a source failed; the others go on
        ├── FetchError           the network, the server or a safety limit refused
        └── ShapeError           the answer does not have the expected shape (schema drift)
            └── Unreadable       the same, raised before the source is known
"""

from __future__ import annotations

from collections.abc import Sequence


def _one_line(text: str) -> str:
    """Return text on one line, without control characters: it may quote a server's answer."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


class PursuitError(Exception):
    def __init__(self, what: str, fix: str = "") -> None:
        self.what, self.fix = _one_line(what), _one_line(fix)
        super().__init__(self.line())

    def line(self) -> str:
        return f"{self.what}; {self.fix}" if self.fix else self.what


class UsageError(PursuitError):
    pass


class DataError(PursuitError):
    pass


class ValidationError(DataError):
    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        super().__init__((self.problems[0] if self.problems else "invalid dataset") + more)


class BusyError(PursuitError):
    pass


class SkipSource(PursuitError):  # noqa: N818 - not an error: the source is left out, with its reason
    pass


class SourceError(PursuitError):
    def __init__(self, source: str, what: str, fix: str = "") -> None:
        self.source = source
        super().__init__(f"{source}: {what}", fix)


class FetchError(SourceError):
    pass


class ShapeError(SourceError):
    def __init__(self, source: str, what: str, fix: str = "") -> None:
        default = (
            f"compare the answer with what etl/sources reads of {source}; the published figures are kept"
        )
        super().__init__(source, what, fix or default)


class Unreadable(ShapeError):  # noqa: N818 - short, for it is raised a hundred times
    """What a parser says of an answer; :meth:`of` adds the source and the request."""

    def __init__(self, what: str, fix: str = "") -> None:
        self.source = ""
        PursuitError.__init__(self, what, fix)

    def of(self, source: str, label: str = "") -> ShapeError:
        return ShapeError(source, f"{label}: {self.what}" if label else self.what, self.fix)
