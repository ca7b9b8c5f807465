"""The network under :mod:`etl.http`: sockets that are checked when opened and closed when time is up.

An allowed name may still resolve to a private address, and a server may send one byte a minute so that
no read ever times out. Both are decided here, at the socket: the address is checked after it was
connected and before a byte is sent (so that a second look-up cannot differ), and a timer closes
every socket of a request that exceeds its time limit.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

Check = Callable[[str, int, str], None]
"""Called with host, port and IP address of a new connection; raises to refuse it."""


class Guard:
    """Knows the open sockets of one session and what they may connect to."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self.expired = False
        self._ended = False
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._lock = threading.Lock()

    def opened(self, sock: socket.socket) -> None:
        """Remember a connected socket; after :meth:`end` it is shut again."""
        with self._lock:
            self._sockets.add(sock)
        if self._ended:
            self.cut()

    def cut(self) -> None:
        """Shut every socket: pending reads fail at once."""
        self.expired = True
        with self._lock:
            sockets = list(self._sockets)
        for sock in sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Cut what is open, and from now on whatever is opened: a request may be just about to connect."""
        self._ended = True
        self.cut()

    @contextlib.contextmanager
    def allowance(self, seconds: float) -> Iterator[None]:
        """Cut the sockets if the block takes longer than ``seconds`` of wall-clock time."""
        self.expired = False
        timer = threading.Timer(seconds, self.cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


class _Guarded:
    guard: ClassVar[Guard]
    host: str
    port: int
    sock: socket.socket | None

    def _new_conn(self) -> socket.socket:
        sock: socket.socket = super()._new_conn()  # type: ignore[misc]
        try:
            self.guard.check(self.host, self.port, sock.getpeername()[0])
        except BaseException:
            sock.close()
            raise
        return sock

    def connect(self) -> None:
        """Connect, and tell the guard which socket it may cut."""
        super().connect()  # type: ignore[misc]
        if self.sock is not None:
            self.guard.opened(self.sock)


class _GuardedHTTP(_Guarded, HTTPConnection):
    pass


class _GuardedHTTPS(_Guarded, HTTPSConnection):
    pass


class GuardedAdapter(HTTPAdapter):
    """A requests adapter whose connections obey a :class:`Guard`. It never retries by itself."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        super().__init__(pool_connections=4, pool_maxsize=4, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools open guarded connections (called by requests)."""
        super().init_poolmanager(*args, **kwargs)
        plain = type("GuardedHTTP", (_GuardedHTTP,), {"guard": self.guard})
        secure = type("GuardedHTTPS", (_GuardedHTTPS,), {"guard": self.guard})
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("GuardedPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("GuardedPoolS", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }
