"""One indicator's whole history as compact JSON: shipped to the browser once, read by the views here, too.

Nothing in it depends on a language, so it is compressed once and kept for ever under the dataset's version.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dashboard.dataset import LANGS, Dataset, Observation
from dashboard.links import web_address

STATUS = ("final", "revised", "preliminary", "estimate", "doubtful")
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
        found = {o.period: o for o in self.dataset.series(self.indicator, entity)}
        return tuple(found.get(p) for p in self.periods)

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


def payload(dataset: Dataset, indicator_id: str) -> dict[str, Any]:
    """Return what the browser gets.

    ``x`` periods, ``e`` entities, ``y`` values by entity, ``s`` status codes (a digit into :data:`STATUS`,
    ``.`` for none), ``d`` source numbers into ``sources``, ``l`` locator numbers into ``locators``,
    ``t`` ``[[entity number, period number, note]]``, ``alt`` ``[[entity number, period, value, status code,
    source number, locator number, note]]``, ``rev`` ``[[entity, period, old, new, changed at, reason]]``,
    ``notes`` ``[[kind, entity, period, en, zh-Hans, zh-Hant]]``.
    """
    own = table(dataset, indicator_id)
    source_ids: dict[str, int] = {}
    locators: dict[str, int] = {}
    entities = list(own.values)

    def number(known: dict[str, int], name: str) -> int:
        return known.setdefault(name, len(known))

    values, codes, documents, places, remarks = [], [], [], [], []
    for n, entity in enumerate(entities):
        row = own.cells(entity)
        values.append([o.value if o else None for o in row])
        codes.append("".join(str(STATUS.index(o.status)) if o and o.status in STATUS else "." for o in row))
        documents.append([number(source_ids, o.source_id) if o else -1 for o in row])
        places.append([number(locators, o.locator) if o else -1 for o in row])
        remarks += [[n, k, o.note] for k, o in enumerate(row) if o and o.note]
    shown = {e: n for n, e in enumerate(entities)}
    for e, _ in own.alternatives:
        shown.setdefault(e, len(shown))
    alternatives = [
        [
            shown[e], p, o.value, STATUS.index(o.status) if o.status in STATUS else 0,
            number(source_ids, o.source_id), number(locators, o.locator), o.note,
        ]
        for (e, p), found in own.alternatives.items()
        for o in found
    ]  # fmt: skip
    revised = dataset.revisions
    changes = (
        revised[revised["indicator_id"] == indicator_id][
            ["entity_id", "period", "old_value", "new_value", "changed_at", "reason"]
        ].values.tolist()
        if len(revised)
        else []
    )
    documents_of = [dataset.sources[s] for s in source_ids]
    return {
        "i": indicator_id,
        "x": list(own.periods),
        "e": list(shown),
        "y": values,
        "s": codes,
        "d": documents,
        "l": places,
        "t": remarks,
        "locators": list(locators),
        "sources": [
            [s.source_id, s.title, [dataset.publisher(s, lang) for lang in LANGS], web_address(s.url),
             s.tier, s.retrieved, s.published, s.custody] for s in documents_of
        ],
        "alt": alternatives,
        "rev": changes,
        "notes": [
            [n.kind, n.entity_id, n.period, n.text_en, n.text_zh_hans, n.text_zh_hant]
            for n in dataset.notes
            if n.indicator_id == indicator_id
        ],
    }  # fmt: skip


def as_json(dataset: Dataset, indicator_id: str) -> bytes:
    """Return :func:`payload` as compact UTF-8 JSON; ``KeyError`` for an unknown indicator."""
    dataset.indicators[indicator_id]
    return json.dumps(payload(dataset, indicator_id), ensure_ascii=False, separators=(",", ":")).encode()
