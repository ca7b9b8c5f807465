"""The whole site as files for any static host: what the served pages link to, with relative addresses.

Frozen-Flask does not fit: it keeps no query strings (an explorer view is one) and cannot remove what needs a
server. Here each page is requested from the application itself, its addresses become file names, and what it
links to is requested next.
"""

from __future__ import annotations

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


class FreezeError(Exception):
    """The site cannot be written. ``str(error)`` is one line: what, and how to fix it."""


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
        raise FreezeError(f"{out} is not empty; name a new directory, or remove it first")
    out.mkdir(parents=True, exist_ok=True)
    chosen, total = tuple(langs), Frozen()
    app = create_app(dataset).server
    site = app.extensions["pursuit"]
    site.public_url = url.rstrip("/")
    site.env.globals.update(frozen=True, langs=chosen)
    _FORKED["app"] = app
    with ProcessPoolExecutor(min(3, len(chosen)), mp_context=get_context("fork")) as pool:
        each = pool.map(_language, chosen, [lang == chosen[0] for lang in chosen], [out] * len(chosen))
        for lang, done in zip(chosen, each, strict=True):
            progress(f"{lang}: {done.files} files, {done.size / 1e6:.0f} MB")
            total.files, total.size = total.files + done.files, total.size + done.size
            total.missing += done.missing
    (out / "index.html").write_text(site.env.get_template("languages.html").render(), "utf-8")
    return total


_FORKED: dict[str, Flask] = {}


def _language(lang: Lang, first: bool, out: Path) -> Frozen:
    """Write what lies below one language; the first also writes what has none."""
    crawl = Crawl(_FORKED["app"], lang, out)
    waiting = [address("/", lang), address("/explore", lang)]
    if first:
        waiting += [f"/api/v1/{t}.json" for t in API] + [f"/api/v1/{t}.csv" for t in API[1:6]]
        waiting += ["/api/v1/observations.csv", "/data/pursuit.zip"]
        waiting += ["/sitemap.xml"] if crawl.base else []
    crawl.run(waiting)
    return crawl.done


class Crawl:
    def __init__(self, app: Flask, lang: Lang, out: Path) -> None:
        self.client, self.lang, self.out = app.test_client(), lang, out
        site = app.extensions["pursuit"]
        self.base: str = site.public_url
        self.langs: tuple[Lang, ...] = site.env.globals["langs"]
        self.done = Frozen()
        base = f"(?:{re.escape(self.base)})?"
        self.attribute = re.compile(rf'(?<=[\w-]=")(?P<address>{base}/[^"]*)(?=")')
        self.in_text = re.compile(rf"{base}/(?:{'|'.join(BY_PATH)}|assets)/[^\s\"&<。]*")

    def run(self, waiting: list[str]) -> None:
        """Write every address and, until there is none left, what it names."""
        queue = list(waiting)
        known = set(queue)
        for at in queue:  # which grows on the way
            new = [there for there in self.write(at) if there not in known]
            queue += new
            known.update(new)

    def write(self, at: str) -> list[str]:
        """Write what one address answers; return the addresses it names that are this process's to write."""
        path = self.out / file_name(at)
        if path.exists():  # has no language: another process has written it
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
        return [a for a in dict.fromkeys(found) if (language_of(a) or self.lang) == self.lang]

    def relative(self, at: str, text: str, kind: str, found: list[str]) -> str:
        """Return a page with file names for addresses; collect in ``found`` the addresses it names."""
        here = posixpath.dirname(file_name(at))

        def link(whole: str) -> str:
            asked, _, anchor = html.unescape(whole).partition("#")
            outside = bool(self.base) and asked.startswith(self.base)
            asked = asked.removeprefix(self.base) if outside else asked
            lang = language_of(asked)
            if asked.startswith(_SERVED_ONLY_PATHS) or (lang and lang not in self.langs):
                return "#"
            if not lang and not asked.startswith(("/assets/", "/api/", "/data/")):
                return whole if outside else posixpath.relpath("index.html", here or ".")
            found.append(asked)
            file = file_name(asked)
            there = f"{self.base}/{file}" if outside else posixpath.relpath(file, here or ".")
            return html.escape(there + (f"#{anchor}" if anchor else ""))

        text = self.attribute.sub(lambda m: link(m["address"]), text)
        if kind != "text/html":
            return re.sub(r"(?<=<loc>)[^<]*", lambda m: link(m[0]), text)
        text = _QUOTED.sub(lambda m: m[1] + self.in_text.sub(self._whole, m[2]) + m[3], text)
        root = posixpath.relpath(".", here or ".")
        return re.sub(r'(?<=data-root=")[^"]*', root, text, count=1)

    def _whole(self, found: re.Match[str]) -> str:
        return f"{self.base}/{file_name(found[0].removeprefix(self.base))}"


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
