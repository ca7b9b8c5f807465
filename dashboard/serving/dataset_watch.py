"""Whether the dataset on disk is still the one that was read."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from flask import Flask

Reload = Callable[[], Flask | None]
"""Makes the application anew; ``None`` where that failed and the old one is served on."""
POLL_SECONDS = 2.0
"""Between two looks at the dataset; one is a few dozen calls of ``stat``."""
TABLES = ("*.csv", "*.json", "observations/*.csv", "essay/*.toml", "essay/claims/*.toml")


def file_states(directory: Path) -> tuple[tuple[str, int, int, int], ...]:
    """Return what changes whenever a published table does: each one's inode, size and time of change.

    Empty while the directory cannot be read.
    """
    states = []
    with suppress(OSError):  # replaced meanwhile: the next poll sees what there is
        for path in sorted(path for pattern in TABLES for path in directory.glob(pattern)):
            stat = path.stat()
            name = path.relative_to(directory).as_posix()
            states.append((name, stat.st_ino, stat.st_size, stat.st_mtime_ns))
    return tuple(states)


class DatasetWatch:
    """Reports once that a dataset was replaced, when two polls in a row see the same new files."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._served = self._last = file_states(directory)

    def changed(self) -> bool:
        """Poll; return whether the dataset is another than at the last ``True`` (or at the beginning)."""
        now, before = file_states(self.directory), self._last
        self._last = now
        if not now or now == self._served or now != before:
            return False
        self._served = now
        return True
