"""Verdicts for other programs: JSON, schema.org ClaimReview."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from dashboard.claims.evaluate import Verdict
from dashboard.claims.finding import Number
from dashboard.claims.history import read_history
from dashboard.claims.method import method
from dashboard.claims.record import essay
from dashboard.claims.sentences import (
    deciding_number,
    finding_sentence,
    format_number,
    margin_sentence,
    outcome_name,
    proposition,
    verdict_sentence,
)
from dashboard.dataset import Dataset, Lang, Observation
from dashboard.links import web_address

RATINGS = ("contradicted", "mixed", "supported")
"""ClaimReview's ordinal rating; what has no public data or cannot be tested gets none."""


def to_json(verdict: Verdict, dataset: Dataset, lang: Lang) -> dict[str, Any]:
    claim, then, flip = verdict.claim, verdict.at_essay_date, verdict.margin
    words = margin_sentence(verdict, dataset, lang)
    margin = flip and {
        "text": words.text if words else "",
        "change": flip.change,
        "flips_to": flip.flips_to,
        "observations": ["|".join(k) for k in flip.of],
    }
    return {
        "claim_id": verdict.claim_id,
        "chapter": claim.chapter,
        "line": claim.line,
        "quote": claim.quote,
        "proposition": proposition(claim, dataset, lang),
        "outcome": verdict.outcome,
        "outcome_name": outcome_name(verdict.outcome, lang),
        "sentence": verdict_sentence(verdict, dataset, lang).text,
        "numbers": _numbers(verdict.finding.numbers, dataset, lang),
        "parts": {
            name: {"name": claim.text(f"parts.{name}", lang), "outcome": f.outcome}
            for name, f in verdict.finding.parts.items()
        },
        "measured": [{"name": name, "text": text} for name, text in method(claim, dataset, lang)],
        "margin": margin,
        "robustness": [_choice(verdict, name, dataset, lang) for name in verdict.robustness],
        "as_of_essay": {
            "date": essay(dataset).date,
            "outcome": verdict.as_of_essay,
            "later_documents": verdict.needs_later_documents,
            "sentence": finding_sentence(claim, then, dataset, lang).text if then else "",
        },
        "reported_since": [_observation(o, dataset) for o in verdict.finding.reported],
        "caveats": claim.caveats(lang),
        "decides": claim.text("deciding", lang),
        "history": [asdict(step) for step in read_history(dataset.directory).get(verdict.claim_id, [])],
        "missing": [
            {"entity_id": e, "indicator_id": i}
            for e in claim.entities
            for i in claim.indicators
            if verdict.outcome == "no_public_data"
        ],
        "observations": [_observation(o, dataset) for o in verdict.used],
        "fault": verdict.fault,
        "dataset_version": verdict.dataset_version,
    }


def claim_review(verdict: Verdict, dataset: Dataset, lang: Lang, url: str) -> dict[str, Any]:
    """Return a schema.org ClaimReview (JSON-LD) of a verdict shown at ``url``.

    What is reviewed is the proposition, with the quote it stands for; without public data, or where the
    quote cannot be tested, there are words and no rating value.
    """
    claim, of = verdict.claim, essay(dataset)
    log = read_history(dataset.directory).get(verdict.claim_id, [])
    margin = margin_sentence(verdict, dataset, lang)
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": outcome_name(verdict.outcome, lang)}
    if margin is not None:
        rating["ratingExplanation"] = margin.text
    if verdict.outcome in RATINGS:
        value = 1 + RATINGS.index(verdict.outcome)
        rating |= {"ratingValue": value, "worstRating": 1, "bestRating": len(RATINGS)}
    addresses = [s.url for o in verdict.used if (s := dataset.sources.get(o.source_id)) and s.url]
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": url,
        "author": {"@type": "Organization", "name": "Pursuit", "url": url.partition("/claim/")[0] + "/"},
        **({"datePublished": log[0].changed_at, "dateModified": log[-1].changed_at} if log else {}),
        "inLanguage": lang,
        "claimReviewed": proposition(claim, dataset, lang),
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Organization", "name": of.author},
            "datePublished": of.date,
            "appearance": {"@type": "CreativeWork", "inLanguage": "zh-Hant", "text": claim.quote},
        },
        "reviewBody": verdict_sentence(verdict, dataset, lang).text,
        "reviewRating": rating,
        "citation": [a for a in map(web_address, dict.fromkeys(addresses)) if a],
    }


def _choice(verdict: Verdict, name: str, dataset: Dataset, lang: Lang) -> dict[str, Any]:
    found = verdict.robustness[name]
    return {
        "choice": verdict.claim.text(f"choices.{name}", lang),
        "key": name,
        "outcome": found.outcome,
        "decides": deciding_number(found, dataset, lang),
        "numbers": _numbers(found.numbers, dataset, lang),
    }


def _numbers(numbers: Mapping[str, Number], dataset: Dataset, lang: Lang) -> dict[str, Any]:
    return {
        name: {
            "shown": format_number(n, dataset, lang),
            **({"text": n.text} if n.text else {"value": n.value, "unit": n.unit}),
            "kind": n.kind,
            "observations": ["|".join(o.key) for o in n.used],
        }
        for name, n in numbers.items()
    }


def _observation(o: Observation, dataset: Dataset) -> dict[str, Any]:
    source = dataset.sources.get(o.source_id)
    shown = ("entity_id", "indicator_id", "period", "value", "status", "source_id")
    found = {"title": source.title, "url": source.url} if source else {"title": "", "url": ""}
    return {name: getattr(o, name) for name in shown} | found
