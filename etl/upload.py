"""Publish a dataset to an object store: upload a version, then switch ``current.json`` in one write."""

import hashlib
import json
from pathlib import Path

from etl.errors import DataError, UsageError


def upload(data_dir: Path, address: str) -> str:
    """Upload ``data_dir`` below ``address`` (``s3://bucket/path``); return the version it has there."""
    try:
        import fsspec

        store, root = fsspec.core.url_to_fs(address, use_listings_cache=False)
    except ImportError as error:
        raise UsageError(f"{address} needs {error.name}", "pip install 'pursuit[s3]'") from None
    except ValueError as error:
        raise UsageError(f"{address}: {error}", "give an address such as s3://bucket/path") from None
    bodies = {}
    for path in sorted(data_dir.rglob("*")):
        name = path.relative_to(data_dir)
        if path.is_symlink() and path.is_dir():  # not walked into: its files would be missing
            raise DataError(f"{path} is a link", "put the folder itself in its place")
        if path.is_file() and name.parts[0] != "curated" and not name.name.startswith("."):
            bodies[name.as_posix()] = path.read_bytes()
    hashes = {name: hashlib.sha256(body).hexdigest() for name, body in bodies.items()}
    version = hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest()[:12]
    root = root.rstrip("/")
    pointer = json.dumps({"version": version, "files": hashes}, indent=1, sort_keys=True)
    try:
        store.makedirs(root, exist_ok=True)
        for file, body in bodies.items():
            target = f"{root}/versions/{version}/{file}"
            store.makedirs(target.rpartition("/")[0], exist_ok=True)
            store.pipe_file(target, body)
        store.pipe_file(f"{root}/current.json", pointer.encode())
    except Exception as error:  # each file system raises exceptions of its own library
        fix = "check the address, the credentials and the network; readers keep the version before"
        raise DataError(f"{address}: {type(error).__name__}: {str(error)[:200]}", fix) from None
    return version
