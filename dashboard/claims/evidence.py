"""What a rule reads: figures that remember the observations they come from.

A :class:`Figure` is a number with its unit and its observations; arithmetic keeps both, so whatever a
sentence says can be led back to its documents. :class:`Evidence` is a dataset seen from one point of
view: up to a date, from the preferred or another source, with some observations scaled (how the
margins are found).
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dashboard.dataset import Dataset, Entity, Observation

Key = tuple[str, str, str, str]


class NotPublicError(Exception):
    """A figure that the rule needs is not in the dataset."""

    def __init__(self, indicator_id: str, entity_ids: Iterable[str]) -> None:
        self.indicator_id = indicator_id
        self.entity_ids = tuple(entity_ids)
        super().__init__(f"no public figure: {indicator_id} of {', '.join(self.entity_ids)}")


@dataclass(frozen=True, slots=True)
class Figure:
    """A value, its unit and period, and every observation it is derived from."""

    value: float
    unit: str = ""
    period: str = ""
    entity: str = ""
    used: tuple[Observation, ...] = ()

    def __truediv__(self, other: Figure | float) -> Figure:
        """Divide; two figures of one unit give a plain ratio. A zero divisor gives infinity."""
        below = float(other)
        value = self.value / below if below else math.copysign(math.inf, self.value)
        same = isinstance(other, Figure) and other.unit == self.unit
        return self._derived(value, other, "" if same else self.unit)

    def __mul__(self, other: Figure | float) -> Figure:
        """Multiply; the unit stays that of the first factor."""
        return self._derived(self.value * float(other), other, self.unit)

    def __add__(self, other: Figure | float) -> Figure:
        """Add figures of one unit."""
        return self._derived(self.value + float(other), other, self.unit)

    def __sub__(self, other: Figure | float) -> Figure:
        """Subtract figures of one unit."""
        return self._derived(self.value - float(other), other, self.unit)

    def __float__(self) -> float:
        """Return the bare value."""
        return self.value

    def __lt__(self, other: Figure | float) -> bool:
        """Compare by value."""
        return self.value < float(other)

    def __le__(self, other: Figure | float) -> bool:
        """Compare by value."""
        return self.value <= float(other)

    def __gt__(self, other: Figure | float) -> bool:
        """Compare by value."""
        return self.value > float(other)

    def __ge__(self, other: Figure | float) -> bool:
        """Compare by value."""
        return self.value >= float(other)

    def _derived(self, value: float, other: Figure | float, unit: str) -> Figure:
        used = self.used + other.used if isinstance(other, Figure) else self.used
        return Figure(value, unit, self.period, self.entity, unique(used))


def unique(observations: Iterable[Observation]) -> tuple[Observation, ...]:
    """Return each observation once, in order of first appearance."""
    return tuple({o.key: o for o in observations}.values())


def total(figures: Sequence[Figure]) -> Figure:
    """Return the sum of at least one figure of one unit."""
    value = math.fsum(f.value for f in figures)
    return Figure(value, figures[0].unit, figures[0].period, "", unique(o for f in figures for o in f.used))


def ends(period: str) -> str:
    """Return the last day of a period as text that sorts: ``2024`` → ``2024-12-31``, ``2024-Q1`` → March."""
    if len(period) == 4:
        return f"{period}-12-31"
    if period[5:6] == "Q":
        period = f"{period[:4]}-{int(period[6]) * 3:02d}"
    if len(period) == 7:
        return f"{period}-{monthrange(int(period[:4]), int(period[5:]))[1]:02d}"
    return period


def public_by(day: str, period: str, published: str) -> bool:
    """Return whether a document shows that a figure was public on ``day`` (``YYYY-MM-DD``).

    Its period must be over and the document dated by then; a figure of a single day (an event, a count)
    without a dated document counts from that day.
    """
    if ends(period) > day:
        return False
    return published <= day if published else len(period) == 10


@dataclass(frozen=True)
class Evidence:
    """A dataset from one point of view.

    ``until``: only periods that have ended by then (``2025-02``, ``2024``); empty: all. ``as_of``: only
    documents dated by that day (see :func:`public_by`); empty: all. ``other_source``: wherever a second
    source stands for a figure, take that one. ``scaled``: factors for observations.
    ``raw`` is shared between the views of one evaluation, so that each series is read once.
    """

    dataset: Dataset
    until: str = ""
    other_source: bool = False
    as_of: str = ""
    scaled: Mapping[Key, float] = field(default_factory=dict)
    raw: dict[tuple[str, str], list[Observation]] = field(default_factory=dict)
    _lines: dict[tuple[str, str], dict[str, Figure]] = field(default_factory=dict)

    def scale(self, factors: Mapping[Key, float]) -> Evidence:
        """Return the same view with some observations multiplied."""
        touched = {(indicator, entity) for entity, indicator, _, _ in factors}
        kept = {k: v for k, v in self._lines.items() if k not in touched}
        return replace(self, scaled=dict(factors), _lines=kept)

    def line(self, indicator_id: str, entity_id: str) -> dict[str, Figure]:
        """Return period → figure in order of period; empty when there is none. Doubtful figures never."""
        key = (indicator_id, entity_id)
        found = self._lines.get(key)
        if found is None:
            found = self._lines[key] = self._read(indicator_id, entity_id)
        return found

    def _read(self, indicator_id: str, entity_id: str) -> dict[str, Figure]:
        key = (indicator_id, entity_id)
        if key not in self.raw:
            self.raw[key] = self.dataset.all_of(indicator_id, entity_id)
        known = self.dataset.indicators.get(indicator_id)
        last = ends(self.until) if self.until else "9999"
        chosen: dict[str, Observation] = {}
        rank: dict[str, int] = {}
        found = self.raw[key]
        if self.as_of:
            found = [o for o in found if public_by(self.as_of, o.period, self._published(o.source_id))]
        for o in found:
            if o.status == "doubtful" or ends(o.period) > last:
                continue
            rank[o.period] = rank.get(o.period, -1) + 1
            if rank[o.period] <= int(self.other_source):
                chosen[o.period] = o
        unit = known.unit if known else ""
        out: dict[str, Figure] = {}
        for period, o in chosen.items():
            factor = self.scaled.get(o.key)
            used = o if factor is None else replace(o, value=o.value * factor)
            out[period] = Figure(used.value, unit, period, entity_id, (used,))
        return out

    def _published(self, source_id: str) -> str:
        """Return the last day on which a document may have been published; empty when it is not dated."""
        source = self.dataset.sources.get(source_id)
        return ends(source.published[:10]) if source and source.published else ""

    def yuan(self, indicator_id: str, entity_id: str) -> dict[str, Figure]:
        """Return year → figure in yuan, in order; a year published in dollars only at its average rate."""
        own, rate = self.line(indicator_id, entity_id), self.line("cny_per_usd", "china")
        dollars = self.line(f"{indicator_id}_usd", entity_id)
        turned = {
            y: replace(d * rate[y], unit="CNY") for y, d in dollars.items() if y not in own and y in rate
        }
        return dict(sorted({**turned, **own}.items()))

    def independent(self, line: dict[str, Figure], entity_id: str) -> dict[str, Figure]:
        """Return the figures that somebody else than the company itself vouches for.

        A document published by the company, or marked as a company's own claim, supports nothing here.
        """
        entity = self.dataset.entities.get(entity_id)
        return {p: f for p, f in line.items() if not any(own_claim(o, self.dataset, entity) for o in f.used)}

    def founded_in(self, entity_id: str) -> str:
        """Return the city id of a founding place, or the place as written; raises :class:`NotPublicError`."""
        entity = self.dataset.entities.get(entity_id)
        place = entity.founded_place.strip() if entity else ""
        if not place:
            raise NotPublicError("founded_place", [entity_id])
        for city in self.dataset.entities.values():
            if city.kind == "city" and place in (
                city.entity_id,
                city.name_en,
                city.name_zh_hans,
                city.name_zh_hant,
            ):
                return city.entity_id
        return place

    def lower_is_better(self, indicator_id: str) -> bool:
        """Return whether a smaller value is the better one (ranks)."""
        known = self.dataset.indicators.get(indicator_id)
        return known is not None and known.better == "lower"


def own_claim(observation: Observation, dataset: Dataset, entity: Entity | None) -> bool:
    """Return whether an observation is what a company says of itself."""
    if "company claim" in observation.note.lower():
        return True
    source = dataset.sources.get(observation.source_id)
    if source is None or entity is None:
        return False
    names = {entity.name_en, entity.name_zh_hans, entity.name_zh_hant}
    publisher = source.publisher.casefold()
    return any(name and name.casefold() in publisher for name in names)
