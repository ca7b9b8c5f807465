"""Finished answers in memory: bounded in bytes and in number; costly ones are made one at a time."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import nullcontext

from werkzeug.exceptions import ServiceUnavailable

from dashboard.packed import CompressedBody

BYTES = 40_000_000
"""Of answers kept by a process; the site's own pages take fewer, the rest is for queries."""
NUMBER = 20_000
OVERHEAD = 1000
"""Bytes that an answer takes beside its body: its key's digest, its objects."""
QUEUE = 3
"""Costly answers being made or waited for in a process; fewer than its threads, so that pages get through."""
RETRY = 2
"""Seconds after which one that found no place in the queue may ask again."""


class Rendered:
    """Answers by key, the least recently asked for given up first."""

    def __init__(self, most_bytes: int = BYTES, most: int = NUMBER) -> None:
        self.most_bytes, self.most = most_bytes, most
        self.held = 0
        self._answers: OrderedDict[bytes, CompressedBody] = OrderedDict()
        self._making: dict[bytes, threading.Lock] = {}
        self._lock, self._one = threading.Lock(), threading.Lock()
        self._queue = threading.Semaphore(QUEUE)

    def __len__(self) -> int:
        return len(self._answers)

    def get(
        self, key: tuple[str, ...], make: Callable[[], bytes], mimetype: str, *, costly: bool = False
    ) -> CompressedBody:
        """Return the answer under ``key``, made by ``make`` when it is not in memory.

        Whoever asks for it while it is made waits for it instead of making it, too. Raises 503 where the
        queue of costly answers is full.
        """
        digest = hashlib.blake2b("\0".join(key).encode("utf-8", "replace"), digest_size=16).digest()
        with self._lock:
            known = self._known(digest)
        if known is not None:
            return known
        if costly and not self._queue.acquire(blocking=False):
            raise ServiceUnavailable(retry_after=RETRY)
        try:
            with self._lock:
                turn = self._making.setdefault(digest, threading.Lock())
            with self._one if costly else nullcontext(), turn:
                return self._made(digest, make, mimetype)
        finally:
            if costly:
                self._queue.release()

    def _made(self, digest: bytes, make: Callable[[], bytes], mimetype: str) -> CompressedBody:
        with self._lock:
            known = self._known(digest)
        if known is not None:
            with self._lock:
                self._making.pop(digest, None)
            return known
        try:
            made = CompressedBody(make(), mimetype)
            self._keep(digest, made)
        finally:
            with self._lock:
                self._making.pop(digest, None)
        return made

    def _known(self, digest: bytes) -> CompressedBody | None:
        known = self._answers.get(digest)
        if known is not None:
            self._answers.move_to_end(digest)
        return known

    def _keep(self, digest: bytes, made: CompressedBody) -> None:
        with self._lock:
            self.held += _cost(made) if digest not in self._answers else 0
            self._answers[digest] = made
            while len(self._answers) > 1 and (self.held > self.most_bytes or len(self._answers) > self.most):
                self.held -= _cost(self._answers.popitem(last=False)[1])


def _cost(made: CompressedBody) -> int:
    """Return the bytes an answer takes, its compressed forms, which come later, among them."""
    return OVERHEAD + len(made.body) * 3 // 2
