"""``/search``: claims, cities, companies, indicators, documents and terms, in three scripts and pinyin.

One search for the page and for the box that ``/`` opens: the box asks for the same list with ``part=1``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial

from flask import Flask, Response, request
from opencc import OpenCC

from dashboard import locale
from dashboard.dataset import LANGS, Dataset, Entity, Lang
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
    href: str
    title: str
    detail: str = ""
    outcome: str = ""


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def normal(text: str) -> str:
    """Return ``text`` as it is compared: half-width, lower case, Simplified, without apostrophes.

    >>> normal("ＧＤＰ 騰訊 Xi’an")
    'gdp 腾讯 xian'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_simplifier().convert(re.sub("['’]", "", folded)).split())


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
    asked = normal(asked)
    if not asked:
        return {}
    groups: dict[str, list[Hit]] = {kind: [] for kind in KINDS}
    groups["figure"] = _figures(dataset, entries, asked, lang)
    for entry in _best(entries, asked):
        groups[entry.kind].append(
            Hit(entry.href, entry.title[lang], entry.detail.get(lang, ""), entry.outcome)
        )
    return {kind: hits[:most] for kind, hits in groups.items() if hits}


def _best(entries: Iterable[Entry], asked: str) -> list[Entry]:
    """Return the entries that have every word of ``asked``, best first, shorter titles before longer."""
    scored = [(found, e) for e in entries if (found := score(e, asked.split())) is not None]
    return [e for _, e in sorted(scored, key=lambda pair: (pair[0], len(pair[1].titles)))]


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
    indicators = [e for e in entries if e.kind == "indicator"]
    hits: list[Hit] = []
    for entry in entries:
        named = entry.kind == "entity" and next((n for n in entry.names if _names(n, asked)), "")
        if not named:
            continue
        word = named if _HAN.search(named) else f" {named} "
        rest = f" {asked} ".replace(word, " ", 1).strip()
        found = [e.id for e in _best(indicators, rest) if dataset.length(e.id, entry.id)] if rest else []
        for indicator_id in found[:2]:
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


def _entries(dataset: Dataset) -> Iterator[Entry]:
    for entity in dataset.entities.values():
        if entity.kind in ("city", "company"):
            href = f"/{entity.kind}/{entity.entity_id}"
            yield _entry("entity", href, entity.name, _group(dataset, entity), key=entity.entity_id)
    for name, indicator in dataset.indicators.items():
        if dataset.entities_with(name):
            text = indicator.definition
            yield _entry("indicator", f"/data/{name}", indicator.name, text, _every(text).values(), key=name)
    # a claim is found by its proposition, its verdict and the quote
    for view, *others in zip(*(claim_views(dataset, lang) for lang in LANGS), strict=True):
        by_lang = dict(zip(LANGS, (view, *others), strict=True))
        sentences = {lang: v.sentence for lang, v in by_lang.items()}
        words = [*sentences.values(), *(view.claim.quote_in(lang) for lang in LANGS)]
        titles = {lang: v.proposition for lang, v in by_lang.items()}
        href = f"/claim/{view.id}"
        yield _entry("claim", href, titles.__getitem__, sentences.__getitem__, words, outcome=view.outcome)
    for term in glossary.TERMS:
        title, text = (partial(locale.text, f"glossary.{term}.{part}") for part in ("term", "text"))
        yield _entry("term", f"/glossary#{term}", title, text)
    for source_id, source in dataset.sources.items():
        publisher = partial(dataset.publisher, source)
        words = [source.publisher, *_every(publisher).values(), source.published]
        yield _entry(
            "document", f"/document/{source_id}", partial(dataset.document, source), publisher, words
        )


def _entry(
    kind: str,
    href: str,
    title: Callable[[Lang], str],
    detail: Callable[[Lang], str],
    words: Iterable[str] = (),
    *,
    outcome: str = "",
    key: str = "",
) -> Entry:
    titles = _every(title)
    spelt = titles["zh-Hans"] if kind in ("entity", "indicator", "term") else ""
    pinyin = [s.split() for s in spellings(spelt)]
    names = [*map(normal, titles.values()), normal(key.replace("_", " ")), *map("".join, pinyin)]
    later = ["".join(s[n:]) for s in pinyin for n in range(1, len(s))]
    one, everything = normal(" \n ".join(titles.values())), normal(" \n ".join(words))
    return Entry(
        kind, href, titles, _every(detail), tuple(names), tuple(later), one, everything, outcome, key
    )


def _every(write: Callable[[Lang], str]) -> dict[Lang, str]:
    return {lang: write(lang) for lang in LANGS}


def _group(dataset: Dataset, entity: Entity) -> Callable[[Lang], str]:
    if not entity.group and (region := dataset.entities.get(entity.region_id)):
        return region.name
    return partial(locale.text, f"pages.{entity.kind}.group.{cast_group(entity) or 'none'}")
