"""The path under which the site is served, and the proxies whose headers are trusted."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

Network = IPv4Network | IPv6Network
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")


def parse_prefix(text: str) -> str:
    """Return a path to be served below (``/pursuit``), without a slash at its end; empty for none.

    Raises ``ValueError`` with one line where it is not such a path.

    >>> parse_prefix("/pursuit/"), parse_prefix("/")
    ('/pursuit', '')
    """
    prefix = text.strip().rstrip("/")
    if not _PREFIX.fullmatch(prefix) or "/." in prefix:
        raise ValueError(f"prefix {text!r} is not a path such as /pursuit; letters, digits and ._~- only")
    return prefix


def parse_networks(text: str) -> tuple[Network, ...]:
    """Return the networks in a list like ``127.0.0.1, 10.0.0.0/8``; raises ``ValueError`` with one line."""
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise ValueError(f"trusted proxies {text!r}: {error}; name addresses, e.g. 127.0.0.1") from None


def is_trusted(peer: str, trusted: tuple[Network, ...]) -> bool:
    return bool(peer) and any(ip_address(peer) in network for network in trusted)


class ProxyMiddleware:
    """A WSGI application below ``prefix``; ``X-Forwarded-*`` count only where the peer is trusted.

    A proxy may pass the prefix on or take it off. ``X-Forwarded-Prefix`` of a trusted proxy names another.
    """

    def __init__(self, app: Any, prefix: str = "", trusted: tuple[Network, ...] = ()) -> None:
        self.app, self.prefix, self.trusted = app, prefix, trusted
        self.forwarded = ProxyFix(app, x_for=1, x_proto=1, x_host=1, x_prefix=1)

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if self.prefix:
            environ["SCRIPT_NAME"] = self.prefix
            if path == self.prefix or path.startswith(self.prefix + "/"):
                environ["PATH_INFO"] = path[len(self.prefix) :] or "/"
        if not is_trusted(environ.get("REMOTE_ADDR", ""), self.trusted):
            return self.app(environ, start)  # type: ignore[no-any-return]
        try:
            forwarded = parse_prefix(environ.get("HTTP_X_FORWARDED_PREFIX", ""))
        except ValueError:
            forwarded = ""
        environ["HTTP_X_FORWARDED_PREFIX"] = forwarded or environ.get("SCRIPT_NAME", "")
        return self.forwarded(environ, start)
