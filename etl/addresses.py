"""Which addresses a source may be fetched from, and which mirror replaces them."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit, urlunsplit

from etl.errors import FetchError, UsageError


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True)
class Addresses:
    """The hosts a source may be fetched from, and the base address (mirror, test server) that replaces them.

    A *public* address is the one in sources and snapshots; an *actual* address is asked over the network.
    Without a base the two are the same. A host that begins with a dot allows all hosts of that domain.
    """

    source: str
    hosts: tuple[str, ...]
    base: str = ""

    @classmethod
    def of(cls, source: str, hosts: tuple[str, ...], env: Mapping[str, str]) -> Addresses:
        """Read ``PURSUIT_BASE_URL_<SOURCE>``; raise :class:`UsageError` if it is more than an origin."""
        name = f"PURSUIT_BASE_URL_{source.upper()}"
        given = env.get(name, "").strip().removesuffix("/")
        try:
            parts = urlsplit(given)
            _ = parts.port
            valid = parts.scheme in ("http", "https") and parts.hostname and parts[2:] == ("", "", "")
        except ValueError:
            valid = False
        if given and (not valid or "@" in given):
            fix = f"set {name} to scheme, host and port alone, such as http://127.0.0.1:9000"
            raise UsageError(f"{name} is not a base address", fix)
        return cls(source, hosts, origin(given) if given else "")

    def public(self, url: str, relative_to: str = "") -> str:
        """Return the public form of ``url``, made https; refuse what leaves the allowed hosts."""
        try:
            url = urljoin(relative_to, url)
            if self.base and relative_to and origin(url) == self.base:
                url = origin(relative_to) + url.removeprefix(self.base)
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise FetchError(self.source, "leads to no address", "look at the source") from None
        host = (parts.hostname or "").rstrip(".")
        if parts.scheme not in ("http", "https"):
            raise FetchError(self.source, f"address with scheme {parts.scheme!r} refused", "use https")
        known = any(host == one or (one.startswith(".") and host.endswith(one)) for one in self.hosts)
        if not known or "@" in parts.netloc:
            shown = host[:80] or "an address without a host"
            what = f"leads to {shown}, which is not one of its hosts ({', '.join(self.hosts)})"
            fix = "if the source has moved, add the host to its module after checking it"
            raise FetchError(self.source, what, fix)
        if port not in (None, 80, 443):
            raise FetchError(self.source, f"port {port} of {host} refused", "use the standard port")
        return urlunsplit(("https", host, parts.path or "/", parts.query, ""))

    def actual(self, url: str) -> str:
        return self.base + url.removeprefix(origin(url)) if self.base else url

    def check_peer(self, host: str, ip: str) -> None:
        """Refuse a connection to an address that is not of the public internet, unless a base was set."""
        if not self.base and not ipaddress.ip_address(ip).is_global:
            what = f"{host} resolves to an address inside a private network; refused"
            fix = f"if that is meant, set PURSUIT_BASE_URL_{self.source.upper()} to it"
            raise FetchError(self.source, what, fix)
