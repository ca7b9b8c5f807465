"""What a rule reads: quantities that keep their observations, so that every number leads to its documents."""

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
    """A figure that a rule needs is not public."""


@dataclass(frozen=True, slots=True)
class Quantity:
    value: float
    unit: str = ""
    period: str = ""
    entity: str = ""
    used: tuple[Observation, ...] = ()

    def __truediv__(self, other: "Quantity") -> "Quantity":
        """Divide; two quantities of one unit give a plain ratio, a zero divisor infinity."""
        value = self.value / other.value if other.value else math.copysign(math.inf, self.value)
        return self._derived(value, other, "" if other.unit == self.unit else self.unit)

    def __mul__(self, other: "Quantity") -> "Quantity":
        return self._derived(self.value * other.value, other, self.unit)

    def __sub__(self, other: "Quantity") -> "Quantity":
        return self._derived(self.value - other.value, other, self.unit)

    def __float__(self) -> float:
        return self.value

    def _derived(self, value: float, other: "Quantity", unit: str) -> "Quantity":
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


@dataclass(frozen=True)
class DatasetView:
    dataset: Dataset
    until: str = ""
    """Only periods that have ended by then (``2025-02``, ``2024``)."""
    as_of: str = ""
    """Only documents dated by that day."""
    scaled: Mapping[Key, float] = field(default_factory=dict)
    """Factors for observations."""
    _series: dict[tuple[str, str], dict[str, Quantity]] = field(default_factory=dict)

    def series(self, indicator_id: str, entity_id: str) -> dict[str, Quantity]:
        key = (indicator_id, entity_id)
        if key in self._series:
            return self._series[key]
        out = self._series[key] = dict[str, Quantity]()
        chosen: dict[str, Observation] = {}
        for o in self.public(*key):
            chosen.setdefault(o.period, o)
        if chosen and self.dataset.indicators[indicator_id].kind == "event":
            chosen = self._one_record_per_event(chosen.values())
        reported = {o.period for o in self.reported_since(*key)}
        for period, o in chosen.items():
            if period not in reported:
                used = replace(o, value=o.value * self.scaled[o.key]) if o.key in self.scaled else o
                unit = self.dataset.indicators[indicator_id].unit
                out[period] = Quantity(used.value, unit, period, entity_id, (used,))
        return out

    def reported_since(self, indicator_id: str, entity_id: str) -> tuple[Observation, ...]:
        """Return the figures newer than the newest that stands in a document, best first within a period.

        A verdict rests on documents, not on reports of them (relays), where one is at most :data:`RECENT`
        years older than the newest report; a series known only from reports is used as it is.
        """
        ends = {o: period_end(o.period) for o in self.public(indicator_id, entity_id)}
        if not ends or self.dataset.indicators[indicator_id].kind == "event":
            return ()
        sources = self.dataset.sources
        decides = max((end for o, end in ends.items() if sources[o.source_id].custody != "relay"), default="")
        if not decides or int(decides[:4]) < int(max(ends.values())[:4]) - RECENT:
            return ()
        return tuple(o for o, end in ends.items() if end > decides)

    def public(self, indicator_id: str, entity_id: str) -> list[Observation]:
        """Return every observation of a series that was public in time and is not doubtful.

        Its period must be over and its document dated by then; a figure of a single day (an event, a count)
        without a dated document counts from that day.
        """
        read: dict[tuple[str, str], list[Observation]] = self.dataset.once("observations read", dict)
        key = (indicator_id, entity_id)
        if key not in read:
            read[key] = [o for o in self.dataset.all_of(*key) if o.status != "doubtful"]
        last = min(period_end(self.until) if self.until else "9999", self.as_of or "9999")
        over = [o for o in read[key] if period_end(o.period) <= last]
        if not self.as_of:
            return over
        days = [self._published(o) or (o.period if len(o.period) == 10 else "9999") for o in over]
        return [o for o, day in zip(over, days, strict=True) if day <= self.as_of]

    def _one_record_per_event(self, records: Iterable[Observation]) -> dict[str, Observation]:
        """Leave the record in the best document for each event: ``1987`` and ``1987-09-15`` are one."""

        def preference(o: Observation) -> tuple[int, int, int, int]:
            source = self.dataset.sources[o.source_id]
            day = int(self._published(o).replace("-", "") or 0)
            return TIERS.index(source.tier), CUSTODIES.index(source.custody), -day, -len(o.period)

        left: dict[str, Observation] = {}
        for o in sorted(records, key=preference):
            if not any(o.period.startswith(p) or p.startswith(o.period) for p in left):
                left[o.period] = o
        return dict(sorted(left.items()))

    def _published(self, o: Observation) -> str:
        """Return the last day on which a document may have been published; empty when it is not dated."""
        published = self.dataset.sources[o.source_id].published
        return period_end(published[:10]) if published else ""

    def in_cny(self, indicator_id: str, entity_id: str) -> dict[str, Quantity]:
        """Return period → quantity, in order; dollars at the year's average rate where yuan are missing."""
        yuan, rate = self.series(indicator_id, entity_id), self.series("cny_per_usd", "china")
        dollars = self.series(f"{indicator_id}_usd", entity_id)
        converted = {y: replace(d * rate[y], unit="CNY") for y, d in dollars.items() if y in rate}
        return dict(sorted({**converted, **yuan}.items()))

    def independent(self, series: dict[str, Quantity], entity_id: str) -> dict[str, Quantity]:
        """Leave out figures that the company itself published, or that are marked as its own claim."""
        entity = self.dataset.entities[entity_id]
        names = {n.casefold() for n in (entity.name_en, entity.name_zh_hans, entity.name_zh_hant) if n}

        def from_company(o: Observation) -> bool:
            publisher = self.dataset.sources[o.source_id].publisher.casefold()
            return "company claim" in o.note.lower() or any(name in publisher for name in names)

        return {p: q for p, q in series.items() if not any(map(from_company, q.used))}

    def lower_is_better(self, indicator_id: str) -> bool:
        known = self.dataset.indicators.get(indicator_id)
        return known is not None and known.better == "lower"

    def leader(self, indicator_id: str, figures: Mapping[str, Quantity]) -> str:
        """Return whose figure is best; in a ranking only who is first; nobody where two share the lead."""
        best = min if self.lower_is_better(indicator_id) else max
        value = best((q.value for q in figures.values()), default=0)
        first = [e for e, q in figures.items() if q.value == value]
        return first[0] if len(first) == 1 and (value <= 1 or figures[first[0]].unit != "rank") else ""
