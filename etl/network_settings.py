"""Proxies, certificates and contact: which settings are in use, and what is wrong with them.

Such a fault is the same at every attempt, so it is reported and not retried.
"""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

from etl.answers import error_chain, error_reason

VERSION = "0.1"
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
"""Settings that name a file of certificates to trust, the first that is set."""


def user_agent(env: Mapping[str, str]) -> str:
    """Return how we name ourselves; ``PURSUIT_CONTACT`` (a mail or web address) goes into it."""
    contact = "".join(c for c in env.get("PURSUIT_CONTACT", "") if c.isprintable() and c not in "()").strip()
    about = contact.encode("ascii", "ignore").decode() or "open-source city comparison; no contact set"
    # without a library's name: some services refuse clients that give one
    return f"pursuit/{VERSION} ({about})"


@dataclass(frozen=True)
class NetworkSettings:
    """What holds for a request to one address."""

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
        """Return what is wrong with a setting, if ``error`` is for that, and how to fix it."""
        return setting_at_fault(error, self.proxy_setting, self.bundle_setting)


def setting_at_fault(error: Exception, proxy: str, bundle: str) -> tuple[str, str] | None:
    """Return what is wrong with a network setting and how to fix it; ``None``: nothing is.

    ``proxy``, ``bundle``: the names of the settings in use, ``""`` for none.
    """
    chain = error_chain(error)
    names, words = {type(e).__name__ for e in chain}, " ".join(str(e) for e in chain)
    if "Missing dependencies for SOCKS" in words:
        return f"{proxy} names a SOCKS proxy, which needs PySocks", "install pysocks, or name an HTTP proxy"
    if names & {"InvalidProxyURL", "ProxySchemeUnknown", "ProxySchemeUnsupported"}:
        return f"{proxy} is no proxy's address", "write it like http://host:port, or unset it"
    if proxy and "ProxyError" in names:
        status = re.search(r"Tunnel connection failed: ([0-9]{3})", words)
        if status and status[1] == "407":
            return f"the proxy ({proxy}) wants a password", "write it like http://user:password@host:port"
        what = f"answers HTTP {status[1]}" if status else error_reason(error)
        return f"the proxy ({proxy}) does not let us through: {what}", f"correct {proxy}, or unset it"
    if "CA certificate bundle" in words or "NO_CERTIFICATE_OR_CRL_FOUND" in words:
        return f"{bundle} names no file with certificates", "correct it, or unset it"
    return _certificate(chain, bundle)


def _certificate(chain: Iterable[BaseException], bundle: str) -> tuple[str, str] | None:
    refused = next((e for e in chain if isinstance(e, ssl.SSLCertVerificationError)), None)
    if refused is None:
        return None
    if refused.verify_code in (9, 10):  # not yet valid, expired
        return "its certificate is not valid today", "check this machine's clock, or try later"
    if refused.verify_code in (62, 64):  # another host's name or address
        return "its certificate is another host's", "check the network: something stands in between"
    where = f"{bundle} lacks it" if bundle else "set REQUESTS_CA_BUNDLE to it"
    return (
        "its certificate is from an issuer unknown here",
        f"in a company's network its own certificate is wanted: {where}",
    )
