"""Raw answers, stored under their hash, so that every table can be made again without the network.

::

    snapshots/ab/abcd…            the bytes, named by their sha256
    snapshots/index/<source>/…    one small JSON a request: address (no secrets), status, hash, time

A record is written after its bytes, so a killed run never leaves a record without.
"""

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
from etl.tables import read_object

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

SENT_BACK = {"ETag": re.compile(r'(?:W/)?"[!#-~]{0,1000}"'), "Last-Modified": re.compile(r"[ -~]{0,100}")}
"""Headers that make the next request conditional (RFC 9110, 8.8): any other text cannot be sent back."""
FIELDS = [field.name for field in fields(Snapshot) if field.name not in ("request", "body")]


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items() if name.lower() in KEPT_HEADERS}


def public_url(request: Request) -> str:
    params = {k: "***" if k in request.secret_params else v for k, v in sorted(request.params.items())}
    if not params:
        return request.url
    return f"{request.url}{'&' if '?' in request.url else '?'}{urlencode(params, safe='*')}"


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


def write_record(path: Path, record: Mapping[str, Any]) -> None:
    text = json.dumps({**record, "checksum": _checksum(record)}, ensure_ascii=False, indent=1, sort_keys=True)
    write_atomically(path, text.encode("utf-8"))


def read_record(path: Path) -> dict[str, Any]:
    """Return what :func:`write_record` wrote; ``{}`` where there is nothing or it is damaged."""
    record = read_object(path)
    return record if record.pop("checksum", "") == _checksum(record) else {}


def _checksum(record: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


class SnapshotStore:
    def __init__(self, root: Path) -> None:
        self.root = root

    def record(self, source: str, request: Request) -> dict[str, Any]:
        return read_record(self._index(source, request))

    def answered(self, source: str, request: Request) -> bool:
        record = self.record(source, request)
        return bool(record) and (not record["sha256"] or self._body(record["sha256"]) is not None)

    def load(self, source: str, request: Request) -> Snapshot | None:
        record = self.record(source, request)
        body = self._body(record["sha256"]) if record else None
        return None if body is None else _snapshot(request, record, body)

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
        etag, last_modified = (
            text if form.fullmatch(text := headers.get(name, "")) else "" for name, form in SENT_BACK.items()
        )
        record = {
            "status": status,
            "content_type": headers.get("Content-Type", ""),
            "sha256": digest,
            "fetched": min(before["fetched"], now) if before.get("sha256") == digest else now,
            "etag": etag,
            "last_modified": last_modified,
            "final_url": final_url,
            "headers": kept_headers(headers),
        }
        self._write(source, request, record)
        return _snapshot(request, record, body)

    def confirm(self, source: str, request: Request, headers: Mapping[str, str]) -> None:
        """Keep the headers of an answer that has not changed: a page may have a new next one."""
        if record := self.record(source, request):
            self._write(source, request, record | {"headers": record["headers"] | kept_headers(headers)})

    def save_absent(self, source: str, request: Request, now: str) -> None:
        self._write(source, request, {"status": ABSENT, "sha256": "", "fetched": now, "headers": {}})

    def size(self) -> int:
        return sum(path.lstat().st_size for path in self.root.rglob("*") if path.is_file())

    def prune(self, now: float | None = None) -> int:
        """Remove superseded bytes after :data:`KEPT_DAYS` and what killed runs left; return how many."""
        now = time.time() if now is None else now
        named = {read_object(path).get("sha256") for path in self.root.glob("index/*/*.json")}
        removed = 0
        for path in [*self.root.glob(f"**/{PART_PREFIX}*"), *self.root.glob("[0-9a-f][0-9a-f]/*")]:
            days = 1 if path.name.startswith(PART_PREFIX) else KEPT_DAYS
            with contextlib.suppress(OSError):  # gone meanwhile, or not ours to remove
                if path.name not in named and now - path.stat().st_mtime > days * 86400:
                    path.unlink()
                    removed += 1
        return removed

    def _body(self, digest: str) -> bytes | None:
        if not digest or not (place := self._place(digest)).is_file():
            return None
        body = place.read_bytes()
        return body if hashlib.sha256(body).hexdigest() == digest else None

    def _place(self, digest: str) -> Path:
        return self.root / digest[:2] / digest

    def _key(self, request: Request) -> str:
        body = f"#{hashlib.sha256(request.body).hexdigest()[:16]}" if request.body else ""
        return request.key or f"{request.method} {public_url(request)}{body}"

    def _index(self, source: str, request: Request) -> Path:
        name = hashlib.sha256(self._key(request).encode()).hexdigest()[:32]
        return self.root / "index" / source / f"{name}.json"

    def _write(self, source: str, request: Request, record: Mapping[str, Any]) -> None:
        asked = {"source": source, "key": self._key(request), "url": public_url(request)}
        write_record(self._index(source, request), {**record, **asked})


def _snapshot(request: Request, record: Mapping[str, Any], body: bytes) -> Snapshot:
    return Snapshot(request=request, body=body, **{name: record[name] for name in FIELDS})
