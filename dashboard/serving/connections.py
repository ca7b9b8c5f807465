"""Connections to readers: requests and answers pass through an event loop, so a slow one holds no thread.

What waitress lets run for ever has a limit here: how long a request may take to arrive and an answer to
be taken, and how many connections one address may hold.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections import Counter
from contextlib import suppress
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask

from dashboard.proxies import believed, checked_proxies

THREADS = 8
"""Threads of a process: for answers that are being made, not for those on their way."""
CONNECTIONS = 1000
"""Open at once in a process; more wait in the system's queue."""
SHARE = 250
"""Of those, for one address; a trusted proxy speaks for many readers and has no limit."""
ARRIVAL = 15.0
"""Seconds for a request to arrive whole, for an idle connection, and for a reader who takes nothing."""
TAKING = 300.0
"""Seconds for an answer to be taken whole, however slowly."""
PIECE = 65_536
"""Bytes tried at a time; a slow reader takes a few of them, and the rest is read anew."""
HEAD, BODY = 32_768, 100_000
"""Bytes of a request's head and body; no address of ours reads a body."""


class Task(WSGITask):  # type: ignore[misc]
    """An answer; while the process ends it is the last of its connection."""

    def build_response_header(self) -> bytes:
        """Return the head of the answer."""
        if self.channel.server.ending:
            self.set_close_on_finish()
        head: bytes = super().build_response_header()
        return head


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection with its limits."""

    task_class = Task

    def __init__(self, server: Server, sock: Any, addr: Any, adj: Adjustments, map: Any = None) -> None:
        self.begun = self.answered = time.time()
        self.address = str(addr[0])
        server.held[self.address] += 1
        super().__init__(server, sock, addr, adj, map=map)
        self.sendbuf_len = PIECE

    def received(self, data: bytes) -> bool:
        """Take in a piece of a request."""
        if self.request is None:
            self.begun = time.time()
        taken: bool = super().received(data)
        return taken

    def service(self) -> None:
        """Make the answer to a request that has arrived."""
        self.answered = time.time()
        super().service()

    def del_channel(self, map: Any = None) -> None:
        """Forget the connection."""
        self.server.held[self.address] -= 1
        if self.server.held[self.address] <= 0:
            del self.server.held[self.address]
        super().del_channel(map)

    def overdue(self, now: float) -> bool:
        """Return whether the connection has had its time."""
        quiet = now - self.last_activity > ARRIVAL
        if self.total_outbufs_len:
            return quiet or now - self.answered > TAKING
        if self.requests:
            return False
        return quiet or (self.request is not None and now - self.begun > ARRIVAL)


class Server(TcpWSGIServer):  # type: ignore[misc]
    """A listening socket and its connections."""

    channel_class = Channel

    def __init__(self, application: Any, map: dict[int, Any], sock: Any, dispatcher: Any) -> None:
        self.held: Counter[str] = Counter()
        self.ending = False
        self.trusted = checked_proxies(os.environ.get("PURSUIT_TRUSTED_PROXIES", ""))
        super().__init__(
            application, map, True, sock, dispatcher=dispatcher, adj=adjustments(), bind_socket=False,
            sockinfo=(sock.family, sock.type, sock.proto, sock.getsockname()),
        )  # fmt: skip

    def accept(self) -> tuple[Any, Any] | None:
        """Return a new connection, or nothing where its address holds its share already."""
        found: tuple[Any, Any] | None = super().accept()
        if found and self.held[str(found[1][0])] >= SHARE and not believed(str(found[1][0]), self.trusted):
            found[0].close()
            return None
        return found

    def maintenance(self, now: float) -> None:
        """Close what has had its time."""
        for channel in self.active_channels.values():
            if channel.overdue(now):
                channel.will_close = True
                with suppress(OSError):  # else a reader who takes nothing is never ready for the end either
                    channel.socket.shutdown(socket.SHUT_RDWR)

    def leave(self) -> None:
        """Close the connections on which nothing is under way."""
        for channel in self.active_channels.values():
            if not (channel.requests or channel.request or channel.total_outbufs_len):
                channel.will_close = True


def adjustments() -> Adjustments:
    """Return waitress's settings."""
    return Adjustments(
        threads=THREADS, connection_limit=CONNECTIONS, cleanup_interval=1, asyncore_use_poll=True,
        max_request_header_size=HEAD, max_request_body_size=BODY, ident=None, log_socket_errors=False,
        clear_untrusted_proxy_headers=False,  # dashboard.proxies decides which count
    )  # fmt: skip


def threads() -> ThreadedTaskDispatcher:
    """Return the threads that make answers."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a full queue is no line a request
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(THREADS)
    return dispatcher
