"""Bytes that are compressed at most once for each encoding, however often they are sent."""

from __future__ import annotations

import gzip
import hashlib

import brotli

_TEXT = ("text/", "application/json", "application/xml", "application/ld+json", "image/svg+xml")
_SMALLEST = 1000
"""Below this many bytes compression costs a reader more than it saves."""
_THOROUGH = 300_000
"""Up to this many bytes brotli's slowest setting is quick enough for a first request."""


class CompressedBody:
    """An answer's body with its entity tag and its compressed forms, made at first need."""

    __slots__ = ("_br", "_gzip", "body", "etag", "mimetype")

    def __init__(self, body: bytes, mimetype: str) -> None:
        self.body, self.mimetype = body, mimetype
        self.etag = hashlib.sha256(body).hexdigest()[:20]
        self._br: bytes | None = None
        self._gzip: bytes | None = None

    def encoded(self, accept: str) -> tuple[bytes, str]:
        """Return the body and its ``Content-Encoding`` (or ``""``) for an ``Accept-Encoding`` header."""
        if len(self.body) < _SMALLEST or not self.mimetype.startswith(_TEXT):
            return self.body, ""
        takes = accepted_encodings(accept)
        if "br" in takes:
            if self._br is None:
                quality = 9 if len(self.body) < _THOROUGH else 7
                self._br = brotli.compress(self.body, mode=brotli.MODE_TEXT, quality=quality)
            return self._br, "br"
        if "gzip" in takes:
            if self._gzip is None:
                self._gzip = gzip.compress(self.body, 6, mtime=0)
            return self._gzip, "gzip"
        return self.body, ""


def accepted_encodings(accept: str) -> set[str]:
    """Return the encodings a client takes; those with ``q=0`` are refused."""
    out = set()
    for part in accept.lower().split(","):
        name, _, weight = part.strip().partition(";")
        if weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            out.add(name.strip())
    return out
