"""The preferred figures of one indicator as a table: entities along shared periods, kept with the dataset."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property

from dashboard.dataset import Dataset, Observation

HELD = 200_000
"""Figures in tables kept with a dataset; the least lately used tables go first."""
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Table:
    """Preferred figures of one indicator: ``values[entity]`` runs along ``periods``."""

    indicator: str
    periods: tuple[str, ...]
    values: dict[str, tuple[float | None, ...]]
    dataset: Dataset = field(repr=False, compare=False)

    def cells(self, entity: str) -> tuple[Observation | None, ...]:
        """Return the figures that an entity's values are, along ``periods``."""
        if entity not in self.values:
            return (None,) * len(self.periods)
        if entity not in self._cells:
            found = {o.period: o for o in self.dataset.series(self.indicator, entity)}
            self._cells[entity] = tuple(found.get(p) for p in self.periods)
        return self._cells[entity]

    @cached_property
    def _cells(self) -> dict[str, tuple[Observation | None, ...]]:
        return {}

    @cached_property
    def alternatives(self) -> dict[tuple[str, str], tuple[Observation, ...]]:
        """What other documents say, by entity and period; doubtful figures are among them."""
        out: dict[tuple[str, str], list[Observation]] = {}
        for entity in self.dataset.entities_with(self.indicator):
            if self.dataset.figures(self.indicator, entity) == self.dataset.length(self.indicator, entity):
                continue
            before = ""
            for o in self.dataset.all_of(self.indicator, entity):
                if o.period == before or o.status == "doubtful":
                    out.setdefault((entity, o.period), []).append(o)
                before = o.period
        return {key: tuple(found) for key, found in out.items()}


def having(dataset: Dataset, indicator_id: str) -> list[str]:
    """Return the entities that have a preferred figure, in the order of ``entities.csv``; reads none."""
    return [e for e in dataset.entities_with(indicator_id) if dataset.length(indicator_id, e)]


def table(dataset: Dataset, indicator_id: str) -> Table:
    """Return the table of an indicator; those read last are kept with the dataset, up to :data:`HELD`."""
    kept: OrderedDict[str, Table] = dataset.__dict__.setdefault("_explore_tables", OrderedDict())
    with _LOCK:
        found = kept.get(indicator_id)
        if found:
            kept.move_to_end(indicator_id)
            return found
    found = _read(dataset, indicator_id)
    with _LOCK:
        kept[indicator_id] = found
        held = sum(len(t.periods) * len(t.values) for t in kept.values())
        while held > HELD and len(kept) > 1:
            _, oldest = kept.popitem(last=False)
            held -= len(oldest.periods) * len(oldest.values)
    return found


def _read(dataset: Dataset, indicator_id: str) -> Table:
    lines = {e: dataset.points(indicator_id, e) for e in having(dataset, indicator_id)}
    periods = tuple(sorted({p for line in lines.values() for p in line}))
    values = {e: tuple(line.get(p) for p in periods) for e, line in lines.items()}
    return Table(indicator_id, periods, values, dataset)
