"""One process at a time writes the dataset; leftovers of a killed process are removed."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import filelock

from etl import paths
from etl.errors import BusyError, DataError, UsageError

NOT_YOURS = "run it as the user who owns the dataset, or set PURSUIT_DATA to a copy of yours"


def beside(data_dir: Path, what: str) -> Path:
    """Return the hidden name beside the dataset for its lock, the next or the previous one."""
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
        raise UsageError(
            "the dataset inside the installed package is read-only",
            f"copy {data_dir} to a directory of yours and set PURSUIT_DATA to it",
        )
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
    """Rename what is left over to a name that nothing else needs; return where it is then."""
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
