"""Answers too large to be made whole and kept: handed out in pieces, compressed on the way."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator

from flask import Response, request

from dashboard.response_cache import accepted_encodings
from dashboard.site import SHARED, Site

LARGE = 4_000_000
"""Bytes from which an answer is sent in pieces."""
_GZIP = 16 + zlib.MAX_WBITS
_LEVEL = 5


def stream(site: Site, key: tuple[str, ...], pieces: Iterable[bytes], mimetype: str) -> Response:
    """Answer with ``pieces``, gzipped where the client takes it; 304 where it has this version already.

    ``key`` names what is asked for within the dataset's version. The entity tag is weak, since it is of the
    question and the version and not of the bytes.
    """
    zipped = "gzip" in accepted_encodings(request.headers.get("Accept-Encoding", ""))
    response = Response(_gzipped(pieces) if zipped else pieces, content_type=mimetype)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = SHARED
    asked = "\0".join((site.dataset.version, *key))
    response.set_etag(hashlib.sha256(asked.encode()).hexdigest()[:20], weak=True)
    response.make_conditional(request)
    return response


def _gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()
