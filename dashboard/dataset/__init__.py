"""The published tables: read once, checked, and never changed; everything else is a pure function of them."""

import difflib
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pandas as pd

from dashboard.dataset import reading
from dashboard.dataset.observations import Coverage, Figure, ObservationTable
from dashboard.dataset.parquet import ParquetTable, packed
from dashboard.dataset.reading import DatasetError
from dashboard.dataset.records import (
    CONVERTED,
    LANGS,
    OBSERVATION_COLUMNS,
    STATUSES,
    TABLES,
    TIERS,
    WRITTEN,
    Entity,
    Event,
    Gap,
    Group,
    Indicator,
    Lang,
    Note,
    Observation,
    Publisher,
    Revision,
    Source,
    Title,
)
from dashboard.paths import essay_dir

__all__ = [
    "CONVERTED", "LANGS", "OBSERVATION_COLUMNS", "STATUSES", "TIDY", "TIERS", "WRITTEN", "Dataset",
    "DatasetError", "Entity", "Event", "Figure", "Gap", "Indicator", "Lang", "Note",
    "Observation", "Revision", "Source", "Title", "check_known",
]  # fmt: skip


_MAKING = threading.RLock()
_KEYS = {
    "entities": "entity_id", "indicators": "indicator_id", "sources": "source_id", "publishers": "publisher",
    "titles": "title",
}  # fmt: skip
"""Tables that are held by a column of theirs."""
TIDY = (
    "entity_id", "entity", "indicator_id", "indicator", "period", "value", "unit", "status",
    "publisher", "source", "url", "note", "series_notes",
)  # fmt: skip
"""The columns of :meth:`Dataset.tidy`."""


@dataclass(frozen=True)
class Dataset:
    """All published tables. Make one with :meth:`load` or, in tests, :meth:`from_frames`."""

    entities: dict[str, Entity]
    indicators: dict[str, Indicator]
    sources: dict[str, Source]
    table: ObservationTable | ParquetTable
    publishers: dict[str, Publisher] = field(default_factory=dict)
    titles: dict[str, Title] = field(default_factory=dict)
    """By form of title: see :class:`Title`."""
    notes: Sequence[Note] = ()
    gaps: Sequence[Gap] = ()
    groups: Sequence[Group] = ()
    events: Sequence[Event] = ()
    revisions: Sequence[Revision] = ()
    essay: Path | None = None
    """The folder of the essay that the figures are held against (see :mod:`dashboard.claims.record`)."""
    status: dict[str, Any] = field(default_factory=dict)
    version: str = ""
    directory: Path | None = None
    _made: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Read ``directory``; raise :class:`DatasetError` (file:line, what, fix) when it is not sound."""
        if not (directory / "entities.csv").is_file():
            raise DatasetError(
                f"{directory}: no dataset here (entities.csv is missing); run `pursuit refresh`"
            )
        essay = essay_dir(directory)
        tables = _by_id({name: reading.rows(directory / f"{name}.csv", row) for name, row in TABLES.items()})
        table: ObservationTable | ParquetTable | None = packed(directory)
        if isinstance(table, ParquetTable):
            version = table.version
        else:
            known_ids = [tables[name] for name in ("entities", "indicators", "sources")]
            paths = sorted((directory / "observations").glob("*.csv"))
            if not paths:
                raise DatasetError(f"{directory / 'observations'}: no table here; run `pursuit refresh`")
            read = reading.concat([reading.observations(path, *known_ids) for path in paths])
            table = ObservationTable(reading.sort_by_preference(read, tables["sources"]))
            version = reading.version(directory, essay)
        return cls(
            **tables,
            table=table,
            revisions=reading.rows(directory / "revisions.csv", Revision),
            essay=essay,
            status=reading.status(directory / "status.json"),
            version=version,
            directory=directory,
        )

    @classmethod
    def from_frames(cls, observations: pd.DataFrame, **fields: Any) -> Self:
        """Build a dataset from rows of each table, and observations in any order."""
        fields = _by_id(fields)
        table = ObservationTable(
            reading.sort_by_preference(reading.concat([observations]), fields["sources"])
        )
        return cls(table=table, **fields)

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """Return what ``make`` gives, made once for this dataset and kept with it."""
        with _MAKING:
            if name not in self._made:
                self._made[name] = make()
            return self._made[name]

    # -- reading -----------------------------------------------------------------------------------

    def all_of(self, indicator_id: str, entity_id: str) -> list[Observation]:
        """Every observation of one series, all sources; by period, the preferred one first in each."""
        return self.table.all_of(indicator_id, entity_id)

    def length(self, indicator_id: str, entity_id: str) -> int:
        """Return the number of periods with a preferred figure: ``len(series(…))`` without reading it."""
        return self.table.coverage(indicator_id).get(entity_id, Coverage(0, 0)).preferred

    def series(self, indicator_id: str, entity_id: str, *, doubtful: bool = False) -> list[Observation]:
        """Return the preferred observation of each period, in order of period.

        Periods for which only a doubtful figure stands are left out unless ``doubtful``.
        """
        out: list[Observation] = []
        for o in self.all_of(indicator_id, entity_id):
            if out and out[-1].period == o.period:
                continue
            if doubtful or o.status != "doubtful":
                out.append(o)
        return out

    def preferred(self, indicator_id: str, entity_ids: Iterable[str]) -> dict[str, dict[str, Figure]]:
        """Return entity → period → preferred figure, in order: :meth:`series` of many, without the notes."""
        return self.table.preferred(indicator_id, entity_ids)

    def points(self, indicator_id: str, entity_id: str) -> dict[str, float]:
        """Return period → preferred value, in order: :meth:`series` without all that is not the number."""
        figures = self.preferred(indicator_id, [entity_id]).get(entity_id, {})
        return {period: figure.value for period, figure in figures.items()}

    def alternatives(self, indicator_id: str, entity_id: str, period: str) -> list[Observation]:
        return [o for o in self.all_of(indicator_id, entity_id) if o.period == period]

    def value(self, indicator_id: str, entity_id: str, period: str) -> Observation | None:
        """Return the preferred observation of one period, or ``None``; never a doubtful one."""
        return next((o for o in self.series(indicator_id, entity_id) if o.period == period), None)

    def latest(self, indicator_id: str, entity_id: str, until: str = "9999") -> Observation | None:
        return next((o for o in reversed(self.series(indicator_id, entity_id)) if o.period <= until), None)

    def across(self, indicator_id: str, period: str) -> dict[str, float]:
        """Return entity → preferred value of one period; doubtful figures are left out."""
        return self.table.across(indicator_id, period)

    def common_periods(self, indicator_id: str, entity_ids: Sequence[str]) -> list[str]:
        """Return the periods for which every one of ``entity_ids`` has a preferred figure, in order."""
        periods = [set(self.points(indicator_id, e)) for e in entity_ids]
        return sorted(set.intersection(*periods)) if periods else []

    def entities_with(self, indicator_id: str, *, doubtful: bool = True) -> list[str]:
        """Return the ids of the entities that have the indicator, in the order of ``entities.csv``.

        Those with doubtful figures alone are left out unless ``doubtful``.
        """
        have = self.table.coverage(indicator_id)
        return [e for e in self.entities if e in have and (doubtful or have[e].preferred)]

    def periods_of(self, indicator_id: str) -> tuple[str, ...]:
        return self.table.periods_of(indicator_id)

    def indicators_of(self, entity_id: str) -> list[str]:
        have = self.table.indicators(entity_id)
        return [i for i in self.indicators if i in have]

    def publisher(self, source: Source | Event, lang: Lang) -> str:
        named = self.publishers.get(source.publisher)
        return named.name(lang) if named else source.publisher

    def document(self, source: Source, lang: Lang) -> str:
        """Return a document's title in ``lang``; its own where ``titles.csv`` has none for it."""
        named = self.titles.get(Title.form(source.title))
        return named.of(source.title, lang) if named else source.title

    def notes_for(self, indicator_id: str, entity_ids: Iterable[str]) -> list[Note]:
        """Return the notes that a chart of the indicator for these entities has to show."""
        wanted = set(entity_ids)
        return [
            n
            for n in self.notes
            if n.indicator_id == indicator_id and (not n.entity_id or n.entity_id in wanted)
        ]

    def note_text(self, note: Note, lang: Lang) -> str:
        """Return a note; one on a single entity begins with its name."""
        text, entity = note.text(lang), self.entities.get(note.entity_id)
        if entity is None or entity.name(lang) in text:
            return text
        return f"{entity.name(lang)}{': ' if lang == 'en' else '：'}{text}"

    def group(self, name: str) -> list[str]:
        """Return a group's members: a role in the essay, a list of ``groups.csv``, the cities of a region."""
        listed = next((g.entities.split() for g in self.groups if g.group_id == name), [])
        return listed or [
            e.entity_id for e in self.entities.values() if name in (e.group, e.region_id) and name
        ]

    @cached_property
    def collected(self) -> str:
        """The day up to which the dataset was collected (``YYYY-MM-DD``), empty where nothing says.

        It is the newest retrieval of a document or the newest success of a collector.
        """
        days = [s.retrieved for s in self.sources.values()]
        days += [str(row.get("last_success") or "") for row in self.status.get("collectors", {}).values()]
        return max((day[:10] for day in days if len(day) >= 10), default="")

    def tidy(
        self,
        indicators: str | Iterable[str],
        entities: str | Iterable[str] | None = None,
        *,
        lang: Lang = "en",
        every: bool = False,
    ) -> pd.DataFrame:
        """Return observations as a tidy table, a row each, with unit, document and notes beside the value.

        ``value`` is in the plain unit named in ``unit`` (CNY, persons, %); ``period`` is text (``2024``,
        ``2024-07``). ``note`` belongs to the figure, ``series_notes`` to its series (breaks, vintages).
        Without ``entities`` all that have a figure; a group's name (``dragons``) stands for its members. One
        figure a period, the preferred one; with ``every`` those of all documents. Raises ``ValueError``
        naming the nearest ids where one is unknown.
        """
        groups = {e.group for e in self.entities.values() if e.group}
        allowed = {"indicator_id": check_known("indicator", indicators, self.indicators)}
        if entities is not None:
            named = check_known("entity or group", entities, [*self.entities, *groups])
            allowed["entity_id"] = [m for n in named for m in (self.group(n) if n in groups else [n])]
        rows = self.table.select(allowed, preferred=not every).astype(dict.fromkeys(reading.TEXTS, str))
        sources = [self.sources[s] for s in rows["source_id"]]
        pairs = zip(rows["indicator_id"], rows["entity_id"], strict=True)
        return rows.assign(
            entity=[self.entities[e].name(lang) for e in rows["entity_id"]],
            indicator=[self.indicators[i].name(lang) for i in rows["indicator_id"]],
            unit=[self.indicators[i].unit for i in rows["indicator_id"]],
            publisher=[self.publisher(s, lang) for s in sources],
            source=[self.document(s, lang) for s in sources],
            url=[s.url for s in sources],
            series_notes=["\n".join(n.text(lang) for n in self.notes_for(i, [e])) for i, e in pairs],
        )[list(TIDY)].reset_index(drop=True)


def check_known(what: str, names: str | Iterable[str], ids: Iterable[str]) -> list[str]:
    """Return ``names``, each once; raise ``ValueError`` with the nearest ids where one is unknown."""
    ids = list(ids)
    chosen = list(dict.fromkeys([names] if isinstance(names, str) else names))
    for name in chosen:
        if name not in ids:
            near = difflib.get_close_matches(str(name), ids, cutoff=0.4) or ids[:7]
            raise ValueError(f"unknown {what} {name!r}; nearest: {', '.join(near)}")
    return chosen


def _by_id(tables: dict[str, Any]) -> dict[str, Any]:
    keyed = {name: {getattr(row, key): row for row in tables.get(name, ())} for name, key in _KEYS.items()}
    return tables | keyed
