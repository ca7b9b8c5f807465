"""Whether the dataset on disk is still the one that was read."""

from __future__ import annotations

from pathlib import Path

Stamp = tuple[tuple[str, int, int, int], ...]
EVERY = 2.0
"""Seconds between two looks; a look is a few dozen calls of ``stat``."""


def stamp(directory: Path) -> Stamp:
    """Return what changes whenever a published table does: each one's inode, size and time of change.

    Empty while the directory cannot be read.
    """
    patterns = ("*.csv", "*.json", "observations/*.csv", "essay/*.toml", "essay/claims/*.toml")
    out = []
    try:
        tables = sorted(p for pattern in patterns for p in directory.glob(pattern))
    except OSError:  # the next look may see more; a server must not end over it
        return ()
    for path in tables:
        try:
            at = path.stat()
        except OSError:  # exchanged between the listing and the look: the next look sees what there is
            continue
        out.append((path.relative_to(directory).as_posix(), at.st_ino, at.st_size, at.st_mtime_ns))
    return tuple(out)


class Watch:
    """Says once that a dataset was replaced, as soon as two looks in a row see the same new one."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._served = self._seen = stamp(directory)

    def changed(self) -> bool:
        """Look; return whether there is another dataset than at the last ``True`` (or the beginning)."""
        now, before = stamp(self.directory), self._seen
        self._seen = now
        if not now or now == self._served or now != before:
            return False
        self._served = now
        return True
