"""``/search``: claims, cities, companies, indicators, documents and terms, in three scripts and pinyin.

One search for the page and for the box that ``/`` opens: the box asks for the same list with ``part=1``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from flask import Flask, Response, request
from opencc import OpenCC

from dashboard import locale
from dashboard.dataset import LANGS, Dataset, Entity, Indicator, Lang
from dashboard.locale.pinyin import spellings
from dashboard.pages import glossary
from dashboard.pages.claimview import claim_views
from dashboard.pages.standing import cast_group
from dashboard.site import Site, add_page

LONGEST = 80
"""Characters of a query that are read."""
SHOWN, ALL = 5, 40
"""Hits of a kind in the box and on the page."""
KINDS = ("figure", "entity", "indicator", "claim", "term", "document")
"""The groups of hits, in the order shown."""
PROFILES = ("city", "company")
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9][0-9](?![0-9])")
_HAN = re.compile(r"[\u3400-\u9fff]")
_MEETING = re.compile(r"(?<=[\u3400-\u9fff])(?=[a-z])|(?<=[a-z])(?=[\u3400-\u9fff])")
"""Where Chinese and Latin meet without a space: 杭州gdp."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found, everything normalized.

    ``names`` (pinyin among them) are compared from their beginning, ``titles`` and ``words`` from the
    beginning of any word, Chinese anywhere; ``spelt`` is the name in pinyin from each of its syllables on.
    """

    kind: str
    href: str
    title: dict[Lang, str]
    detail: dict[Lang, str]
    names: tuple[str, ...]
    spelt: tuple[str, ...]
    titles: str
    words: str
    outcome: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A found entry in one language."""

    href: str
    title: str
    detail: str = ""
    outcome: str = ""


@cache
def _simplified() -> Callable[[str], str]:
    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def normal(text: str) -> str:
    """Return ``text`` as it is compared: half-width, lower case, Simplified, without apostrophes.

    >>> normal("ＧＤＰ 騰訊 Xi’an")
    'gdp 腾讯 xian'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_simplified()(re.sub("['’]", "", folded)).split())


def register(server: Flask, site: Site) -> None:
    entries = cache(lambda: list(_entries(site.dataset)))
    add_page(server, "/search", "search", lambda: _search(site, entries()))


def _search(site: Site, entries: list[Entry]) -> Response:
    lang, part = site.lang(), request.args.get("part") == "1"
    asked = " ".join(request.args.get("q", "")[:LONGEST].split())
    groups = find(site.dataset, entries, asked, lang, SHOWN if part else ALL)
    values = {"asked": asked, "groups": groups, "found": sum(map(len, groups.values())), "part": part}
    text = site.html("results.html" if part else "search.html", lang, **values)
    response = Response(text, mimetype="text/html")
    response.headers["Content-Language"] = lang
    return response


def find(dataset: Dataset, entries: list[Entry], asked: str, lang: Lang, most: int) -> dict[str, list[Hit]]:
    """Return the hits by kind, best first; a city with an indicator («hangzhou gdp 2024») is a figure."""
    terms = normal(asked).split()
    if not terms:
        return {}
    scored = sorted(
        (s, len(entry.titles), n) for n, entry in enumerate(entries) if (s := score(entry, terms)) is not None
    )
    groups: dict[str, list[Hit]] = {kind: [] for kind in KINDS}
    groups["figure"] = _figures(dataset, entries, normal(asked), lang)
    for _, _, n in scored:
        entry = entries[n]
        if len(groups[entry.kind]) < most:
            groups[entry.kind].append(
                Hit(entry.href, entry.title[lang], entry.detail.get(lang, ""), entry.outcome)
            )
    return {kind: hits for kind, hits in groups.items() if hits}


def score(entry: Entry, terms: list[str]) -> int | None:
    """Return how well an entry fits, 0 best; ``None`` where a term is not in it.

    One or two Latin letters must begin a name: inside words they would be found everywhere.
    """
    total = 0
    for term in terms:
        if term in entry.names:
            continue
        if any(name.startswith(term) for name in entry.names):
            total += 1
        elif len(term) < 3 and not _HAN.search(term):
            return None
        elif _begins(term, entry.titles) or any(s.startswith(term) for s in entry.spelt):
            total += 2
        elif _begins(term, entry.words):
            total += 4
        else:
            return None
    return total


def _begins(term: str, text: str) -> bool:
    """Return whether a word of ``text`` begins with ``term``; Chinese has no words to begin."""
    return term in text and (
        not term[0].isascii() or re.search(f"(?<![a-z0-9]){re.escape(term)}", text) is not None
    )


def _figures(dataset: Dataset, entries: list[Entry], asked: str, lang: Lang) -> list[Hit]:
    """Return figures that a query names by entity and indicator, newest or of the year it names."""
    years = _YEAR.findall(asked)
    asked = " ".join(_MEETING.sub(" ", _YEAR.sub(" ", asked)).split())
    hits: list[Hit] = []
    for entry in entries:
        named = entry.kind == "entity" and next((n for n in entry.names if _names(n, asked)), "")
        if not named:
            continue
        word = named if _HAN.search(named) else f" {named} "
        rest = f" {asked} ".replace(word, " ", 1).strip()
        if not rest:
            continue
        found = [
            (s, len(e.titles), e.id)
            for e in entries
            if e.kind == "indicator" and (s := score(e, rest.split())) is not None
        ]
        owned = [i for _, _, i in sorted(found) if dataset.length(i, entry.id)]
        for indicator_id in owned[:2]:
            hits += _figure(dataset, dataset.entities[entry.id], indicator_id, years, lang)
    return hits[:SHOWN]


def _names(name: str, asked: str) -> bool:
    """Return whether ``asked`` names ``name``: Chinese anywhere, Latin as whole words of three letters."""
    if _HAN.search(name):
        return len(name) > 1 and name in asked
    return len(name) > 2 and f" {name} " in f" {asked} "


def _figure(
    dataset: Dataset, entity: Entity, indicator_id: str, years: list[str], lang: Lang
) -> Iterator[Hit]:
    indicator = dataset.indicators[indicator_id]
    latest = dataset.latest(indicator_id, entity.entity_id, until=years[0] + "~" if years else "9999")
    if latest is None or (years and not latest.period.startswith(years[0])):
        return
    value = locale.quantity(latest.value, indicator.unit, lang, digits=None)
    yield Hit(
        f"/explore?i={indicator_id}&e={entity.entity_id}",
        locale.text(
            "search.figure",
            lang,
            entity=entity.name(lang),
            indicator=indicator.name(lang),
            period=locale.period(latest.period, lang),
            value=value,
        ),
        dataset.publisher(dataset.sources[latest.source_id], lang),
    )


# -- what can be found -----------------------------------------------------------------------------------


def _entries(dataset: Dataset) -> Iterator[Entry]:
    for entity in dataset.entities.values():
        if entity.kind in PROFILES:
            yield _entity(dataset, entity)
    for indicator in dataset.indicators.values():
        if dataset.entities_with(indicator.indicator_id):
            yield _indicator(indicator)
    yield from _claims(dataset)
    for term in glossary.TERMS:
        titles = {lang: locale.text(f"glossary.{term}.term", lang) for lang in LANGS}
        texts = {lang: locale.text(f"glossary.{term}.text", lang) for lang in LANGS}
        yield _entry("term", f"/glossary#{term}", titles, texts, words=[])
    for source in dataset.sources.values():
        titles = {lang: dataset.document(source, lang) for lang in LANGS}
        who = {lang: dataset.publisher(source, lang) for lang in LANGS}
        href = f"/document/{source.source_id}"
        yield _entry("document", href, titles, who, words=[source.publisher, *who.values(), source.published])


def _entry(
    kind: str,
    href: str,
    title: dict[Lang, str],
    detail: dict[Lang, str],
    *,
    words: list[str],
    outcome: str = "",
    key: str = "",
) -> Entry:
    spelt = title["zh-Hans"] if kind in ("entity", "indicator", "term") else ""
    pinyin = [s.split() for s in spellings(spelt)]
    names = [*map(normal, title.values()), normal(key.replace("_", " ")), *map("".join, pinyin)]
    later = ["".join(s[n:]) for s in pinyin for n in range(1, len(s))]
    titles, everything = normal(" \n ".join(title.values())), normal(" \n ".join(words))
    return Entry(kind, href, title, detail, tuple(names), tuple(later), titles, everything, outcome, key)


def _entity(dataset: Dataset, entity: Entity) -> Entry:
    group = cast_group(entity) or "none"
    detail = {lang: locale.text(f"pages.{entity.kind}.group.{group}", lang) for lang in LANGS}
    if not entity.group and (region := dataset.entities.get(entity.region_id)):
        detail = {lang: region.name(lang) for lang in LANGS}
    titles = {lang: entity.name(lang) for lang in LANGS}
    return _entry(
        "entity", f"/{entity.kind}/{entity.entity_id}", titles, detail, words=[], key=entity.entity_id
    )


def _indicator(indicator: Indicator) -> Entry:
    titles = {lang: indicator.name(lang) for lang in LANGS}
    detail = {lang: indicator.definition(lang) for lang in LANGS}
    name = indicator.indicator_id
    return _entry("indicator", f"/data/{name}", titles, detail, words=list(detail.values()), key=name)


def _claims(dataset: Dataset) -> Iterator[Entry]:
    """Yield the claims: what is found is the proposition with its verdict, by the quote as well."""
    for views in zip(*(claim_views(dataset, lang) for lang in LANGS), strict=True):
        one = dict(zip(LANGS, views, strict=True))
        titles = {lang: v.proposition for lang, v in one.items()}
        detail = {lang: v.sentence for lang, v in one.items()}
        quote = views[0].quote
        words = [*detail.values(), quote.quote, quote.quote_zh_hans, quote.quote_en]
        yield _entry("claim", f"/claim/{views[0].id}", titles, detail, words=words, outcome=views[0].outcome)
