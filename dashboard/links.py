"""Every address on a page: those of this site, and those of documents elsewhere."""

from typing import Literal
from urllib.parse import unquote, urlsplit

from flask import has_request_context, request

from dashboard.dataset import LANGS, Lang

BY_PATH: dict[str, Lang] = {lang.lower(): lang for lang in LANGS}
"""First segment of a path (``zh-hans``) → the language of what lies below it."""


def address(path: str, lang: Lang | Literal[""] = "") -> str:
    """Return the address of ``path`` (``/claim/x``) on this site, in a language where one is given.

    It begins with the path that the whole site is served below, if any (WSGI's ``SCRIPT_NAME``).

    >>> address("/claims", "zh-Hans"), address("/data/pursuit.zip")
    ('/zh-hans/claims', '/data/pursuit.zip')
    """
    root = request.script_root if has_request_context() else ""
    return f"{root}/{lang.lower()}{path}" if lang else f"{root}{path}"


def language_of(path: str) -> Lang | None:
    """Return the language that a path below the site's root names (``/zh-hans/claims``), or ``None``."""
    return BY_PATH.get(path.split("/", 2)[1] if path.startswith("/") else "")


def web_address(url: str) -> str:
    """Return ``url`` when it is a plain http(s) address with a host; else an empty string.

    The scheme stays as published: a document that stands on http alone could not be followed as https,
    and nothing of such a page is ever loaded into ours.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    web = parts.scheme in ("https", "http") and parts.hostname and not (parts.username or parts.password)
    return url if web and not any(ord(c) < 33 or c in "\"'<>\\" for c in url) else ""


def short_address(url: str, most: int = 90) -> str:
    """Return an address as paper shows it: readable, without scheme and query, its middle left out if long.

    >>> short_address("https://www.stats.gov.cn/sj/%E6%95%B0.html?x=1")
    'stats.gov.cn/sj/数.html'
    """
    parts = urlsplit(url)
    text = unquote(f"{(parts.hostname or '').removeprefix('www.')}{parts.path}").rstrip("/")
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-most // 3 :]}"
