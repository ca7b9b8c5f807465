"""The rows of the published tables: the columns that this package reads (``data/schema`` has the others)."""

import json
import re
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal

from dashboard.chinese import worded
from dashboard.paths import SCHEMA

Lang = Literal["zh-Hans", "zh-Hant", "zh-HK", "en"]
LANGS: tuple[Lang, ...] = ("zh-Hans", "zh-Hant", "zh-HK", "en")
WRITTEN: tuple[Lang, ...] = ("zh-Hans", "en")
CONVERTED: tuple[Lang, ...] = ("zh-Hant", "zh-HK")
"""Languages written by hand, and those made from Simplified Chinese (:mod:`dashboard.chinese`)."""
NUMBER = re.compile("[0-9]+")
INSERTED = re.compile(r"\{([0-9]+)\}")


@cache
def vocabulary(table: str, column: str) -> tuple[str, ...]:
    """Return the vocabulary of a column as its schema lists it; :class:`KeyError` where it has none."""
    columns = json.loads((SCHEMA / f"{table}.json").read_text("utf-8"))["fields"]
    return tuple(next(c["constraints"]["enum"] for c in columns if c["name"] == column))


TIERS = vocabulary("sources", "tier")
CUSTODIES = vocabulary("sources", "custody")
STATUSES = vocabulary("observations", "status")


def in_language(row: Any, column: str, lang: Lang) -> str:
    """Return a text of a row in ``lang``: ``{column}_en`` …; Hong Kong reads Taiwan's in its own words."""
    if lang == "zh-HK":
        return worded(in_language(row, column, "zh-Hant"), lang)
    return str(getattr(row, f"{column}_{lang.lower().replace('-', '_')}"))


@dataclass(frozen=True, slots=True)
class Named:
    name_en: str
    name_zh_hans: str
    name_zh_hant: str

    def name(self, lang: Lang) -> str:
        return in_language(self, "name", lang)


@dataclass(frozen=True, slots=True)
class Entity(Named):
    entity_id: str
    kind: str
    group: str
    wikidata_id: str
    city_id: str
    region_id: str
    code: str
    latitude: float | None
    longitude: float | None
    founded: str
    founded_place: str
    listing: str


@dataclass(frozen=True, slots=True)
class Group(Named):
    """Cities that are named together, and the document that lists them; ``entities``: ids between blanks."""

    group_id: str
    entities: str
    source_title: str
    source_url: str


@dataclass(frozen=True, slots=True)
class Event(Named):
    """What happened when; ``concerns``: entities, indicators, domains it belongs to, between blanks."""

    event_id: str
    date: str
    concerns: str
    source_title: str
    publisher: str
    source_url: str


@dataclass(frozen=True, slots=True)
class Indicator(Named):
    indicator_id: str
    domain: str
    entity_kind: str
    unit: str
    kind: str
    frequency: str
    better: str
    definition_en: str
    definition_zh_hans: str
    definition_zh_hant: str
    scale: str

    def definition(self, lang: Lang) -> str:
        return in_language(self, "definition", lang)


@dataclass(frozen=True, slots=True)
class Publisher(Named):
    """Who published documents; ``publisher`` is the name as it stands in ``sources.csv``."""

    publisher: str


@dataclass(frozen=True, slots=True)
class Title(Named):
    """What documents of one form of title are called in the three languages (``titles.csv``).

    ``title`` has ``#`` for each number; a name has ``{0}`` for the first of them, ``{1}`` for the second.
    """

    title: str

    @staticmethod
    def form(title: str) -> str:
        """Return the form of a document's title: the title with ``#`` for each number."""
        return NUMBER.sub("#", title)

    def of(self, title: str, lang: Lang) -> str:
        """Return what the document is called in ``lang``, with the numbers of its own title."""
        numbers = NUMBER.findall(title)
        return INSERTED.sub(lambda place: numbers[int(place[1])], self.name(lang))


@dataclass(frozen=True, slots=True)
class Source:
    source_id: str
    title: str
    publisher: str
    url: str
    """The issuer's address where known; empty where the only known one must not be linked."""
    copy_url: str
    """The copy that was read, where that is another address."""
    tier: str
    custody: str
    licence: str
    retrieved: str
    locator_hint: str
    published: str
    collector: str
    sha256: str
    note: str


@dataclass(frozen=True, slots=True)
class Observation:
    entity_id: str
    indicator_id: str
    period: str
    value: float
    source_id: str
    status: str
    note: str
    locator: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        return (self.entity_id, self.indicator_id, self.period, self.source_id)


OBSERVATION_COLUMNS = tuple(f.name for f in fields(Observation))


@dataclass(frozen=True, slots=True)
class Note:
    """A break, vintage, definition, coverage or doubt that a chart of the series has to show."""

    note_id: str
    kind: str
    indicator_id: str
    entity_id: str
    period: str
    text_en: str
    text_zh_hans: str
    text_zh_hant: str

    def text(self, lang: Lang) -> str:
        return in_language(self, "text", lang)


@dataclass(frozen=True, slots=True)
class Gap:
    entity_id: str
    indicator_id: str
    looked_for_en: str
    looked_for_zh_hans: str
    looked_for_zh_hant: str
    looked_in_en: str
    looked_in_zh_hans: str
    looked_in_zh_hant: str
    looked_on: str

    def looked_for(self, lang: Lang) -> str:
        return in_language(self, "looked_for", lang)

    def looked_in(self, lang: Lang) -> str:
        return in_language(self, "looked_in", lang)


@dataclass(frozen=True, slots=True)
class Revision:
    """A published figure that changed later; ``new_value`` is empty where it was withdrawn."""

    changed_at: str
    entity_id: str
    indicator_id: str
    period: str
    source_id: str
    old_value: str
    new_value: str
    reason: str


TABLES: dict[str, type] = {
    "entities": Entity, "indicators": Indicator, "sources": Source, "publishers": Publisher, "groups": Group,
    "events": Event, "titles": Title, "notes": Note, "gaps": Gap,
}  # fmt: skip
"""The tables that are content, in the order that a dataset's version is made from."""
