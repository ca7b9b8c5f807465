"""The result of a rule, from which alone sentence, chart, title, table and card are made."""

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

    ``kind`` says how it is written: ``quantity`` (with unit), ``percent``, ``growth`` (a change in percent,
    up or down), ``exact`` (every digit), ``times``, ``number``, ``count``; ``period``, ``outcome``,
    ``entities`` and ``indicators`` (ids joined by a space) stand in ``text``.
    """

    value: float
    unit: str = ""
    kind: str = "quantity"
    used: tuple[Observation, ...] = ()
    text: str = ""

    @classmethod
    def of(cls, quantity: Quantity, kind: str = "quantity") -> "Number":
        """Return a quantity, or its period; a ratio (1.052) as a share or as growth, in percent."""
        if kind == "period":
            return cls(0, "", kind, quantity.used, quantity.period)
        if kind == "times" or (kind == "quantity" and quantity.unit):
            return cls(quantity.value, quantity.unit, kind, quantity.used)
        percent = 100 * (quantity.value - 1 if kind == "growth" else quantity.value)
        return cls(percent, "%", "growth" if kind == "growth" else "percent", quantity.used)

    @classmethod
    def count(cls, things: Iterable[Quantity], of: Iterable[Quantity] = ()) -> "Number":
        """Return how many ``things`` there are; it rests also on ``of``, all that were looked at."""
        counted = list(things)
        return cls(len(counted), "", "count", unique(o for q in (*counted, *of) for o in q.used))

    @classmethod
    def entities(cls, *ids: str) -> "Number":
        return cls(0, "", "entities", (), " ".join(ids))

    @classmethod
    def indicators(cls, *ids: str) -> "Number":
        return cls(0, "", "indicators", (), " ".join(dict.fromkeys(ids)))


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was compared; ``strong`` marks what the answer turns on."""

    entity: str
    """Its id; several joined by a space."""
    indicator: str
    figure: Quantity | None
    """``None`` for somebody without a public figure."""
    before: Quantity | None = None
    """The earlier figure, where two times are compared."""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    entity: str
    indicator: str
    figures: tuple[Quantity, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Probe:
    """What is scaled together to find the margin; ``guess``: at this factor the outcome should flip."""

    of: tuple[Quantity, ...]
    guess: float | None = None


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
    parts: dict[str, "Finding"] = field(default_factory=dict)
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
    if all(tests):
        return "supported"
    return "mixed" if any(tests) else "contradicted"


def combined(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the outcome of a quote tested in parts; a part without figures never counts as passed."""
    every = list(outcomes)
    known = [o for o in every if o not in ("no_public_data", "not_testable")]
    if not known:
        return "no_public_data"
    alike = len(set(known)) == 1 and (len(known) == len(every) or known[0] != "supported")
    return known[0] if alike else "mixed"


def traces(
    by_entity: Mapping[str, Mapping[str, Quantity]], indicator: str, strong: Iterable[str]
) -> tuple[Trace, ...]:
    about = set(strong)
    return tuple(
        Trace(e, indicator, tuple(series.values()), strong=e in about)
        for e, series in by_entity.items()
        if series
    )
