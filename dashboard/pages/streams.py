"""Answers too large to be made whole and cached: sent in pieces, compressed on the way."""

import hashlib
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus

from flask import Response, request
from werkzeug.exceptions import ServiceUnavailable

from dashboard.response_cache import RETRY_AFTER
from dashboard.site import SHARED, Site

CSV = "text/csv; charset=utf-8"
STREAMS = 3
"""Under way in a process: each holds one of its threads until its reader has taken most of it."""
_streams = threading.BoundedSemaphore(STREAMS)


def send_csv(
    site: Site, make: Callable[[], Iterable[bytes]], filename: str, *key: str, large: bool = False
) -> Response:
    """Answer with a table to keep; ``key`` is what it depends on besides path and dataset.

    A large one is sent in pieces, gzipped where the client takes it; 304 where it has this version already.
    Its entity tag is weak, since it is of the question and the version and not of the bytes. Raises 503
    where as many are under way as may be.
    """
    if not large:
        return site.send(lambda: b"".join(make()), CSV, *key, filename=filename)
    zipped = request.accept_encodings["gzip"] > 0
    response = Response(_gzipped(make()) if zipped else make(), content_type=CSV)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = SHARED
    question = "\0".join((site.dataset.version, request.path, *key))
    response.set_etag(hashlib.sha256(question.encode()).hexdigest()[:20], weak=True)
    response.make_conditional(request)
    if response.status_code == HTTPStatus.OK:
        if not _streams.acquire(blocking=False):
            raise ServiceUnavailable(retry_after=RETRY_AFTER)
        response.call_on_close(_streams.release)
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def _gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(5, wbits=16 + zlib.MAX_WBITS)  # gzip
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()
