"""A language that nobody speaks: every message is wrapped in ⟦…⟧, and what stands outside must be data."""

from __future__ import annotations

import re
from calendar import month_abbr
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import pytest
from bs4 import BeautifulSoup, NavigableString, Tag
from flask.testing import FlaskClient

from dashboard import locale
from dashboard.app import create_app
from dashboard.claims import Claim, essay
from dashboard.dataset import LANGS, Dataset, Lang
from dashboard.pages.documents import locator_text
from dashboard.paths import PACKAGE

PATHS = (
    "/", "/claims", "/claim/gdp_overtaken", "/city", "/city/shenzhen", "/company/byd", "/data", "/data/gdp",
    "/api/v1/", "/embed/gdp_overtaken", "/present", "/present/gdp_overtaken", "/explore", "/nothing_here",
    "/city/shenzen",
)  # fmt: skip
SPOKEN = ("aria-label", "title", "placeholder", "alt", "aria-roledescription", "data-copied", "data-keys")
NAMES = {
    "PNG", "SVG", "PDF", "CSV", "XLSX", "JSON", "HTML", "ZIP", "BibTeX", "RIS", "API", "GET", "ID",
    "EN", "DOI", "sha256", "csv", "English", "简体中文", "繁體中文", "iframe", "noscript",
}  # fmt: skip
"""File formats, and languages in their own words: the same in every language."""
CALENDAR = {
    "年",
    "月",
    "日",
    "第",
    "季度",
    "季",
    "一",
    "二",
    "三",
    "四",
    "末",
    "times",
    "st",
    "nd",
    "rd",
    "th",
}
INLINE = {"a", "b", "i", "span", "small", "tspan", "code", "label", "em", "abbr"}
WORD = re.compile(r"[^\W\d_]{2,}")


def known(dataset: Dataset) -> list[str]:
    """Every text that the dataset gives, the longest first."""
    out: set[str] = set()

    def add(record: Any) -> None:
        out.update(v for f in fields(record) if isinstance(v := getattr(record, f.name), str))

    for table in (dataset.entities, dataset.indicators, dataset.sources, dataset.publishers):
        for record in table.values():
            add(record)
    for rows in (dataset.notes, dataset.gaps, dataset.groups, dataset.events):
        for record in rows:
            add(record)
    out |= {i.name_en[:1].lower() + i.name_en[1:] for i in dataset.indicators.values()}  # within a sentence
    of = essay(dataset)
    for chapter in of.chapters:
        out |= {chapter.title, *(chapter.name(lang) for lang in LANGS)}
        out |= {chapter.text("intro", lang) for lang in LANGS}
    for claim in of.claims.values():
        out.add(claim.quote)
    out |= {of.author, of.outlet}
    for lang in LANGS:
        out |= {dataset.document(source, lang) for source in dataset.sources.values()}
    for lang in LANGS:  # what the essay's record says of it
        for words in of.words[lang].values():
            out |= {words} if isinstance(words, str) else set(words)
    for column in ("locator", "note"):
        for text in set(dataset.table.frame[column].astype(str)):
            out |= {text, *(locator_text(text, lang) for lang in LANGS)}
            for repository in re.findall(r"[\w.-]+/([\w.-]+)", text):
                out |= {repository, *repository.split("-")}
    for table in (dataset.status.get("collectors", {}),):
        out |= set(table)
    return sorted((text for text in out if len(text) > (2 if text.isascii() else 1)), key=len, reverse=True)


def number_words() -> set[str]:
    """The words that numbers are written with: units, scales, months."""
    found = {*CALENDAR, *month_abbr[1:]}

    def collect(value: Any) -> None:
        if isinstance(value, str):
            found.update(re.findall(r"[^\W\d_]+", value))
        elif isinstance(value, dict):
            for k, v in value.items():
                collect(k)
                collect(v)
        elif isinstance(value, (tuple, list, set, frozenset)):
            for v in value:
                collect(v)

    collect([locale._STEPS, locale._BARE, locale._UNSCALED, list(month_abbr)])
    return found


def outside(text: str) -> str:
    """What of a text stands in no brackets."""
    depth, out = 0, []
    for sign in text:
        depth += (sign == "⟦") - (sign == "⟧")
        out.append(sign if depth == 0 and sign != "⟧" else "\0" if depth else " ")
    return re.sub("\0+", " ", "".join(out))


def blocks(soup: BeautifulSoup) -> Iterator[str]:
    """The texts of a page as they are read: inline elements belong to the block they stand in."""

    def own(tag: Tag) -> str:
        return "".join(
            str(child)
            if type(child) is NavigableString
            else own(child)
            if child.name == "tspan"  # a line of one label
            else f" {own(child)} "
            for child in tag.children
            if type(child) is NavigableString or (isinstance(child, Tag) and child.name in INLINE)
        )

    for tag in soup.find_all(True):
        yield from (str(tag[name]) for name in SPOKEN if tag.has_attr(name))
        if tag.name not in INLINE:
            yield own(tag)


class Pieces:
    """Known texts, found in another by their first letters: there are too many to try each on each."""

    def __init__(self, texts: list[str]) -> None:
        self.by_start: dict[str, list[str]] = {}
        for text in sorted(texts, key=len, reverse=True):
            self.by_start.setdefault(text[:3], []).append(text)

    def begins(self, text: str) -> bool:
        """Return whether ``text`` is the beginning of a known one, as a label that is cut short shows it."""
        return any(piece.startswith(text) for piece in self.by_start.get(text[:3], ()))

    def without(self, text: str) -> str:
        """Return ``text`` with a space for every known piece, the longest first at each place."""
        out, at = [], 0
        while at < len(text):
            starts = (text[at : at + n] for n in (3, 2))
            found = next(
                (p for s in starts for p in self.by_start.get(s, ()) if text.startswith(p, at)), None
            )
            out.append(" " if found else text[at])
            at += len(found or " ")
        return "".join(out)


def strangers(text: str, free: re.Pattern[str]) -> list[str]:
    """The words of a text that are none of the ``free`` ones or made of them."""
    return [word for word in WORD.findall(text) if not free.fullmatch(word)]


@dataclass(frozen=True)
class Pseudo:
    """The site in a language nobody speaks, and what may stand outside its brackets."""

    client: FlaskClient
    pieces: Pieces
    unspaced: Pieces
    free: re.Pattern[str]


@pytest.fixture(scope="module")
def pseudo() -> Iterator[Pseudo]:
    """Wrap every message while the module's tests run; once for both languages."""
    real = locale.messages
    dataset = Dataset.load(PACKAGE.parent / "data")  # of its own: what is kept by dataset stays apart
    texts = known(dataset)
    words = sorted(NAMES | number_words(), key=len, reverse=True)
    table = "pages.locator.words"  # a list of words, no message
    wrapped = {lang: {k: v if k == table else f"⟦{v}⟧" for k, v in real(lang).items()} for lang in LANGS}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locale, "messages", wrapped.__getitem__)
        locale._around.cache_clear()
        text, lines = Claim.text, Claim.lines
        patch.setattr(Claim, "text", lambda *of: f"⟦{said}⟧" if (said := text(*of)) else "")
        patch.setattr(Claim, "lines", lambda *of: [f"⟦{said}⟧" for said in lines(*of)])
        yield Pseudo(
            create_app(dataset).server.test_client(),
            Pieces(texts),
            Pieces(["".join(text.split()) for text in texts]),
            re.compile(f"(?:{'|'.join(map(re.escape, words))})+"),
        )
    locale._around.cache_clear()


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_every_word_comes_from_the_messages_or_the_data(lang: Lang, pseudo: Pseudo) -> None:
    left: dict[str, str] = {}
    for path in PATHS if lang == "zh-Hans" else PATHS[:6]:
        soup = BeautifulSoup(pseudo.client.get(f"/{lang.lower()}{path}").data, "lxml")
        for tag in soup.select("script, style, pre, textarea, .mono, head > meta, .endnotes li"):
            tag.decompose()
        for text in dict.fromkeys(blocks(soup)):
            rest = outside(text)
            strange = strangers(pseudo.pieces.without(rest), pseudo.free) if WORD.search(rest) else []
            if strange:  # a label in a chart may be broken inside a name
                whole = "".join(rest.split())
                cut = whole.endswith("…") and pseudo.unspaced.begins(whole.removesuffix("…"))
                strange = [] if cut else strangers(pseudo.unspaced.without(whole), pseudo.free)
            if strange:
                left[f"{path}: {' '.join(strange)}"] = text.strip()[:120]
    assert left == {}
