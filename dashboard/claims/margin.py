"""How far a verdict is from flipping: the factor is found by running the rules again, not by formula."""

import math
from collections.abc import Callable

from dashboard.claims.dataset_view import unique
from dashboard.claims.find import apply
from dashboard.claims.finding import Finding, Margin, Number, Outcome, Probe, combined
from dashboard.claims.record import Claim
from dashboard.dataset import Dataset, Observation

CLOSE = 1e-5
"""How near the search comes to the tipping point, relative: far below what is told."""
EPSILON = 1e-9
"""How far beyond the tipping point a factor is applied, relative."""
STEPS = (1.05, 1.2, 1.5, 2.0, 4.0, 16.0, 256.0, 65536.0)
INTEGER_UNITS = frozenset({"rank", "year", "count"})
"""Units whose values are whole: a percentage of a place means nothing, the next whole value does."""
MAX_AS_PERCENT = 3.0
"""Up to this factor a change is told in percent."""

Run = Callable[[float], Outcome]


def margin(claim: Claim, dataset: Dataset, finding: Finding) -> Margin | None:
    """Return the nearest flip that the finding's probes lead to, or ``None`` when none of them flips it."""
    found: list[tuple[float, Margin]] = []
    for probe in finding.probes:
        observations = _scaled(claim, probe)

        def run(x: float, scaled: tuple[Observation, ...] = observations) -> Outcome:
            factors = dict.fromkeys((o.key for o in scaled), x)
            return combined(apply(part, dataset, scaled=factors).outcome for part in claim.parts.values())

        flip = _flip(run, finding.outcome, probe.guess)
        known = dataset.indicators.get(observations[0].indicator_id)
        unit = known.unit if known else ""
        if flip is None or (unit == "rank" and any(o.value * flip[0] < 1 for o in observations)):
            continue  # there is no place above the first
        distance = abs(math.log(flip[0])) if flip[0] > 0 else math.inf
        found.append((distance, _message(unit, observations, *flip)))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _scaled(claim: Claim, probe: Probe) -> tuple[Observation, ...]:
    """Return what is scaled: the measured figures of those whom the probe is about.

    What is only divided by (an exchange rate, the population) stays as it is.
    """
    measured = {
        i for p in claim.parts.values() for i in (p.params.indicator, *p.params.indicators, p.params.fallback)
    }
    every = unique(o for q in probe.of for o in q.used)
    entities = {q.entity for q in probe.of if q.entity}
    theirs = tuple(o for o in every if not entities or o.entity_id in entities)
    return tuple(o for o in theirs if o.indicator_id.removesuffix("_usd") in measured) or theirs or every


def _flip(run: Run, base: Outcome, guess: float | None) -> tuple[float, Outcome] | None:
    """Return the factor just beyond the tipping point, and the outcome there."""
    if guess is None:
        flips = [f for down in (False, True) if (f := search(run, base, down=down)) is not None]
        return min(flips, key=lambda f: abs(math.log(f[0])), default=None)
    if not math.isfinite(guess):
        return None
    tried = ((at, run(at)) for at in (guess * (1 - EPSILON), guess * (1 + EPSILON)))
    return next((flip for flip in tried if flip[1] != base), None)


def search(run: Run, base: Outcome, *, down: bool, epsilon: float = CLOSE) -> tuple[float, Outcome] | None:
    """Walk away from 1 in growing steps, then bisect where the outcome flips; ``epsilon`` is relative."""
    same = 1.0
    for step in STEPS:
        flipped = 1 / step if down else step
        if run(flipped) != base:
            break
        same = flipped
    else:
        return None
    while abs(math.log(flipped / same)) > epsilon:
        middle = math.sqrt(same * flipped)
        same, flipped = (middle, flipped) if run(middle) == base else (same, middle)
    return flipped, run(flipped)


def _message(unit: str, observations: tuple[Observation, ...], at: float, outcome: Outcome) -> Margin:
    first, several = observations[0], len(observations) > 1
    if unit in INTEGER_UNITS and at > 0 and not several:
        value = first.value * at
        key, number = "value", Number(math.floor(value) if at < 1 else math.ceil(value), unit)
    elif at <= 0:
        every = abs(sum(o.value for o in observations))
        key, number = "nil", Number(every, unit, "quantity", observations)
    elif at < MAX_AS_PERCENT:
        key = "higher" if at > 1 else "lower"
        number = Number(abs(100 * (at - 1)), "%", "percent", observations)
    else:
        key, number = "times_higher", Number(at, "", "times", observations)
    numbers = {
        "outcome": Number(0, "", "outcome", (), outcome),
        "entity": Number.entities(*dict.fromkeys(o.entity_id for o in observations)),
        "indicator": Number.indicators(*(o.indicator_id for o in observations)),
        "period": Number.period(first.period),
        **dict.fromkeys(("value", "change", "times"), number),
    }
    scope = "_all" if several and key != "nil" else ""
    return Margin(f"claims.margin.{key}{scope}", numbers, at, tuple(o.key for o in observations), outcome)
