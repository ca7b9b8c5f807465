"""The network: how we name ourselves, the settings that hold, sessions that end, what an error means.

A setting's fault is the same at every attempt, so it is reported and not retried. A library's error text may
contain the full address with its secrets, so none of it is passed on.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
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

Check = Callable[[str, str], None]
"""Called with the host and the IP address of a new connection; raises to refuse it."""


def user_agent(env: Mapping[str, str]) -> str:
    """Return how we name ourselves; ``PURSUIT_CONTACT`` (a mail or web address) goes into it."""
    contact = "".join(c for c in env.get("PURSUIT_CONTACT", "") if c.isprintable() and c not in "()").strip()
    about = contact.encode("ascii", "ignore").decode() or "open-source city comparison; no contact set"
    # without a library's name: some services refuse clients that give one
    return f"pursuit/{VERSION} ({about})"


class Session(requests.Session):
    """A session for one thread. Its requests end when their time is up or the run is cancelled.

    A server may send one byte a minute so that no read times out, so a timer shuts the sockets.
    """

    def __init__(self, check: Check, env: Mapping[str, str]) -> None:
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
        """Shut the sockets if the block takes longer than ``seconds`` of wall-clock time."""
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
    found = (reason for kinds, reason in _REASONS if any(isinstance(e, kinds) for e in chain))
    return next(found, "connection broken")


@dataclass(frozen=True)
class NetworkSettings:
    """The proxies and certificates of a request, and the names of the settings they come from."""

    proxies: dict[str, str]
    verify: str | bool
    proxy_setting: str
    bundle_setting: str

    @classmethod
    def of(cls, url: str, env: Mapping[str, str]) -> NetworkSettings:
        """Read the settings: the proxies from this process's environment, the certificates from ``env``."""
        bundle = next((name for name in BUNDLES if env.get(name)), "")
        proxies = requests.utils.get_environ_proxies(url)
        scheme = urlsplit(url).scheme
        names = [f"{scheme}_proxy", f"{scheme}_proxy".upper(), "all_proxy", "ALL_PROXY"]
        proxy = next((name for name in names if os.environ.get(name)), "the system's proxy setting")
        return cls(proxies, env[bundle] if bundle else True, proxy if proxies else "", bundle)

    def fault(self, error: Exception) -> tuple[str, str] | None:
        """Return which setting caused ``error`` and how to fix it; ``None`` if none did."""
        proxy, chain = self.proxy_setting, error_chain(error)
        names, words = {type(e).__name__ for e in chain}, " ".join(str(e) for e in chain)
        if "Missing dependencies for SOCKS" in words:
            return (
                f"{proxy} names a SOCKS proxy, which needs PySocks",
                "install pysocks, or name an HTTP proxy",
            )
        if names & {"InvalidProxyURL", "ProxySchemeUnknown", "ProxySchemeUnsupported"}:
            return f"{proxy} is not a proxy's address", "write it like http://host:port, or unset it"
        if proxy and "ProxyError" in names:
            status = re.search(r"Tunnel connection failed: ([0-9]{3})", words)
            if status and status[1] == "407":
                return f"the proxy ({proxy}) wants a password", "write it like http://user:password@host:port"
            what = f"answers HTTP {status[1]}" if status else error_reason(error)
            return f"the proxy ({proxy}) does not let us through: {what}", f"correct {proxy}, or unset it"
        if "CA certificate bundle" in words or "NO_CERTIFICATE_OR_CRL_FOUND" in words:
            return f"{self.bundle_setting} names no file with certificates", "correct it, or unset it"
        refused = next((e for e in chain if isinstance(e, ssl.SSLCertVerificationError)), None)
        if refused is None:
            return None
        if refused.verify_code in (9, 10):  # not yet valid, expired
            return "its certificate is not valid today", "check this machine's clock, or try later"
        if refused.verify_code in (62, 64):  # another host's name or address
            return (
                "its certificate is another host's",
                "check the network: another machine answers",
            )
        where = f"{self.bundle_setting} lacks it" if self.bundle_setting else "set REQUESTS_CA_BUNDLE to it"
        fix = f"a company's network needs the company's own certificate: {where}"
        return "its certificate is from an issuer unknown here", fix
