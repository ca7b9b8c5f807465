"""The published tables as readers' spreadsheets may open them, and all of them as one ZIP."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from dashboard import safe_csv
from dashboard.dataset import Dataset
from dashboard.export.files import sha256, zipped

DESCRIPTOR = "datapackage.json"


def tables(dataset: Dataset) -> dict[str, Path]:
    """Return the tables that the published descriptor names but its inputs: path less its ending → file."""
    return {
        name.removesuffix(".csv"): path
        for name, (path, _) in _described(dataset).items()
        if not name.startswith("curated/")
    }


def pieces(path: Path, *, mark: bool) -> Iterator[bytes]:
    """Give a table piece by piece, cells that could run as a formula escaped; ``mark``: see ``safe_csv``."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = csv.reader(handle)
        yield from safe_csv.pieces(next(rows, []), rows, mark=mark)


def package(dataset: Dataset) -> bytes:
    """Return the ZIP: every table the descriptor names, and the descriptor.

    Bytes and hash in the descriptor are those of the table in the ZIP, also where a cell had to be
    escaped; a resource whose file is not there is left out of it. Same dataset, same bytes.
    """

    def files() -> Iterator[tuple[str, bytes]]:
        resources = []
        for name, (path, resource) in _described(dataset).items():
            body = b"".join(pieces(path, mark=False))
            resources.append({**resource, "bytes": len(body), "hash": f"sha256:{sha256(body)}"})
            yield name, body
        descriptor = {**_descriptor(dataset), "resources": resources}
        yield DESCRIPTOR, (json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n").encode()

    return zipped(files())


def _descriptor(dataset: Dataset) -> dict[str, Any]:
    path = (dataset.directory or Path()) / DESCRIPTOR
    return dict(json.loads(path.read_text("utf-8"))) if path.is_file() else {}


def _described(dataset: Dataset) -> dict[str, tuple[Path, dict[str, Any]]]:
    root = dataset.directory or Path()
    named = {str(r.get("path", "")): r for r in _descriptor(dataset).get("resources", [])}
    return {
        name: (root / name, resource)
        for name, resource in named.items()
        if name.endswith(".csv")
        and not PurePosixPath(name).is_absolute()
        and ".." not in PurePosixPath(name).parts
        and "\\" not in name
        and (root / name).is_file()
    }
