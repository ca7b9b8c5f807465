"""What every source shares: what it asks for, what it was answered, what it makes of it.

A source is a small object with two methods. ``requests`` names the resources to ask for; it may be a
generator that is sent the snapshot of each request it yields, so that a list page can name the next
ones::

    def requests(self, context):
        listing = yield Request("https://example.org/list.html", accept=("text/html",))
        for address in links(listing.body):
            yield Request(address, optional=True)

``parse`` is pure: the same snapshots give the same tables, without network, clock or randomness.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from etl.errors import FetchError, ShapeError, SkipSource, SourceError

__all__ = [
    "OBSERVATION_COLUMNS",
    "SOURCE_COLUMNS",
    "Context",
    "FetchError",
    "Parsed",
    "Request",
    "Requests",
    "ShapeError",
    "SkipSource",
    "Snapshot",
    "Source",
    "SourceError",
]

OBSERVATION_COLUMNS = (
    "entity_id", "indicator_id", "period", "value", "source_id", "status", "note", "locator",
)  # fmt: skip
SOURCE_COLUMNS = (
    "source_id", "title", "publisher", "url", "tier", "licence", "retrieved", "locator_hint",
    "published", "collector", "sha256", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Request:
    """One resource to ask for."""

    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: bytes | None = None
    accept: tuple[str, ...] = ()
    """Content types that can be right, e.g. ``("application/json",)``; ``()`` accepts any."""
    key: str = ""
    """Stable name within the source, e.g. ``"2025-12"``; by default the address with its query."""
    optional: bool = False
    """A 404 means "not there (yet)", not a failure."""
    best_effort: bool = False
    """A refusal means "not measured": it fails the source only if nothing else was answered."""
    secret_params: tuple[str, ...] = ()
    """Names of parameters (or headers) whose values never reach a log, an error or a snapshot."""


@dataclass(frozen=True)
class Snapshot:
    """The bytes a source answered, and when they were first seen."""

    request: Request
    status: int
    content_type: str
    body: bytes
    sha256: str
    fetched: str
    """UTC, ISO 8601, seconds (``2026-11-22T20:15:00Z``): when exactly these bytes first came."""
    etag: str = ""
    last_modified: str = ""
    final_url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    """The few response headers that are kept (lower case): paging and limits, see ``etl.snapshots``."""


@dataclass(frozen=True)
class Context:
    """What a source may know: the catalogue, the published data, the day, the settings."""

    entities: pd.DataFrame
    indicators: pd.DataFrame
    keywords: pd.DataFrame
    data_dir: Path
    today: date
    env: Mapping[str, str] = field(default_factory=dict)
    only_entities: frozenset[str] = frozenset()
    """Entities a refresh is limited to; empty means all."""

    def setting(self, name: str) -> str:
        """Return an environment setting such as an API key, or ``""``."""
        return self.env.get(name, "").strip()

    def wants(self, entity_id: str) -> bool:
        """Tell whether this refresh asks for ``entity_id``."""
        return not self.only_entities or entity_id in self.only_entities


@dataclass
class Parsed:
    """What a source made of its snapshots.

    ``observations``: columns ``OBSERVATION_COLUMNS``, values in the indicator's canonical unit (text,
    int, float or Decimal). ``sources``: columns ``SOURCE_COLUMNS``, one row for each document.
    ``notes``: lines for the report, e.g. what was skipped and why.
    """

    observations: pd.DataFrame
    sources: pd.DataFrame
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        observations: Iterable[Mapping[str, Any]],
        sources: Iterable[Mapping[str, Any]],
        notes: Iterable[str] = (),
    ) -> Parsed:
        """Build from rows given as mappings; a missing column becomes an empty string."""
        return cls(_frame(observations, OBSERVATION_COLUMNS), _frame(sources, SOURCE_COLUMNS), list(notes))


def _frame(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    rows = list(rows)
    unknown = {name for row in rows for name in row} - set(columns)
    if unknown:
        raise ValueError(f"unknown columns: {', '.join(sorted(unknown))}")
    return pd.DataFrame({name: [row.get(name, "") for row in rows] for name in columns}, dtype=object)


Requests = Iterable[Request] | Generator[Request, Snapshot | None, None]


class Source(ABC):
    """A public source; subclasses set the class attributes and write the two methods."""

    id: ClassVar[str]
    title: ClassVar[str]
    cadence_days: ClassVar[int]
    """How often the source is worth asking; older than this is stale."""
    on_by_default: ClassVar[bool] = True
    hosts: ClassVar[tuple[str, ...]] = ()
    """Hosts it may be fetched from, redirects included."""
    rate_per_second: ClassVar[float] = 1.0
    concurrency: ClassVar[int] = 1
    """Requests to one host at the same time. Requests of a generator are made in order."""
    key_setting: ClassVar[str] = ""
    """Setting that holds an optional key which raises the service's limits; named when they are used up."""
    keeps_history: ClassVar[bool] = False
    """True: a run brings only what is new and earlier observations stay. False: a run replaces all."""

    @abstractmethod
    def requests(self, context: Context) -> Requests:
        """Name the resources to ask for; raise :class:`SkipSource` when it cannot run here."""

    @abstractmethod
    def parse(self, snapshots: Sequence[Snapshot], context: Context) -> Parsed:
        """Turn snapshots into tables; pure. Raise :class:`ShapeError` when the shape has changed."""
