"""How far a verdict is from flipping: the factor is found by re-running the rules, never by formula alone."""

from __future__ import annotations

import math
from collections.abc import Callable

from dashboard.claims.evidence import unique
from dashboard.claims.find import apply
from dashboard.claims.finding import Finding, Margin, Number, Outcome, Probe, combined
from dashboard.claims.record import Claim
from dashboard.dataset import Dataset, Observation

CLOSE = 1e-5
"""How near the search comes to the tipping point, relative: far below what is told."""
EPSILON = 1e-9
"""How far beyond the tipping point a factor is applied, relative."""
STEPS = (1.05, 1.2, 1.5, 2.0, 4.0, 16.0, 256.0, 65536.0)
WHOLE = frozenset({"rank", "year", "count"})
"""Units whose values are whole: a percentage of a place means nothing, the next whole value does."""
AS_PERCENT = 3.0
"""Up to this factor a change is told in percent."""
NAMED = 4
"""Indicators up to which all are named."""

Run = Callable[[float], Outcome]


def margin(claim: Claim, dataset: Dataset, finding: Finding) -> Margin | None:
    """Return the nearest flip that the finding's probes lead to, or ``None`` when none of them flips it."""
    found: list[tuple[float, Margin]] = []
    # what is only divided by (an exchange rate, the population) stays as it is
    measured = {
        i for p in claim.parts.values() for i in (p.params.indicator, *p.params.indicators, p.params.fallback)
    }
    for probe in finding.probes:
        observations = _scaled(probe, measured)
        flip = _flip(_runner(claim, dataset, observations), finding.outcome, probe)
        if flip is not None:
            at, outcome = flip
            distance = abs(math.log(at)) if at > 0 else math.inf
            found.append((distance, _message(dataset, observations, at, outcome)))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _scaled(probe: Probe, measured: set[str]) -> tuple[Observation, ...]:
    """Return what is scaled: the measured figures of those whom the probe is about, not what divides them."""
    every = unique(o for f in probe.of for o in f.used)
    whose = {f.entity for f in probe.of if f.entity}
    own = [o for o in every if not whose or o.entity_id in whose]
    return tuple(o for o in own if o.indicator_id.removesuffix("_usd") in measured) or tuple(own) or every


def _runner(claim: Claim, dataset: Dataset, observations: tuple[Observation, ...]) -> Run:
    keys = [o.key for o in observations]

    def run(x: float) -> Outcome:
        scaled = dict.fromkeys(keys, x)
        found = [apply(part, dataset, scaled=scaled).outcome for part in claim.parts.values()]
        return combined(found)

    return run


def _flip(run: Run, base: Outcome, probe: Probe) -> tuple[float, Outcome] | None:
    """Return the factor just beyond the tipping point, and the outcome there."""
    if probe.guess is not None:
        if not math.isfinite(probe.guess):
            return None
        for at in (probe.guess * (1 - EPSILON), probe.guess * (1 + EPSILON)):
            outcome = run(at)
            if outcome != base:
                return at, outcome
        return None
    flips = [f for f in (search(run, base, down=False), search(run, base, down=True)) if f is not None]
    return min(flips, key=lambda f: abs(math.log(f[0]))) if flips else None


def search(run: Run, base: Outcome, *, down: bool, epsilon: float = CLOSE) -> tuple[float, Outcome] | None:
    """Walk away from 1 in growing steps, then bisect where the outcome flips; ``epsilon`` is relative."""
    held = 1.0
    for step in STEPS:
        flipped = 1 / step if down else step
        if run(flipped) != base:
            break
        held = flipped
    else:
        return None
    while abs(math.log(flipped / held)) > epsilon:
        middle = math.sqrt(held * flipped)
        held, flipped = (middle, flipped) if run(middle) == base else (held, middle)
    return flipped, run(flipped)


def _message(dataset: Dataset, observations: tuple[Observation, ...], at: float, outcome: Outcome) -> Margin:
    """Return the margin with the message key and numbers that tell it."""
    entities = tuple(dict.fromkeys(o.entity_id for o in observations))
    indicators = tuple(dict.fromkeys(o.indicator_id for o in observations))
    numbers = {
        "outcome": Number(0, "", "outcome", (), outcome),
        "entity": Number(0, "", "entities", (), " ".join(entities)),
        "indicator": Number(0, "", "indicators", (), indicators[0]),
        "period": Number(0, "", "period", (), observations[0].period),
    }
    known = dataset.indicators.get(indicators[0])
    unit = known.unit if known else ""
    if len(observations) == 1 and unit in WHOLE and at > 0:
        value = observations[0].value * at
        numbers["value"] = Number(math.floor(value) if at < 1 else math.ceil(value), unit, "quantity")
        key = "value"
    elif at <= 0:
        numbers["value"] = Number(abs(observations[0].value), unit, "quantity", observations)
        key = "nil"
    elif 1 / AS_PERCENT < at < AS_PERCENT:
        numbers["change"] = Number(abs(100 * (at - 1)), "%", "percent", observations)
        key = "higher" if at > 1 else "lower"
    else:
        numbers["times"] = Number(max(at, 1 / at), "", "times", observations)
        key = "times_higher" if at > 1 else "times_lower"
    several = "_all" if len({o.period for o in observations}) > 1 and key != "nil" else ""
    if len(indicators) > 1 and key != "nil":
        # a handful can be named, more cannot be read
        several = "_few" if len(indicators) <= NAMED and len(observations) == len(indicators) else "_many"
        numbers["indicators"] = Number(0, "", "indicators", (), " ".join(indicators))
    return Margin(f"claims.margin.{key}{several}", numbers, at, tuple(o.key for o in observations), outcome)
