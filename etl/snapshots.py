"""Raw answers, stored under their hash, so that every table can be made again without the network.

::

    snapshots/ab/abcd…            the bytes, named by their sha256
    snapshots/index/<source>/…    one small JSON a request: address (no secrets), status, content type,
                                  ETag, hash, when these bytes first came, when they were last confirmed

Writes are atomic; a record is written after its bytes, so a killed run never leaves a record without.
Bytes that no record refers to, because a newer answer replaced them, are removed after :data:`KEPT_DAYS`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import threading
import time
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from etl.sources.base import Request, Snapshot

ABSENT = 404
"""Status recorded when an optional resource was not there."""
KEPT_HEADERS = frozenset({
    "link", "retry-after", "ratelimit", "ratelimit-policy", "x-ratelimit-limit", "x-ratelimit-remaining",
    "x-ratelimit-reset", "x-total-count",
})  # fmt: skip
"""Headers worth keeping: paging and limits. Cookies, addresses and the rest say nothing of the figures."""

KEPT_DAYS = 30
"""Days for which superseded bytes are kept; ``--offline`` reads only those of the newest answers."""
PART_PREFIX = ".part-"
"""Start of the names of files that are being written; a killed run leaves one."""

ETAG = re.compile(r'(?:(?:W/)?"[!#-~]{0,1000}")?')
"""An entity tag as in RFC 9110, 8.8.3 (or none): any other cannot be sent back."""
DATE = re.compile(r"[ -~]{0,100}")
_ANY = re.compile(r"(?s).*")
_FORMS = {
    "content_type": _ANY,
    "sha256": re.compile(r"(?:[0-9a-f]{64})?"),
    "fetched": re.compile(r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z)?"),
    "checked": _ANY,
    "etag": ETAG,
    "last_modified": DATE,
    "final_url": _ANY,
}

Record = dict[str, Any]
"""What is known of the last answer to a request: ``status``, ``headers`` and the texts of ``_FORMS``."""


def _is_valid(record: Record) -> bool:
    """Tell whether every field holds what was written there: the store may have been damaged."""
    headers, texts = record.get("headers"), [(record.get(name), form) for name, form in _FORMS.items()]
    return (
        isinstance(record.get("status"), int)
        and all(isinstance(text, str) and form.fullmatch(text) for text, form in texts)
        and isinstance(headers, dict)
        and all(isinstance(text, str) for text in headers.values())
    )


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items() if name.lower() in KEPT_HEADERS}


def public_url(request: Request) -> str:
    shown = {k: "***" if k in request.secret_params else v for k, v in sorted(request.params.items())}
    if not shown:
        return request.url
    return f"{request.url}{'&' if '?' in request.url else '?'}{urlencode(shown, safe='*')}"


def request_key(request: Request) -> str:
    if request.key:
        return request.key
    body = f"#{hashlib.sha256(request.body).hexdigest()[:16]}" if request.body else ""
    return f"{request.method} {public_url(request)}{body}"


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``content`` so that a reader sees the old file or the new one; a folder there is removed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    temporary = path.with_name(f"{PART_PREFIX}{os.getpid()}-{threading.get_ident()}")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read_object(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file; ``{}`` where there is none or it is damaged."""
    try:
        found = json.loads(path.read_bytes()) if path.is_file() else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


class SnapshotStore:
    """Content-addressed store of answers under ``root`` (``<cache>/snapshots``)."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def record(self, source: str, request: Request) -> Record | None:
        """Return what is known of the last answer to ``request``; ``None`` if it was never asked."""
        found = read_object(self._index(source, request))
        return found if _is_valid(found) else None  # a damaged record counts as none: ask again

    def answered(self, source: str, request: Request) -> bool:
        """Tell whether an undamaged answer to ``request``, or that there is none, is stored."""
        record = self.record(source, request)
        return record is not None and (not record["sha256"] or self._body(record["sha256"]) is not None)

    def load(self, source: str, request: Request) -> Snapshot | None:
        """Return the stored snapshot; ``None`` if there is none, or its bytes no longer match their hash."""
        record = self.record(source, request)
        body = self._body(record["sha256"]) if record else None
        return _snapshot(request, record, body) if record and body is not None else None

    def save(
        self, source: str, request: Request, status: int, body: bytes, now: str, headers: Mapping[str, str],
        final_url: str,
    ) -> Snapshot:  # fmt: skip
        """Store an answer. Bytes already known keep the time they first came (``fetched``)."""
        digest = hashlib.sha256(body).hexdigest()
        before = self.record(source, request)
        if self._body(digest) is None:
            write_atomically(self._place(digest), body)
        else:
            self._place(digest).touch()  # in use again: not to be pruned
        etag, last_modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
        record = {
            "status": status,
            "content_type": headers.get("Content-Type", ""),
            "sha256": digest,
            "fetched": min(before["fetched"], now) if before and before["sha256"] == digest else now,
            "checked": now,
            "etag": etag if ETAG.fullmatch(etag) else "",
            "last_modified": last_modified if DATE.fullmatch(last_modified) else "",
            "final_url": final_url,
            "headers": kept_headers(headers),
        }
        self._write(source, request, record)
        return _snapshot(request, record, body)

    def confirm(self, source: str, request: Request, now: str, headers: Mapping[str, str]) -> None:
        if record := self.record(source, request):
            merged = {**record["headers"], **kept_headers(headers)}
            self._write(source, request, record | {"checked": now, "headers": merged})

    def save_absent(self, source: str, request: Request, now: str) -> None:
        absent = dict.fromkeys(_FORMS, "") | {"status": ABSENT, "fetched": now, "checked": now, "headers": {}}
        self._write(source, request, absent)

    def size(self) -> int:
        return sum(path.lstat().st_size for path in self.root.rglob("*") if path.is_file())

    def prune(self, now: float | None = None) -> int:
        """Remove superseded bytes after :data:`KEPT_DAYS` and what killed runs left; return how many."""
        now = time.time() if now is None else now
        named = {read_object(path).get("sha256") for path in self.root.glob("index/*/*.json")}
        gone = 0
        for path in [*self.root.glob(f"**/{PART_PREFIX}*"), *self.root.glob("[0-9a-f][0-9a-f]/*")]:
            days = 1 if path.name.startswith(PART_PREFIX) else KEPT_DAYS
            with contextlib.suppress(OSError):  # gone meanwhile, or not ours to remove
                if path.name not in named and now - path.stat().st_mtime > days * 86400:
                    path.unlink()
                    gone += 1
        return gone

    def _body(self, digest: str) -> bytes | None:
        """Return the stored bytes of a hash; ``None`` where they are not there or no longer match it."""
        if not digest or not (place := self._place(digest)).is_file():
            return None
        body = place.read_bytes()
        return body if hashlib.sha256(body).hexdigest() == digest else None

    def _place(self, digest: str) -> Path:
        return self.root / digest[:2] / digest

    def _index(self, source: str, request: Request) -> Path:
        name = hashlib.sha256(request_key(request).encode()).hexdigest()[:32]
        return self.root / "index" / source / f"{name}.json"

    def _write(self, source: str, request: Request, record: Record) -> None:
        asked = {"source": source, "key": request_key(request), "url": public_url(request)}
        text = json.dumps({**record, **asked}, ensure_ascii=False, indent=1, sort_keys=True)
        write_atomically(self._index(source, request), text.encode("utf-8"))


def _snapshot(request: Request, record: Record, body: bytes) -> Snapshot:
    names = (field.name for field in fields(Snapshot) if field.name not in ("request", "body"))
    return Snapshot(request=request, body=body, **{name: record[name] for name in names})
