"""Which addresses a source may be fetched from, and which mirror replaces them."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from etl.errors import FetchError, UsageError

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet.

    Not loopback, private, link-local, multicast or reserved, nor an IPv6 form that wraps such an IPv4
    address.
    """
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


@dataclass(frozen=True)
class Addresses:
    """The hosts a source is allowed, and the base address (mirror, proxy, test server) put in their place.

    A *public* address is the real one, as it stands in sources and snapshots; an *actual* address is
    what is asked over the network. Without a base the two are the same. A host that begins with a dot
    stands for all hosts of that domain.
    """

    source: str
    hosts: tuple[str, ...]
    base: SplitResult | None = None

    @classmethod
    def of(cls, source: str, hosts: tuple[str, ...], env: Mapping[str, str]) -> Addresses:
        """Read ``PURSUIT_BASE_URL_<SOURCE>``; raise :class:`UsageError` if it is no plain base address."""
        name = f"PURSUIT_BASE_URL_{source.upper()}"
        given = env.get(name, "").strip()
        if not given:
            return cls(source, hosts)
        fix = f"set {name} to scheme, host and port alone, such as http://127.0.0.1:9000"
        try:
            base = urlsplit(given)
            _ = base.port
        except ValueError as error:
            raise UsageError(f"{name} is not an address", fix) from error
        plain = base.path in ("", "/") and not base.query and not base.fragment and "@" not in base.netloc
        if base.scheme not in ("http", "https") or not base.hostname or not plain:
            raise UsageError(f"{name} is not a base address", fix)
        return cls(source, hosts, base)

    def public(self, url: str, relative_to: str = "") -> str:
        """Return the public form of ``url`` (resolved against ``relative_to``), made https.

        Raises :class:`FetchError` where it leaves the allowed hosts.
        """
        try:
            parts = urlsplit(urljoin(relative_to, url))
            _ = parts.port
        except ValueError:
            raise FetchError(self.source, "leads to no address", "look at the source") from None
        if self.base is not None and relative_to and parts.netloc == self.base.netloc:
            origin = urlsplit(relative_to)
            parts = parts._replace(scheme=origin.scheme, netloc=origin.netloc)
        host = (parts.hostname or "").rstrip(".")
        if parts.scheme not in ("http", "https"):
            raise FetchError(self.source, f"address with scheme {parts.scheme!r} refused", "use https")
        known = any(host == one or (one.startswith(".") and host.endswith(one)) for one in self.hosts)
        if not known or "@" in parts.netloc:
            raise FetchError(
                self.source,
                f"leads to {_safe(host)}, which is not one of its hosts ({', '.join(self.hosts)})",
                "if the source has moved, add the host to its module after checking it",
            )
        if parts.port not in (None, 80, 443):
            raise FetchError(self.source, f"port {parts.port} of {host} refused", "use the standard port")
        return urlunsplit(("https", host, parts.path or "/", parts.query, ""))

    def actual(self, url: str) -> str:
        """Return the address to ask over the network for a public one."""
        if self.base is None:
            return url
        parts = urlsplit(url)
        return urlunsplit((self.base.scheme, self.base.netloc, parts.path, parts.query, ""))

    def check_peer(self, host: str, port: int, ip: str) -> None:
        """Refuse a connection to ``ip`` that is neither public nor the base address itself."""
        if self.base is not None:
            default = 443 if self.base.scheme == "https" else 80
            if host == self.base.hostname and port == (self.base.port or default):
                return
        if not is_public(ip):
            raise FetchError(
                self.source,
                f"{host} resolves to an address inside a private network; refused",
                f"if that is meant, set PURSUIT_BASE_URL_{self.source.upper()} to it",
            )


def _safe(text: str) -> str:
    return "".join(c for c in text if c.isprintable())[:80] or "an address without a host"
