"""How a claim's rule is declared: its choices, its finding, and the register of all rules.

A rule is one small function ``rule(data, choice) -> Finding``. It reads figures, decides with
:func:`weigh` (nobody types a verdict), and names the numbers of its sentence. The decorator
:func:`claim` declares the default choice, the other reasonable ones, and what cannot be measured.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from dashboard.claims.evidence import Evidence, Figure, unique
from dashboard.claims.scope import Subjects
from dashboard.claims.verdict import Margin, Number, Outcome
from dashboard.dataset import Observation


@dataclass(frozen=True, slots=True)
class Choice:
    """What may reasonably be chosen otherwise.

    ``until`` last period considered; ``back`` leaves out that many of the newest years; ``other_source``
    takes the second source wherever there is one; ``instead`` is what counts for whoever publishes nothing
    under ``indicator``. The rest means what the rule says it means.
    """

    indicator: str = ""
    instead: str = ""
    indicators: tuple[str, ...] = ()
    subjects: Subjects = ()
    entities: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    threshold: float = 0.0
    since: str = ""
    years: int = 0
    real: bool = False
    until: str = ""
    back: int = 0
    other_source: bool = False


@dataclass(frozen=True, slots=True)
class Tip:
    """Where the margin is looked for.

    ``of``: observations that are scaled together; ``guess``: the factor at which the outcome should flip
    where a closed form is known (it is verified, and dropped when it flips nothing); without it the factor
    is searched. Without ``of``, ``guess`` is the ``choice.threshold`` at which the outcome flips, and
    ``unit`` that of the threshold (``%``: the threshold is a ratio, told in percent).
    """

    of: tuple[Figure, ...] = ()
    guess: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's answer: the outcome, the sentence's numbers, further observations it rests on, margins."""

    outcome: Outcome
    numbers: dict[str, Number]
    on: tuple[Figure, ...] = ()
    tips: tuple[Tip, ...] = ()
    margin: Margin | None = None
    """For outcomes that no factor can flip (dates, places): the margin in so many words."""

    @property
    def used(self) -> tuple[Observation, ...]:
        """Every observation behind the numbers and the outcome, each once."""
        shown = (o for n in self.numbers.values() for o in n.used)
        return unique([*shown, *(o for f in self.on for o in f.used)])


Decide = Callable[[Evidence, Choice], Finding]


@dataclass(frozen=True, slots=True)
class Rule:
    """A declared rule.

    ``alternatives``: message key (short) → choice. ``caveats``: message keys (short). ``deciding``: the name
    of the number that is shown beside the answer under each choice.
    """

    claim_id: str
    decide: Decide
    default: Choice
    alternatives: Mapping[str, Choice]
    caveats: tuple[str, ...]
    deciding: str
    code: str


RULES: dict[str, Rule] = {}


def claim(
    claim_id: str,
    default: Choice | None = None,
    alternatives: Mapping[str, Choice] | None = None,
    *,
    caveats: Iterable[str] = (),
    deciding: str = "",
) -> Callable[[Decide], Decide]:
    """Register a rule with its default choice, the other reasonable ones, and its caveats (short keys)."""

    def register(decide: Decide) -> Decide:
        RULES[claim_id] = Rule(
            claim_id,
            decide,
            default or Choice(),
            alternatives or {},
            tuple(caveats),
            deciding,
            code_of(decide),
        )
        return decide

    return register


def code_of(function: Callable[..., object]) -> str:
    """Return a function's source as a reader wants it: without its decorator and its docstring."""
    source = textwrap.dedent(inspect.getsource(function))
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.FunctionDef)  # noqa: S101  # rules are plain functions
    first = node.body[0]
    lines = source.splitlines()
    skip: set[int] = set()
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and first.end_lineno:
        skip = set(range(first.lineno, first.end_lineno + 1))
    return "\n".join(line for n, line in enumerate(lines, 1) if n >= node.lineno and n not in skip)


def weigh(*tests: bool) -> Outcome:
    """Every test holds: supported; none does: contradicted; some do: mixed."""
    if all(tests):
        return "supported"
    return "mixed" if any(tests) else "contradicted"


# -- numbers for sentences -------------------------------------------------------------------------


def quantity(figure: Figure, unit: str | None = None) -> Number:
    """Return a figure as a value with its unit."""
    return Number(figure.value, figure.unit if unit is None else unit, "quantity", figure.used)


def percent(ratio: Figure) -> Number:
    """Return a ratio (0.59) as a share in percent (59 %)."""
    return Number(100 * ratio.value, "%", "percent", ratio.used)


def change(ratio: Figure) -> Number:
    """Return a ratio of later to earlier (1.052) as a change in percent (up 5.2 %)."""
    return Number(100 * (ratio.value - 1), "%", "growth", ratio.used)


def times(ratio: Figure) -> Number:
    """Return a ratio as a factor."""
    return Number(ratio.value, "", "times", ratio.used)


def plain(figure: Figure) -> Number:
    """Return a figure as a bare number."""
    return Number(figure.value, "", "number", figure.used)


def year(figure: Figure) -> Number:
    """Return a figure whose value is a year."""
    return Number(figure.value, "year", "period", figure.used, f"{figure.value:.0f}")


def count(things: Iterable[Figure], of: Iterable[Figure] = ()) -> Number:
    """Return how many ``things`` there are; it rests also on ``of`` (all that were looked at)."""
    counted = list(things)
    every = [*counted, *of]
    return Number(len(counted), "", "count", unique(o for f in every for o in f.used))


def period(figure: Figure) -> Number:
    """Return a figure's period."""
    return Number(0, "", "period", figure.used, figure.period)


def place(own: Figure, of: Iterable[Figure], *, lower: bool = False) -> Number:
    """Return the place of ``own`` among ``of`` (itself included), best first."""
    every = list(of)
    ahead = [f for f in every if (f < own if lower else f > own)]
    return Number(1 + len(ahead), "rank", "quantity", unique(o for f in every for o in f.used))


def measure(figure: Figure) -> Number:
    """Return the name of what a figure measures."""
    return Number(0, "", "indicator", (), figure.used[0].indicator_id if figure.used else "")


def measures(figures: Iterable[Figure]) -> Number:
    """Return the names of what figures measure, each once."""
    ids = dict.fromkeys(f.used[0].indicator_id for f in figures if f.used)
    return Number(0, "", "indicators", (), " ".join(ids))


def who(*entity_ids: str) -> Number:
    """Return one entity or several, by name."""
    return Number(0, "", "entities" if len(entity_ids) > 1 else "entity", (), " ".join(entity_ids))


def limit(value: float, unit: str = "") -> Number:
    """Return a rule's own threshold, which rests on no observation."""
    return Number(value, unit, "quantity" if unit else "number")
