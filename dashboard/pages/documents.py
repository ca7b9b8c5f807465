"""The documents of observations: the list of sources under a claim, chart or profile."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dashboard import locale
from dashboard.dataset import Dataset, Lang, Observation, Source
from dashboard.links import web_address

SHOWN = 6
"""Observations listed under one document; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Document:
    """A public document with the figures that were read from it."""

    source: Source
    url: str
    """http(s) address, or empty where the table has none that is safe to link."""
    copy: str
    """Address of the copy that was read, where that is another."""
    origin: str
    lines: tuple[str, ...]
    locators: tuple[str, ...]
    more: int


def documents(dataset: Dataset, used: Iterable[Observation], lang: Lang) -> list[Document]:
    """Return the documents of ``used``, most used first, each with the figures read from it."""
    by_source: dict[str, list[Observation]] = {}
    for observation in dict.fromkeys(used):
        by_source.setdefault(observation.source_id, []).append(observation)
    out = []
    for source_id, observations in sorted(by_source.items(), key=lambda item: (-len(item[1]), item[0])):
        source = dataset.sources[source_id]
        locators = dict.fromkeys(place(o.locator, lang) for o in observations if o.locator)
        out.append(
            Document(
                source,
                web_address(source.url),
                web_address(source.copy_url),
                origin(dataset, source, lang),
                tuple(line(dataset, o, lang) for o in observations[:SHOWN]),
                tuple(locators)[:3],
                max(0, len(observations) - SHOWN),
            )
        )
    return out


def line(dataset: Dataset, observation: Observation, lang: Lang) -> str:
    """Write one observation: entity, indicator, period: value (status where it is not final)."""
    entity = dataset.entities[observation.entity_id].name(lang)
    indicator = dataset.indicators[observation.indicator_id]
    value = locale.quantity(observation.value, indicator.unit, lang, digits=None)
    status = locale.text(f"pages.status.{observation.status}", lang)
    return locale.text(
        "pages.observation" if observation.status == "final" else "pages.observation_status",
        lang,
        entity=entity,
        indicator=indicator.name(lang),
        period=locale.period(observation.period, lang),
        value=value,
        status=status,
    )


def origin(dataset: Dataset, source: Source, lang: Lang) -> str:
    """Say who issued a document, of what rank that is, where and when it was read; the issuer first."""

    def said(key: str, /, **named: str) -> str:
        return locale.text(f"pages.{key}", lang, **named)

    parts = [dataset.publisher(source, lang), said(f"tier.{source.tier}"), said(f"custody.{source.custody}")]
    if source.published:
        parts.append(said("published", date=locale.period(source.published, lang)))
    if source.retrieved:
        parts.append(said("retrieved", date=locale.period(source.retrieved[:10], lang)))
    return said("semicolon").join(p for p in parts if p)


def document_lines(dataset: Dataset, source: Source, locator: str, lang: Lang) -> list[str]:
    """Say what a reader needs to judge and to find a document: who, of what rank, when, where in it, licence.

    A document that a collector fetched also has the sha256 of the bytes that were read.
    """

    def said(key: str, /, **named: str) -> str:
        return locale.text(f"pages.{key}", lang, **named)

    out = [origin(dataset, source, lang)]
    if not source.url:
        out.append(said("unlinked"))
    if locator:
        out.append(f"{said('locator')} {place(locator, lang)}")
    if source.licence:
        out.append(said("licence_of", licence=licence(source.licence, lang)))
    if source.sha256:
        out.append(f"sha256 {source.sha256}")
    return out


def place(locator: str, lang: Lang) -> str:
    """Return where in a document a figure stands, its English words (row, column, page) in ``lang``.

    What a table calls its own rows and columns stays, or nobody would find them; so does what is more than
    a known word and a name, or it would be half translated.

    >>> place("sheet 1, row 杭州", "zh-Hans"), place("list of ten cities, page 2", "zh-Hans")
    ('工作表 1，行 杭州', 'list of ten cities，页 2')
    """
    words = dict(pair.split("=") for pair in locale.text("pages.locator.words", lang).split("|"))
    known = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    first = re.compile(rf"^(?:{known})(?!\w| (?:of|on|and) )")
    return "".join(first.sub(lambda m: words[m[0]], part) for part in re.split("(, |; | · )", locator))


def licence(name: str, lang: Lang) -> str:
    """Return a licence as readers know it: our own words in their language, everything else by its name."""
    key = f"pages.licence.{name.replace(' ', '_')}"
    return locale.text(key, lang) if locale.has(key, lang) else name
