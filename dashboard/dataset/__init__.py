"""The published tables in memory: series, preferred figures, alternatives. No Dash in it.

The dataset is read once, checked, and never changed; everything else is a pure function of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.dataset import reading
from dashboard.dataset.observations import Figure, ObservationTable
from dashboard.dataset.parquet import ParquetTable, packed
from dashboard.dataset.reading import DatasetError
from dashboard.dataset.records import (
    CONVERTED,
    LANGS,
    OBSERVATION_COLUMNS,
    STATUSES,
    TIERS,
    WRITTEN,
    Entity,
    Event,
    Gap,
    Group,
    Indicator,
    Lang,
    Named,
    Note,
    Observation,
    Publisher,
    Source,
    Title,
)
from dashboard.paths import essay_dir

__all__ = [
    "CONVERTED", "LANGS", "OBSERVATION_COLUMNS", "STATUSES", "TIERS", "WRITTEN", "Dataset", "DatasetError",
    "Entity", "Event", "Figure", "Gap", "Group", "Indicator", "Lang", "Named", "Note", "Observation",
    "Publisher", "Source", "Title",
]  # fmt: skip


_MAKING = threading.RLock()
ACROSS_KEPT = 512
"""Periods of indicators whose figures of all entities are kept."""


@dataclass(frozen=True)
class Dataset:
    """All published tables. Make one with :meth:`load` or, in tests, :meth:`from_frames`."""

    entities: dict[str, Entity]
    indicators: dict[str, Indicator]
    sources: dict[str, Source]
    observations: pd.DataFrame
    notes: Sequence[Note] = ()
    gaps: Sequence[Gap] = ()
    essay: Path | None = None
    """The folder of the essay that the figures are held against (see :mod:`dashboard.claims.record`)."""
    revisions: pd.DataFrame = field(default_factory=pd.DataFrame)
    status: dict[str, Any] = field(default_factory=dict)
    version: str = ""
    directory: Path | None = None
    publishers: dict[str, Publisher] = field(default_factory=dict)
    packed: ParquetTable | None = None
    """The observations where they are read from Parquet; ``observations`` is then empty."""
    groups: Sequence[Group] = ()
    events: Sequence[Event] = ()
    titles: dict[str, Title] = field(default_factory=dict)
    """By form of title: see :class:`Title`."""
    _made: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, directory: Path) -> Dataset:
        """Read ``directory``; raise :class:`DatasetError` (file:line, what, fix) when it is not sound."""
        if not (directory / "entities.csv").is_file():
            raise DatasetError(
                f"{directory}: no dataset here (entities.csv is missing); run `pursuit refresh`"
            )
        entities = {r.entity_id: r for r in reading.rows(directory / "entities.csv", Entity)}
        indicators = {r.indicator_id: r for r in reading.rows(directory / "indicators.csv", Indicator)}
        sources = {r.source_id: r for r in reading.rows(directory / "sources.csv", Source)}
        parquet = packed(directory)
        frames = [
            reading.observations(p, entities, indicators, sources)
            for p in sorted((directory / "observations").glob("*.csv") if parquet is None else ())
        ]
        if not frames and parquet is None:
            raise DatasetError(f"{directory / 'observations'}: no table here; run `pursuit refresh`")
        essay = essay_dir(directory)
        return cls.from_frames(
            entities=entities.values(),
            indicators=indicators.values(),
            sources=sources.values(),
            observations=reading.concat(frames),
            notes=reading.rows(directory / "notes.csv", Note),
            gaps=reading.rows(directory / "gaps.csv", Gap),
            essay=essay,
            revisions=reading.texts(directory / "revisions.csv"),
            status=reading.status(directory / "status.json"),
            version=reading.version(directory, essay) if parquet is None else parquet.version,
            directory=directory,
            publishers=reading.rows(directory / "publishers.csv", Publisher),
            packed=parquet,
            groups=reading.rows(directory / "groups.csv", Group),
            events=reading.rows(directory / "events.csv", Event),
            titles=reading.rows(directory / "titles.csv", Title),
        )

    @classmethod
    def from_frames(
        cls,
        *,
        entities: Iterable[Entity],
        indicators: Iterable[Indicator],
        sources: Iterable[Source],
        observations: pd.DataFrame,
        publishers: Iterable[Publisher] = (),
        titles: Iterable[Title] = (),
        **other: Any,
    ) -> Dataset:
        """Build a dataset from rows, sorting observations by preference; ``other``: fields as they are."""
        by_source = {s.source_id: s for s in sources}
        return cls(
            entities={e.entity_id: e for e in entities},
            indicators={i.indicator_id: i for i in indicators},
            sources=by_source,
            observations=reading.sort_by_preference(observations, by_source),
            publishers={p.publisher: p for p in publishers},
            titles={t.title: t for t in titles},
            **other,
        )

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """Return what ``make`` gives, made once for this dataset and kept with it."""
        with _MAKING:
            if name not in self._made:
                self._made[name] = make()
            return self._made[name]

    # -- reading -----------------------------------------------------------------------------------

    @cached_property
    def table(self) -> ObservationTable | ParquetTable:
        return self.packed or ObservationTable(self.observations)

    def all_of(self, indicator_id: str, entity_id: str) -> list[Observation]:
        """Every observation of one series, all sources; by period, the preferred one first in each."""
        return self.table.all_of(indicator_id, entity_id)

    def figures(self, indicator_id: str, entity_id: str = "") -> int:
        """Return how many observations there are of an indicator (of one entity), without reading them."""
        return self.table.count(indicator_id, entity_id)

    def length(self, indicator_id: str, entity_id: str) -> int:
        """Return the number of periods with a preferred figure: ``len(series(…))`` without reading it."""
        return self.table.length(indicator_id, entity_id)

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
        found = self.preferred(indicator_id, [entity_id]).get(entity_id, {})
        return {period: figure.value for period, figure in found.items()}

    def alternatives(self, indicator_id: str, entity_id: str, period: str) -> list[Observation]:
        return [o for o in self.all_of(indicator_id, entity_id) if o.period == period]

    def value(self, indicator_id: str, entity_id: str, period: str) -> Observation | None:
        """Return the preferred observation of one period, or ``None``; never a doubtful one."""
        return next((o for o in self.series(indicator_id, entity_id) if o.period == period), None)

    def latest(self, indicator_id: str, entity_id: str, until: str = "9999") -> Observation | None:
        return next((o for o in reversed(self.series(indicator_id, entity_id)) if o.period <= until), None)

    def across(self, indicator_id: str, period: str) -> dict[str, float]:
        """Return entity → preferred value of one period; doubtful figures are left out."""
        return self._across(indicator_id, period)

    @cached_property
    def _across(self) -> Callable[[str, str], dict[str, float]]:
        return lru_cache(ACROSS_KEPT)(self.table.across)

    def __getstate__(self) -> dict[str, object]:
        """Leave out what cannot go to another process: it is made again there."""
        return {name: value for name, value in vars(self).items() if name != "_across"}

    def common_periods(self, indicator_id: str, entity_ids: Sequence[str]) -> list[str]:
        """Return the periods for which every one of ``entity_ids`` has a preferred figure, in order."""
        sets = [{o.period for o in self.series(indicator_id, e)} for e in entity_ids]
        return sorted(set.intersection(*sets)) if sets else []

    def entities_with(self, indicator_id: str) -> list[str]:
        """Return the ids of the entities that have the indicator, in the order of ``entities.csv``."""
        have = self.table.entities(indicator_id)
        return [e for e in self.entities if e in have]

    def entities_with_data(self, indicator_id: str) -> list[str]:
        """Return those of :meth:`entities_with` that have a figure that is not doubtful."""
        have = self.table.entities_with_data(indicator_id)
        return [e for e in self.entities if e in have]

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

    def tidy(
        self,
        indicators: str | Iterable[str],
        entities: str | Iterable[str] | None = None,
        *,
        lang: Lang = "en",
        every: bool = False,
    ) -> pd.DataFrame:
        from dashboard import notebook  # plotly with it: only where it is used

        return notebook.tidy(self, indicators, entities, lang=lang, every=every)
