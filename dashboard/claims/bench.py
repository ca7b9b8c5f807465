"""A claim under a reader's own test: the controls that its record offers, and what a reader sets with them.

A control belongs to a part of the rule and to one parameter; its name in an address is ``<parameter>`` or
``<part>.<parameter>``. A state holds only what differs from the record.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboard.claims.dataset_view import DatasetView
from dashboard.claims.evaluate import evaluate, test
from dashboard.claims.finding import Outcome
from dashboard.claims.kinds import kinds, single
from dashboard.claims.margin import INTEGER_UNITS, search
from dashboard.claims.params import Condition, Field, Part, series_of
from dashboard.claims.record import Claim, essay
from dashboard.dataset import Dataset

MOST_OPTIONS = 24
STEPS = 100
"""Steps of a slider, at least."""
State = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Slider:
    """The range of a threshold: where the record's own stands, and where the verdict turns (if it does)."""

    sign: str
    low: float
    high: float
    step: float
    default: float
    turns: float | None


@dataclass(frozen=True, slots=True)
class Control:
    part: str
    parameter: str
    default: tuple[str, ...]
    options: tuple[str, ...] = ()
    several: bool = False
    """Whether several options can be chosen at once."""
    slider: Slider | None = None

    @property
    def name(self) -> str:
        return f"{self.part}.{self.parameter}" if self.part else self.parameter


def controls(claim: Claim, dataset: Dataset) -> list[Control]:
    """Return the controls of a claim, part by part, in the order of a form; made once per dataset.

    None for a claim that is not testable, or of which nothing is on record.
    """

    def make() -> list[Control]:
        if not claim.testable or not evaluate(dataset)[claim.claim_id].finding.rows:
            return []
        return [c for name, part in claim.parts.items() for c in _controls(claim, dataset, name, part)]

    return list(dataset.once(f"bench {claim.claim_id}", make))


def parse(known: Sequence[Control], submitted: Mapping[str, Sequence[str]]) -> State:
    """Return what differs from the record; values that no control offers are left out."""
    state: State = {}
    for control in known:
        given = tuple(v for text in submitted.get(control.name, ()) for v in text.split("~") if v)
        chosen = tuple(o for o in control.options if o in (given if control.several else given[-1:]))
        if control.slider is not None and given and (value := _number(given[-1])) is not None:
            chosen = (decimal(value),)
        if chosen and set(chosen) != set(control.default):
            state[control.name] = chosen
    return state


def query(state: State) -> list[tuple[str, str]]:
    return [(name, "~".join(values)) for name, values in state.items()]


def overrides(claim: Claim, known: Sequence[Control], state: State) -> dict[str, Any]:
    """Return a state as a record's choice would write it (see :func:`dashboard.claims.evaluate.test`)."""
    parts: dict[str, dict[str, Any]] = {}
    for control in known:
        if control.name not in state:
            continue
        values = state[control.name]
        written: Any = list(values) if control.several else values[0]
        if control.several and control.parameter in ("of", "to"):
            take = getattr(claim.parts[control.part].params, control.parameter).take
            written = {"ids": written, **({"take": take} if take else {})}
        elif control.slider is not None:
            written = f"{control.slider.sign} {written}"
        parts.setdefault(control.part, {})[control.parameter] = written
    return parts.get("", {}) if "" in claim.parts else {"parts": parts}


def _controls(claim: Claim, dataset: Dataset, name: str, part: Part) -> Iterable[Control]:
    params = part.params
    reads = {*kinds()[part.kind].NEEDS, *kinds()[part.kind].USES}
    if params.indicator and len(options := _indicators(claim, dataset, name, part)) > 1:
        yield Control(name, "indicator", (params.indicator,), options)
    if len(params.indicators) > 1:
        yield Control(name, "indicators", params.indicators, params.indicators, several=True)
    for side in ("of", "to"):
        field: Field = getattr(params, side)
        options = _entities(claim, dataset, field, params.measured) if field else ()
        if len(options) > 1:
            yield Control(name, side, field.entities, options, several=side not in single(part.kind))
    if "since" in reads and len(years := _years(dataset, part)) > 1:
        yield Control(name, "since", (params.since,) if params.since else (), years)
    for parameter in ("holds", "share"):
        condition: Condition | None = getattr(params, parameter)
        if condition is not None:
            slider = _slider(claim, dataset, name, parameter, condition)
            yield Control(name, parameter, (decimal(condition.value),), slider=slider)


def _indicators(claim: Claim, dataset: Dataset, name: str, part: Part) -> tuple[str, ...]:
    """Return measures that could stand in: the record's choices, then those of the same kind and unit."""
    params = part.params
    named = [params.indicator, *(c[name].params.indicator for c in claim.choices.values() if name in c)]
    own = dataset.indicators.get(params.indicator)
    sides = [field.entities for field in (params.of, params.to) if field]
    similar = [
        i.indicator_id
        for i in dataset.indicators.values()
        if own and (i.unit, i.kind, i.domain) == (own.unit, own.kind, own.domain)
        if all(any(dataset.length(i.indicator_id, e) for e in side) for side in sides)
    ]
    return tuple(dict.fromkeys(i for i in (*named, *similar) if i))[:MOST_OPTIONS]


def _entities(claim: Claim, dataset: Dataset, field: Field, measures: Sequence[str]) -> tuple[str, ...]:
    """Return who could be compared: the record's own, then others of the essay with the same measures."""
    kinds_of = {dataset.entities[e].kind for e in field.entities}
    chosen = [p.params for choice in claim.choices.values() for p in choice.values()]
    named = [e for p in chosen for e in (*p.of.entities, *p.to.entities)]
    others = [
        e
        for e in (*named, *(e for c in (claim, *essay(dataset).claims.values()) for e in c.entities))
        if dataset.entities[e].kind in kinds_of
        and any(dataset.length(i, e) or dataset.length(f"{i}_usd", e) for i in measures)
    ]
    return tuple(dict.fromkeys([*field.entities, *others]))[: max(MOST_OPTIONS, len(field.entities))]


def _years(dataset: Dataset, part: Part) -> tuple[str, ...]:
    """Return the years from which a rule may begin: those with a figure for anybody compared."""
    params, data = replace(part.params, since=""), DatasetView(dataset)
    indicator = (*params.indicators, params.indicator)[0]
    entities = (*params.of.entities, *params.to.entities)
    return tuple(sorted({p[:4] for e in entities for p in series_of(data, params, e, indicator)})[:-1])


def _slider(claim: Claim, dataset: Dataset, name: str, parameter: str, condition: Condition) -> Slider:
    """Return the slider of a threshold; where the verdict turns is found by running the rule."""
    default = condition.value

    def outcome(factor: float) -> Outcome:
        own = {parameter: f"{condition.sign} {decimal(default * factor)}"}
        return test(claim, dataset, {"parts": {name: own}} if name else own).outcome

    flips = [search(outcome, outcome(1.0), down=down, epsilon=1e-4) for down in (False, True) if default]
    factors = [flip[0] for flip in flips if flip is not None]
    turns = default * min(factors, key=lambda f: abs(math.log(f))) if factors else None
    whole = evaluate(dataset)[claim.claim_id].finding
    finding = whole.parts.get(name, whole)
    decides = finding.numbers.get("place") or finding.numbers.get(finding.deciding)
    counted = decides is not None and (decides.kind == "count" or decides.unit in INTEGER_UNITS)
    integer = counted and parameter == "holds"
    if integer and turns is not None:  # between two places there is none
        up = turns > default
        on_the_place = (len(condition.sign) == 1) == ((condition.sign[0] == ">") == up)
        turns = float(round(turns) if on_the_place else math.ceil(turns) if up else math.floor(turns))
        turns = turns if turns >= 1 else None
    shown = [default, *([turns] if turns is not None else [])]
    low, high = min(0.0, *(2 * v for v in shown)), max(1.0, *(1.5 * v for v in shown))
    last_digit = -len(decimal(default).partition(".")[2])
    step = 1.0 if integer else 10.0 ** min(math.floor(math.log10((high - low) / STEPS)), last_digit)
    return Slider(condition.sign, step * math.floor(low / step), high, step, default, turns)


def decimal(value: float) -> str:
    """Write a number without an exponent, as a condition is written."""
    return f"{value:.10f}".rstrip("0").rstrip(".")


def _number(text: str) -> float | None:
    """Read a threshold; ``None`` for what is no finite number of a usable size."""
    try:
        value = float(text) if len(text) <= 24 and text.isascii() else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) < 1e12 else None
