"""What a rule reads: quantities that keep the observations they are computed from.

Arithmetic on a :class:`Quantity` keeps its unit and its observations, so every number in a sentence leads
back to its documents. A :class:`DatasetView` is the dataset up to a date, with some observations scaled (to
find margins).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import pandas as pd

from dashboard.dataset import Dataset, Observation
from dashboard.dataset.records import CUSTODIES, TIERS

Key = tuple[str, str, str, str]
RECENT = 2
"""Years: a figure older than that beside the newest does not speak for today."""


class NotPublicError(Exception):
    def __init__(self, indicator_id: str, entity_ids: Iterable[str]) -> None:
        super().__init__(f"no public figure: {indicator_id} of {', '.join(entity_ids)}")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value, its unit and period, and every observation it is derived from."""

    value: float
    unit: str = ""
    period: str = ""
    entity: str = ""
    used: tuple[Observation, ...] = ()

    def __truediv__(self, other: Quantity) -> Quantity:
        """Divide; two quantities of one unit give a plain ratio. A zero divisor gives infinity."""
        value = self.value / other.value if other.value else math.copysign(math.inf, self.value)
        return self._derived(value, other, "" if other.unit == self.unit else self.unit)

    def __mul__(self, other: Quantity) -> Quantity:
        return self._derived(self.value * other.value, other, self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        return self._derived(self.value - other.value, other, self.unit)

    def __float__(self) -> float:
        return self.value

    def _derived(self, value: float, other: Quantity, unit: str) -> Quantity:
        return Quantity(value, unit, self.period, self.entity, unique(self.used + other.used))


def unique(observations: Iterable[Observation]) -> tuple[Observation, ...]:
    return tuple({o.key: o for o in observations}.values())


def total(quantities: Sequence[Quantity]) -> Quantity:
    value = math.fsum(q.value for q in quantities)
    used = unique(o for q in quantities for o in q.used)
    return Quantity(value, quantities[0].unit, quantities[0].period, "", used)


@lru_cache(maxsize=4096)
def period_end(period: str) -> str:
    """Return the last day of a period as text that sorts: ``2024`` → ``2024-12-31``, ``2024-Q1`` → March."""
    return str(pd.Period(period).end_time.date())


def public_by(day: str, period: str, published: str) -> bool:
    """Return whether a document shows that a figure was public on ``day`` (``YYYY-MM-DD``).

    Its period must be over and the document dated by then; a figure of a single day (an event, a count)
    without a dated document counts from that day.
    """
    if period_end(period) > day:
        return False
    return published <= day if published else len(period) == len(day)


@dataclass(frozen=True)
class DatasetView:
    """A dataset from one point of view.

    ``until``: only periods that have ended by then (``2025-02``, ``2024``); empty: all. ``as_of``: only
    documents dated by that day (see :func:`public_by`); empty: all. ``scaled``: factors for observations.
    """

    dataset: Dataset
    until: str = ""
    as_of: str = ""
    scaled: Mapping[Key, float] = field(default_factory=dict)
    _series: dict[tuple[str, str], dict[str, Quantity]] = field(default_factory=dict)

    def series(self, indicator_id: str, entity_id: str) -> dict[str, Quantity]:
        """Return period → quantity in order of period; empty when there is none. Doubtful figures never."""
        key = (indicator_id, entity_id)
        found = self._series.get(key)
        if found is None:
            found = self._series[key] = self._read(indicator_id, entity_id)
        return found

    def _read(self, indicator_id: str, entity_id: str) -> dict[str, Quantity]:
        known = self.dataset.indicators.get(indicator_id)
        chosen: dict[str, Observation] = {}
        for o in self.public(indicator_id, entity_id):
            chosen.setdefault(o.period, o)
        if known is not None and known.kind == "event":
            chosen = self._one_record_per_event(chosen)
        reported = {o.period for o in self.reported_since(indicator_id, entity_id)}
        chosen = {p: o for p, o in chosen.items() if p not in reported}
        out: dict[str, Quantity] = {}
        for period, o in chosen.items():
            factor = self.scaled.get(o.key)
            used = o if factor is None else replace(o, value=o.value * factor)
            out[period] = Quantity(used.value, known.unit if known else "", period, entity_id, (used,))
        return out

    def reported_since(self, indicator_id: str, entity_id: str) -> tuple[Observation, ...]:
        """Return the figures newer than the newest that stands in a document, best first within a period.

        A verdict rests on documents, not on reports of them: where the newest periods of a series are known
        only from a relay and one at most :data:`RECENT` years older was read at its issuer or in a whole
        copy, that one decides, and the newer ones are shown beside it. An older document does not count, and
        a series known only from reports is used as it is.
        """
        known = self.dataset.indicators.get(indicator_id)
        if known is not None and known.kind == "event":
            return ()
        found = {o: period_end(o.period) for o in self.public(indicator_id, entity_id)}
        decides = max((end for o, end in found.items() if self.in_document(o)), default="")
        if not decides or int(decides[:4]) < int(max(found.values())[:4]) - RECENT:
            return ()
        return tuple(o for o, end in found.items() if end > decides)

    def in_document(self, observation: Observation) -> bool:
        """Return whether a figure was read at its issuer or in a whole copy."""
        source = self.dataset.sources.get(observation.source_id)
        return source is not None and source.custody != "relay"

    def public(self, indicator_id: str, entity_id: str) -> list[Observation]:
        """Return every observation of a series that was public in time and is not doubtful."""
        read: dict[tuple[str, str], list[Observation]] = self.dataset.once("observations read", dict)
        key = (indicator_id, entity_id)
        if key not in read:
            read[key] = [o for o in self.dataset.all_of(*key) if o.status != "doubtful"]
        last = period_end(self.until) if self.until else "9999"
        found = [o for o in read[key] if period_end(o.period) <= last]
        if not self.as_of:
            return found
        return [o for o in found if public_by(self.as_of, o.period, self._published(o.source_id))]

    def _one_record_per_event(self, chosen: Mapping[str, Observation]) -> dict[str, Observation]:
        """Leave one record of each event: ``1987`` and ``1987-09-15`` are one.

        The better document wins (tier, custody, date); only between equals the more exact period.
        """
        kept: dict[str, Observation] = {}
        for period, o in sorted(chosen.items(), key=lambda pair: self._preference(pair[1])):
            if not any(period.startswith(k) or k.startswith(period) for k in kept):
                kept[period] = o
        return dict(sorted(kept.items()))

    def _preference(self, o: Observation) -> tuple[int, int, int, int]:
        source = self.dataset.sources[o.source_id]
        day = int(self._published(o.source_id).replace("-", "") or 0)
        return TIERS.index(source.tier), CUSTODIES.index(source.custody), -day, -len(o.period)

    def _published(self, source_id: str) -> str:
        """Return the last day on which a document may have been published; empty when it is not dated."""
        source = self.dataset.sources.get(source_id)
        return period_end(source.published[:10]) if source and source.published else ""

    def in_cny(self, indicator_id: str, entity_id: str) -> dict[str, Quantity]:
        """Return period → quantity, in order; dollars at the year's average rate where yuan are missing."""
        own, rate = self.series(indicator_id, entity_id), self.series("cny_per_usd", "china")
        dollars = self.series(f"{indicator_id}_usd", entity_id)
        converted = {
            y: replace(d * rate[y], unit="CNY") for y, d in dollars.items() if y not in own and y in rate
        }
        return dict(sorted({**converted, **own}.items()))

    def independent(self, series: dict[str, Quantity], entity_id: str) -> dict[str, Quantity]:
        """Return the figures that somebody else than the company itself vouches for.

        A document published by the company, or marked as a company's own claim, supports nothing here.
        """
        entity = self.dataset.entities[entity_id]
        names = {n.casefold() for n in (entity.name_en, entity.name_zh_hans, entity.name_zh_hant) if n}

        def own(o: Observation) -> bool:
            publisher = self.dataset.sources[o.source_id].publisher.casefold()
            return "company claim" in o.note.lower() or any(name in publisher for name in names)

        return {p: q for p, q in series.items() if not any(map(own, q.used))}

    def lower_is_better(self, indicator_id: str) -> bool:
        known = self.dataset.indicators.get(indicator_id)
        return known is not None and known.better == "lower"
