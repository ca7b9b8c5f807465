"""Observations by filter: what ``/api/v1/observations`` answers; without a request."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

import pandas as pd
from werkzeug.exceptions import BadRequest

from dashboard import locale
from dashboard.dataset import OBSERVATION_COLUMNS, STATUSES, Dataset, Lang, Observation
from dashboard.links import web_address
from dashboard.pages.documents import document_lines, observation_line

MOST = 10_000
"""Observations in one JSON answer."""
USUAL = 1000
"""Observations in one JSON answer where no number was asked for."""
MOST_KEYS = 200
PARAMETERS = (
    "entity", "indicator", "source", "status", "from", "to", "preferred", "key", "limit", "offset", "lang",
)  # fmt: skip
"""What a query may name; anything else is refused, so that a slip does not silently widen the answer."""
_PERIOD = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?|-Q[1-4])?")
_FLAGS = {"": False, "0": False, "false": False, "1": True, "true": True}


@dataclass(frozen=True, slots=True)
class Query:
    entity: tuple[str, ...] = ()
    indicator: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    keys: tuple[tuple[str, str, str, str], ...] = ()
    preferred: bool = False
    limit: int | None = None
    """How many are asked for; ``None`` where that was not said."""
    offset: int = 0


def parse(
    args: Mapping[str, Sequence[str]], dataset: Dataset, lang: Lang, also: tuple[str, ...] = ()
) -> Query:
    """Read a query string; raises ``BadRequest`` naming the parameter and the nearest known name.

    ``also`` are parameters that the caller reads itself.
    """
    read = _Reader(args, lang)
    for name in args:
        read.check("", name, (*PARAMETERS, *also))
    keys = [tuple(k.split("|")) for k in args.get("key", ())]
    if len(keys) > MOST_KEYS or any(len(k) != 4 for k in keys):
        read.refuse("key", most=MOST_KEYS)
    if read.last("preferred") not in _FLAGS:
        read.refuse("flag", name="preferred")
    return Query(
        read.several("entity", dataset.entities),
        read.several("indicator", dataset.indicators),
        read.several("source", dataset.sources),
        read.several("status", STATUSES),
        read.period("from"),
        read.period("to"),
        tuple((k[0], k[1], k[2], k[3]) for k in keys),
        _FLAGS[read.last("preferred")],
        read.whole("limit", MOST),
        read.whole("offset", 100_000_000) or 0,
    )


@dataclass(frozen=True)
class _Reader:
    args: Mapping[str, Sequence[str]]
    lang: Lang

    def refuse(self, key: str, **values: object) -> NoReturn:
        raise BadRequest(locale.text(f"pages.api.error.{key}", self.lang, **values))

    def check(self, parameter: str, value: str, known: Collection[str]) -> None:
        """Refuse a value that a parameter does not know, or (no name) an unknown parameter."""
        if value not in known:
            near = difflib.get_close_matches(value[:80], list(known), 1)
            key = f"{'value' if parameter else 'parameter'}{'_near' if near else ''}"
            self.refuse(key, name=parameter, value=_printable(value), near=near[0] if near else "")

    def last(self, name: str) -> str:
        return (self.args.get(name) or [""])[-1]

    def several(self, name: str, known: Collection[str]) -> tuple[str, ...]:
        values = tuple(dict.fromkeys(v for given in self.args.get(name, ()) for v in given.split(",") if v))
        for value in values:
            self.check(name, value, known)
        return values

    def whole(self, name: str, most: int) -> int | None:
        given = self.last(name)
        if not given:
            return None
        if not (given.isascii() and given.isdecimal()) or int(given[:12]) > most:
            self.refuse("whole", name=name, most=most)
        return int(given)

    def period(self, name: str) -> str:
        given = self.last(name)
        try:
            if not given or (_PERIOD.fullmatch(given) and bounds(given)):
                return given
        except ValueError:  # a day that no month has
            pass
        self.refuse("period", name=name, value=_printable(given))


def _printable(value: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in value[:80]).split())


@lru_cache(10_000)
def bounds(period: str) -> tuple[str, str]:
    """Return the first and the last day of a period, to be compared as text; raises ``ValueError``.

    >>> bounds("2024"), bounds("2024-Q2")
    (('2024-01-01', '2024-12-31'), ('2024-04-01', '2024-06-30'))
    """
    found = pd.Period(period)
    return str(found.start_time.date()), str(found.end_time.date())


def select(dataset: Dataset, query: Query) -> pd.DataFrame:
    """Return the observations that pass every filter, best figure of each period first; not paged."""
    asked = {
        "entity_id": query.entity, "indicator_id": query.indicator,
        "source_id": query.source, "status": query.status,
    }  # fmt: skip
    allowed: dict[str, Collection[str]] = {column: values for column, values in asked.items() if values}
    if query.start or query.end:  # a period counts where the whole of it lies within the two
        first = bounds(query.start)[0] if query.start else ""
        last = bounds(query.end)[1] if query.end else "9999-99"
        spans = ((p, bounds(p)) for p in dataset.table.periods)
        allowed["period"] = {p for p, (begin, end) in spans if first <= begin and end <= last}
    return dataset.table.select(allowed, query.keys, preferred=query.preferred)


def paged(found: pd.DataFrame, query: Query, usual: int | None) -> pd.DataFrame:
    """Return the part of ``found`` that was asked for; ``usual`` many where that was not said (None: all)."""
    many = usual if query.limit is None else query.limit
    return found.iloc[query.offset :].head(len(found) if many is None else many)


def at_most(dataset: Dataset, query: Query) -> int:
    """Return an upper limit of what :func:`select` finds, without looking at observations."""
    indicators = query.indicator or tuple(dataset.indicators)
    return sum(dataset.table.count(i, e) for i in indicators for e in query.entity or ("",))


def rows(found: pd.DataFrame, step: int = 20_000) -> Iterator[tuple[Any, ...]]:
    """Give observations as tuples, so many at a time that a large table is never twice in memory."""
    for at in range(0, len(found), step):
        yield from found.iloc[at : at + step].itertuples(index=False, name=None)


def by_key(dataset: Dataset, query: Query, lang: Lang) -> list[dict[str, Any]]:
    out = []
    for entity_id, indicator_id, period, source_id in query.keys:
        every = dataset.alternatives(indicator_id, entity_id, period)
        found = next((o for o in every if o.source_id == source_id), None)
        if found is not None:
            others = [_in_words(dataset, o, lang) for o in every if o is not found]
            out.append(_in_words(dataset, found, lang) | {"alternatives": others})
    return out


def _in_words(dataset: Dataset, o: Observation, lang: Lang) -> dict[str, Any]:
    source = dataset.sources[o.source_id]
    about = ("publisher", "tier", "custody", "published", "licence", "sha256")
    return {
        **{c: getattr(o, c) for c in OBSERVATION_COLUMNS},
        "text": observation_line(dataset, o, lang),
        "about": document_lines(dataset, source, o.locator, lang),
        "source": {
            "title": dataset.document(source, lang),
            "publisher_name": dataset.publisher(source, lang),
            "url": web_address(source.url),
            "copy_url": web_address(source.copy_url),
            "retrieved": source.retrieved[:10],
            **{name: getattr(source, name) for name in about},
        },
    }
