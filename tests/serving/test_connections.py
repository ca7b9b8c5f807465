"""Slow and greedy connections: they hold no thread, and not for ever."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from waitress import wasyncore

from dashboard.serving import connections
from dashboard.serving.connections import THREADS, Server, start_threads

LARGE = 30_000_000
REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
Open = Callable[..., socket.socket]


def application(environ: dict[str, Any], start: Any) -> list[bytes]:
    body = b"x" * (LARGE if environ["PATH_INFO"] == "/large" else 5)
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(connections, "IDLE_SECONDS", 1.0)
    channels: dict[int, Any] = {}
    end = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = Server(application, channels, listener, start_threads())

        def loop() -> None:
            while not end.is_set():
                wasyncore.poll2(0.05, channels)

        thread = threading.Thread(target=loop)
        thread.start()
        yield serving
        end.set()
        thread.join(10)
        serving.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(channels)


@pytest.fixture
def connect(server: Server) -> Iterator[Open]:
    with ExitStack() as stack:

        def go(sent: bytes = b"", **options: int) -> socket.socket:
            client = stack.enter_context(socket.socket())
            if options:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, options["receive"])
            client.settimeout(60)
            client.connect((server.effective_host, int(server.effective_port)))
            client.sendall(sent)
            return client

        yield go


def answered(client: socket.socket) -> bytes:
    """Return what comes, up to the end of a short answer or of the connection."""
    got = b""
    while not got.endswith(b"xxxxx") and (piece := client.recv(65_536)):
        got += piece
    return got


HALVES = [
    b"",
    b"G",
    b"GET / HTTP/1.1\r\nHost: x\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n{",
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n",
]


@pytest.mark.parametrize("half", HALVES)
def test_half_a_request_holds_no_thread_and_not_for_ever(connect: Open, half: bytes) -> None:
    slow = [connect(half) for _ in range(3 * THREADS)]
    assert answered(connect(REQUEST)).startswith(b"HTTP/1.1 200")
    assert [client.recv(100) for client in slow] == [b""] * len(slow), "all are closed in the end"


def test_a_request_that_drips_is_cut_in_its_time(connect: Open) -> None:
    slow = connect(b"GET / HTTP/1.1\r\n")
    slow.settimeout(0.05)
    closed = False
    for _ in range(1000):
        try:
            slow.sendall(b"X: y\r\n")
            closed = slow.recv(100) == b""
        except TimeoutError:
            continue
        except OSError:
            closed = True
        if closed:
            break
    assert closed


def test_readers_who_take_nothing_hold_no_thread_and_are_cut(connect: Open, server: Server) -> None:
    greedy = [connect(REQUEST.replace(b"/ ", b"/large ", 1), receive=4096) for _ in range(THREADS + 2)]
    assert answered(connect(REQUEST)).startswith(b"HTTP/1.1 200")
    while any(c.total_outbufs_len for c in list(server.active_channels.values())):
        time.sleep(0.05)
    assert len(greedy) == THREADS + 2


def test_one_address_has_its_share_and_a_trusted_proxy_has_more(
    connect: Open, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MAX_PER_ADDRESS", 3)
    kept = [connect() for _ in range(3)]
    assert connect().recv(10) == b""
    server.trusted = connections.parse_networks("127.0.0.1")
    assert answered(connect(REQUEST)).startswith(b"HTTP/1.1 200")
    assert len(kept) == 3


def test_what_is_too_large_is_refused(connect: Open) -> None:
    body = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n"
    assert answered(connect(body)).startswith(b"HTTP/1.1 413")


def test_an_address_that_is_none_is_refused(connect: Open, caplog: pytest.LogCaptureFixture) -> None:
    client = connect(b"GET http://[::1/ HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answered(client).startswith(b"HTTP/1.1 400")
    assert caplog.text == ""


def test_the_last_answer_of_a_worker_says_so(connect: Open, server: Server) -> None:
    client = connect(REQUEST)
    assert b"Connection: close" not in answered(client)
    server.shutting_down = True
    client.sendall(REQUEST)
    assert b"Connection: close" in answered(client)
    assert client.recv(10) == b""
