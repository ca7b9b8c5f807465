"""How far a verdict is from flipping: the factor is found by re-running the rule, never by formula alone."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from dashboard.claims.evidence import Evidence, NotPublicError, unique
from dashboard.claims.rule import Choice, Finding, Rule, Tip
from dashboard.claims.verdict import Margin, Number, Outcome
from dashboard.dataset import Observation

HAIR = 1e-9
"""How far beyond the tipping point a factor is applied, relative."""
STEPS = (1.05, 1.2, 1.5, 2.0, 4.0, 16.0, 256.0, 65536.0, 2.0**24)
WHOLE = frozenset({"rank", "year"})
"""Units whose values are places and years: a percentage of them means nothing, the next whole value does."""
LARGE = 3.0
FEW = 4

Run = Callable[[float], Outcome]


def margin(rule: Rule, data: Evidence, choice: Choice, finding: Finding) -> Margin | None:
    """Return the nearest flip that the finding's tips lead to, or ``None`` when none of them flips it."""
    if finding.margin is not None:
        return finding.margin
    found: list[tuple[float, Margin]] = []
    for tip in finding.tips:
        observations = unique(o for f in tip.of for o in f.used)
        flip = _flip(_runner(rule, data, choice, observations), finding.outcome, tip)
        if flip is not None:
            at, outcome = flip
            distance = abs(math.log(at)) if at > 0 else math.inf
            found.append((distance, _worded(data, observations, at, outcome, tip.unit)))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _runner(rule: Rule, data: Evidence, choice: Choice, observations: tuple[Observation, ...]) -> Run:
    keys = [o.key for o in observations]

    def run(x: float) -> Outcome:
        try:
            if not keys:
                return rule.decide(data, replace(choice, threshold=x)).outcome
            return rule.decide(data.scale(dict.fromkeys(keys, x)), choice).outcome
        except NotPublicError:
            return "no_public_data"

    return run


def _flip(run: Run, base: Outcome, tip: Tip) -> tuple[float, Outcome] | None:
    """Return the factor (or threshold) just beyond the tipping point, and the outcome there."""
    if tip.guess is not None:
        if not math.isfinite(tip.guess):
            return None
        for at in (tip.guess * (1 - HAIR), tip.guess * (1 + HAIR)):
            outcome = run(at)
            if outcome != base:
                return at, outcome
        return None
    flips = [f for f in (_search(run, base, False), _search(run, base, True)) if f is not None]
    return min(flips, key=lambda f: abs(math.log(f[0]))) if flips else None


def _search(run: Run, base: Outcome, down: bool) -> tuple[float, Outcome] | None:
    """Walk away from 1 in growing steps, then bisect where the outcome flips."""
    held = 1.0
    for step in STEPS:
        flipped = 1 / step if down else step
        if run(flipped) != base:
            break
        held = flipped
    else:
        return None
    while abs(math.log(flipped / held)) > HAIR:
        middle = math.sqrt(held * flipped)
        held, flipped = (middle, flipped) if run(middle) == base else (held, middle)
    return flipped, run(flipped)


def _worded(
    data: Evidence, observations: tuple[Observation, ...], at: float, outcome: Outcome, unit: str
) -> Margin:
    """Return the margin with the message key and numbers that tell it."""
    numbers = {"outcome": Number(0, "", "outcome", (), outcome)}
    if not observations:
        numbers["value"] = (
            Number(100 * at, "%", "percent")
            if unit == "%"
            else Number(at, unit, "quantity" if unit else "number")
        )
        return Margin("claims.margin.threshold", numbers, None, (), outcome, at)
    entities = tuple(dict.fromkeys(o.entity_id for o in observations))
    indicators = tuple(dict.fromkeys(o.indicator_id for o in observations))
    numbers["entity"] = Number(0, "", "entities" if len(entities) > 1 else "entity", (), " ".join(entities))
    numbers["indicator"] = Number(0, "", "indicator", (), indicators[0])
    numbers["period"] = Number(0, "", "period", (), observations[0].period)
    known = data.dataset.indicators.get(indicators[0])
    if len(observations) == 1 and known is not None and known.unit in WHOLE and at > 0:
        value = observations[0].value * at
        whole = math.floor(value) if at < 1 else math.ceil(value)
        numbers["value"] = Number(whole, known.unit, "quantity")
        key = "value"
    elif at <= 0:
        numbers["value"] = Number(
            abs(observations[0].value), known.unit if known else "", "quantity", observations
        )
        key = "nil"
    elif 1 / LARGE < at < LARGE:
        numbers["change"] = Number(abs(100 * (at - 1)), "%", "percent", observations)
        key = "higher" if at > 1 else "lower"
    else:
        numbers["times"] = Number(max(at, 1 / at), "", "times", observations)
        key = "times_higher" if at > 1 else "times_lower"
    several = "_all" if len({o.period for o in observations}) > 1 else ""
    if len(indicators) > 1:
        # a handful can be named, more cannot be read
        several = "_few" if len(indicators) <= FEW and len(observations) == len(indicators) else "_many"
        numbers["indicators"] = Number(0, "", "indicators", (), " ".join(indicators))
    return Margin(f"claims.margin.{key}{several}", numbers, at, tuple(o.key for o in observations), outcome)
