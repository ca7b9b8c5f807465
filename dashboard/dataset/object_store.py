"""A dataset in an object store, read through a local copy.

The address holds ``current.json`` and ``versions/<version>/…``. ``current.json`` is the pointer
that a publish switches last::

    {"version": "ab12cd34ef56", "files": {"entities.csv": "<sha256>", "observations/economy.csv": "…"}}

``pursuit upload`` writes it; this module only reads. A version is used when every file of it has
arrived with its hash; until then, and while the store fails, the last good copy is served. Addresses
are those of fsspec (``s3://bucket/path``, ``gs://…``); the library is an optional extra.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path, PurePosixPath
from typing import Any

import platformdirs

POINTER = "current.json"
KEPT_VERSIONS = 2
"""Local copies kept: the one served and the one before, which a worker may still be reading."""
POLL_SECONDS = 15.0
_SHA256 = re.compile(r"[0-9a-f]{64}")
_VERSION = re.compile(r"[0-9a-f]{6,64}")


class StoreError(Exception):
    """The store cannot be read. ``str(error)`` is one line: what, and how to fix it."""


def is_remote(address: str | None) -> bool:
    return bool(address) and "://" in str(address)


def filesystem(address: str) -> tuple[Any, str]:
    try:
        import fsspec

        filesystem, path = fsspec.core.url_to_fs(address, use_listings_cache=False)
    except ImportError as error:
        missing = error.name or "fsspec"
        raise StoreError(f"{address}: needs {missing}; install it with `pip install 'pursuit[s3]'`") from None
    except ValueError as error:
        raise StoreError(f"{address}: {error}; give an address such as s3://bucket/path") from None
    return filesystem, path.rstrip("/")


def copy_directory(address: str) -> Path:
    chosen = os.environ.get("PURSUIT_CACHE", "").strip()
    cache = Path(chosen).expanduser().resolve() if chosen else platformdirs.user_cache_path("pursuit")
    return cache / "object-store" / hashlib.sha256(address.encode()).hexdigest()[:16]


def pull(address: str) -> Path:
    """Bring the published version of ``address`` here; return the path that always names the newest.

    Raises :class:`StoreError` when the store cannot be read or a file does not match its hash.
    """
    root = copy_directory(address)
    store, path = filesystem(address)
    try:
        version, files = _pointer(address, store.cat_file(f"{path}/{POINTER}"))
        target = root / version
        if not target.is_dir():
            _fetch(store, f"{path}/versions/{version}", files, target)
    except StoreError:
        raise
    except Exception as error:
        # each file system raises exceptions of its own library
        line = " ".join(str(error).split())[:200]
        raise StoreError(
            f"{address}: {type(error).__name__}: {line}; check the address, the credentials and the network"
        ) from None
    _switch(root, version)
    return root / "current"


def _pointer(address: str, body: bytes) -> tuple[str, dict[str, str]]:
    """Return version and file hashes from the pointer's bytes; nothing in it may leave the directory."""
    broken = StoreError(f"{address}/{POINTER} is not a pointer to a dataset; publish with `pursuit upload`")
    try:
        pointer = json.loads(body)
        version, files = pointer["version"], pointer["files"]
        sound = _VERSION.fullmatch(version) and files and all(map(_is_safe, files))
        sound = sound and all(_SHA256.fullmatch(digest) for digest in files.values())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise broken from None
    if not sound:
        raise broken
    return version, files


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and "\0" not in name


def _fetch(store: Any, remote: str, files: dict[str, str], target: Path) -> None:
    """Write a version beside its final name and rename it once every hash matches."""
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        for name, digest in files.items():
            body = store.cat_file(f"{remote}/{name}")
            if hashlib.sha256(body).hexdigest() != digest:
                raise StoreError(
                    f"{remote}/{name} does not match its hash; upload the dataset again with `pursuit upload`"
                )
            local = partial / name
            local.parent.mkdir(parents=True, exist_ok=True)
            local.write_bytes(body)
        if not target.is_dir():
            partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _switch(root: Path, version: str) -> None:
    """Point ``current`` at ``version`` in one step; remove copies older than the ones kept."""
    link = root / "current"
    if link.is_symlink() and link.readlink().name == version:
        return
    following = root / f".current.{os.getpid()}"
    following.unlink(missing_ok=True)
    following.symlink_to(version, target_is_directory=True)
    following.replace(link)
    os.utime(root / version)
    copies = sorted(
        (p for p in root.iterdir() if _VERSION.fullmatch(p.name)), key=lambda p: p.stat().st_mtime
    )
    for old in copies[:-KEPT_VERSIONS]:
        shutil.rmtree(old, ignore_errors=True)


def follow(address: str) -> Path:
    """Return the local copy of ``address`` and keep it current from a process beside the server.

    A process of its own: network waits have no place in the server's master, and its memory is not
    forked into every worker. Without the store, the last good copy is served, with one line saying so.
    """
    try:
        local = pull(address)
    except StoreError as error:
        local = copy_directory(address) / "current"
        if not local.is_dir():
            raise
        print(f"pursuit: serving the last copy; {error}", file=sys.stderr, flush=True)
    subprocess.Popen([sys.executable, "-m", "dashboard.dataset.object_store", address])  # noqa: S603 - our own module
    return local


def main(address: str) -> None:
    """Pull ``address`` again and again until the process that started this one is gone."""
    parent, reported = os.getppid(), ""
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
        try:
            pull(address)
            reported = ""
        except (StoreError, OSError) as error:
            if str(error) != reported:
                reported = str(error)
                print(f"pursuit: the last dataset is served on; {reported}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        sys.exit(130)
