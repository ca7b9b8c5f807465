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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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

ETAG = re.compile(r'(?:W/)?"[!#-~]{0,1000}"')
"""An entity tag as HTTP has it (RFC 9110, 8.8.3): any other cannot be sent back."""
_DATE = re.compile(r"[ -~]{1,100}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z")


@dataclass(frozen=True)
class Record:
    """What is known of the last answer to a request, without its bytes."""

    status: int
    content_type: str
    sha256: str
    fetched: str
    checked: str
    etag: str = ""
    last_modified: str = ""
    final_url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def is_valid(self) -> bool:
        """Tell whether every field holds what it was written with: the store may have been damaged."""
        texts = [self.content_type, self.fetched, self.checked, self.last_modified, self.final_url]
        return (
            isinstance(self.status, int)
            and all(isinstance(text, str) for text in [*texts, self.sha256, self.etag])
            and re.fullmatch(r"(?:[0-9a-f]{64})?", self.sha256) is not None
            and (not self.etag or ETAG.fullmatch(self.etag) is not None)
            and (not self.last_modified or _DATE.fullmatch(self.last_modified) is not None)
            and (not self.fetched or _MOMENT.fullmatch(self.fetched) is not None)
            and isinstance(self.headers, dict)
            and all(isinstance(text, str) for text in self.headers.values())
        )


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return those of ``headers`` that are kept with a snapshot, names in lower case."""
    return {name.lower(): value for name, value in headers.items() if name.lower() in KEPT_HEADERS}


def public_url(request: Request) -> str:
    """Return the request's address with its parameters, the secret ones replaced by ``***``."""
    shown = {k: "***" if k in request.secret_params else v for k, v in sorted(request.params.items())}
    if not shown:
        return request.url
    return f"{request.url}{'&' if '?' in request.url else '?'}{urlencode(shown, safe='*')}"


def request_key(request: Request) -> str:
    """Return the name of a request within its source."""
    if request.key:
        return request.key
    body = f"#{hashlib.sha256(request.body).hexdigest()[:16]}" if request.body else ""
    return f"{request.method} {public_url(request)}{body}"


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a reader sees the old file or the new one, never half.

    A folder that stands there is removed: the cache is ours.
    """
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
    """Return the JSON object in a file of ours; ``{}`` where there is none or it is damaged."""
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
        found = {"headers": {}, **read_object(self._index(source, request))}
        try:
            record = Record(**{name: found[name] for name in Record.__dataclass_fields__})
        except KeyError:
            return None  # a damaged record is one that was never written: ask again
        return record if record.is_valid() else None

    def answered(self, source: str, request: Request) -> bool:
        """Tell whether an answer to ``request`` is here, whole, or that there is none to be had."""
        record = self.record(source, request)
        return record is not None and (not record.sha256 or self._kept(record.sha256) is not None)

    def load(self, source: str, request: Request) -> Snapshot | None:
        """Return the stored snapshot; ``None`` if there is none, or its bytes no longer match their hash."""
        record = self.record(source, request)
        if record is None or not record.sha256:
            return None
        body = self._kept(record.sha256)
        if body is None:
            return None
        return Snapshot(
            request=request,
            status=record.status,
            content_type=record.content_type,
            body=body,
            sha256=record.sha256,
            fetched=record.fetched,
            etag=record.etag,
            last_modified=record.last_modified,
            final_url=record.final_url,
            headers=record.headers,
        )

    def save(
        self, source: str, request: Request, status: int, body: bytes, now: str, headers: Mapping[str, str],
        final_url: str,
    ) -> Snapshot:  # fmt: skip
        """Store an answer. Bytes already known keep the time they first came (``fetched``)."""
        digest = hashlib.sha256(body).hexdigest()
        before = self.record(source, request)
        same = before is not None and before.sha256 == digest
        place = self._bytes(digest)
        if self._kept(digest) is None:
            write_atomically(place, body)
        else:
            place.touch()  # named again: not old
        record = Record(
            status=status,
            content_type=headers.get("Content-Type", ""),
            sha256=digest,
            fetched=min(before.fetched, now) if before is not None and same else now,
            checked=now,
            etag=etag if ETAG.fullmatch(etag := headers.get("ETag", "")) else "",
            last_modified=dated if _DATE.fullmatch(dated := headers.get("Last-Modified", "")) else "",
            final_url=final_url,
            headers=kept_headers(headers),
        )
        self._write(source, request, record)
        found = self.load(source, request)
        if found is None:  # pragma: no cover - the bytes were written two lines above
            raise OSError(f"{place} cannot be read back")
        return found

    def confirm(
        self, source: str, request: Request, now: str, headers: Mapping[str, str] | None = None
    ) -> None:
        """Note that the stored answer was still right at ``now`` (HTTP 304, with ``headers``)."""
        record = self.record(source, request)
        if record is not None:
            fresh = {**record.headers, **kept_headers(headers or {})}
            self._write(source, request, Record(**{**record.__dict__, "checked": now, "headers": fresh}))

    def save_absent(self, source: str, request: Request, now: str) -> None:
        """Note that an optional resource was not there at ``now``."""
        self._write(source, request, Record(ABSENT, "", "", now, now))

    def records(self, source: str) -> Iterator[dict[str, Any]]:
        """Yield the index records of a source, as stored."""
        for path in sorted((self.root / "index" / source).glob("*.json")):
            yield read_object(path)

    def size(self) -> int:
        """Return the bytes of all files in the store."""
        return sum(path.lstat().st_size for path in self.root.rglob("*") if path.is_file())

    def prune(self, now: float | None = None) -> int:
        """Remove superseded bytes after :data:`KEPT_DAYS` and what killed runs left; return how many.

        Raises :class:`OSError` where the store may not be read.
        """
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

    def _kept(self, digest: str) -> bytes | None:
        """Return the stored bytes of a hash; ``None`` where they are not there or no longer match it."""
        if not (place := self._bytes(digest)).is_file():
            return None
        body = place.read_bytes()
        return body if hashlib.sha256(body).hexdigest() == digest else None

    def _bytes(self, digest: str) -> Path:
        return self.root / digest[:2] / digest

    def _index(self, source: str, request: Request) -> Path:
        name = hashlib.sha256(request_key(request).encode()).hexdigest()[:32]
        return self.root / "index" / source / f"{name}.json"

    def _write(self, source: str, request: Request, record: Record) -> None:
        known = {
            "source": source,
            "key": request_key(request),
            "method": request.method,
            "url": public_url(request),
        }
        text = json.dumps({**known, **record.__dict__}, ensure_ascii=False, indent=1, sort_keys=True)
        write_atomically(self._index(source, request), text.encode("utf-8"))
