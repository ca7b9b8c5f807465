"""What a rule answers: the outcome, and the figures, rows and series from which everything else is made.

Sentence, chart, title, text alternative, table and card are written from a :class:`Finding` alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from dashboard.claims.evidence import Figure, unique
from dashboard.dataset import Observation

Outcome = Literal["supported", "contradicted", "mixed", "no_public_data", "not_testable"]
OUTCOMES: tuple[Outcome, ...] = ("supported", "contradicted", "mixed", "no_public_data", "not_testable")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a sentence, with its unit and the observations it is derived from.

    ``kind`` says how it is written: ``quantity`` (value with unit), ``percent``, ``growth`` (a change in
    percent, told as «up» or «down»), ``times``, ``number``, ``count``, ``period``, ``entities``,
    ``indicators`` (ids in ``text``, joined by a space), ``outcome`` (``text`` is one).
    """

    value: float
    unit: str = ""
    kind: str = "quantity"
    used: tuple[Observation, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was compared: an entity (several joined by a space), its measure, its figure.

    ``before`` is the earlier figure where two times are compared; ``strong`` marks what the answer turns on;
    ``figure`` is ``None`` for somebody without a public figure.
    """

    entity: str
    indicator: str
    figure: Figure | None
    before: Figure | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """A series over time, as drawn: figures in order of period."""

    entity: str
    indicator: str
    figures: tuple[Figure, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Probe:
    """Where the margin is looked for: observations scaled together, or the threshold itself.

    ``guess`` is the factor at which the outcome should flip, where a closed form is known; it is verified.
    Without ``of`` it is the threshold at which the outcome flips, ``unit`` that of the threshold.
    """

    of: tuple[Figure, ...] = ()
    guess: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Margin:
    """How far the verdict is from flipping.

    ``key`` is a message key (``claims.margin.<…>``), ``numbers`` fill it. ``change`` is the factor by which
    the observations ``of`` have to be multiplied for the outcome to become ``flips_to``; ``threshold`` is
    the threshold with which it would, where it is the threshold that decides.
    """

    key: str
    numbers: dict[str, Number]
    change: float | None = None
    of: tuple[tuple[str, str, str, str], ...] = ()
    flips_to: Outcome | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's answer. ``deciding`` names the number that is held against the threshold."""

    outcome: Outcome
    numbers: dict[str, Number]
    deciding: str = ""
    rows: tuple[Row, ...] = ()
    traces: tuple[Trace, ...] = ()
    probes: tuple[Probe, ...] = ()
    line: float | None = None
    """The threshold in the unit of what is drawn, where the chart can show it."""
    chart: str = "bars"
    parts: dict[str, Finding] = field(default_factory=dict)
    """The findings of a quote that is tested part by part."""
    on: tuple[Figure, ...] = ()

    @property
    def used(self) -> tuple[Observation, ...]:
        """Every observation behind the outcome, each once."""
        shown = [o for n in self.numbers.values() for o in n.used]
        rows = [f for r in self.rows for f in (r.figure, r.before) if f is not None]
        return unique([*shown, *(o for f in (*rows, *self.on) for o in f.used)])


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


# -- numbers for sentences -------------------------------------------------------------------------


def quantity(figure: Figure, unit: str | None = None) -> Number:
    """Return a figure as a value with its unit; a ratio as a share in percent."""
    unit = figure.unit if unit is None else unit
    return Number(figure.value, unit, "quantity", figure.used) if unit else percent(figure)


def percent(ratio: Figure) -> Number:
    """Return a ratio (0.59) as a share in percent (59 %)."""
    return Number(100 * ratio.value, "%", "percent", ratio.used)


def change(ratio: Figure) -> Number:
    """Return a ratio of later to earlier (1.052) as a change in percent (up 5.2 %)."""
    return Number(100 * (ratio.value - 1), "%", "growth", ratio.used)


def times(ratio: Figure) -> Number:
    """Return a ratio as a factor."""
    return Number(ratio.value, "", "times", ratio.used)


def count(things: Iterable[Figure], of: Iterable[Figure] = ()) -> Number:
    """Return how many ``things`` there are; it rests also on ``of`` (all that were looked at)."""
    counted = list(things)
    return Number(len(counted), "", "count", unique(o for f in (*counted, *of) for o in f.used))


def how_many(number: int) -> Number:
    """Return a count that rests on the record, not on figures."""
    return Number(number, "", "count")


def period(figure: Figure) -> Number:
    """Return a figure's period."""
    return Number(0, "", "period", figure.used, figure.period)


def who(*entity_ids: str) -> Number:
    """Return one entity or several, by name."""
    return Number(0, "", "entities", (), " ".join(entity_ids))


def what(*indicator_ids: str) -> Number:
    """Return the names of indicators, each once."""
    return Number(0, "", "indicators", (), " ".join(dict.fromkeys(indicator_ids)))
