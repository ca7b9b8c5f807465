"""How to cite a claim, a figure or the dataset: in words, as BibTeX, as RIS."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response

from dashboard import locale
from dashboard.claims.record import essay
from dashboard.dataset import Lang
from dashboard.figures import build, figure_ids
from dashboard.pages import errors
from dashboard.site import Site, add_page, collected

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
    """Add ``/cite/<id>.txt``, ``.bib`` and ``.ris``; the id is a figure's, a claim's or ``dataset``."""
    site.env.globals["cite"] = lambda name, lang: as_text(citation(site, name, lang))
    site.env.globals["cite_page"] = lambda title, path, lang: as_text(_of_page(site, title, path, lang))
    add_page(server, "/cite/<name>.<ext>", "cite", lambda name, ext: _file(site, name, ext))


def citation(site: Site, name: str, lang: Lang) -> Citation:
    """Return the citation of a figure (claims have their figure's id) or of the dataset.

    Raises ``KeyError`` for an unknown name.
    """
    dataset = site.dataset
    if name == DATASET:
        title, path = locale.text("pages.data.cite_title", lang), "/data"
    else:
        title = build(name, dataset, lang).title
        path = f"/claim/{name}" if name in essay(dataset).claims else "/"
    return _of_page(site, title, path, lang, name)


def _of_page(site: Site, title: str, path: str, lang: Lang, name: str = "") -> Citation:
    url = site.absolute(path, lang)
    return Citation(name, title, site.dataset.version, collected(site.dataset), url, lang)


def as_text(of: Citation) -> str:
    date = locale.period(of.date, of.lang) if of.date else "–"
    return locale.text(
        "pages.citation", of.lang, title=of.title, version=of.version, date=date, url=of.url
    ).strip()


def bibtex(of: Citation) -> str:
    fields = {
        "author": "{Pursuit}",
        "title": f"{{{_tex(of.title)}}}",
        "year": of.date[:4],
        "version": _tex(of.version),
        "note": f"Figures up to {of.date}" if of.date else "",
        "url": re.sub(r"[\s{}\\]", "", of.url),
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{pursuit-{of.id},\n{body}}}\n"


def ris(of: Citation) -> str:
    """Return the citation as a RIS record; no value can start a line of its own."""
    lines = [
        ("TY", "DATA"),
        ("AU", "Pursuit"),
        ("TI", of.title),
        ("PY", of.date[:4]),
        ("DA", of.date.replace("-", "/")),
        ("ET", of.version),
        ("LA", of.lang),
        ("UR", of.url),
    ]
    body = [f"{tag}  - {' '.join(value.split())}" for tag, value in lines if value]
    return "\r\n".join([*body, "ER  - ", ""])


def _tex(text: str) -> str:
    return "".join(_BIBTEX.get(c, c) for c in text)


FORMATS: dict[str, tuple[str, Callable[[Citation], str]]] = {
    "txt": ("text/plain", lambda of: as_text(of) + "\n"),
    "bib": ("application/x-bibtex", bibtex),
    "ris": ("application/x-research-info-systems", ris),
}
"""Ending of the file → its media type and who writes it."""


def _file(site: Site, name: str, ext: str) -> Response:
    lang = site.lang()
    errors.require("figure", name, {i: i for i in (DATASET, *figure_ids(site.dataset))}, "/cite/{}.txt", lang)
    errors.require("format", ext, {k: k for k in FORMATS}, f"/cite/{name}.{{}}", lang)
    kind, write = FORMATS[ext]
    return site.send(
        ("cite", name, ext, lang),
        lambda: write(citation(site, name, lang)).encode("utf-8"),
        f"{kind}; charset=utf-8",
        filename=f"pursuit-{name}.{ext}",
        inline=True,
    )
