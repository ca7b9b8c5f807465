"""Verdicts for others: JSON, schema.org ClaimReview, lines for a terminal, mistakes to validate."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from dashboard import locale
from dashboard.claims import sentences
from dashboard.claims.evaluate import Verdict, evaluate
from dashboard.claims.finding import OUTCOMES, Finding
from dashboard.claims.history import read_history
from dashboard.claims.record import essay
from dashboard.dataset import LANGS, Dataset, DatasetError, Lang, Observation
from dashboard.links import web_address

RATINGS = ("contradicted", "mixed", "supported")
"""ClaimReview's ordinal rating; what has no public data or cannot be tested gets none."""
MARKS = {"supported": "●", "contradicted": "■", "mixed": "◐", "no_public_data": "○", "not_testable": "–"}
"""A shape for each outcome, so that colour is not needed to tell them apart."""


def to_json(verdict: Verdict, dataset: Dataset, lang: Lang) -> dict[str, Any]:
    claim, then, flip = verdict.claim, verdict.at_essay_date, verdict.margin
    words = sentences.margin_sentence(verdict, dataset, lang)
    return {
        "claim_id": claim.claim_id,
        "chapter": claim.chapter,
        "line": claim.line,
        "quote": claim.quote,
        "proposition": sentences.proposition(claim, dataset, lang),
        **_answer(verdict.finding, dataset, lang),
        "outcome_name": sentences.outcome_name(verdict.outcome, lang),
        "sentence": sentences.verdict_sentence(verdict, dataset, lang).text,
        "parts": {
            name: {"name": claim.text(f"parts.{name}", lang), "outcome": f.outcome}
            for name, f in verdict.finding.parts.items()
        },
        "measured": [{"name": name, "text": text} for name, text in sentences.method(claim, dataset, lang)],
        "margin": flip
        and words
        and {
            "text": words.text,
            "change": flip.change,
            "flips_to": flip.flips_to,
            "observations": ["|".join(k) for k in flip.of],
        },
        "robustness": [_choice(verdict, name, dataset, lang) for name in verdict.robustness],
        "as_of_essay": {
            "date": essay(dataset).date,
            "outcome": then.outcome,
            "later_documents": verdict.needs_later_documents,
            "sentence": sentences.finding_sentence(claim, then, dataset, lang).text,
        },
        "reported_since": [_observation(o, dataset) for o in verdict.finding.reported],
        "caveats": claim.lines("caveats", lang),
        "decides": claim.text("deciding", lang),
        "history": [asdict(step) for step in read_history(dataset.directory).get(claim.claim_id, [])],
        "missing": [
            {"entity_id": e, "indicator_id": i}
            for e in claim.entities
            for i in claim.indicators
            if verdict.outcome == "no_public_data"
        ],
        "observations": [_observation(o, dataset) for o in verdict.finding.used],
        "fault": verdict.fault,
        "dataset_version": dataset.version,
    }


def claim_review(verdict: Verdict, dataset: Dataset, lang: Lang, url: str) -> dict[str, Any]:
    """Return a schema.org ClaimReview (JSON-LD) of a verdict shown at ``url``."""
    claim, of = verdict.claim, essay(dataset)
    log = read_history(dataset.directory).get(verdict.claim.claim_id, [])
    margin = sentences.margin_sentence(verdict, dataset, lang)
    name = sentences.outcome_name(verdict.outcome, lang)
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": name}
    if margin is not None:
        rating["ratingExplanation"] = margin.text
    if verdict.outcome in RATINGS:
        value = 1 + RATINGS.index(verdict.outcome)
        rating |= {"ratingValue": value, "worstRating": 1, "bestRating": len(RATINGS)}
    addresses = [dataset.sources[o.source_id].url for o in verdict.finding.used]
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": url,
        "author": {"@type": "Organization", "name": "Pursuit", "url": url.partition("/claim/")[0] + "/"},
        **({"datePublished": log[0].changed_at, "dateModified": log[-1].changed_at} if log else {}),
        "inLanguage": lang,
        "claimReviewed": sentences.proposition(claim, dataset, lang),
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Organization", "name": of.author},
            "datePublished": of.date,
            "appearance": {"@type": "CreativeWork", "inLanguage": "zh-Hant", "text": claim.quote},
        },
        "reviewBody": sentences.verdict_sentence(verdict, dataset, lang).text,
        "reviewRating": rating,
        "citation": [a for a in map(web_address, dict.fromkeys(addresses)) if a],
    }


def _choice(verdict: Verdict, name: str, dataset: Dataset, lang: Lang) -> dict[str, Any]:
    answer = verdict.robustness[name]
    decides = sentences.deciding_number(answer, dataset, lang)
    words = verdict.claim.text(f"choices.{name}", lang)
    return {"choice": words, "key": name, "decides": decides, **_answer(answer, dataset, lang)}


def _answer(finding: Finding, dataset: Dataset, lang: Lang) -> dict[str, Any]:
    numbers = {
        name: {
            "shown": sentences.format_number(n, dataset, lang),
            **({"text": n.text} if n.text else {"value": n.value, "unit": n.unit}),
            "kind": n.kind,
            "observations": ["|".join(o.key) for o in n.used],
        }
        for name, n in finding.numbers.items()
    }
    return {"outcome": finding.outcome, "numbers": numbers}


def _observation(o: Observation, dataset: Dataset) -> dict[str, Any]:
    source = dataset.sources[o.source_id]
    columns = ("entity_id", "indicator_id", "period", "value", "status", "source_id")
    return {name: getattr(o, name) for name in columns} | {"title": source.title, "url": source.url}


def listing(dataset: Dataset, lang: Lang, console: Console) -> Iterator[Text]:
    verdicts = evaluate(dataset)
    outcomes = [v.outcome for v in verdicts.values()]
    counted = "  ".join(f"{MARKS[o]} {outcomes.count(o)} {sentences.outcome_name(o, lang)}" for o in OUTCOMES)
    yield from _wrapped(counted, console)
    for fault in essay(dataset).faults:
        yield Text(fault)
    for claim, verdict in verdicts.items():
        yield Text()
        name = sentences.outcome_name(verdict.outcome, lang)
        yield Text.assemble((f"{MARKS[verdict.outcome]} {name}", "bold"), f"  {claim}")
        for words in _lines(verdict, dataset, lang):
            yield from _wrapped(words, console, "  ")


def _wrapped(words: str, console: Console, indent: str = "") -> Iterator[Text]:
    for line in Text(words).wrap(console, max(20, console.width - len(indent))):
        line.rstrip()
        yield Text(indent).append_text(line)


def _lines(verdict: Verdict, dataset: Dataset, lang: Lang) -> Iterator[str]:
    if verdict.claim.quote:
        yield f"「{verdict.claim.quote}」"
    yield sentences.proposition(verdict.claim, dataset, lang)
    yield verdict.fault or sentences.verdict_sentence(verdict, dataset, lang).text
    if margin := sentences.margin_sentence(verdict, dataset, lang):
        yield margin.text
    same, compared = verdict.agreement
    if compared:
        robust = locale.text("pages.robust", lang, same=same, all=compared)
        yield f"{locale.text('pages.robustness', lang)}: {robust}"
    if (then := verdict.at_essay_date.outcome) != verdict.outcome:
        yield f"{locale.text('pages.as_of_essay', lang)} {sentences.outcome_name(then, lang)}"


def faults(directory: Path) -> list[tuple[str, int, str, str]]:
    """Return the mistakes of an essay: file, line, what is wrong, how to fix it."""
    try:
        dataset = Dataset.load(directory)
    except DatasetError:  # told by those who judge the tables
        return []
    lines = []
    for line in (*essay(dataset).faults, *(_fault(v, dataset) for v in evaluate(dataset).values())):
        file, _, rest = line.partition(": ")
        what, _, fix = rest.rpartition("; ")
        lines += [(f"essay/{file}", 0, what, fix)] if line else []
    return lines


def _fault(verdict: Verdict, dataset: Dataset) -> str:
    """Return why a claim cannot be answered or said; empty if it can."""
    for lang in LANGS if not verdict.fault else ():
        try:
            sentences.proposition(verdict.claim, dataset, lang)
            for finding in (verdict.finding, *verdict.robustness.values()):
                for key in ("says", "title"):
                    sentences.finding_sentence(verdict.claim, finding, dataset, lang, key)
        except KeyError as error:
            file = f"claims/{verdict.claim.claim_id}.toml"
            return f"{file}: {lang}: no number {error} to say; see the docstring of its kind"
    return verdict.fault
