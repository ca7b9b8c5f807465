"""All verdicts of a dataset: each claim for today, as of the essay, and under every declared choice."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dashboard.claims.find import Parts, find, record_numbers
from dashboard.claims.finding import Finding, Margin, Outcome
from dashboard.claims.margin import margin
from dashboard.claims.record import Claim, Essay, essay, parts_of
from dashboard.dataset import Dataset, Observation


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer on one dataset, and how it fares otherwise."""

    claim: Claim
    finding: Finding
    margin: Margin | None = None
    robustness: Mapping[str, Finding] = field(default_factory=dict)
    """What is found under each choice that could have given another answer."""
    at_essay_date: Finding | None = None
    """As of the essay: documents dated by its day."""
    needs_later_documents: bool = False
    """Whether the answer as of the essay needs documents of a later date."""
    fault: str = ""
    """Why the rule failed, where it did: a mistake in the record or in the rule."""
    dataset_version: str = ""

    @property
    def claim_id(self) -> str:
        return self.claim.claim_id

    @property
    def outcome(self) -> Outcome:
        return self.finding.outcome

    @property
    def as_of_essay(self) -> Outcome:
        return self.at_essay_date.outcome if self.at_essay_date else "no_public_data"

    @property
    def used(self) -> tuple[Observation, ...]:
        return self.finding.used

    @property
    def agreement(self) -> tuple[int, int]:
        found = [f.outcome for f in self.robustness.values()]
        known = [o for o in found if "no_public_data" not in (o, self.outcome)]
        return known.count(self.outcome), len(known)


def evaluate(dataset: Dataset) -> dict[str, Verdict]:
    of = essay(dataset)
    return dict(dataset.once("verdicts", lambda: {i: verdict(c, of, dataset) for i, c in of.claims.items()}))


def verdict(claim: Claim, of: Essay, dataset: Dataset) -> Verdict:
    """Return one claim's verdict; a rule that fails is this claim's fault line and nobody else's."""
    try:
        now = find(claim, dataset, claim.parts)
        then, later = as_of(claim, of.date, dataset)
        others = robustness(claim, dataset, now)
        flip = margin(claim, dataset, now) if claim.testable else None
    except Exception as error:  # whatever it is, the other claims are answered
        what = " ".join(f"{type(error).__name__}: {error}".split())
        logging.getLogger("pursuit").error("claim %s cannot be answered (%s)", claim.claim_id, what)
        fault = f"claims/{claim.claim_id}.toml: the rule failed ({what}); report it"
        outcome: Outcome = "no_public_data" if claim.testable else "not_testable"
        empty = Finding(outcome, record_numbers(claim.parts), chart="card")
        return Verdict(claim, empty, fault=fault, dataset_version=dataset.version)
    return Verdict(claim, now, flip, others, then, later, "", dataset.version)


def as_of(claim: Claim, day: str, dataset: Dataset) -> tuple[Finding | None, bool]:
    """Return the finding as of the essay, and whether it needs documents of a later date."""
    if not day:
        return None, False
    then = find(claim, dataset, claim.parts, as_of=day)
    if any(f.outcome == "no_public_data" for f in (then.parts or {"": then}).values()) or not then.rows:
        relaxed = find(claim, dataset, claim.parts, until=day)
        if relaxed.used and relaxed.outcome != "no_public_data":
            return relaxed, True
    return then, False


def robustness(claim: Claim, dataset: Dataset, now: Finding) -> dict[str, Finding]:
    choices = claim.choices if claim.testable else {}
    found = {name: find(claim, dataset, parts) for name, parts in choices.items()}
    return {name: f for name, f in found.items() if could_differ(claim.parts, now, choices[name], f)}


def could_differ(parts: Parts, now: Finding, others: Parts, other: Finding) -> bool:
    """Return whether a choice tests anything: other figures, or a line that is harder to meet."""
    if {(o.key, o.value) for o in now.used} != {(o.key, o.value) for o in other.used}:
        return True
    lines = [(p.params.holds, others[n].params.holds) for n, p in parts.items() if n in others]
    changed = [(a, b) for a, b in lines if a is not None and b is not None and a != b]
    if not changed:
        return other.outcome != now.outcome
    harder = any((b.value > a.value) == (b.sign[0] == ">") for a, b in changed)
    return harder if now.outcome == "supported" else not harder


def test(claim: Claim, dataset: Dataset, other: Mapping[str, Any]) -> Finding:
    """Return the finding with other parameters; raises ``RecordError`` for what no record could say."""
    return find(claim, dataset, parts_of(claim, dataset, other))
