"""``/search``: claims, cities, companies, indicators, documents and terms, in three scripts and pinyin.

One search for the page and for the box that ``/`` opens: the box asks for the same list with ``part=1``.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial

from flask import Flask, Response, request
from opencc import OpenCC

from dashboard import locale
from dashboard.dataset import LANGS, Dataset, Lang
from dashboard.locale.pinyin import spellings
from dashboard.pages import glossary
from dashboard.pages.claimview import claim_views
from dashboard.pages.documents import observation_line
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
    names: list[str]
    spelt: list[str]
    titles: str
    words: str
    outcome: str
    id: str


Writer = Callable[[Lang], str]
Hit = tuple[str, str, str, str]
"""Address, title, detail, and the outcome of a claim."""


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def normalized(text: str) -> str:
    """Return ``text`` as it is compared: half-width, lower case, Simplified, without apostrophes.

    >>> normalized("ＧＤＰ 騰訊 Xi’an")
    'gdp 腾讯 xian'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_simplifier().convert(re.sub("['’]", "", folded)).split())


def register(server: Flask, site: Site) -> None:
    entries = cache(lambda: list(_entries(site.dataset)))

    def page() -> Response:
        lang, part = site.lang(), request.args.get("part") == "1"
        query = " ".join(request.args.get("q", "")[:LONGEST].split())
        groups = find(site.dataset, entries(), query, lang, SHOWN if part else ALL)
        values = {"query": query, "groups": groups, "total": sum(map(len, groups.values())), "part": part}
        text = site.html("results.html" if part else "search.html", lang, **values)
        response = Response(text, mimetype="text/html")
        response.headers["Content-Language"] = lang
        return response

    add_page(server, "/search", page)


def find(dataset: Dataset, entries: list[Entry], query: str, lang: Lang, most: int) -> dict[str, list[Hit]]:
    """Return the hits by kind, best first; a city with an indicator («hangzhou gdp 2024») is a figure."""
    query = normalized(query)
    groups: dict[str, list[Hit]] = {kind: [] for kind in KINDS}
    if query:
        groups["figure"] = _figures(dataset, entries, query, lang)
        for e in _best(entries, query):
            groups[e.kind].append((e.href, e.title[lang], e.detail[lang], e.outcome))
    return {kind: hits[:most] for kind, hits in groups.items() if hits}


def _best(entries: Iterable[Entry], query: str) -> list[Entry]:
    """Return the entries that have every word of a query, best first, shorter titles before longer."""
    scored = [(points, e) for e in entries if (points := score(e, query.split())) is not None]
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
        not term[0].isascii() or bool(re.search(rf"(?<![a-z0-9]){re.escape(term)}", text))
    )


def _figures(dataset: Dataset, entries: list[Entry], query: str, lang: Lang) -> list[Hit]:
    """Return figures that a query names by entity and indicator, newest or of the year it names."""
    year = "".join(_YEAR.findall(query)[:1])
    query = " ".join(_MEETING.sub(" ", _YEAR.sub(" ", query)).split())
    indicators = [e for e in entries if e.kind == "indicator"]
    hits: list[Hit] = []
    for entry in entries:
        named = (r for n in entry.names if (r := _without(n, query))) if entry.kind == "entity" else ()
        if rest := next(iter(named), ""):
            having = [e.id for e in _best(indicators, rest) if dataset.length(e.id, entry.id)][:2]
            for indicator_id in having:
                newest = dataset.latest(indicator_id, entry.id, until=f"{year}~" if year else "9999")
                if newest and newest.period.startswith(year):
                    href = f"/explore?i={indicator_id}&e={entry.id}"
                    publisher = dataset.publisher(dataset.sources[newest.source_id], lang)
                    hits.append((href, observation_line(dataset, newest, lang), publisher, ""))
    return hits[:SHOWN]


def _without(name: str, query: str) -> str:
    """Return the rest of a query that names ``name``, Chinese anywhere, Latin as whole words of 3 letters."""
    word = name if _HAN.search(name) else f" {name} "
    known = len(name) > (1 if word == name else 2) and word in f" {query} "
    return f" {query} ".replace(word, " ", 1).strip() if known else ""


def _entries(dataset: Dataset) -> Iterator[Entry]:
    for name, entity in dataset.entities.items():
        if entity.kind in ("city", "company"):
            region = dataset.entities.get(entity.region_id) if not entity.group else None
            group = partial(locale.text, f"pages.{entity.kind}.group.{cast_group(entity) or 'none'}")
            detail = region.name if region else group
            yield _entry("entity", f"/{entity.kind}/{name}", entity.name, detail)
    for name, indicator in dataset.indicators.items():
        if dataset.entities_with(name):
            text = indicator.definition
            yield _entry("indicator", f"/data/{name}", indicator.name, text, _every(text).values())
    # a claim is found by its proposition, its verdict and the quote
    for views in zip(*(claim_views(dataset, lang) for lang in LANGS), strict=True):
        by_lang, claim, outcome = dict(zip(LANGS, views, strict=True)), views[0].claim, views[0].outcome
        sentences = {lang: v.sentence for lang, v in by_lang.items()}
        words = [*sentences.values(), *map(claim.quote_in, LANGS)]
        titles = {lang: v.proposition for lang, v in by_lang.items()}
        href = f"/claim/{claim.claim_id}"
        yield _entry("claim", href, titles.__getitem__, sentences.__getitem__, words, outcome)
    for term in glossary.TERMS:
        title, text = (partial(locale.text, f"glossary.{term}.{part}") for part in ("term", "text"))
        yield _entry("term", f"/glossary#{term}", title, text)
    for name, source in dataset.sources.items():
        title, detail = partial(dataset.document, source), partial(dataset.publisher, source)
        words = [source.publisher, *_every(detail).values(), source.published]
        yield _entry("document", f"/document/{name}", title, detail, words)


def _entry(
    kind: str, href: str, title: Writer, detail: Writer, words: Iterable[str] = (), outcome: str = ""
) -> Entry:
    key = href.rpartition("/")[2] if kind in ("entity", "indicator") else ""
    titles = _every(title)
    pinyin = [s.split() for s in spellings(titles["zh-Hans"]) if kind in ("entity", "indicator", "term")]
    names = [*map(normalized, titles.values()), key.replace("_", " "), *map("".join, pinyin)]
    later = ["".join(s[n:]) for s in pinyin for n in range(1, len(s))]
    one, everything = normalized(" \n ".join(titles.values())), normalized(" \n ".join(words))
    return Entry(kind, href, titles, _every(detail), names, later, one, everything, outcome, key)


def _every(write: Writer) -> dict[Lang, str]:
    return {lang: write(lang) for lang in LANGS}
