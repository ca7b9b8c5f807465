"""Answers too large to be made whole and cached: sent in pieces, compressed on the way."""

from __future__ import annotations

import hashlib
import threading
import zlib
from collections.abc import Iterable, Iterator
from http import HTTPStatus

from flask import Response, request
from werkzeug.exceptions import ServiceUnavailable

from dashboard.response_cache import RETRY_AFTER, accepted_encodings
from dashboard.site import SHARED, Site

LARGE = 4_000_000
"""Bytes from which an answer is sent in pieces."""
STREAMS = 3
"""Under way in a process: each holds one of its threads until its reader has taken most of it."""
_streams = threading.BoundedSemaphore(STREAMS)
_GZIP = 16 + zlib.MAX_WBITS
_LEVEL = 5


def stream(site: Site, key: tuple[str, ...], pieces: Iterable[bytes], mimetype: str) -> Response:
    """Answer with ``pieces``, gzipped where the client takes it; 304 where it has this version already.

    ``key`` names what is asked for within the dataset's version. The entity tag is weak, since it is of the
    question and the version and not of the bytes. Raises 503 where as many are under way as may be.
    """
    zipped = "gzip" in accepted_encodings(request.headers.get("Accept-Encoding", ""))
    response = Response(_gzipped(pieces) if zipped else pieces, content_type=mimetype)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = SHARED
    asked = "\0".join((site.dataset.version, *key))
    response.set_etag(hashlib.sha256(asked.encode()).hexdigest()[:20], weak=True)
    response.make_conditional(request)
    if response.status_code == HTTPStatus.OK:
        if not _streams.acquire(blocking=False):
            raise ServiceUnavailable(retry_after=RETRY_AFTER)
        response.call_on_close(_streams.release)
    return response


def _gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()
