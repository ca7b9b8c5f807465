"""A claim as pages show it: quote, proposition, verdict, sentence, robustness, documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard import claims, locale
from dashboard.claims.finding import OUTCOMES, Finding, Number
from dashboard.claims.record import Chapter, Claim, essay
from dashboard.claims.sentences import TEXTS, deciding_number, finding_sentence, method, proposition
from dashboard.dataset import Dataset, Gap, Lang
from dashboard.pages.documents import Document, documents

MOST_EXPLORED = 12
"""Entities with which the explorer opens from a claim."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a sentence; a number says which documents (by place in the list) it rests on."""

    text: str
    is_number: bool = False
    documents: tuple[int, ...] = ()
    entity: str = ""
    """The city or company that the piece names, if it names one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The answer under another reasonable choice, or in one part of the quote."""

    name: str
    outcome: str
    number: str = ""
    """What decides under it, written out; empty where no number does."""


@dataclass(frozen=True, slots=True)
class ClaimView:
    claim: Claim
    chapter: Chapter
    verdict: claims.Verdict
    position: int
    total: int
    proposition: str
    """What exactly the verdict is about."""
    runs: tuple[Run, ...]
    sentence: str
    documents: tuple[Document, ...]
    essay_sentence: str
    """The sentence as of the essay, where it differs from today's."""
    deciding: str
    number: str
    essay_number: str
    history: tuple[tuple[claims.Step, str], ...]
    """Each step of the log, with the figure it turned on in words."""
    choices: tuple[Choice, ...]
    parts: tuple[Choice, ...]
    """The verdict of each part, where a quote is tested part by part."""
    margin: str
    caveats: tuple[str, ...]
    explore: str
    """The explorer's address of what the claim compares; empty where there is nothing to compare."""
    measured: tuple[tuple[str, str], ...]
    """The record in words: (name, text)."""
    gaps: tuple[Gap, ...]

    @property
    def id(self) -> str:
        return self.claim.claim_id

    @property
    def outcome(self) -> str:
        return self.verdict.outcome


def counts(dataset: Dataset) -> dict[str, int]:
    """Return how many claims have each outcome, in the order they are always shown."""
    verdicts = claims.evaluate(dataset).values()
    return {outcome: sum(v.outcome == outcome for v in verdicts) for outcome in OUTCOMES}


def claim_views(dataset: Dataset, lang: Lang) -> list[ClaimView]:
    """Return every claim in the essay's order, made once per dataset and language."""
    return list(dataset.once(f"claim views {lang}", lambda: _views(dataset, lang)))


def _views(dataset: Dataset, lang: Lang) -> list[ClaimView]:
    verdicts = claims.evaluate(dataset)
    log = claims.read_history(dataset.directory)
    return [
        _view(dataset, v, log.get(i, []), (n, len(verdicts)), lang)
        for n, (i, v) in enumerate(verdicts.items(), 1)
    ]


def _view(
    dataset: Dataset, verdict: claims.Verdict, log: list[claims.Step], place: tuple[int, int], lang: Lang
) -> ClaimView:
    claim = verdict.claim
    listed = documents(dataset, verdict.finding.used, lang)
    at = {d.source.source_id: n for n, d in enumerate(listed)}
    sentence = claims.verdict_sentence(verdict, dataset, lang)
    margin = claims.margin_sentence(verdict, dataset, lang)
    at_date = verdict.at_essay_date
    then = finding_sentence(claim, at_date, dataset, lang).text
    choices, parts = (
        tuple(
            Choice(claim.text(f"{key}.{name}", lang), f.outcome, deciding_number(f, dataset, lang))
            for name, f in found.items()
        )
        for key, found in (("choices", verdict.robustness), ("parts", verdict.finding.parts))
    )
    return ClaimView(
        claim=claim,
        chapter=next(c for c in essay(dataset).chapters if c.chapter == claim.chapter),
        verdict=verdict,
        position=place[0],
        total=place[1],
        proposition=proposition(claim, dataset, lang),
        runs=tuple(_run(text, number, at, dataset) for text, number in sentence.runs),
        sentence=verdict.fault or sentence.text,
        documents=tuple(listed),
        essay_sentence=then if then != sentence.text else "",
        deciding=claim.text("deciding", lang),
        number=deciding_number(verdict.finding, dataset, lang),
        essay_number=deciding_number(at_date, dataset, lang),
        history=tuple((step, figure_in_words(step, dataset, lang)) for step in log),
        choices=choices,
        parts=parts,
        margin=margin.text if margin else "",
        caveats=(*claim.lines("caveats", lang), *_reported(verdict.finding, dataset, lang)),
        explore=explore_of(claim, dataset),
        measured=tuple(method(claim, dataset, lang)),
        gaps=tuple(gaps_of(dataset, claim)),
    )


def _reported(finding: Finding, dataset: Dataset, lang: Lang) -> list[str]:
    """Return the line that tells newer figures known only from reports."""
    steps = (
        claims.Step("", "", "", "", "", o.entity_id, o.indicator_id, o.period, o.value)
        for o in finding.reported
    )
    figures = [words for step in steps if (words := figure_in_words(step, dataset, lang))]
    joined = locale.text("figures.join.semicolon", lang).join(figures)
    return [locale.text("claims.reported", lang, figures=joined)] if figures else []


def figure_in_words(of: claims.Step, dataset: Dataset, lang: Lang) -> str:
    """Return a figure in words, with whose it is and when; empty where none is recorded."""
    indicator = dataset.indicators.get(of.deciding_indicator)
    entity = dataset.entities.get(of.deciding_entity)
    if indicator is None or entity is None or of.deciding_value is None:
        return ""
    return locale.text(
        "claims.table.turned_on",
        lang,
        name=entity.name(lang),
        indicator=indicator.name(lang),
        period=locale.period(of.deciding_period, lang),
        value=locale.quantity(of.deciding_value, indicator.unit, lang),
    )


def gaps_of(dataset: Dataset, claim: Claim) -> list[Gap]:
    """Return what was looked for in vain for a claim's entities and indicators."""
    return [g for g in dataset.gaps if g.entity_id in claim.entities and g.indicator_id in claim.indicators]


def _run(text: str, number: Number | None, at: Mapping[str, int], dataset: Dataset) -> Run:
    """Return a piece of a sentence; figures are set off, names and years are not."""
    if number is None:
        return Run(text)
    entity = dataset.entities.get(number.text) if number.kind == "entities" else None
    profiled = entity.entity_id if entity and entity.kind in ("city", "company") else ""
    rests_on = sorted({at[o.source_id] for o in number.used if o.source_id in at})
    return Run(text, number.kind not in TEXTS, tuple(rests_on), profiled)


def explore_of(claim: Claim, dataset: Dataset) -> str:
    """Return the explorer's address of a claim's first measure with those of its entities that have it."""
    for indicator in claim.indicators:
        entities = [e for e in claim.entities if dataset.length(indicator, e)]
        if entities:
            return f"/explore?i={indicator}&e={'~'.join(entities[:MOST_EXPLORED])}"
    return ""
