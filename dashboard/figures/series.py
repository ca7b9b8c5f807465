"""Series with their documents: each datum keeps the observations behind it, also a derived one."""

from dataclasses import dataclass, replace

from dashboard.dataset import Observation
from dashboard.figures.record import ObservationKey, time_value

PROVISIONAL = frozenset({"preliminary", "estimate"})
STEPS = {4: 1.01, 6: 0.26, 7: 0.09, 10: 0.012}
"""Digits and hyphens of a period (year, quarter, month, day) → the longest step in years that is no gap."""


@dataclass(frozen=True, slots=True)
class Datum:
    """One value of a series and the observations it rests on (several when it is derived)."""

    period: str
    value: float
    used: tuple[Observation, ...]
    base: tuple[Observation, ...] = ()
    """What it is measured against (an index' first year): part of its documents, not of its standing."""

    @property
    def x(self) -> float:
        return time_value(self.period)

    @property
    def provisional(self) -> bool:
        return any(o.status in PROVISIONAL for o in self.used)

    @property
    def keys(self) -> tuple[ObservationKey, ...]:
        return tuple(dict.fromkeys(o.key for o in (*self.used, *self.base)))


@dataclass(frozen=True, slots=True)
class Series:
    id: str
    label: str
    colour: str
    unit: str
    data: tuple[Datum, ...] = ()
    strong: bool = False

    @property
    def first(self) -> Datum:
        return self.data[0]

    @property
    def last(self) -> Datum:
        return self.data[-1]

    @property
    def peak(self) -> Datum:
        return max(reversed(self.data), key=lambda d: d.value)


def indexed(series: Series) -> Series:
    """Return the series divided by its first value; each datum rests on two observations."""
    if not series.data or series.first.value == 0:
        return replace(series, data=())
    start = series.first
    data = tuple(Datum(d.period, d.value / start.value, d.used, start.used) for d in series.data)
    return replace(series, unit="ratio", data=data)


def is_gap(period: str, following: str) -> bool:
    """Return whether a period is missing between two, or they are not of one length."""
    step = STEPS[len(following.replace("Q", ""))]
    return len(period) != len(following) or time_value(following) - time_value(period) > step
