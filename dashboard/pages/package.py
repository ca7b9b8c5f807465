"""The published tables as readers' spreadsheets may open them, and all of them as one ZIP."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dashboard import safe_csv
from dashboard.dataset import Dataset
from dashboard.export.files import sha256, zipped

DESCRIPTOR = "datapackage.json"


def tables(dataset: Dataset) -> dict[str, Path]:
    """Return the tables that the published descriptor names but its inputs: path less its ending → file."""
    paths = [str(r["path"]) for r in _descriptor(dataset)["resources"]]
    root = dataset.directory or Path()
    return {p.removesuffix(".csv"): root / p for p in paths if not p.startswith("curated/")}


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
    descriptor = _descriptor(dataset)

    def files() -> Iterator[tuple[str, bytes]]:
        for resource in descriptor["resources"]:
            body = b"".join(pieces((dataset.directory or Path()) / resource["path"], mark=False))
            resource |= {"bytes": len(body), "hash": f"sha256:{sha256(body)}"}
            yield resource["path"], body
        yield DESCRIPTOR, (json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n").encode()

    return zipped(files())


def _descriptor(dataset: Dataset) -> dict[str, Any]:
    """Return the published descriptor with those of its tables that are in the dataset's directory."""
    root = dataset.directory or Path()
    file = root / DESCRIPTOR
    descriptor = json.loads(file.read_text("utf-8")) if file.is_file() else {}

    def published(path: str) -> bool:
        inside = "\\" not in path and not {"", ".."} & {*path.split("/")}
        return inside and path.endswith(".csv") and (root / path).is_file()

    resources = [r for r in descriptor.get("resources", []) if published(str(r.get("path", "")))]
    return {**descriptor, "resources": resources}
