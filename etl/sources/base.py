"""What all sources share: requests, answers, and the figures read from them.

``requests`` names what to ask for, and may be a generator that is sent the answer to each request, so that a
list can name the next ones; ``read_answer`` (or ``read``, of all answers) adds documents and figures. Both
are pure. A subclass with an ``id`` in a module of this folder is a source; nothing else lists it.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import pandas as pd

from etl.errors import ShapeError, SourceError, Unreadable
from etl.schema import ALL
from etl.sources.context import Context
from etl.tidy import printable_line, source_id_for, unit_factor

__all__ = [
    "HTML", "JSON", "OBSERVATION_COLUMNS", "RAW", "SOURCE_COLUMNS", "Context", "Parsed", "Request",
    "Requests", "Rows", "ShapeError", "Snapshot", "Source", "SourceError", "Unreadable",
]  # fmt: skip

OBSERVATION_COLUMNS = tuple(ALL["observations"].names)
SOURCE_COLUMNS = tuple(ALL["sources"].names)
JSON = ("application/json", "text/json")
HTML = ("text/html", "application/xhtml+xml")
RAW = ("text/plain", "text/csv", "text/markdown", "application/json", "application/octet-stream")
"""What GitHub calls the raw files it serves."""


@dataclass(frozen=True)
class Request:
    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: bytes | None = None
    accept: tuple[str, ...] = ()
    """Content types that can be right, e.g. ``("application/json",)``; ``()`` accepts any."""
    key: str = ""
    """Stable name within the source, e.g. ``"2025-12"``; by default the address with its query."""
    group: str = ""
    """Answers that make a figure only together; when a limit strikes among them none of them counts."""
    optional: bool = False
    """A 404 means "not there (yet)", not a failure."""
    best_effort: bool = False
    """A refusal means "not measured": it fails the source only if nothing else was answered."""
    ask: Literal["always", "once", "never"] = "always"
    """``once``: an answer that is stored, or that there was none, is final; ``never``: stored answers
    only."""
    leads_to: int = 0
    """How many more requests its answer may lead to, at most."""
    secret_params: tuple[str, ...] = ()
    """Names of parameters (or headers) whose values never reach a log, an error or a snapshot."""

    @property
    def label(self) -> str:
        return self.key or self.url.partition("?")[0]


@dataclass(frozen=True)
class Snapshot:
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

    @property
    def day(self) -> str:
        return self.fetched[:10]


@dataclass
class Parsed:
    observations: pd.DataFrame
    """Columns ``OBSERVATION_COLUMNS``, values in the indicator's canonical unit: text or a number."""
    sources: pd.DataFrame
    """Columns ``SOURCE_COLUMNS``, one row for each document."""
    notes: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """A line for each answer that could not be read and was left out."""

    @classmethod
    def of(
        cls, observations: Iterable[Mapping[str, Any]], sources: Iterable[Mapping[str, Any]],
        notes: Iterable[str] = (),
    ) -> "Parsed":  # fmt: skip
        """Build from rows given as mappings; a missing column becomes an empty string."""
        figures = pd.DataFrame(list(observations), columns=list(OBSERVATION_COLUMNS), dtype=object)
        documents = pd.DataFrame(list(sources), columns=list(SOURCE_COLUMNS), dtype=object)
        return cls(figures.fillna(""), documents.fillna(""), list(notes))


class Rows:
    def __init__(self, source: "Source", context: Context) -> None:
        self.source, self.context = source, context
        self.notes: list[str] = []
        self._observations: list[dict[str, Any]] = []
        self._documents: dict[str, dict[str, str]] = {}
        self._failures: list[ShapeError] = []
        self._units, self._entities = context.units(), set(context.entities["entity_id"])

    def document(
        self, url: str, title: str, snapshots: Sequence[Snapshot], *, published: str = "",
        publisher: str = "", of_list: bool = False,
    ) -> None:  # fmt: skip
        """Declare a document; one of a single snapshot carries its hash unless that is only a list of it."""
        common = {name: getattr(self.source, name) for name in ("tier", "custody", "licence")}
        self._documents[url] = common | {
            "source_id": source_id_for(url),
            "title": printable_line(title),
            "publisher": publisher or self.source.publisher,
            "url": url,
            "retrieved": max((one.day for one in snapshots), default=""),
            "published": published,
            "collector": self.source.id,
            "sha256": snapshots[0].sha256 if len(snapshots) == 1 and not of_list else "",
        }

    def add(
        self, entity: str, indicator: str, period: str, value: Any, url: str, *, unit: str = "",
        locator: str = "", note: str = "", status: str = "final",
    ) -> bool:  # fmt: skip
        """Add a figure of the document at ``url``, in ``unit`` as printed, or in the indicator's own.

        Returns whether it was added: an indicator or entity that is not in the catalogue is left out.
        """
        if indicator not in self._units or entity not in self._entities:
            return False
        try:
            value = value * unit_factor(unit, self._units[indicator]) if unit else value
        except ValueError as error:
            raise Unreadable(f"{indicator}: {error}") from error
        self._observations.append({
            "entity_id": entity, "indicator_id": indicator, "period": period, "value": value,
            "source_id": source_id_for(url), "status": status, "note": note, "locator": locator,
        })  # fmt: skip
        return True

    @property
    def failed(self) -> bool:
        return bool(self._failures)

    @contextmanager
    def isolate(self, snapshot: Snapshot) -> Iterator[None]:
        """Leave out what an unreadable answer added, note its error, and carry on."""
        observations, documents = len(self._observations), dict(self._documents)
        try:
            yield
        except ShapeError as error:
            del self._observations[observations:]
            self._documents = documents
            label = snapshot.request.label
            self._failures.append(error.of(self.source.id, label) if isinstance(error, Unreadable) else error)

    def parsed(self) -> Parsed:
        """Return the tables; raise the last failure when nothing could be read at all."""
        if self._failures and not self._observations:
            raise self._failures[-1]
        parsed = Parsed.of(self._observations, self._documents.values(), self.notes)
        parsed.errors = [f"left out: {error.what}" for error in self._failures]
        return parsed


Requests = Iterable[Request] | Generator[Request, Snapshot | None, None]


class Source:
    """A public source; subclasses set the class attributes and write ``requests`` and ``read_answer``."""

    id: str
    title: str
    cadence_days: ClassVar[int]
    """How often the source is worth asking; older than this is stale."""
    rhythm_days: ClassVar[int] = 0
    """How often a new figure comes out; by default the length of its newest period, or the cadence."""
    on_by_default: ClassVar[bool] = True
    untried: ClassVar[bool] = False
    """No recorded answer of the service was available: the parser follows descriptions of it."""
    hosts: ClassVar[tuple[str, ...]] = ()
    """Hosts it may be fetched from, redirects included."""
    rate_per_second: ClassVar[float] = 1.0
    key_setting: ClassVar[str] = ""
    """Environment variable with an optional key that raises the limits; named when they are spent."""
    keeps_history: ClassVar[bool] = False
    """True: a run brings only what is new, earlier observations stay, and answers that came before a limit
    struck are published. False: a run replaces all."""
    asks_by: ClassVar[tuple[str, ...]] = ()
    """Schemes of ids that it asks for one entity at a time: on a cluster, a job an entity."""
    publisher: str = ""
    tier: ClassVar[str] = "reference"
    custody: ClassVar[str] = "issuer"
    licence: ClassVar[str] = "facts with attribution"
    file: str = ""
    """Address of the one file that is asked for where ``requests`` is not written."""

    def requests(self, context: Context) -> Requests:
        """Name the resources to ask for; raise :class:`SkipSource` when it cannot run here."""
        return [Request(self.file, accept=RAW, key="list")]

    def parse(self, snapshots: Sequence[Snapshot], context: Context) -> Parsed:
        """Turn snapshots into tables; pure. Raise :class:`ShapeError` when the shape has changed."""
        out = Rows(self, context)
        try:
            self.read(snapshots, context, out)
        except Unreadable as error:
            raise error.of(self.id) from error
        return out.parsed()

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        for snapshot in snapshots:
            with out.isolate(snapshot):
                self.read_answer(snapshot, context, out)

    def read_answer(self, snapshot: Snapshot, context: Context, out: Rows) -> None:
        """Add what one answer says; :meth:`read` is written instead where answers belong together."""
        raise NotImplementedError
