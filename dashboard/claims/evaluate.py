"""All verdicts of a dataset: for today, as of the essay, under every choice, and how far from flipping."""

import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dashboard.claims.dataset_view import Key, unique
from dashboard.claims.find import Parts, apply, find, record_numbers
from dashboard.claims.finding import Finding, Number, Outcome, Probe, combined
from dashboard.claims.record import Claim, Essay, essay
from dashboard.dataset import Dataset, Observation

EPSILON = 1e-9
"""How far beyond the tipping point a factor is applied, relative."""
STEPS = (1.05, 1.2, 1.5, 2.0, 4.0, 16.0, 256.0, 65536.0)
INTEGER_UNITS = frozenset({"rank", "year", "count"})
"""Units whose values are whole: a percentage of a place means nothing, the next whole value does."""
MAX_AS_PERCENT = 3.0
"""Up to this factor a change is told in percent."""

Run = Callable[[float], Outcome]


@dataclass(frozen=True, slots=True)
class Margin:
    """The outcome becomes ``flips_to`` when the observations ``of`` are multiplied by ``change``."""

    key: str
    """The message that says so, filled by ``numbers``."""
    numbers: dict[str, Number]
    change: float
    of: tuple[Key, ...]
    flips_to: Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    claim: Claim
    finding: Finding
    at_essay_date: Finding
    """As of the essay: documents dated by its day."""
    needs_later_documents: bool = False
    margin: Margin | None = None
    robustness: Mapping[str, Finding] = field(default_factory=dict)
    """What is found under each choice that could have given another answer."""
    fault: str = ""

    @property
    def outcome(self) -> Outcome:
        return self.finding.outcome

    @property
    def agreement(self) -> tuple[int, int]:
        outcomes = [f.outcome for f in self.robustness.values()]
        known = [o for o in outcomes if "no_public_data" not in (o, self.outcome)]
        return known.count(self.outcome), len(known)


def evaluate(dataset: Dataset) -> dict[str, Verdict]:
    of = essay(dataset)
    return dict(dataset.once("verdicts", lambda: {i: verdict(c, of, dataset) for i, c in of.claims.items()}))


def verdict(claim: Claim, of: Essay, dataset: Dataset) -> Verdict:
    """Return one claim's verdict; a rule that fails is this claim's fault line and nobody else's."""
    try:
        now = find(claim, dataset, claim.parts)
        then, later = as_of(claim, of.date, dataset)
        choices = claim.choices if claim.testable else {}
        answers = {name: find(claim, dataset, parts) for name, parts in choices.items()}
        others = {name: f for name, f in answers.items() if could_differ(claim.parts, now, choices[name], f)}
        flip = margin(claim, dataset, now) if claim.testable else None
    except Exception as error:  # whatever it is, the other claims are answered
        what = " ".join(f"{type(error).__name__}: {error}".split())
        logging.getLogger("pursuit").error("claim %s cannot be answered (%s)", claim.claim_id, what)
        fault = f"claims/{claim.claim_id}.toml: the rule failed ({what}); report it"
        outcome: Outcome = "no_public_data" if claim.testable else "not_testable"
        empty = Finding(outcome, record_numbers(claim.parts), chart="card")
        return Verdict(claim, empty, empty, fault=fault)
    return Verdict(claim, now, then, later, flip, others)


def as_of(claim: Claim, day: str, dataset: Dataset) -> tuple[Finding, bool]:
    """Return the finding as of the essay, and whether it needs documents of a later date."""
    then = find(claim, dataset, claim.parts, as_of=day)
    if any(f.outcome == "no_public_data" for f in (then.parts or {"": then}).values()) or not then.rows:
        relaxed = find(claim, dataset, claim.parts, until=day)
        if relaxed.used and relaxed.outcome != "no_public_data":
            return relaxed, True
    return then, False


def could_differ(parts: Parts, now: Finding, others: Parts, other: Finding) -> bool:
    """Return whether a choice tests anything: other figures, or a line that is harder to meet."""
    if {(o.key, o.value) for o in now.used} != {(o.key, o.value) for o in other.used}:
        return True
    lines = ((p.holds, others[n].holds) for n, p in parts.items())
    changed = [(a, b) for a, b in lines if a and b and a != b]
    if not changed:
        return other.outcome != now.outcome
    harder = any((b.value > a.value) == (b.sign[0] == ">") for a, b in changed)
    return harder if now.outcome == "supported" else not harder


def margin(claim: Claim, dataset: Dataset, finding: Finding) -> Margin | None:
    """Return the nearest flip that the finding's probes lead to."""
    margins = (_margin(claim, dataset, finding.outcome, probe) for probe in finding.probes)
    return min((m for m in margins if m), key=lambda m: _distance(m.change), default=None)


def _distance(factor: float) -> float:
    return abs(math.log(factor)) if factor > 0 else math.inf


def _margin(claim: Claim, dataset: Dataset, base: Outcome, probe: Probe) -> Margin | None:
    observations = _scaled(claim, probe)

    def run(x: float) -> Outcome:
        factors = dict.fromkeys((o.key for o in observations), x)
        return combined(apply(part, dataset, scaled=factors).outcome for part in claim.parts.values())

    flip, guess = None, probe.guess
    if guess is None:
        flip = search(run, base)
    elif math.isfinite(guess):
        tried = ((at, run(at)) for at in (guess * (1 - EPSILON), guess * (1 + EPSILON)))
        flip = next((one for one in tried if one[1] != base), None)
    unit = dataset.indicators[observations[0].indicator_id].unit
    if flip is None or (unit == "rank" and any(o.value * flip[0] < 1 for o in observations)):
        return None  # there is no place above the first
    return _message(unit, observations, *flip)


def _scaled(claim: Claim, probe: Probe) -> tuple[Observation, ...]:
    """Return the measured figures of those whom the probe is about; what is divided by stays as it is."""
    measured = {i for p in claim.parts.values() for i in (p.indicator, *p.indicators, p.fallback)}
    every = unique(o for q in probe.of for o in q.used)
    entities = {q.entity for q in probe.of if q.entity}
    theirs = tuple(o for o in every if not entities or o.entity_id in entities)
    return tuple(o for o in theirs if o.indicator_id.removesuffix("_usd") in measured) or theirs or every


def search(run: Run, base: Outcome, precision: float = 1e-5) -> tuple[float, Outcome] | None:
    """Return the factor nearest to 1 at which the outcome flips, and to what; ``precision`` is relative."""
    flips = []
    for way in (1, -1):
        same = 1.0
        for step in STEPS:
            flipped = step**way
            if run(flipped) != base:
                while _distance(flipped / same) > precision:
                    middle = math.sqrt(same * flipped)
                    same, flipped = (middle, flipped) if run(middle) == base else (same, middle)
                flips.append((flipped, run(flipped)))
                break
            same = flipped
    return min(flips, key=lambda flip: _distance(flip[0]), default=None)


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
        "period": Number(0, kind="period", text=first.period),
        **dict.fromkeys(("value", "change", "times"), number),
    }
    scope = "_all" if several and key != "nil" else ""
    return Margin(f"claims.margin.{key}{scope}", numbers, at, tuple(o.key for o in observations), outcome)
