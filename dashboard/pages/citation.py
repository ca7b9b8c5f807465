"""How to cite a claim, a figure or the dataset: in words, as BibTeX, as RIS."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import Flask, Response

from dashboard import locale
from dashboard.claims.record import essay
from dashboard.dataset import Lang
from dashboard.figures import build, figure_ids
from dashboard.pages import errors
from dashboard.site import Site, add_page

DATASET = "dataset"
"""The id under which the whole dataset is cited."""
_BIBTEX = {c: "\\" + c for c in "&%$#_{}"} | {"\\": "\\textbackslash{}", "~": "\\~{}", "^": "\\^{}"}


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation names; ``date`` is the day up to which the dataset was collected (or empty)."""

    id: str
    title: str
    version: str
    date: str
    url: str
    lang: Lang


def register(server: Flask, site: Site) -> None:
    site.env.globals["cite"] = partial(cite, site)
    site.env.globals["cite_page"] = lambda title, path, lang: text(_of_page(site, "", title, path, lang))
    add_page(server, "/cite/<name>.<ext>", "cite", partial(_file, site))


def cite(site: Site, name: str, lang: Lang) -> str:
    return text(citation(site, name, lang))


def citation(site: Site, name: str, lang: Lang) -> Citation:
    """Return the citation of a figure (claims have their figure's id) or of the dataset.

    Raises ``KeyError`` for an unknown name.
    """
    if name == DATASET:
        return _of_page(site, name, locale.text("pages.data.cite_title", lang), "/data", lang)
    path = f"/claim/{name}" if name in essay(site.dataset).claims else "/"
    return _of_page(site, name, build(name, site.dataset, lang).title, path, lang)


def _of_page(site: Site, name: str, title: str, path: str, lang: Lang) -> Citation:
    url = site.absolute(path, lang)
    return Citation(name, title, site.dataset.version, site.dataset.collected, url, lang)


def text(of: Citation) -> str:
    date = locale.period(of.date, of.lang) if of.date else "–"
    named = {"title": of.title, "version": of.version, "date": date, "url": of.url}
    return locale.text("pages.citation", of.lang, **named).strip()


def bibtex(of: Citation) -> str:
    escaped = str.maketrans(_BIBTEX)
    fields = {
        "author": "{Pursuit}",
        "title": f"{{{of.title.translate(escaped)}}}",
        "year": of.date[:4],
        "version": of.version.translate(escaped),
        "note": f"Figures up to {of.date}" if of.date else "",
        "url": re.sub(r"[\s{}\\]", "", of.url),
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{pursuit-{of.id},\n{body}}}\n"


def ris(of: Citation) -> str:
    """Return the citation as a RIS record; no value can start a line of its own."""
    lines = {
        "TY": "DATA", "AU": "Pursuit", "TI": of.title, "PY": of.date[:4], "DA": of.date.replace("-", "/"),
        "ET": of.version, "LA": of.lang, "UR": of.url,
    }  # fmt: skip
    body = [f"{tag}  - {' '.join(value.split())}" for tag, value in lines.items() if value]
    return "\r\n".join([*body, "ER  - ", ""])


FORMATS: dict[str, tuple[str, Callable[[Citation], str]]] = {
    "txt": ("text/plain", lambda of: text(of) + "\n"),
    "bib": ("application/x-bibtex", bibtex),
    "ris": ("application/x-research-info-systems", ris),
}
"""Ending of the file → its media type and who writes it."""


def _file(site: Site, name: str, ext: str) -> Response:
    lang = site.lang()
    errors.require("figure", name, {i: i for i in (DATASET, *figure_ids(site.dataset))}, "/cite/{}.txt", lang)
    errors.require("format", ext, {k: k for k in FORMATS}, f"/cite/{name}.{{}}", lang)
    kind, write = FORMATS[ext]
    key, file = ("cite", name, ext, lang), f"pursuit-{name}.{ext}"
    make = lambda: write(citation(site, name, lang)).encode("utf-8")  # noqa: E731
    return site.send(key, make, f"{kind}; charset=utf-8", filename=file, inline=True)
