"""Finished answers in memory: bounded, compressed once, expensive ones made one at a time."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable

import brotli
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.http import parse_accept_header

MAX_BYTES = 24_000_000
"""Of answers kept by a process; the site's own pages take fewer, the rest is for queries."""
MAX_ENTRIES = 20_000
ENTRY_OVERHEAD = 1000
"""Bytes that an answer takes beside its body: its key's digest, its objects."""
QUEUE = 3
"""Expensive answers being made or waited for in a process; fewer than threads, so that pages get through."""
RETRY_AFTER = 2
"""Seconds after which one that found the queue full may ask again."""
_COMPRESSIBLE = ("text/", "application/json", "application/xml", "application/ld+json", "image/svg+xml")
_MIN_COMPRESSED = 1000
"""Below this many bytes compression costs a reader more than it saves."""
_SLOW_BROTLI_UP_TO = 300_000
"""Up to this many bytes brotli's quality 9 is quick enough for a first request."""


class CompressedBody:
    """An answer's body with its entity tag and its compressed forms, made when first needed."""

    __slots__ = ("_br", "_gzip", "body", "etag", "mimetype")

    def __init__(self, body: bytes, mimetype: str) -> None:
        self.body, self.mimetype = body, mimetype
        self.etag = hashlib.sha256(body).hexdigest()[:20]
        self._br: bytes | None = None
        self._gzip: bytes | None = None

    def encoded(self, accept: str) -> tuple[bytes, str]:
        """Return the body and its ``Content-Encoding`` (or ``""``) for an ``Accept-Encoding`` header."""
        if len(self.body) < _MIN_COMPRESSED or not self.mimetype.startswith(_COMPRESSIBLE):
            return self.body, ""
        accepted = parse_accept_header(accept)
        if accepted["br"]:
            if self._br is None:
                quality = 9 if len(self.body) < _SLOW_BROTLI_UP_TO else 7
                self._br = brotli.compress(self.body, mode=brotli.MODE_TEXT, quality=quality)
            return self._br, "br"
        if accepted["gzip"]:
            if self._gzip is None:
                self._gzip = gzip.compress(self.body, 6, mtime=0)
            return self._gzip, "gzip"
        return self.body, ""


class ResponseCache:
    """Answers by key; the least recently used go first."""

    def __init__(self, max_bytes: int = MAX_BYTES, max_entries: int = MAX_ENTRIES) -> None:
        self.max_bytes, self.max_entries = max_bytes, max_entries
        self.size = 0
        self._entries: OrderedDict[bytes, CompressedBody] = OrderedDict()
        self._in_progress: dict[bytes, threading.Lock] = {}
        self._lock, self._one_expensive = threading.Lock(), threading.Lock()
        self._queue = threading.Semaphore(QUEUE)

    def __len__(self) -> int:
        return len(self._entries)

    def get(
        self, key: tuple[str, ...], make: Callable[[], bytes], mimetype: str, *, expensive: bool = False
    ) -> CompressedBody:
        """Return the answer under ``key``, made by ``make`` when it is not in memory.

        Whoever asks for it while it is made waits for it instead of making it, too. Raises 503 where the
        queue of expensive answers is full.
        """
        digest = hashlib.blake2b("\0".join(key).encode("utf-8", "replace"), digest_size=16).digest()
        if (found := self._find(digest)) is not None:
            return found
        if not expensive:
            return self._make_once(digest, make, mimetype)
        if not self._queue.acquire(blocking=False):
            raise ServiceUnavailable(retry_after=RETRY_AFTER)
        try:
            with self._one_expensive:
                return self._make_once(digest, make, mimetype)
        finally:
            self._queue.release()

    def _make_once(self, digest: bytes, make: Callable[[], bytes], mimetype: str) -> CompressedBody:
        with self._lock:
            turn = self._in_progress.setdefault(digest, threading.Lock())
        with turn:
            if (found := self._find(digest)) is not None:
                return found
            try:
                made = CompressedBody(make(), mimetype)
                self._store(digest, made)
            finally:
                with self._lock:
                    self._in_progress.pop(digest, None)
        return made

    def _find(self, digest: bytes) -> CompressedBody | None:
        with self._lock:
            found = self._entries.get(digest)
            if found is not None:
                self._entries.move_to_end(digest)
            return found

    def _store(self, digest: bytes, made: CompressedBody) -> None:
        with self._lock:
            self.size += _cost(made) if digest not in self._entries else 0
            self._entries[digest] = made
            while len(self) > 1 and (self.size > self.max_bytes or len(self) > self.max_entries):
                self.size -= _cost(self._entries.popitem(last=False)[1])


def _cost(made: CompressedBody) -> int:
    """Return the bytes an answer takes, its compressed forms, which come later, among them."""
    return ENTRY_OVERHEAD + len(made.body) * 3 // 2
