"""The result of a rule: the outcome, and the numbers, rows and series from which everything else is made.

Sentence, chart, title, text alternative, table and card are written from a :class:`Finding` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from dashboard.claims.dataset_view import Quantity, unique
from dashboard.dataset import Observation

Outcome = Literal["supported", "contradicted", "mixed", "no_public_data", "not_testable"]
OUTCOMES: tuple[Outcome, ...] = ("supported", "contradicted", "mixed", "no_public_data", "not_testable")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a sentence, with its unit and the observations it is derived from.

    ``kind`` says how it is written: ``quantity`` (value with unit), ``percent``, ``growth`` (a change in
    percent, told as «up» or «down»), ``exact`` (every digit it has: a threshold), ``times``, ``number``,
    ``count``, ``period``, ``entities``, ``indicators`` (ids in ``text``, joined by a space), ``outcome``
    (``text`` is one).
    """

    value: float
    unit: str = ""
    kind: str = "quantity"
    used: tuple[Observation, ...] = ()
    text: str = ""

    @classmethod
    def quantity(cls, of: Quantity) -> Number:
        """Return a value with its unit; a ratio as a share in percent."""
        return cls(of.value, of.unit, "quantity", of.used) if of.unit else cls.percent(of)

    @classmethod
    def percent(cls, ratio: Quantity) -> Number:
        """Return a ratio (0.59) as a share in percent (59 %)."""
        return cls(100 * ratio.value, "%", "percent", ratio.used)

    @classmethod
    def growth(cls, ratio: Quantity) -> Number:
        """Return a ratio of later to earlier (1.052) as a change in percent (up 5.2 %)."""
        return cls(100 * (ratio.value - 1), "%", "growth", ratio.used)

    @classmethod
    def times(cls, ratio: Quantity) -> Number:
        return cls(ratio.value, "", "times", ratio.used)

    @classmethod
    def count(cls, things: Iterable[Quantity], of: Iterable[Quantity] = ()) -> Number:
        """Return how many ``things`` there are; it rests also on ``of`` (all that were looked at)."""
        counted = list(things)
        return cls(len(counted), "", "count", unique(o for q in (*counted, *of) for o in q.used))

    @classmethod
    def integer(cls, number: int) -> Number:
        return cls(number, "", "count")

    @classmethod
    def period(cls, of: Quantity | str) -> Number:
        """Return a quantity's period, or one that rests on the record."""
        return (
            cls(0, "", "period", (), of) if isinstance(of, str) else cls(0, "", "period", of.used, of.period)
        )

    @classmethod
    def entities(cls, *ids: str) -> Number:
        return cls(0, "", "entities", (), " ".join(ids))

    @classmethod
    def indicators(cls, *ids: str) -> Number:
        return cls(0, "", "indicators", (), " ".join(dict.fromkeys(ids)))


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was compared: an entity (several joined by a space), its measure, its figure.

    ``before`` is the earlier figure where two times are compared; ``strong`` marks what the answer turns on;
    ``figure`` is ``None`` for somebody without a public figure.
    """

    entity: str
    indicator: str
    figure: Quantity | None
    before: Quantity | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    entity: str
    indicator: str
    figures: tuple[Quantity, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Probe:
    """Where the margin is looked for: observations scaled together.

    ``guess`` is the factor at which the outcome should flip, where a closed form is known; it is verified.
    """

    of: tuple[Quantity, ...]
    guess: float | None = None


@dataclass(frozen=True, slots=True)
class Margin:
    """How far the verdict is from flipping.

    ``key`` is a message key (``claims.margin.<…>``), ``numbers`` fill it. ``change`` is the factor by which
    the observations ``of`` have to be multiplied for the outcome to become ``flips_to``.
    """

    key: str
    numbers: dict[str, Number]
    change: float
    of: tuple[tuple[str, str, str, str], ...]
    flips_to: Outcome


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's answer. ``deciding`` names the number that is held against the threshold."""

    outcome: Outcome
    numbers: dict[str, Number]
    deciding: str = ""
    rows: tuple[Row, ...] = ()
    traces: tuple[Trace, ...] = ()
    probes: tuple[Probe, ...] = ()
    threshold: float | None = None
    """The threshold in the unit of what is drawn, where the chart can show it."""
    chart: str = "bars"
    parts: dict[str, Finding] = field(default_factory=dict)
    """The findings of a quote that is tested part by part."""
    also: tuple[Quantity, ...] = ()
    """What the outcome rests on beside numbers and rows."""
    reported: tuple[Observation, ...] = ()
    """Newer figures of the same series that are known only from reports, and decide nothing."""

    @property
    def used(self) -> tuple[Observation, ...]:
        numbers = [o for n in self.numbers.values() for o in n.used]
        return unique([*numbers, *(o for q in (*self.figures, *self.also) for o in q.used)])

    @property
    def figures(self) -> tuple[Quantity, ...]:
        return tuple(q for r in self.rows for q in (r.figure, r.before) if q is not None)


def outcome_of(*tests: bool) -> Outcome:
    """Every test holds: supported; none does: contradicted; some do: mixed."""
    if all(tests):
        return "supported"
    return "mixed" if any(tests) else "contradicted"


def combined(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the outcome of a quote tested in parts; a part without figures never counts as passed."""
    found = list(outcomes)
    known = [o for o in found if o not in ("no_public_data", "not_testable")]
    if not known:
        return "no_public_data"
    if len(set(known)) == 1 and (len(known) == len(found) or known[0] != "supported"):
        return known[0]
    return "mixed"


def traces(
    found: Mapping[str, Mapping[str, Quantity]], indicator: str, strong: Iterable[str]
) -> tuple[Trace, ...]:
    about = set(strong)
    return tuple(
        Trace(e, indicator, tuple(series.values()), strong=e in about)
        for e, series in found.items()
        if series
    )
