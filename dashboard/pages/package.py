"""The whole dataset as one ZIP, with a descriptor of its contents."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from dashboard import safe_csv
from dashboard.dataset import Dataset

DESCRIPTOR = "datapackage.json"
_MARK = b"\xef\xbb\xbf"
_PIECE = 1 << 18
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every member: the same tables make the same bytes."""


def neutral(path: Path, *, mark: bool) -> bytes:
    """Return a published table as readers' spreadsheets may open it; ``mark``: with a byte order mark.

    A table in which no cell could run as a formula is handed out byte for byte as published.
    """
    return b"".join(pieces(path, mark=mark))


def pieces(path: Path, *, mark: bool) -> Iterator[bytes]:
    """Give what :func:`neutral` returns piece by piece: a large table is never whole in memory."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        harmless = safe_csv.harmless(csv.reader(handle))
    if harmless:
        with path.open("rb") as published:
            piece = published.read(_PIECE).removeprefix(_MARK)
            yield _MARK + piece if mark else piece
            yield from iter(lambda: published.read(_PIECE), b"")
        return
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = csv.reader(handle)
        yield from safe_csv.pieces(next(rows, []), rows, mark=mark)


def package(dataset: Dataset, extra: dict[str, Path]) -> bytes:
    """Return the ZIP: every table the descriptor names, ``extra`` ones, and the descriptor itself.

    Bytes and hash in the descriptor are those of the table in the ZIP, also where a cell had to be
    neutralised; a resource whose file is not there is left out of it. Same dataset, same bytes.
    """
    root = dataset.directory or Path()
    described = root / DESCRIPTOR
    descriptor: dict[str, Any] = json.loads(described.read_text("utf-8")) if described.is_file() else {}
    members: dict[str, Path] = {}
    kept = []
    for resource in descriptor.get("resources", []):
        name = str(resource.get("path", ""))
        if _inside(name) and name.endswith(".csv") and (root / name).is_file():
            members[name] = root / name
            kept.append({**resource, **_measured(root / name)})
    for name, path in extra.items():
        member = f"{name}.csv"
        if member not in members:
            members[member] = path
            kept.append(_resource(name, member, path))
    text = json.dumps({**descriptor, "resources": kept}, ensure_ascii=False, indent=1) + "\n"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted([*members, *([DESCRIPTOR] if descriptor else [])]):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=False) as member_file:
                for piece in (
                    [text.encode("utf-8")] if name == DESCRIPTOR else pieces(members[name], mark=False)
                ):
                    member_file.write(piece)
    return out.getvalue()


def _measured(path: Path) -> dict[str, Any]:
    size, digest = 0, hashlib.sha256()
    for piece in pieces(path, mark=False):
        size += len(piece)
        digest.update(piece)
    return {"bytes": size, "hash": f"sha256:{digest.hexdigest()}"}


def _resource(name: str, member: str, path: Path) -> dict[str, Any]:
    """Return the description of a table that the published descriptor does not know."""
    return {
        "name": name.replace("/", "-"),
        "type": "table",
        "path": member,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **_measured(path),
    }


def _inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts and "\\" not in name
