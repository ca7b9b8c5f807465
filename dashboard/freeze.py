"""The whole site as files for any static host: each page is requested, its addresses become file names.

Frozen-Flask does not fit: it keeps no query strings (an explorer view is one) and cannot remove what needs a
server.
"""

import hashlib
import html
import posixpath
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from multiprocessing import get_context
from pathlib import Path

from flask import Flask

from dashboard.app import create_app
from dashboard.dataset import LANGS, Dataset, Lang
from dashboard.links import BY_PATH, address, language_of

API = ("metadata", "indicators", "entities", "sources", "notes", "gaps", "claims", "figures")
_SERVED_ONLY_PATHS = ("/search", "/healthz", "/dash/", "/api/v1/sparkline", "/robots.txt")
_IN_ASSET = re.compile(r"""(?:url\(|from |import )["'](\.{1,2}/[^"']+)["']""")
"""What a style sheet or a script names; always relative (see webassets)."""
_QUOTED = re.compile(r"(<textarea[^>]*>|<span data-citation>)(.*?)(</)", re.S)
"""Addresses for use elsewhere: embed codes and citations."""
_ENDINGS = {
    "html", "json", "csv", "png", "svg", "pdf", "zip", "xlsx", "xml", "bib", "ris", "txt", "css", "js",
    "woff2", "otf",
}  # fmt: skip
"""What the last part of an address may end in; the dot in an id is none."""


@dataclass
class Frozen:
    """What was written: files and bytes; addresses that did not answer, each with where it was named."""

    files: int = 0
    size: int = 0
    missing: list[str] = field(default_factory=list)


def freeze(
    dataset: Dataset,
    out: Path,
    langs: Iterable[Lang] = LANGS,
    *,
    url: str = "",
    progress: Callable[[str], None] = lambda line: None,
) -> Frozen:
    """Write the site into ``out``, which must be new or empty; a language a process.

    ``url`` is the address that it will stand at, for cards, feeds and citations.
    """
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty; name a new directory, or remove it first")
    out.mkdir(parents=True, exist_ok=True)
    chosen, total = tuple(langs), Frozen()
    app = create_app(dataset).server
    site = app.extensions["pursuit"]
    site.public_url = url.rstrip("/")
    site.env.globals.update(frozen=True, langs=chosen)
    _FORKED["app"] = app
    with ProcessPoolExecutor(min(3, len(chosen)), mp_context=get_context("fork")) as pool:
        for lang, done in zip(chosen, pool.map(_language, chosen, [out] * len(chosen)), strict=True):
            progress(f"{lang}: {done.files} files, {done.size / 1e6:.0f} MB")
            total.files, total.size = total.files + done.files, total.size + done.size
            total.missing += done.missing
    (out / "index.html").write_text(site.env.get_template("languages.html").render(), "utf-8")
    return total


_FORKED: dict[str, Flask] = {}


def _language(lang: Lang, out: Path) -> Frozen:
    """Write what lies below one language, and what has none where no other process has written it."""
    crawl = Crawl(_FORKED["app"], lang, out)
    queue = [address("/", lang), address("/explore", lang)]
    queue += [f"/api/v1/{t}.json" for t in API] + [f"/api/v1/{t}.csv" for t in API[1:6]]
    queue += ["/api/v1/observations.csv", "/data/pursuit.zip", *(["/sitemap.xml"] if crawl.base else [])]
    for at in queue:
        queue += crawl.write(at)  # the loop goes on with what it names
    return crawl.done


class Crawl:
    def __init__(self, app: Flask, lang: Lang, out: Path) -> None:
        self.client, self.lang, self.out = app.test_client(), lang, out
        site = app.extensions["pursuit"]
        self.base: str = site.public_url
        self.langs: tuple[Lang, ...] = site.env.globals["langs"]
        self.done = Frozen()
        self.known: set[str] = set()
        base = f"(?:{re.escape(self.base)})?"
        self.attribute = re.compile(rf'(?<=[\w-]=")(?P<address>{base}/[^"]*)(?=")')
        self.in_text = re.compile(rf"{base}/(?:{'|'.join(BY_PATH)}|assets)/[^\s\"&<。]*")

    def write(self, at: str) -> list[str]:
        """Write what one address answers; return the new addresses it names in this process's language."""
        path = self.out / file_name(at)
        if path.exists():
            return []
        with self.client.get(at, headers={"Accept-Language": self.lang}) as answer:
            if answer.status_code != HTTPStatus.OK:
                self.done.missing.append(f"{at}: {answer.status_code}")
                return []
            body, kind = answer.get_data(), answer.mimetype
            as_file = "attachment" in answer.headers.get("Content-Disposition", "")
        found: list[str] = []
        if kind in ("text/html", "application/atom+xml", "application/xml") and not as_file:
            body = self.relative(at, body.decode("utf-8"), kind, found).encode("utf-8")
        elif kind in ("text/css", "text/javascript"):
            folder, named = posixpath.dirname(at), _IN_ASSET.findall(body.decode("utf-8"))
            found = [posixpath.normpath(posixpath.join(folder, a)) for a in named]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        self.done.files, self.done.size = self.done.files + 1, self.done.size + len(body)
        new = {a: None for a in found if (language_of(a) or self.lang) == self.lang and a not in self.known}
        self.known.update(new)
        return list(new)

    def relative(self, at: str, text: str, kind: str, found: list[str]) -> str:
        """Return a page with file names for addresses; collect in ``found`` the addresses it names."""
        folder = posixpath.dirname(file_name(at)) or "."

        def whole(path: str) -> str:
            return f"{self.base}/{file_name(path.removeprefix(self.base))}"

        def link(written: str) -> str:
            path, hash_sign, anchor = html.unescape(written).partition("#")
            absolute = bool(self.base) and path.startswith(self.base)
            path = path.removeprefix(self.base) if absolute else path
            lang = language_of(path)
            if path.startswith(_SERVED_ONLY_PATHS) or (lang and lang not in self.langs):
                return "#"
            if not lang and not path.startswith(("/assets/", "/api/", "/data/")):
                return written if absolute else posixpath.relpath("index.html", folder)
            found.append(path)
            there = whole(path) if absolute else posixpath.relpath(file_name(path), folder)
            return html.escape(f"{there}{hash_sign}{anchor}")

        text = self.attribute.sub(lambda m: link(m["address"]), text)
        if kind != "text/html":
            return re.sub(r"(?<=<loc>)[^<]*", lambda m: link(m[0]), text)
        text = _QUOTED.sub(lambda m: m[1] + self.in_text.sub(lambda a: whole(a[0]), m[2]) + m[3], text)
        root = posixpath.relpath(".", folder)
        return re.sub(r'(?<=data-root=")[^"]*', root, text, count=1)


def file_name(asked: str) -> str:
    """Return the file that an address is written to.

    >>> file_name("/en/"), file_name("/en/city/shenzhen"), file_name("/en/figure/x.png")
    ('en/index.html', 'en/city/shenzhen.html', 'en/figure/x.png')
    >>> file_name("/en/explore?i=gdp&e=shenzhen"), file_name("/api/v1/observations?indicator=gdp")
    ('en/explore-dbdcab97.html', 'api/v1/observations-68e4c758.json')
    """
    path, _, query = asked.lstrip("/").partition("?")
    if path.endswith("/"):
        path += "index"
    stem, _, ending = path.rpartition(".")
    if ending not in _ENDINGS:
        stem, ending = path, "json" if path.startswith("api/") else "html"
    mark = f"-{hashlib.sha256(query.encode()).hexdigest()[:8]}" if query else ""
    return f"{stem}{mark}.{ending}"
