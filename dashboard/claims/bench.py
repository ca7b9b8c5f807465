"""A claim under a reader's own test: the controls that its record offers, and what a reader sets."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from dashboard.claims.dataset_view import DatasetView
from dashboard.claims.evaluate import INTEGER_UNITS, evaluate, search
from dashboard.claims.find import Parts, find
from dashboard.claims.finding import Outcome
from dashboard.claims.kinds import kinds
from dashboard.claims.params import Condition, Field, Params, series_of
from dashboard.claims.record import Claim, essay
from dashboard.dataset import Dataset

_THRESHOLD = re.compile(r"-?[0-9]{0,12}(\.[0-9]{0,12})?(?<=[0-9])(e[0-9])?")
MOST_OPTIONS = 24
STEPS = 100
"""Steps of a slider, at least."""
State = dict[str, tuple[str, ...]]
"""By the names of controls, what differs from the record."""


@dataclass(frozen=True, slots=True)
class Slider:
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
    slider: Slider | None = None

    @property
    def name(self) -> str:
        return f"{self.part}.{self.parameter}" if self.part else self.parameter


def controls(claim: Claim, dataset: Dataset) -> list[Control]:
    """Return a claim's controls in the order of a form; none if nothing can be tested."""
    if not claim.testable or not evaluate(dataset)[claim.claim_id].finding.rows:
        return []
    every = partial(_controls, claim, dataset)
    return list(dataset.once(f"bench {claim.claim_id}", lambda: [c for n in claim.parts for c in every(n)]))


def parse(known: Sequence[Control], submitted: Mapping[str, Sequence[str]]) -> State:
    """Return what differs from the record; values that no control offers are left out."""
    state: State = {}
    for control in known:
        values = tuple(v for text in submitted.get(control.name, ()) for v in text.split("~") if v)
        chosen = tuple(o for o in control.options if o in (values if control.several else values[-1:]))
        if control.slider and values and _THRESHOLD.fullmatch(values[-1]) and abs(float(values[-1])) < 1e12:
            chosen = (decimal(float(values[-1])),)
        if chosen and set(chosen) != set(control.default):
            state[control.name] = chosen
    return state


def query(state: State) -> list[tuple[str, str]]:
    return [(name, "~".join(values)) for name, values in state.items()]


def parts_of(claim: Claim, known: Sequence[Control], state: State) -> Parts:
    parts = dict(claim.parts)
    for control in known:
        if values := state.get(control.name):
            set_to: Any = values if control.several else values[0]
            if control.parameter in ("of", "to"):
                set_to = replace(getattr(parts[control.part], control.parameter), entities=values)
            elif control.slider is not None:
                set_to = Condition(control.slider.sign, float(values[0]))
            parts[control.part] = replace(parts[control.part], **{control.parameter: set_to})
    return parts


def _controls(claim: Claim, dataset: Dataset, name: str) -> Iterable[Control]:
    params = claim.parts[name]
    choices = [choice[name] for choice in claim.choices.values()]
    kind = kinds()[params.kind]
    if params.indicator and len(options := _indicators(dataset, params, choices)) > 1:
        yield Control(name, "indicator", (params.indicator,), options)
    if len(params.indicators) > 1:
        yield Control(name, "indicators", params.indicators, params.indicators, several=True)
    for side in ("of", "to"):
        field: Field = getattr(params, side)
        options = _entities(claim, dataset, field, params.measured) if field.entities else ()
        if len(options) > 1:
            yield Control(name, side, field.entities, options, several=side not in kind.single)
    if "since" in kind.uses:
        every, view = replace(params, since=""), DatasetView(dataset)
        indicator = (*params.indicators, params.indicator)[0]
        entities = (*params.of.entities, *params.to.entities)
        years = sorted({p[:4] for e in entities for p in series_of(view, every, e, indicator)})[:-1]
        if len(years) > 1:
            yield Control(name, "since", (params.since,) if params.since else (), tuple(years))
    for parameter in ("holds", "share"):
        condition: Condition | None = getattr(params, parameter)
        if condition is not None:
            slider = _slider(claim, dataset, name, parameter, condition)
            yield Control(name, parameter, (decimal(condition.value),), slider=slider)


def _indicators(dataset: Dataset, params: Params, choices: Sequence[Params]) -> tuple[str, ...]:
    """Return measures that could stand in: the record's choices, then those of the same kind and unit."""
    named = [params.indicator, *(choice.indicator for choice in choices)]
    measure = dataset.indicators.get(params.indicator)
    sides = [field.entities for field in (params.of, params.to) if field.entities]
    similar = [
        i.indicator_id
        for i in dataset.indicators.values()
        if measure and (i.unit, i.kind, i.domain) == (measure.unit, measure.kind, measure.domain)
        if all(any(dataset.length(i.indicator_id, e) for e in side) for side in sides)
    ]
    return tuple(dict.fromkeys(i for i in (*named, *similar) if i))[:MOST_OPTIONS]


def _entities(claim: Claim, dataset: Dataset, field: Field, measures: Sequence[str]) -> tuple[str, ...]:
    """Return who could be compared: the record's own, then others of the essay with the same measures."""
    alike = {dataset.entities[e].kind for e in field.entities}
    chosen = [params for choice in claim.choices.values() for params in choice.values()]
    named = [e for p in chosen for e in (*p.of.entities, *p.to.entities)]
    others = [
        e
        for e in (*named, *(e for c in (claim, *essay(dataset).claims.values()) for e in c.entities))
        if dataset.entities[e].kind in alike
        and any(dataset.length(i, e) or dataset.length(f"{i}_usd", e) for i in measures)
    ]
    return tuple(dict.fromkeys([*field.entities, *others]))[: max(MOST_OPTIONS, len(field.entities))]


def _slider(claim: Claim, dataset: Dataset, name: str, parameter: str, condition: Condition) -> Slider:
    """Return the slider of a threshold; where the verdict turns is found by running the rule."""
    default = condition.value

    def outcome(factor: float) -> Outcome:
        changed: Any = {parameter: Condition(condition.sign, default * factor)}
        parts = {**claim.parts, name: replace(claim.parts[name], **changed)}
        return find(claim, dataset, parts).outcome

    flip = search(outcome, outcome(1.0), 1e-4) if default else None
    turns = default * flip[0] if flip else None
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
    marked = [default, *([turns] if turns is not None else [])]
    low, high = min(0.0, *(2 * v for v in marked)), max(1.0, *(1.5 * v for v in marked))
    last_digit = -len(decimal(default).partition(".")[2])
    step = 1.0 if integer else 10.0 ** min(math.floor(math.log10((high - low) / STEPS)), last_digit)
    return Slider(condition.sign, step * math.floor(low / step), high, step, default, turns)


def decimal(value: float) -> str:
    """Write a number without an exponent, as a condition is written."""
    return f"{value:.10f}".rstrip("0").rstrip(".")
