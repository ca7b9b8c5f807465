"""A dataset in an object store, read through a local copy.

The address holds ``current.json`` and ``versions/<version>/…``. ``current.json`` is the pointer
that a publish switches last::

    {"version": "ab12cd34ef56", "files": {"entities.csv": "<sha256>", "observations/economy.csv": "…"}}

``pursuit upload`` writes it; this module only reads. A version is used when every file of it has
arrived with its hash; until then, and while the store fails, the last good copy is served. Addresses
are those of fsspec (``s3://bucket/path``, ``gs://…``); the library is an optional extra.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import platformdirs

from dashboard.dataset.reading import DatasetError

POINTER = "current.json"
POLL_SECONDS = 15.0
_SHA256 = re.compile(r"[0-9a-f]{64}")
_VERSION = re.compile(r"[0-9a-f]{6,64}")
_FILE = re.compile(r"(\w[\w.-]*/)*\w[\w.-]*")
"""A path that cannot lead out of its directory."""


def is_remote(address: str | None) -> bool:
    return bool(address) and "://" in str(address)


def copy_directory(address: str) -> Path:
    chosen = os.environ.get("PURSUIT_CACHE", "").strip()
    cache = Path(chosen).expanduser().resolve() if chosen else platformdirs.user_cache_path("pursuit")
    return cache / "object-store" / hashlib.sha256(address.encode()).hexdigest()[:16]


def pull(address: str) -> Path:
    """Bring the published version of ``address`` here; return the path that always names the newest.

    Raises :class:`DatasetError` when the store cannot be read or a file does not match its hash.
    """
    root = copy_directory(address)
    try:
        import fsspec

        store, path = fsspec.core.url_to_fs(address.rstrip("/"), use_listings_cache=False)
        version, files = _pointer(address, store.cat_file(f"{path}/{POINTER}"))
        if not (root / version).is_dir():
            _fetch(store, f"{path}/versions/{version}", files, root / version)
    except DatasetError:
        raise
    except ImportError as error:
        raise DatasetError(f"{address}: needs {error.name}; `pip install 'pursuit[s3]'`") from None
    except Exception as error:
        # each file system raises exceptions of its own library
        line = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        raise DatasetError(f"{address}: {line}; check the address, the credentials and the network") from None
    _switch(root, version)
    return root / "current"


def _pointer(address: str, body: bytes) -> tuple[str, dict[str, str]]:
    """Return version and file hashes from the pointer's bytes; nothing in it may leave the directory."""
    try:
        pointer = json.loads(body)
        version, files = pointer["version"], dict(pointer["files"])
        sound = files and _VERSION.fullmatch(version) and all(map(_FILE.fullmatch, files))
        sound = sound and all(map(_SHA256.fullmatch, files.values()))
    except (ValueError, KeyError, TypeError, RecursionError):
        sound = False
    if not sound:
        raise DatasetError(f"{address}/{POINTER} is not a pointer; publish with `pursuit upload`")
    return version, files


def _fetch(store: Any, remote: str, files: dict[str, str], target: Path) -> None:
    """Write a version beside its final name and rename it once every hash matches."""
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        for name, digest in files.items():
            body = store.cat_file(f"{remote}/{name}")
            if hashlib.sha256(body).hexdigest() != digest:
                raise DatasetError(f"{remote}/{name} does not match its hash; `pursuit upload` it again")
            local = partial / name
            local.parent.mkdir(parents=True, exist_ok=True)
            local.write_bytes(body)
        if not target.is_dir():
            partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _switch(root: Path, version: str) -> None:
    """Point ``current`` at ``version`` in one step; the version before stays: a worker may be reading it."""
    link, following = root / "current", root / f".current.{os.getpid()}"
    before = link.readlink().name if link.is_symlink() else ""
    if before == version:
        return
    following.unlink(missing_ok=True)
    following.symlink_to(version, target_is_directory=True)
    following.replace(link)
    for copy in root.iterdir():
        if _VERSION.fullmatch(copy.name) and copy.name not in (before, version):
            shutil.rmtree(copy, ignore_errors=True)


def follow(address: str) -> Path:
    """Return the local copy of ``address`` and keep it current from a process beside the server.

    A process of its own: network waits have no place in the server's master, and its memory is not
    forked into every worker. Without the store, the last good copy is served, with one line saying so.
    """
    try:
        local = pull(address)
    except DatasetError as error:
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
        except (DatasetError, OSError) as error:
            if str(error) != reported:
                reported = str(error)
                print(f"pursuit: the last dataset is served on; {reported}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        sys.exit(130)
