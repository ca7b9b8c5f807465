"""Verdicts for other programs and for the terminal: JSON, table rows, schema.org ClaimReview."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from dashboard.claims.evaluate import evaluate
from dashboard.claims.history import read_history
from dashboard.claims.verdict import ESSAY_PERIOD, Margin, Number, Verdict
from dashboard.claims.words import (
    caveats,
    choice_name,
    choice_number,
    deciding_name,
    outcome_name,
    reading,
    rule_in_words,
    say,
    say_essay,
    say_margin,
    shown,
    why,
)
from dashboard.dataset import Dataset, Lang, Observation, Quote
from dashboard.links import web_address

ESSAY_AUTHOR = "深圳客編輯部"
"""As the essay signs itself."""
RATINGS = {"contradicted": 1, "mixed": 2, "supported": 3}
"""ClaimReview's ordinal rating; a claim without public data gets none."""


def to_json(verdict: Verdict, dataset: Dataset, lang: Lang) -> dict[str, Any]:
    """Return everything about a verdict as plain JSON values."""
    margin = say_margin(verdict, dataset, lang)
    quote = _quote(verdict.claim_id, dataset)
    return {
        "claim_id": verdict.claim_id,
        "quote": quote.quote if quote else "",
        "outcome": verdict.outcome,
        "outcome_name": outcome_name(verdict.outcome, lang),
        "sentence": say(verdict, dataset, lang).text,
        "numbers": _numbers(verdict.numbers, dataset, lang),
        "reading": reading(verdict.claim_id, lang),
        "rule": rule_in_words(verdict.claim_id, lang),
        "why": why(verdict.claim_id, lang),
        "rule_code": verdict.rule_code,
        "margin": None if margin is None else {"text": margin.text, **_margin(verdict.margin)},
        "robustness": [
            {
                "choice": choice_name(a, lang),
                "key": a.key,
                "outcome": a.outcome,
                "decides": choice_number(a.numbers, verdict, dataset, lang),
                "numbers": _numbers(a.numbers, dataset, lang),
            }
            for a in verdict.robustness
        ],
        "as_of_essay": {
            "period": ESSAY_PERIOD,
            "outcome": verdict.as_of_essay,
            "sentence": say_essay(verdict, dataset, lang).text,
        },
        "caveats": caveats(verdict, lang),
        "decides": deciding_name(verdict, lang),
        "history": [asdict(step) for step in read_history(dataset.directory).get(verdict.claim_id, [])],
        "missing": [{"entity_id": e, "indicator_id": i} for e, i in verdict.missing],
        "observations": [_observation(o, dataset) for o in verdict.used],
        "dataset_version": verdict.dataset_version,
    }


def table(dataset: Dataset, lang: Lang) -> list[dict[str, str]]:
    """Return a row a claim for the terminal: what is said, the verdict, how it fares, what would turn it."""
    rows = []
    for verdict in evaluate(dataset).values():
        kept = sum(a.outcome == verdict.outcome for a in verdict.robustness)
        weighed = [a for a in verdict.robustness if "no_public_data" not in (a.outcome, verdict.outcome)]
        quote, margin = _quote(verdict.claim_id, dataset), say_margin(verdict, dataset, lang)
        rows.append(
            {
                "claim": verdict.claim_id,
                "quote": quote.quote if quote else "",
                "reading": reading(verdict.claim_id, lang),
                "outcome": verdict.outcome,
                "verdict": outcome_name(verdict.outcome, lang),
                "as_of_essay": outcome_name(verdict.as_of_essay, lang),
                "robustness": f"{kept}/{len(weighed)}" if weighed else "–",
                "sentence": say(verdict, dataset, lang).text,
                "margin": "" if margin is None else margin.text,
            }
        )
    return rows


def claim_review(verdict: Verdict, dataset: Dataset, lang: Lang, url: str) -> dict[str, Any]:
    """Return a schema.org ClaimReview (JSON-LD) of a verdict shown at ``url``.

    What has no public data is reviewed in words and gets no rating value. Where not the quote itself is
    weighed (a fear that the essay reports and rejects), what is weighed stands beside it.
    """
    quote = _quote(verdict.claim_id, dataset)
    log = read_history(dataset.directory).get(verdict.claim_id, [])
    margin = say_margin(verdict, dataset, lang)
    said = quote.quote if quote else verdict.claim_id
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": outcome_name(verdict.outcome, lang)}
    if margin is not None:
        rating["ratingExplanation"] = margin.text
    if verdict.outcome in RATINGS:
        rating |= {
            "ratingValue": RATINGS[verdict.outcome],
            "worstRating": min(RATINGS.values()),
            "bestRating": max(RATINGS.values()),
        }
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": url,
        "author": {"@type": "Organization", "name": "Pursuit", "url": url.partition("/claim/")[0] + "/"},
        **({"datePublished": log[0].changed_at, "dateModified": log[-1].changed_at} if log else {}),
        "inLanguage": lang,
        "claimReviewed": "\n".join(filter(None, [said, reading(verdict.claim_id, lang)])),
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Organization", "name": ESSAY_AUTHOR},
            "datePublished": ESSAY_PERIOD,
            "appearance": {"@type": "CreativeWork", "inLanguage": "zh-Hant", "datePublished": ESSAY_PERIOD},
        },
        "reviewBody": say(verdict, dataset, lang).text,
        "reviewRating": rating,
        "citation": _addresses(verdict.used, dataset),
    }


def _quote(claim_id: str, dataset: Dataset) -> Quote | None:
    claim = dataset.claims.get(claim_id)
    return next((q for q in dataset.quotes if claim and q.quote_id == claim.quote_id), None)


def _numbers(numbers: Mapping[str, Number], dataset: Dataset, lang: Lang) -> dict[str, Any]:
    return {
        name: {
            "shown": shown(n, dataset, lang),
            **({"text": n.text} if n.text else {"value": n.value, "unit": n.unit}),
            "kind": n.kind,
            "observations": ["|".join(o.key) for o in n.used],
        }
        for name, n in numbers.items()
    }


def _margin(margin: Margin | None) -> dict[str, Any]:
    if margin is None:
        return {}
    return {
        "change": margin.change,
        "threshold": margin.threshold,
        "flips_to": margin.flips_to,
        "observations": ["|".join(k) for k in margin.of],
    }


def _observation(o: Observation, dataset: Dataset) -> dict[str, Any]:
    source = dataset.sources.get(o.source_id)
    return {
        "entity_id": o.entity_id,
        "indicator_id": o.indicator_id,
        "period": o.period,
        "value": o.value,
        "status": o.status,
        "source_id": o.source_id,
        "title": source.title if source else "",
        "url": source.url if source else "",
    }


def _addresses(observations: Iterable[Observation], dataset: Dataset) -> list[str]:
    ids = dict.fromkeys(o.source_id for o in observations)
    addresses = [dataset.sources[i].url for i in ids if i in dataset.sources]
    return [a for a in map(web_address, addresses) if a]
