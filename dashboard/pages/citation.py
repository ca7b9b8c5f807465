"""How to cite a claim, a figure or the dataset: in words, as BibTeX, as RIS."""

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
_BIBTEX = str.maketrans(
    {c: "\\" + c for c in "&%$#_{}"} | {"\\": "\\textbackslash{}", "~": "\\~{}", "^": "\\^{}"}
)


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation names; ``date`` is the day up to which the dataset was collected (or empty)."""

    id: str
    title: str
    version: str
    date: str
    url: str
    lang: Lang

    def __str__(self) -> str:
        date = locale.period(self.date, self.lang) if self.date else "–"
        named = {"title": self.title, "version": self.version, "date": date, "url": self.url}
        return locale.text("pages.citation", self.lang, **named).strip()


def register(server: Flask, site: Site) -> None:
    site.env.globals["cite"] = partial(cite, site)
    site.env.globals["cite_page"] = partial(cite_page, site)
    add_page(server, "/cite/<name>.<ext>", partial(_file, site))


def cite(site: Site, name: str, lang: Lang) -> Citation:
    """Return the citation of a figure (claims have their figure's id) or of the dataset.

    Raises ``KeyError`` for an unknown name.
    """
    if name == DATASET:
        return cite_page(site, locale.text("pages.data.cite_title", lang), "/data", lang, name)
    path = f"/claim/{name}" if name in essay(site.dataset).claims else "/"
    return cite_page(site, build(name, site.dataset, lang).title, path, lang, name)


def cite_page(site: Site, title: str, path: str, lang: Lang, name: str = "") -> Citation:
    version, date = site.dataset.version, site.dataset.collected
    return Citation(name, title, version, date, site.absolute(path, lang), lang)


def bibtex(of: Citation) -> str:
    fields = {
        "author": "{Pursuit}",
        "title": f"{{{of.title.translate(_BIBTEX)}}}",
        "year": of.date[:4],
        "version": of.version.translate(_BIBTEX),
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
    "txt": ("text/plain", "{}\n".format),
    "bib": ("application/x-bibtex", bibtex),
    "ris": ("application/x-research-info-systems", ris),
}
"""Ending of the file → its media type and who writes it."""


def _file(site: Site, name: str, ext: str) -> Response:
    lang = site.lang()
    errors.require("figure", name, (DATASET, *figure_ids(site.dataset)), "/cite/{}.txt", lang)
    errors.require("format", ext, FORMATS.keys(), f"/cite/{name}.{{}}", lang)
    kind, write = FORMATS[ext]

    def make() -> bytes:
        return write(cite(site, name, lang)).encode("utf-8")

    return site.send(make, f"{kind}; charset=utf-8", filename=f"pursuit-{name}.{ext}", inline=True)
