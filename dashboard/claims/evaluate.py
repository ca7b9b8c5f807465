"""All verdicts of a dataset: each rule for today, for the essay's date, for every declared alternative."""

from __future__ import annotations

import logging
import threading
import weakref
from dataclasses import replace

from dashboard.claims import city, drive, giants, overture, pursuers, tree
from dashboard.claims.evidence import Evidence, NotPublicError, ends
from dashboard.claims.margin import margin
from dashboard.claims.rule import RULES, Choice, Finding, Rule
from dashboard.claims.verdict import ESSAY_DAY, Alternative, Outcome, Verdict
from dashboard.dataset import Dataset, Observation
from dashboard.locale import has

CHAPTERS = (overture, tree, pursuers, giants, drive, city)
"""Importing a chapter registers its rules."""

_cache: dict[int, tuple[weakref.ref[Dataset], dict[str, Verdict]]] = {}
_lock = threading.Lock()


def evaluate(dataset: Dataset) -> dict[str, Verdict]:
    """Return claim id → verdict in essay order; computed once per dataset object."""
    with _lock:
        known = _cache.get(id(dataset))
        if known is not None and known[0]() is dataset:
            return dict(known[1])
        raw: dict[tuple[str, str], list[Observation]] = {}
        verdicts = {i: _answered(RULES[i], dataset, raw) for i in order(dataset)}
        key = id(dataset)
        _cache[key] = (weakref.ref(dataset, lambda _: _cache.pop(key, None)), verdicts)
        return dict(verdicts)


def _answered(rule: Rule, dataset: Dataset, raw: dict[tuple[str, str], list[Observation]]) -> Verdict:
    """Return one rule's verdict; where the rule itself fails, its claim alone is left without an answer."""
    try:
        return verdict(rule, dataset, raw)
    except Exception as error:  # whatever it is, the other claims are answered
        _failed(rule, error)
        key = sentence_key(rule.claim_id, "no_public_data")
        return Verdict(
            rule.claim_id, "no_public_data", key, {}, (), rule_code=rule.code, dataset_version=dataset.version
        )


def _failed(rule: Rule, error: Exception) -> None:
    what = " ".join(f"{type(error).__name__}: {error}".split())
    logging.getLogger("pursuit").error("claim %s cannot be answered (%s)", rule.claim_id, what)


def order(dataset: Dataset) -> list[str]:
    """Return the claim ids in the essay's order; by declaration where the dataset has no essay."""
    place = {q.quote_id: q.position for q in dataset.quotes}
    at = {i: place.get(c.quote_id, len(place)) for i, c in dataset.claims.items()}
    return sorted(RULES, key=lambda i: at.get(i, len(at)))


def verdict(
    rule: Rule, dataset: Dataset, raw: dict[tuple[str, str], list[Observation]] | None = None
) -> Verdict:
    """Return one rule's verdict; ``raw`` lets rules share the series they have read."""
    raw = {} if raw is None else raw
    views: dict[tuple[str, bool, str], Evidence] = {}

    def view(choice: Choice, as_of: str = "") -> Evidence:
        key = (choice.until, choice.other_source, as_of)
        if key not in views:
            views[key] = Evidence(dataset, choice.until, choice.other_source, as_of, raw=raw)
        return views[key]

    today = rule.default
    missing: tuple[tuple[str, str], ...] = ()
    finding: Finding | None = None
    try:
        finding = rule.decide(view(today), today)
    except NotPublicError as error:
        missing = tuple((e, error.indicator_id) for e in error.entity_ids)
    then = attempt(rule, view(today, ESSAY_DAY), today)
    strip = []
    for name, choice in rule.alternatives.items():
        other = attempt(rule, view(_resolved(choice, finding)), choice)
        key = f"claims.{rule.claim_id}.choice.{name}" if name not in SHARED else f"claims.choice.{name}"
        strip.append(
            Alternative(key, other.outcome if other else "no_public_data", other.numbers if other else {})
        )
    outcome = finding.outcome if finding else "no_public_data"
    return Verdict(
        claim_id=rule.claim_id,
        outcome=outcome,
        sentence=sentence_key(rule.claim_id, outcome),
        numbers=finding.numbers if finding else {},
        used=finding.used if finding else (),
        margin=margin(rule, view(today), today, finding) if finding else None,
        robustness=tuple(strip),
        as_of_essay=then.outcome if then else "no_public_data",
        essay_numbers=then.numbers if then else {},
        caveats=tuple(f"claims.{rule.claim_id}.caveat.{c}" for c in rule.caveats),
        missing=missing,
        deciding=rule.deciding,
        rule_code=rule.code,
        dataset_version=dataset.version,
    )


def sentence_key(claim_id: str, outcome: Outcome) -> str:
    """Return the key of a claim's sentence: its own for the outcome, else the one for all of them."""
    own = f"claims.{claim_id}.{outcome}"
    return own if has(own) else f"claims.{claim_id}.says"


SHARED = frozenset({"other_source", "year_before"})
"""Alternatives that mean the same for every claim."""


def attempt(rule: Rule, data: Evidence, choice: Choice) -> Finding | None:
    """Return the rule's finding, or ``None`` where a figure it needs is not public or the rule fails."""
    try:
        return rule.decide(data, choice)
    except NotPublicError:
        return None
    except Exception as error:  # one choice's fault leaves the other choices their answers
        _failed(rule, error)
        return None


def _resolved(choice: Choice, finding: Finding | None) -> Choice:
    """Turn «leave out the newest year» into a date, counted from the newest period the default used."""
    if not choice.back or finding is None or not finding.used:
        return choice
    newest = max(ends(o.period) for o in finding.used)
    return replace(choice, until=str(int(newest[:4]) - choice.back))
