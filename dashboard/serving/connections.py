"""Connections to readers: requests and answers pass through an event loop, so a slow one holds no thread.

Waitress sets no limit on how long a request may take to arrive and an answer to be taken, nor on how many
connections one address may hold; here each has one.
"""

import logging
import os
import socket
import time
from contextlib import suppress
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask

from dashboard.proxies import is_trusted, parse_networks

THREADS = 8
"""Threads of a process: for answers that are being made, not for those on their way."""
MAX_CONNECTIONS = 1000
"""Open at once in a process; more wait in the system's queue."""
MAX_PER_ADDRESS = 250
"""Of those, for one address; a trusted proxy speaks for many readers and has no limit."""
IDLE_SECONDS = 15.0
"""For a request to arrive whole, for an idle connection, and for a reader who takes nothing."""
SEND_SECONDS = 300.0
"""For an answer to be taken whole, however slowly."""
SEND_BYTES = 65_536
"""Tried at a time; a slow reader takes a few of them, and the rest is read anew."""
MAX_HEAD, MAX_BODY = 32_768, 100_000
"""Bytes of a request's head and body; no address of ours reads a body."""


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """A request; one for an address that is none is refused like any other that cannot be read."""

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except ValueError:  # of urllib: a lone bracket
            raise ParsingError("Bad URI") from None


class Task(WSGITask):  # type: ignore[misc]
    """An answer; while the process shuts down it is the last of its connection."""

    def build_response_header(self) -> bytes:
        if self.channel.server.shutting_down:
            self.set_close_on_finish()
        return bytes(super().build_response_header())


class Channel(HTTPChannel):  # type: ignore[misc]
    task_class, parser_class = Task, Parser

    def __init__(self, server: "Server", sock: Any, addr: Any, adj: Adjustments, map: Any = None) -> None:
        self.receiving_since = self.sending_since = time.time()
        super().__init__(server, sock, addr, adj, map=map)
        self.sendbuf_len = SEND_BYTES

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self.receiving_since = time.time()
        return bool(super().received(data))

    def service(self) -> None:
        self.sending_since = time.time()
        super().service()

    def timed_out(self, now: float) -> bool:
        idle = now - self.last_activity > IDLE_SECONDS
        if self.total_outbufs_len:
            return idle or now - self.sending_since > SEND_SECONDS
        if self.requests:
            return False
        return idle or (self.request is not None and now - self.receiving_since > IDLE_SECONDS)


class Server(TcpWSGIServer):  # type: ignore[misc]
    channel_class = Channel

    def __init__(self, application: Any, map: dict[int, Any], sock: Any, dispatcher: Any) -> None:
        self.shutting_down = False
        self.trusted = parse_networks(os.environ.get("PURSUIT_TRUSTED_PROXIES", ""))
        settings = Adjustments(
            threads=THREADS, connection_limit=MAX_CONNECTIONS, cleanup_interval=1, asyncore_use_poll=True,
            max_request_header_size=MAX_HEAD, max_request_body_size=MAX_BODY, ident=None,
            log_socket_errors=False,
            clear_untrusted_proxy_headers=False,  # dashboard.proxies decides which count
        )  # fmt: skip
        super().__init__(
            application, map, True, sock, dispatcher=dispatcher, adj=settings, bind_socket=False,
            sockinfo=(sock.family, sock.type, sock.proto, sock.getsockname()),
        )  # fmt: skip

    def accept(self) -> tuple[Any, Any] | None:
        """Return a new connection, or nothing where its address has as many as it may."""
        connection, peer = super().accept() or (None, ("",))
        if connection is None:
            return None
        open_already = sum(channel.addr[0] == peer[0] for channel in self.active_channels.values())
        if open_already >= MAX_PER_ADDRESS and not is_trusted(str(peer[0]), self.trusted):
            connection.close()
            return None
        return connection, peer

    def maintenance(self, now: float) -> None:
        for channel in self.active_channels.values():
            if channel.timed_out(now):
                channel.will_close = True
                with suppress(OSError):  # else a reader who takes nothing is never ready for the end either
                    channel.socket.shutdown(socket.SHUT_RDWR)

    def close_idle(self) -> None:
        """Close the connections on which nothing is under way."""
        for channel in self.active_channels.values():
            if not (channel.requests or channel.request or channel.total_outbufs_len):
                channel.will_close = True


def start_threads() -> ThreadedTaskDispatcher:
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a full queue is no line a request
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(THREADS)
    return dispatcher
