"""Replace a dataset directory in one step: readers see the old one or the new one, never a mix.

The new directory is built beside the old (``.data.next``): generated tables are written, everything
else is carried over by hard link. Then both names are exchanged in one system call (Linux), or, where
there is none, by two renames that :mod:`etl.dataset_lock` completes after a crash. If nothing would
change, nothing is written at all.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from etl.dataset_lock import (
    NOT_YOURS,
    beside,
    discard,
    keep_owner,
    recover_locked,
    set_aside,
    sync_folder,
)
from etl.errors import DataError

FinalStep = Callable[[Path], Mapping[str, bytes]]
"""Called with a directory that holds the whole next dataset; returns further files for it, by path."""

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_DENIED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_NO_EXCHANGE = frozenset({errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP})


def changed_paths(data_dir: Path, files: Mapping[str, bytes]) -> list[str]:
    return [path for path, content in sorted(files.items()) if _content(data_dir / path) != content]


def publish(
    data_dir: Path, files: Mapping[str, bytes], generated: frozenset[str] = frozenset(),
    final_step: FinalStep | None = None, check: Callable[[Path], None] | None = None,
    note: Callable[[str], None] = lambda line: None,
) -> list[str]:  # fmt: skip
    """Put ``files`` (by path within the dataset) in place, all at once; return what changed.

    ``generated``: paths that a refresh writes; those not among ``files`` are removed. ``final_step`` adds
    files that follow from the others. ``check`` is given the whole next directory and raises to keep the old
    one. ``note`` is told what went wrong after the exchange. The caller holds the lock. Raises
    :class:`DataError` where the directory cannot be exchanged, or a file to be written is behind a link.
    """
    changes = changed_paths(data_dir, files)
    gone = [p for p in sorted(generated - set(files)) if (data_dir / p).exists()]
    if not changes and not gone and final_step is not None:
        files, final_step = {**files, **final_step(data_dir)}, None
        changes = changed_paths(data_dir, files)
    if not changes and not gone:
        return []
    recover_locked(data_dir)
    for folder, _, _ in os.walk(data_dir):
        if not os.access(folder, os.W_OK | os.X_OK):
            raise DataError(f"{folder} is not yours to write; the dataset is as it was", NOT_YOURS)
    following = beside(data_dir, "next")
    try:
        late = _build(data_dir, following, files, frozenset([*changes, *gone]), final_step)
        if check is not None:
            check(following)
        old = _replace_dataset(data_dir, following)
    except BaseException:
        shutil.rmtree(following, ignore_errors=True)
        raise
    try:  # it is published: nothing from here on undoes that
        sync_folder(data_dir.parent)
        _keep_edits(old, data_dir, frozenset([*changes, *gone, *late]))
        if left := discard(old):
            note(left)
    except OSError as error:
        note(f"what was edited meanwhile may be only in {set_aside(old)} ({_describe(error)})")
    return [*sorted({*changes, *late}), *gone]


def _build(
    data_dir: Path, following: Path, files: Mapping[str, bytes], touched: frozenset[str],
    final_step: FinalStep | None,
) -> list[str]:  # fmt: skip
    try:
        _refuse_links(data_dir, touched)
        _stage(data_dir, following, files, touched)
        late = final_step(following) if final_step is not None else {}
        changes = changed_paths(data_dir, late)
        _refuse_links(data_dir, changes)
        _write(data_dir, following, {path: late[path] for path in changed_paths(following, late)})
    except OSError as error:
        denied = error.errno in _DENIED
        raise DataError(
            f"cannot write beside {data_dir} ({_describe(error)}); what is published is as it was",
            NOT_YOURS if denied else "make room there, then run again: what was fetched is kept",
        ) from error
    return changes


def _replace_dataset(data_dir: Path, following: Path) -> Path:
    try:
        if exchange(following, data_dir):
            return following
        old = beside(data_dir, "previous")
        data_dir.rename(old)
        following.rename(data_dir)
    except OSError as error:
        fix = "a mount point cannot be renamed: set PURSUIT_DATA to a directory inside it"
        raise DataError(
            f"cannot replace {data_dir} ({error.strerror})", NOT_YOURS if error.errno in _DENIED else fix
        ) from error
    return old


def _describe(error: OSError) -> str:
    return f"{error.strerror}: {error.filename}" if error.filename else str(error.strerror)


def _refuse_links(data_dir: Path, paths: Iterable[str]) -> None:
    for path in paths:
        for place in [data_dir / path, *(data_dir / path).parents]:
            if place == data_dir:
                break
            if place.is_symlink():
                raise DataError(
                    f"{place} is a link, and {path} would be written there",
                    f"put the file or folder itself in its place, or make {data_dir} the link",
                )


def _stage(data_dir: Path, following: Path, files: Mapping[str, bytes], skip: frozenset[str]) -> None:
    """Write ``files`` into the next directory and link everything else but ``skip``."""
    for folder, names, members in os.walk(data_dir):
        here = Path(folder).relative_to(data_dir)
        (following / here).mkdir()
        shutil.copystat(folder, following / here)
        keep_owner(Path(folder), following / here)
        for name in [*names, *members]:
            before, after = data_dir / here / name, following / here / name
            if name in names and before.is_symlink():  # not walked into: it stays the link it is
                after.symlink_to(before.readlink(), target_is_directory=True)
            elif name in members and (here / name).as_posix() not in skip:
                _link_or_copy(before, after)
    _write(data_dir, following, {path: files[path] for path in sorted(skip & set(files))})
    for folder, _, _ in os.walk(following):
        sync_folder(Path(folder))


def _write(data_dir: Path, following: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        target = following / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)  # it may be the published file, by hard link
        with target.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if (before := data_dir / path).is_file():  # readable by the same users as before
            shutil.copymode(before, target)
            keep_owner(before, target)
        sync_folder(target.parent)


def _link_or_copy(old: Path, new: Path) -> None:
    try:
        os.link(old, new, follow_symlinks=False)
    except OSError:  # another file system, or one without hard links
        shutil.copy2(old, new, follow_symlinks=False)


def _keep_edits(old: Path, new: Path, written: frozenset[str]) -> None:
    """Keep what was edited in the old directory while the new one was being built.

    Hand-written files are shared by hard link, so an edit in place is in both already; an editor that
    saves by renaming has left its new file in the old directory only.
    """
    for folder, _, members in os.walk(old):
        here = Path(folder).relative_to(old)
        for name in members:
            before, after = old / here / name, new / here / name
            if (here / name).as_posix() not in written and not _same(before, after):
                after.parent.mkdir(parents=True, exist_ok=True)
                before.replace(after)


def _same(one: Path, other: Path) -> bool:
    try:
        left, right = one.lstat(), other.lstat()
    except FileNotFoundError:
        return False
    linked = (left.st_dev, left.st_ino) == (right.st_dev, right.st_ino)
    return linked or (left.st_size, left.st_mtime_ns) == (right.st_size, right.st_mtime_ns)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two directory entries in one step; ``False`` where the system cannot."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if os.name == "posix" else None
    if renameat2 is None:
        return False
    if renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NO_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _content(path: Path) -> bytes | None:
    """Return a file's bytes; ``None`` where there is none: reading a pipe would never end."""
    return path.read_bytes() if path.is_file() else None
