"""What a server can do instead of answering rightly, for the replica (``Replica.faults``)."""

from __future__ import annotations

import gzip
import socket
import struct
import time
from functools import cache
from http.server import BaseHTTPRequestHandler

from replica import Fault


def _send(handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str, **headers: str) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Connection", "close")
    handler.send_header("Content-Length", headers.pop("length", str(len(body))))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)
    handler.close_connection = True


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Break the connection in the middle of the body."""
    _send(handler, 200, b'[{"page": 1', "application/json", length="9999")
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Send one byte now and then, for longer than anybody should wait."""
    _send(handler, 200, b"[", "application/json", length="9999")
    for _ in range(200):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.02)


def plain(status: int, body: bytes = b"", kind: str = "application/json", **headers: str) -> Fault:
    """Return a fault that is a complete answer."""
    return lambda handler: _send(handler, status, body, kind, **dict(headers))


MESSAGE = b'[{"message": [{"id": "120", "key": "Invalid value", "value": "The parameter is not valid"}]}]'
EMPTY = b'[{"page": 1, "pages": 1, "per_page": 1000, "total": 0}, []]'


@cache
def _many_blanks() -> bytes:
    return gzip.compress(b" " * 200_000_000)


def bomb(handler: BaseHTTPRequestHandler) -> None:
    """Answer with what becomes a thousand times as long."""
    _send(handler, 200, _many_blanks(), "application/json", Content_Encoding="gzip")


FAULTS: dict[str, Fault] = {
    "500 again and again": plain(500),
    "429 again and again, Retry-After: 7": plain(429, Retry_After="7"),
    "403": plain(403),
    "404": plain(404),
    "HTML with 200": plain(200, b"<!DOCTYPE html><title>Error</title>", "text/html"),
    "HTML labelled as JSON": plain(200, b"<html><body>Service unavailable</body></html>"),
    "plain text with 200": plain(200, b"Please limit requests", "text/plain"),
    "nothing with 200": plain(200, b""),
    "an error message with 200": plain(200, MESSAGE),
    "an empty table": plain(200, EMPTY),
    "JSON cut in the middle": plain(200, b'[{"page": 1, "pages"'),
    "another shape": plain(200, b'{"data": []}'),
    "body shorter than announced": plain(200, b"[", length="9999"),
    "connection reset in the body": reset,
    "one byte at a time": drip,
    "gzip that is none": plain(200, b"[]", Content_Encoding="gzip"),
    "another charset": plain(200, '[{"page": 1}, "é"]'.encode("utf-16")),
    "429 without Retry-After": plain(429),
    "a field renamed": plain(200, b'[{"page": 1, "pages": 1}, [{"indikator": {"id": "X"}}]]'),
    "a field of another type": plain(200, b'[{"page": 1, "pages": 1}, {"0": "list?"}]'),
    "only nulls": plain(200, b'[{"page": 1, "pages": 1}, null]'),
    "gzip bomb (200 MB)": bomb,
    "redirect in circles": plain(302, Location="/v2/country/CHN/indicator/again"),
    "redirect to another host": plain(302, Location="https://elsewhere.example/x"),
    "redirect into the private network": plain(302, Location="http://169.254.169.254/latest"),
}
PASSING = ("500 again and again", "429 again and again, Retry-After: 7", "body shorter than announced",
           "connection reset in the body", "gzip that is none")  # fmt: skip
"""Faults that are gone at the next attempt when they happen once."""
