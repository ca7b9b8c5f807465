"""Addresses of documents as links: what may leave the site, and what may not."""

from __future__ import annotations

from urllib.parse import urlsplit


def web_address(url: str) -> str:
    """Return ``url`` when it is a plain http(s) address with a host; else an empty string.

    The scheme stays as published: a document that stands on http alone could not be followed as https,
    and nothing of such a page is ever loaded into ours.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in ("https", "http") or not host or parts.username or parts.password:
        return ""
    if any(ord(c) < 33 or c in "\"'<>\\" for c in url):
        return ""
    return url
