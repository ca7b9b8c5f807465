"""The clock, the limits of a request, and the rate limiter of each host."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from etl.network import Session


def utc_now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Limits:
    """What a request may cost. Times in seconds, size in bytes (after decompression)."""

    connect: float = 10.0
    read: float = 30.0
    total: float = 180.0
    size: int = 64 * 1024 * 1024
    redirects: int = 5
    attempts: int = 5
    first_wait: float = 1.0
    longest_wait: float = 60.0
    longest_retry_after: float = 300.0
    """A server's longer pause ends the request; one above ``longest_wait`` is waited for once."""


@dataclass
class Clock:
    """Time, injectable so that tests never wait."""

    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], str] = utc_now


class Cancelled(Exception):  # noqa: N818 - not an error: the user ends the run
    pass


class RateLimiter:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()
        self._slots: dict[str, threading.Lock] = {}
        self._ending = threading.Event()
        self._sessions: weakref.WeakSet[Session] = weakref.WeakSet()
        self.unreachable: dict[str, str] = {}
        """Hosts that could not be found or reached at all in this run, and why."""

    def slot(self, host: str) -> threading.Lock:
        """Return the lock to hold while a host is asked: it gets one request at a time."""
        with self._lock:
            return self._slots.setdefault(host, threading.Lock())

    def wait(self, host: str, rate_per_second: float) -> None:
        with self._lock:
            now = self.clock.monotonic()
            turn = max(now, self._next.get(host, now))
            self._next[host] = turn + (1 / rate_per_second if rate_per_second > 0 else 0)
        if turn > now or self._ending.is_set():
            self.sleep(turn - now)

    def back_off(self, host: str, seconds: float) -> None:
        """Ask the host nothing for ``seconds``: its request to wait holds for every source."""
        with self._lock:
            until = self.clock.monotonic() + seconds
            self._next[host] = max(until, self._next.get(host, until))

    def sleep(self, seconds: float) -> None:
        """Sleep, unless the run is to end; then raise :class:`Cancelled`."""
        if not self._ending.is_set():
            # the system's own sleep cannot be woken
            (self._ending.wait if self.clock.sleep is time.sleep else self.clock.sleep)(seconds)
        if self._ending.is_set():
            raise Cancelled

    def watch(self, session: Session) -> None:
        """Let :meth:`end` cancel the requests of ``session``."""
        with self._lock:
            self._sessions.add(session)
        if self._ending.is_set():
            session.cancel()

    def end(self) -> None:
        """End the run now: wake threads that sleep, cancel those that read or are about to connect."""
        self._ending.set()
        with self._lock:
            sessions = list(self._sessions)
        for session in sessions:
            session.cancel()
