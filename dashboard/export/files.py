"""Files that are whole or absent, and the manifest of what they were made from."""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dashboard.paths import ASSETS, FONTS, PACKAGE

MANIFEST = "manifest.json"
_PART = ".pursuit-part"
RENDERERS = ("svg2png-py", "svg2pdf-py", "pypdf", "uharfbuzz")
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment a ZIP can name: archives of the same files are the same bytes."""


class ExportError(Exception):
    """An export cannot start or go on. ``str(error)`` is one line: what is wrong, how to fix it."""


def write(path: Path, body: bytes) -> None:
    """Write a file as a whole: under another name first, then renamed; :class:`ExportError` when it fails."""
    part = path.with_name(f".{path.name}{_PART}")
    try:
        with part.open("wb") as handle:
            handle.write(body)
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from None
    finally:  # also when Ctrl-C comes in the middle
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> ExportError:
    why = error.strerror or error
    return ExportError(f"{path}: cannot be written ({why}); free space or choose another --out")


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a ZIP of (name, body); the same files are the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in files:
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def code_version() -> str:
    """Return a hash of all that makes a file besides data: our modules, messages, fonts, the renderers."""
    digest = hashlib.sha256()
    for path in sorted(p for kind in ("*.py", "*.json", "*.html") for p in PACKAGE.rglob(kind)):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    for path in sorted([*FONTS.glob("*.otf"), *(ASSETS / "vendor").glob("*.js")]):
        digest.update(f"{path.name}:{path.stat().st_size}".encode())
    for name in RENDERERS:
        digest.update(f"{name}:{version(name)}".encode())
    return digest.hexdigest()[:16]


class Manifest:
    """What the files in ``out`` were made from, by name; a damaged one counts as empty."""

    def __init__(self, out: Path) -> None:
        self.out = out
        try:
            out.mkdir(parents=True, exist_ok=True)
            for part in out.glob(f".*{_PART}"):  # of an export that was killed
                part.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(out, error) from None
        try:
            files = json.loads((out / MANIFEST).read_text("utf-8"))["files"]
            self.files: dict[str, dict[str, Any]] = {str(k): dict(v) for k, v in files.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self.files = {}

    def current(self, name: str, made_from: str) -> bool:
        entry = self.files.get(name, {})
        if not made_from or entry.get("made_from") != made_from:
            return False
        try:
            return sha256((self.out / name).read_bytes()) == entry.get("sha256")
        except OSError:
            return False

    def save(self, dataset: dict[str, str]) -> None:
        there = {k: v for k, v in sorted(self.files.items()) if (self.out / k).is_file()}
        body = json.dumps({"dataset": dataset, "files": there}, ensure_ascii=False, indent=1) + "\n"
        write(self.out / MANIFEST, body.encode("utf-8"))
