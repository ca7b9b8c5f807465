"""Observations by filter: what ``/api/v1/observations`` answers; without a request."""

import difflib
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

import pandas as pd
from werkzeug.datastructures import MultiDict
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
    filters: dict[str, tuple[str, ...]]
    """Column → the values that pass; a column without a filter is not in it."""
    start: str
    end: str
    keys: tuple[tuple[str, str, str, str], ...]
    preferred: bool
    limit: int | None
    """How many; ``None`` for all."""
    offset: int


def parse(
    args: MultiDict[str, str],
    dataset: Dataset,
    lang: Lang,
    limit: int | None = None,
    also: Sequence[str] = (),
) -> Query:
    """Read a query string; raises ``BadRequest`` naming the parameter and the nearest known name.

    ``limit`` is the number of observations where none is named; ``also``: what the caller reads itself.
    """
    read = _Reader(args, lang)
    for name in args:
        read.check("", name, (*PARAMETERS, *also))
    keys = [tuple(k.split("|")) for k in args.getlist("key")]
    named = read.whole("limit", MOST)
    if len(keys) > MOST_KEYS or any(len(k) != 4 for k in keys):
        read.refuse("key", most=MOST_KEYS)
    if read.last("preferred") not in _FLAGS:
        read.refuse("flag", name="preferred")
    filters = {
        "entity_id": read.several("entity", dataset.entities),
        "indicator_id": read.several("indicator", dataset.indicators),
        "source_id": read.several("source", dataset.sources),
        "status": read.several("status", STATUSES),
    }
    return Query(
        {column: values for column, values in filters.items() if values},
        read.period("from"),
        read.period("to"),
        tuple((k[0], k[1], k[2], k[3]) for k in keys),
        _FLAGS[read.last("preferred")],
        limit if named is None else named,
        read.whole("offset", 100_000_000) or 0,
    )


@dataclass(frozen=True)
class _Reader:
    args: MultiDict[str, str]
    lang: Lang

    def refuse(self, key: str, **values: object) -> NoReturn:
        raise BadRequest(locale.text(f"pages.api.error.{key}", self.lang, **values))

    def check(self, parameter: str, value: str, known: Collection[str]) -> None:
        """Refuse a value that a parameter does not know, or (no name) an unknown parameter."""
        if value not in known:
            near = difflib.get_close_matches(value[:80], list(known), 1)
            key = f"{'value' if parameter else 'parameter'}{'_near' if near else ''}"
            self.refuse(key, name=parameter, value=_printable(value), near="".join(near))

    def last(self, name: str) -> str:
        return (self.args.getlist(name) or [""])[-1]

    def several(self, name: str, known: Collection[str]) -> tuple[str, ...]:
        values = dict.fromkeys(v for text in self.args.getlist(name) for v in text.split(",") if v)
        for value in values:
            self.check(name, value, known)
        return tuple(values)

    def whole(self, name: str, most: int) -> int | None:
        text = self.last(name)
        if text and (not (text.isascii() and text.isdecimal()) or int(text[:12]) > most):
            self.refuse("whole", name=name, most=most)
        return int(text) if text else None

    def period(self, name: str) -> str:
        text = self.last(name)
        with suppress(ValueError):  # a day that no month has
            if not text or (_PERIOD.fullmatch(text) and bounds(text)):
                return text
        self.refuse("period", name=name, value=_printable(text))


def _printable(value: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in value[:80]).split())


@lru_cache(10_000)
def bounds(period: str) -> tuple[str, str]:
    """Return the first and the last day of a period, to be compared as text; raises ``ValueError``.

    >>> bounds("2024"), bounds("2024-Q2")
    (('2024-01-01', '2024-12-31'), ('2024-04-01', '2024-06-30'))
    """
    span = pd.Period(period)
    return str(span.start_time.date()), str(span.end_time.date())


def select(dataset: Dataset, query: Query) -> pd.DataFrame:
    """Return the observations that pass every filter, best figure of each period first; not paged."""
    allowed: dict[str, Collection[str]] = {**query.filters}
    if query.start or query.end:  # a period counts where the whole of it lies within the two
        first = bounds(query.start)[0] if query.start else ""
        last = bounds(query.end)[1] if query.end else "9999-99"
        within = (p for p in dataset.table.periods if first <= bounds(p)[0] and bounds(p)[1] <= last)
        allowed["period"] = set(within)
    return dataset.table.select(allowed, query.keys, preferred=query.preferred)


def at_most(dataset: Dataset, query: Query) -> int:
    """Return an upper limit of what :func:`select` finds, without looking at observations."""
    indicators, entities = (query.filters.get(c, ()) for c in ("indicator_id", "entity_id"))
    return sum(dataset.table.count(i, e) for i in indicators or dataset.indicators for e in entities or ("",))


def rows(table: pd.DataFrame, step: int = 20_000) -> Iterator[tuple[Any, ...]]:
    """Give observations as tuples, so many at a time that a large table is never twice in memory."""
    for at in range(0, len(table), step):
        yield from table.iloc[at : at + step].itertuples(index=False, name=None)


def by_key(dataset: Dataset, query: Query, lang: Lang) -> list[dict[str, Any]]:
    out = []
    for entity_id, indicator_id, period, source_id in query.keys:
        every = dataset.alternatives(indicator_id, entity_id, period)
        words = {o.source_id: _in_words(dataset, o, lang) for o in every}
        if source_id in words:
            out.append(words.pop(source_id) | {"alternatives": list(words.values())})
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
