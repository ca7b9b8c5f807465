"""Whether the dataset on disk is still the one that was read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Flask

FileStates = tuple[tuple[str, int, int, int], ...]
Reload = Callable[[], Flask | None]
"""Makes the application anew; ``None`` where that failed and the old one is served on."""
POLL_SECONDS = 2.0
"""Between two polls; a poll is a few dozen calls of ``stat``."""
TABLES = ("*.csv", "*.json", "observations/*.csv", "essay/*.toml", "essay/claims/*.toml")


def file_states(directory: Path) -> FileStates:
    """Return what changes whenever a published table does: each one's inode, size and time of change.

    Empty while the directory cannot be read.
    """
    found = []
    try:
        tables = sorted(path for pattern in TABLES for path in directory.glob(pattern))
    except OSError:  # the next poll may see more; a server must not end over it
        return ()
    for path in tables:
        try:
            stat = path.stat()
        except OSError:  # replaced since the listing: the next poll sees what there is
            continue
        found.append((path.relative_to(directory).as_posix(), stat.st_ino, stat.st_size, stat.st_mtime_ns))
    return tuple(found)


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
