"""Replace a dataset directory in one step: readers see the old one or the new one, never a mix.

The new directory is built beside the old, with hard links to what stays. Then both names are exchanged in one
system call (Linux), or by two renames that :func:`recover` completes after a crash. One process at a time
writes the dataset; leftovers of a killed one are removed.
"""

import contextlib
import ctypes
import errno
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import filelock

from etl import paths
from etl.errors import BusyError, DataError, UsageError

FinalStep = Callable[[Path], Mapping[str, bytes]]
"""Called with a directory that holds the whole next dataset; returns further files for it, by path."""

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_DENIED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_NO_EXCHANGE = frozenset({errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP})
NOT_YOURS = "run it as the user who owns the dataset, or set PURSUIT_DATA to a copy of yours"


def beside(data_dir: Path, what: str) -> Path:
    return data_dir.parent / f".{data_dir.name}.{what}"


@contextlib.contextmanager
def locked(data_dir: Path) -> Iterator[None]:
    """Hold the dataset for writing. The lock is the operating system's: it ends with its process."""
    lock = filelock.FileLock(beside(data_dir, "lock"))
    try:
        lock.acquire(timeout=0)
        if data_dir.is_dir():
            keep_owner(data_dir, Path(lock.lock_file))
    except filelock.Timeout:
        raise BusyError(f"another refresh is at work on {data_dir}", "wait until it has finished") from None
    except OSError as error:
        raise DataError(f"cannot write {lock.lock_file} ({error.strerror})", NOT_YOURS) from None
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def writable_dataset(env: Mapping[str, str]) -> Iterator[Path]:
    """Hold the dataset of ``env`` for writing and give its directory, recovered from a killed publish."""
    recover(paths.data_dir(env))  # first: it may be under another name
    data_dir = paths.existing_data_dir(env)
    if data_dir == paths.PACKAGED_DATA:  # an upgrade would overwrite it
        fix = f"copy {data_dir} to a directory of yours and set PURSUIT_DATA to it"
        raise UsageError("the dataset inside the installed package is read-only", fix)
    with locked(data_dir):
        yield data_dir


def recover(data_dir: Path) -> None:
    """Complete or undo what a killed publish left behind; does nothing while a refresh is at work."""
    following, previous = beside(data_dir, "next"), beside(data_dir, "previous")
    if not os.path.lexists(following) and not os.path.lexists(previous):
        return
    # a reader who may not write here leaves it to the next refresh
    with contextlib.suppress(BusyError, DataError, OSError), locked(data_dir):
        recover_locked(data_dir)


def recover_locked(data_dir: Path) -> None:
    following, previous = beside(data_dir, "next"), beside(data_dir, "previous")
    if not data_dir.exists() and previous.exists():
        previous.rename(data_dir)
        sync_folder(data_dir.parent)
    for leftover in (following, previous):
        discard(leftover)


def discard(leftover: Path) -> str:
    """Remove what is left over; what cannot be removed is put aside and named in the line returned."""
    is_folder = leftover.is_dir() and not leftover.is_symlink()
    with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
        shutil.rmtree(leftover, ignore_errors=True) if is_folder else leftover.unlink()
    if not os.path.lexists(leftover):
        return ""
    return f"{set_aside(leftover)} is left over and cannot be removed; remove it"


def set_aside(leftover: Path) -> Path:
    aside = leftover.with_name(f"{leftover.name}.{os.getpid()}-{time.time_ns()}")
    try:
        return leftover.rename(aside)
    except OSError:
        return leftover


def keep_owner(before: Path, after: Path) -> None:
    """Give ``after`` to the owner of ``before``: one refresh by root must not lock its owner out."""
    if hasattr(os, "chown"):
        with contextlib.suppress(PermissionError):
            os.chown(after, before.stat().st_uid, before.stat().st_gid)


def sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


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
    removed = [p for p in sorted(generated - set(files)) if (data_dir / p).exists()]
    if not changes and not removed:
        files, final_step = {**files, **(final_step(data_dir) if final_step else {})}, None
        changes = changed_paths(data_dir, files)
    if not changes and not removed:
        return []
    recover_locked(data_dir)
    for folder, _, _ in os.walk(data_dir):
        if not os.access(folder, os.W_OK | os.X_OK):
            raise DataError(f"{folder} is not yours to write; the dataset is as it was", NOT_YOURS)
    following = beside(data_dir, "next")
    try:
        final_files = _build(data_dir, following, files, frozenset([*changes, *removed]), final_step)
        if check is not None:
            check(following)
        old = _replace_dataset(data_dir, following)
    except BaseException:
        shutil.rmtree(following, ignore_errors=True)
        raise
    try:  # it is published: nothing from here on undoes that
        sync_folder(data_dir.parent)
        _keep_edits(old, data_dir, frozenset([*changes, *removed, *final_files]))
        if left := discard(old):
            note(left)
    except OSError as error:
        note(f"what was edited meanwhile may be only in {set_aside(old)} ({error.strerror})")
    return [*sorted({*changes, *final_files}), *removed]


def _build(
    data_dir: Path, following: Path, files: Mapping[str, bytes], touched: frozenset[str],
    final_step: FinalStep | None,
) -> list[str]:  # fmt: skip
    try:
        _refuse_links(data_dir, touched)
        _stage(data_dir, following, files, touched)
        final_files = final_step(following) if final_step is not None else {}
        changes = changed_paths(data_dir, final_files)
        _refuse_links(data_dir, changes)
        _write(
            data_dir, following, {path: final_files[path] for path in changed_paths(following, final_files)}
        )
    except OSError as error:
        what = f"cannot write beside {data_dir} ({error.strerror}); what is published is as it was"
        fix = "make room there, then run again: what was fetched is kept"
        raise DataError(what, NOT_YOURS if error.errno in _DENIED else fix) from error
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
        what = f"cannot replace {data_dir} ({error.strerror})"
        raise DataError(what, NOT_YOURS if error.errno in _DENIED else fix) from error
    return old


def _refuse_links(data_dir: Path, paths: Iterable[str]) -> None:
    for path in paths:
        for part in (Path(path), *Path(path).parents):
            if (place := data_dir / part).is_symlink():
                what = f"{place} is a link, and {path} would be written there"
                fix = f"put the file or folder itself in its place, or make {data_dir} the link"
                raise DataError(what, fix)


def _stage(data_dir: Path, following: Path, files: Mapping[str, bytes], skip: frozenset[str]) -> None:
    for before in [data_dir, *data_dir.rglob("*")]:  # folders behind links are not walked into
        name = before.relative_to(data_dir)
        after = following / name
        if before.is_symlink():
            after.symlink_to(before.readlink(), target_is_directory=before.is_dir())
        elif before.is_dir():
            after.mkdir()
            shutil.copystat(before, after)
            keep_owner(before, after)
        elif name.as_posix() not in skip:
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
    for before in list(old.rglob("*")):
        name = before.relative_to(old)
        if not before.is_dir() and name.as_posix() not in written and not _same(before, new / name):
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            before.replace(new / name)


def _same(one: Path, other: Path) -> bool:
    try:
        left, right = one.lstat(), other.lstat()
    except FileNotFoundError:
        return False
    unchanged = (left.st_size, left.st_mtime_ns) == (right.st_size, right.st_mtime_ns)
    return unchanged or os.path.samestat(left, right)


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
