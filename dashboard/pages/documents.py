"""The documents of observations: listed under a claim, chart or profile, and each on its page."""

import re
from collections.abc import Iterable
from functools import cache, partial
from typing import Any

from flask import Flask, Response

from dashboard import locale
from dashboard.dataset import Dataset, Lang, Observation, Source
from dashboard.pages import errors
from dashboard.site import Site, add_page

MOST = 200
"""Observations listed on a document's page; the CSV has them all."""
Documents = list[tuple[Source, list[Observation]]]
"""Documents with what was read in them, the one with most of it first."""


def register(server: Flask, site: Site) -> None:
    for writer in (provenance, observation_line, locator_text, licence):
        site.env.globals[writer.__name__] = writer
    add_page(server, "/document/<source_id>", partial(_page, site))


def _page(site: Site, source_id: str) -> Response:
    dataset, lang = site.dataset, site.lang()
    titles = {i: dataset.document(s, lang) for i, s in dataset.sources.items()}
    errors.require("document", source_id, titles, "/document/{}", lang)

    def values(lang: Lang) -> dict[str, Any]:
        rows = dataset.table.select({"source_id": {source_id}}).itertuples(index=False, name=None)
        read = [Observation(*row) for row in rows]
        return {
            "source": dataset.sources[source_id],
            "documents": documents(dataset, read),
            "figures": read[:MOST],
            "total": len(read),
        }

    return site.page("document.html", values)


def documents(dataset: Dataset, used: Iterable[Observation]) -> Documents:
    by_source: dict[str, list[Observation]] = {}
    for observation in dict.fromkeys(used):
        by_source.setdefault(observation.source_id, []).append(observation)
    ordered = sorted(by_source.items(), key=lambda item: (-len(item[1]), item[0]))
    return [(dataset.sources[source_id], observations) for source_id, observations in ordered]


def observation_line(
    dataset: Dataset, observation: Observation, lang: Lang, digits: int | None = None
) -> str:
    indicator = dataset.indicators[observation.indicator_id]
    return locale.text(
        "pages.observation" if observation.status == "final" else "pages.observation_status",
        lang,
        entity=dataset.entities[observation.entity_id].name(lang),
        indicator=indicator.name(lang),
        period=locale.period(observation.period, lang),
        value=locale.quantity(observation.value, indicator.unit, lang, digits=digits),
        status=locale.text(f"pages.status.{observation.status}", lang),
    )


def provenance(dataset: Dataset, source: Source, lang: Lang) -> str:
    """Say who issued a document, of what rank that is, where and when it was read; the issuer first."""
    days = {"published": source.published, "retrieved": source.retrieved[:10]}
    parts = [
        dataset.publisher(source, lang),
        locale.text(f"pages.tier.{source.tier}", lang),
        locale.text(f"pages.custody.{source.custody}", lang),
        *(locale.text(f"pages.{k}", lang, date=locale.period(day, lang)) for k, day in days.items() if day),
    ]
    return locale.text("pages.semicolon", lang).join(p for p in parts if p)


def document_lines(dataset: Dataset, source: Source, locator: str, lang: Lang) -> list[str]:
    """Say what a reader needs to judge and to find a document: who, of what rank, when, where in it, licence.

    A document that a collector fetched also has the sha256 of the bytes that were read.
    """
    out = [provenance(dataset, source, lang)]
    if not source.url:
        out.append(locale.text("pages.unlinked", lang))
    if locator:
        out.append(f"{locale.text('pages.locator', lang)} {locator_text(locator, lang)}")
    if source.licence:
        out.append(locale.text("pages.licence_of", lang, licence=licence(source.licence, lang)))
    if source.sha256:
        out.append(f"sha256 {source.sha256}")
    return out


def locator_text(locator: str, lang: Lang) -> str:
    """Return where in a document a figure stands, its English words (row, column, page) in ``lang``.

    ``pages.locator.words`` translates a whole part, its numbers as letters (``page <a>``), or its first word.
    What a table calls its own rows and columns stays, or nobody would find them; so does what is more than a
    known word and a name, or it would be half translated.

    >>> locator_text("sheet 1, row 杭州", "zh-Hans"), locator_text("list of ten cities, page 2", "zh-Hans")
    ('工作表 1，行 杭州', 'list of ten cities，第 2 页')
    """
    words, parts, first = _locator_words(lang)

    def translated(part: str) -> str:
        for pattern, translation in parts:
            if match := pattern.fullmatch(part):
                return re.sub("<(.)>", lambda m: match[m[1]], translation)
        return first.sub(lambda m: words[m[0]], part)

    return "".join(translated(part) for part in re.split("(, |; | · )", locator))


@cache
def _locator_words(lang: Lang) -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]], re.Pattern[str]]:
    """Return words with their translations, patterns of whole parts with theirs, and one of first words."""
    words = dict(pair.split("=") for pair in locale.text("pages.locator.words", lang).split("|"))
    parts = [
        (re.compile(re.sub("<(.)>", r"(?P<\1>[0-9.–-]+)", re.escape(word))), translation)
        for word, translation in words.items()
        if " " in word or "<" in word
    ]
    alternatives = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return words, parts, re.compile(rf"^(?:{alternatives})(?!\w| (?:of|on|and) )")


def licence(name: str, lang: Lang) -> str:
    """Return a licence as readers know it: our own words in their language, everything else by its name."""
    key = f"pages.licence.{name.replace(' ', '_')}"
    return locale.text(key, lang) if locale.has(key, lang) else name
