"""Answers too large to be made whole and cached: sent in pieces, compressed on the way."""

from __future__ import annotations

import hashlib
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus

from flask import Response, request
from werkzeug.exceptions import ServiceUnavailable

from dashboard.response_cache import RETRY_AFTER
from dashboard.site import SHARED, Site, as_file

STREAMS = 3
"""Under way in a process: each holds one of its threads until its reader has taken most of it."""
_streams = threading.BoundedSemaphore(STREAMS)


def send_csv(
    site: Site, key: tuple[str, ...], make: Callable[[], Iterable[bytes]], filename: str, *, large: bool
) -> Response:
    """Answer with a table to keep; ``key`` names what is asked for within the dataset's version.

    A large one is sent in pieces, gzipped where the client takes it; 304 where it has this version already.
    Its entity tag is weak, since it is of the question and the version and not of the bytes. Raises 503
    where as many are under way as may be.
    """
    kind = "text/csv; charset=utf-8"
    if not large:
        return site.send(key, lambda: b"".join(make()), kind, filename=filename)
    zipped = request.accept_encodings["gzip"] > 0
    response = Response(_gzipped(make()) if zipped else make(), content_type=kind)
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
    return as_file(response, filename)


def _gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(5, wbits=16 + zlib.MAX_WBITS)  # gzip
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()
