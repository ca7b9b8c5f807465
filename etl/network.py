"""Sessions that end, the pace of each host, the settings that hold, and what an error means.

A library's error text may contain the full address with its secrets, so none of it is passed on.
"""

import contextlib
import errno
import os
import re
import socket
import ssl
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import IncompleteRead
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ContentDecodingError
from requests.utils import select_proxy
from urllib3.exceptions import DecodeError, NameResolutionError, ReadTimeoutError

VERSION = "0.1"
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
"""Settings that name a file of certificates to trust; the first that is set holds."""
UNREACHABLE = frozenset({"host name not found", "network unreachable"})
_UNREACHABLE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN})
_REASONS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((ConnectionRefusedError,), "connection refused"),
    ((requests.Timeout, ReadTimeoutError, TimeoutError), "timed out"),
    ((NameResolutionError, socket.gaierror), "host name not found"),
    ((IncompleteRead,), "answer was cut short"),
    ((ssl.SSLError,), "no secure connection"),
    ((DecodeError, ContentDecodingError), "answer could not be decompressed"),
)


def user_agent(env: Mapping[str, str]) -> str:
    contact = "".join(c for c in env.get("PURSUIT_CONTACT", "") if c.isprintable() and c not in "()").strip()
    about = contact.encode("ascii", "ignore").decode() or "open-source city comparison; no contact set"
    # without a library's name: some services refuse clients that give one
    return f"pursuit/{VERSION} ({about})"


class Session(requests.Session):
    """A session for one thread. Its requests end when their time is up or the run is cancelled.

    A server may send one byte a minute so that no read times out, so a timer shuts the sockets. ``check`` is
    called with the host and the IP address of a new connection, and raises to refuse it.
    """

    def __init__(self, check: Callable[[str, str], None], env: Mapping[str, str]) -> None:
        super().__init__()
        self.check = check
        self.expired = self.cancelled = False
        self._sockets: deque[socket.socket] = deque(maxlen=32)
        # no .netrc, no cookies: what is asked must not depend on whose machine it is
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.headers.update({"User-Agent": user_agent(env), "Accept-Encoding": "gzip, deflate"})
        self.mount("https://", _Adapter(self._connected))
        self.mount("http://", _Adapter(self._connected))

    def _connected(self, connection: Any, *, direct: bool) -> None:
        if direct:
            self.check(connection.host, connection.sock.getpeername()[0])
        self._sockets.append(connection.sock)
        if self.cancelled:
            self._shut()

    def _shut(self) -> None:
        self.expired = True
        for sock in list(self._sockets):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def cancel(self) -> None:
        """Shut the open sockets and whatever is opened later: a request may be about to connect."""
        self.cancelled = True
        self._shut()

    @contextlib.contextmanager
    def time_limit(self, seconds: float) -> Iterator[None]:
        self.expired = False
        timer = threading.Timer(seconds, self._shut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


class _Adapter(HTTPAdapter):
    """Reports each connection when it is connected, before the request is sent; never retries."""

    def __init__(self, connected: Callable[..., None]) -> None:
        self.connected = connected
        super().__init__(max_retries=0)

    def get_connection_with_tls_context(
        self, request: Any, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        pool: Any = super().get_connection_with_tls_context(request, verify, proxies, cert)
        kind, direct = type(pool).ConnectionCls, not select_proxy(request.url, proxies)

        def connect(connection: Any) -> None:
            kind.connect(connection)
            self.connected(connection, direct=direct)

        pool.ConnectionCls = type("Connection", (kind,), {"connect": connect})
        return pool


def error_chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and len(chain) < 8:
        chain.append(current)
        inner = getattr(current, "reason", None) or (current.args[0] if current.args else None)
        current = inner if isinstance(inner, BaseException) else current.__cause__ or current.__context__
    return chain


def error_reason(error: Exception) -> str:
    chain = error_chain(error)
    if any(isinstance(e, OSError) and e.errno in _UNREACHABLE for e in chain):
        return "network unreachable"
    reasons = (reason for kinds, reason in _REASONS if any(isinstance(e, kinds) for e in chain))
    return next(reasons, "connection broken")


class NetworkSettings:
    def __init__(self, url: str, env: Mapping[str, str]) -> None:
        """Read the proxies from this process's environment, the file of certificates from ``env``."""
        self.bundle = next((name for name in BUNDLES if env.get(name)), "")
        self.verify = env[self.bundle] if self.bundle else True
        self.proxies = requests.utils.get_environ_proxies(url)
        scheme = urlsplit(url).scheme
        names = [f"{scheme}_proxy", f"{scheme}_proxy".upper(), "all_proxy", "ALL_PROXY"]
        proxy = next((name for name in names if os.environ.get(name)), "the system's proxy setting")
        self.proxy = proxy if self.proxies else ""

    def fault(self, error: Exception) -> tuple[str, str] | None:
        """Return which setting caused ``error`` and how to fix it; ``None`` if none did."""
        proxy, bundle, chain = self.proxy, self.bundle, error_chain(error)
        names, text = {type(e).__name__ for e in chain}, " ".join(str(e) for e in chain)
        if "Missing dependencies for SOCKS" in text:
            what = f"{proxy} names a SOCKS proxy, which needs PySocks"
            return what, "install pysocks, or name an HTTP proxy"
        if names & {"InvalidProxyURL", "ProxySchemeUnknown", "ProxySchemeUnsupported"}:
            return f"{proxy} is not a proxy's address", "write it like http://host:port, or unset it"
        if proxy and "ProxyError" in names:
            status = re.search(r"Tunnel connection failed: ([0-9]{3})", text)
            if status and status[1] == "407":
                return f"the proxy ({proxy}) wants a password", "write it like http://user:password@host:port"
            what = f"answers HTTP {status[1]}" if status else error_reason(error)
            return f"the proxy ({proxy}) does not let us through: {what}", f"correct {proxy}, or unset it"
        if "CA certificate bundle" in text or "NO_CERTIFICATE_OR_CRL_FOUND" in text:
            return f"{bundle} names no file with certificates", "correct it, or unset it"
        refused = next((e for e in chain if isinstance(e, ssl.SSLCertVerificationError)), None)
        if refused is None:
            return None
        where = f"{bundle} lacks it" if bundle else "set REQUESTS_CA_BUNDLE to it"
        what, fix = _CERTIFICATE.get(refused.verify_code, (
            "from an issuer unknown here", f"a company's network needs the company's own certificate: {where}"
        ))  # fmt: skip
        return f"its certificate is {what}", fix


_CLOCK = "not valid today", "check this machine's clock, or try later"
_OTHER = "another host's", "check the network: another machine answers"
_CERTIFICATE = {9: _CLOCK, 10: _CLOCK, 62: _OTHER, 64: _OTHER}
"""OpenSSL's codes of a certificate that is not yet valid, expired, or of another name or address."""


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
    now: Callable[[], str] = lambda: datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Cancelled(Exception):  # noqa: N818 - not an error
    """The user ends the run."""


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
            self._next[host] = turn + 1 / rate_per_second
        if turn > now or self._ending.is_set():
            self.sleep(turn - now)

    def back_off(self, host: str, seconds: float) -> None:
        """Ask the host nothing for ``seconds``: its request to wait holds for every source."""
        with self._lock:
            until = self.clock.monotonic() + seconds
            self._next[host] = max(until, self._next.get(host, until))

    def sleep(self, seconds: float) -> None:
        if not self._ending.is_set():
            # the system's own sleep cannot be woken
            (self._ending.wait if self.clock.sleep is time.sleep else self.clock.sleep)(seconds)
        if self._ending.is_set():
            raise Cancelled

    def watch(self, session: Session) -> None:
        with self._lock:
            self._sessions.add(session)
        if self._ending.is_set():
            session.cancel()

    def end(self) -> None:
        """End the run now: wake threads that sleep, cancel those that read or are about to connect."""
        self._ending.set()
        with self._lock:
            for session in self._sessions:
                session.cancel()
