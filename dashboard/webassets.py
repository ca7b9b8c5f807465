"""Files for the browser, named by their content: ``/assets/css/site.css`` is also ``site.<hash>.css``.

References from one asset to another are rewritten to hashed names, so that a change anywhere changes every
name that leads to it; they stay relative, so that the site can be served under any path.
"""

import hashlib
import posixpath
import re
from pathlib import Path
from typing import NamedTuple

from dashboard.response_cache import CompressedBody

_REFERENCE = {
    ".css": re.compile(r"""(url\(\s*["']?)(?!data:|https?:|/)([^"')]+)(["']?\s*\))"""),
    ".js": re.compile(r"""((?:from|import)\s*\(?\s*["'])(\.{1,2}/[^"']+)(["'])"""),
}
_IMPORT = re.compile(r"""@import url\("([\w./-]+\.css)"\);\n?""")
_KINDS = {
    ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png",
    ".woff2": "font/woff2", ".otf": "font/otf", ".json": "application/json", ".txt": "text/plain",
}  # fmt: skip
"""Suffixes of what may be served, with their media types."""
PREFIX = "/assets/"
_HASH = re.compile(r"\.[0-9a-f]{10}(\.[a-z0-9]+)$")


class Asset(NamedTuple):
    url: str
    content: CompressedBody


class Assets:
    """Every servable file below a directory; read at first use, then kept."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._known: dict[str, Asset] = {}
        self._open: set[str] = set()

    def exists(self, name: str) -> bool:
        path = self.root / name
        inside = not posixpath.isabs(name) and ".." not in name.split("/") and "\\" not in name
        return inside and path.suffix in _KINDS and path.is_file()

    def get(self, name: str) -> Asset:
        if name not in self._known:
            if not self.exists(name):
                raise KeyError(name)
            self._known[name] = self._read(name)
        return self._known[name]

    def find(self, path: str) -> tuple[Asset, bool]:
        """Return the asset of a requested path and whether it may be kept for ever.

        Raises ``KeyError`` when there is none. An outdated hash answers with today's file, not kept.
        """
        asset = self.get(_HASH.sub(r"\1", path))
        return asset, asset.url == PREFIX + path

    def _read(self, name: str) -> Asset:
        path = self.root / name
        body = path.read_bytes()
        if path.suffix == ".css":  # one request instead of a chain of them
            body = _IMPORT.sub(lambda m: (path.parent / m[1]).read_text("utf-8"), body.decode()).encode()
        if path.suffix in _REFERENCE and not name.startswith("vendor/"):
            self._open.add(name)
            pattern = _REFERENCE[path.suffix]
            body = pattern.sub(lambda m: self._resolved(name, m), body.decode("utf-8")).encode("utf-8")
            self._open.discard(name)
        digest = hashlib.sha256(body).hexdigest()[:10]
        stem = name.removesuffix(path.suffix)
        return Asset(f"{PREFIX}{stem}.{digest}{path.suffix}", CompressedBody(body, _KINDS[path.suffix]))

    def _resolved(self, name: str, match: re.Match[str]) -> str:
        """Return a reference with its hashed address; a circular or unknown one stays as written."""
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[2]))
        if target in self._open or not self.exists(target):
            return match[0]
        there = posixpath.relpath(self.get(target).url, posixpath.dirname(PREFIX + name))
        return match[1] + (there if there.startswith(".") else f"./{there}") + match[3]
