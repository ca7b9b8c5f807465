"""Finished answers in memory: bounded, compressed once, expensive ones made one at a time."""

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import nullcontext

import brotli
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.http import parse_accept_header

MAX_BYTES = 24_000_000
"""Of answers kept by a process; the site's own pages take fewer, the rest is for queries."""
ENTRY_OVERHEAD = 1200
"""Bytes that an answer takes beside its body (its key's digest, its objects): at most 20,000 are kept."""
QUEUE = 3
"""Expensive answers being made or waited for in a process; fewer than threads, so that pages get through."""
RETRY_AFTER = 2
"""Seconds after which one that found the queue full may ask again."""
_COMPRESSIBLE = ("text/", "application/json", "application/xml", "application/ld+json", "image/svg+xml")
_MIN_COMPRESSED = 1000
"""Below this many bytes compression costs a reader more than it saves."""
_CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, brotli.MODE_TEXT, 7),  # 9 saves 1% and takes four times as long
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
"""The best first."""


class CompressedBody:
    """An answer's body with its entity tag and its compressed forms, made when first needed."""

    __slots__ = ("_made", "body", "etag", "mimetype")

    def __init__(self, body: bytes, mimetype: str) -> None:
        self.body, self.mimetype = body, mimetype
        self.etag = hashlib.sha256(body).hexdigest()[:20]
        self._made: dict[str, bytes] = {}

    def encoded(self, accept: str) -> tuple[bytes, str]:
        """Return the body and its ``Content-Encoding`` (or ``""``) for an ``Accept-Encoding`` header."""
        if len(self.body) < _MIN_COMPRESSED or not self.mimetype.startswith(_COMPRESSIBLE):
            return self.body, ""
        accepted = parse_accept_header(accept)
        for coding, compress in _CODINGS.items():
            if accepted[coding]:
                if coding not in self._made:
                    self._made[coding] = compress(self.body)
                return self._made[coding], coding
        return self.body, ""


class ResponseCache:
    """Answers by key; the least recently used go first."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self.max_bytes, self.size = max_bytes, 0
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
        if (cached := self._find(digest)) is not None:
            return cached
        if expensive and not self._queue.acquire(blocking=False):
            raise ServiceUnavailable(retry_after=RETRY_AFTER)
        with self._lock:
            turn = self._in_progress.setdefault(digest, threading.Lock())
        try:
            with self._one_expensive if expensive else nullcontext(), turn:
                if (cached := self._find(digest)) is None:
                    cached = CompressedBody(make(), mimetype)
                    self._store(digest, cached)
                return cached
        finally:
            with self._lock:
                self._in_progress.pop(digest, None)
            if expensive:
                self._queue.release()

    def _find(self, digest: bytes) -> CompressedBody | None:
        with self._lock:
            if digest in self._entries:
                self._entries.move_to_end(digest)
            return self._entries.get(digest)

    def _store(self, digest: bytes, made: CompressedBody) -> None:
        with self._lock:
            self.size += _cost(made) if digest not in self._entries else 0
            self._entries[digest] = made
            while len(self) > 1 and self.size > self.max_bytes:
                self.size -= _cost(self._entries.popitem(last=False)[1])


def _cost(made: CompressedBody) -> int:
    """Return the bytes an answer takes, its compressed forms, which come later, among them."""
    return ENTRY_OVERHEAD + len(made.body) * 3 // 2
