"""A claim as pages show it: quote, proposition, verdict, sentence, robustness, documents."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dashboard import claims, locale
from dashboard.claims.finding import OUTCOMES, Finding, Number, Outcome
from dashboard.claims.record import Chapter, Claim, essay
from dashboard.claims.sentences import TEXTS, deciding_number, finding_sentence, method, proposition
from dashboard.dataset import Dataset, Gap, Lang
from dashboard.pages.documents import Documents, documents, observation_line

MOST_EXPLORED = 12
"""Entities with which the explorer opens from a claim."""


Run = tuple[str, bool, tuple[int, ...], str]
"""A piece of a sentence: its text, whether it is a number, which documents (by place in the list) that rests
on, the city or company it names."""
Choice = tuple[str, Outcome, str]
"""The answer under another choice or in a part of the quote: its name, outcome, the number that decides."""


@dataclass(frozen=True, slots=True)
class ClaimView:
    claim: Claim
    chapter: Chapter
    verdict: claims.Verdict
    position: int
    proposition: str
    runs: list[Run]
    sentence: str
    documents: Documents
    essay_sentence: str
    """The sentence as of the essay, where it differs from today's."""
    number: str
    essay_number: str
    history: list[tuple[claims.Step, str]]
    """Each step of the log, with the figure it turned on in words."""
    choices: list[Choice]
    parts: list[Choice]
    """The verdict of each part, where a quote is tested part by part."""
    margin: str
    caveats: list[str]
    explore: str
    """The explorer's address of what the claim compares; empty where there is nothing to compare."""
    measured: list[tuple[str, str]]
    """The record in words: (name, text)."""
    gaps: list[Gap]
    """What was looked for in vain for the claim's entities and indicators."""

    @property
    def id(self) -> str:
        return self.claim.claim_id

    @property
    def outcome(self) -> str:
        return self.verdict.outcome


def counts(views: Iterable[ClaimView]) -> dict[str, int]:
    numbers = Counter(view.outcome for view in views)
    return {outcome: numbers[outcome] for outcome in OUTCOMES}


def claim_views(dataset: Dataset, lang: Lang) -> list[ClaimView]:
    """Return every claim in the essay's order, made once per dataset and language."""

    def make() -> list[ClaimView]:
        log = claims.read_history(dataset.directory)
        verdicts = enumerate(claims.evaluate(dataset).items(), 1)
        return [_view(dataset, v, log.get(i, []), n, lang) for n, (i, v) in verdicts]

    return list(dataset.once(f"claim views {lang}", make))


def _view(
    dataset: Dataset, verdict: claims.Verdict, log: list[claims.Step], position: int, lang: Lang
) -> ClaimView:
    claim, then = verdict.claim, verdict.at_essay_date
    listed = documents(dataset, verdict.finding.used)
    at = {source.source_id: n for n, (source, _) in enumerate(listed)}
    sentence = claims.verdict_sentence(verdict, dataset, lang)
    margin = claims.margin_sentence(verdict, dataset, lang)
    essay_sentence = finding_sentence(claim, then, dataset, lang).text
    choices, parts = (
        [
            (claim.text(f"{key}.{name}", lang), f.outcome, deciding_number(f, dataset, lang))
            for name, f in findings.items()
        ]
        for key, findings in (("choices", verdict.robustness), ("parts", verdict.finding.parts))
    )
    return ClaimView(
        claim=claim,
        chapter=next(c for c in essay(dataset).chapters if c.chapter == claim.chapter),
        verdict=verdict,
        position=position,
        proposition=proposition(claim, dataset, lang),
        runs=[_run(text, number, at, dataset) for text, number in sentence.runs],
        sentence=verdict.fault or sentence.text,
        documents=listed,
        essay_sentence=essay_sentence if essay_sentence != sentence.text else "",
        number=deciding_number(verdict.finding, dataset, lang),
        essay_number=deciding_number(then, dataset, lang),
        history=[(step, figure_in_words(step, dataset, lang)) for step in log],
        choices=choices,
        parts=parts,
        margin=margin.text if margin else "",
        caveats=[*claim.lines("caveats", lang), *_reported(verdict.finding, dataset, lang)],
        explore=explore_of(claim, dataset),
        measured=method(claim, dataset, lang),
        gaps=[
            g for g in dataset.gaps if g.entity_id in claim.entities and g.indicator_id in claim.indicators
        ],
    )


def _reported(finding: Finding, dataset: Dataset, lang: Lang) -> list[str]:
    """Return the line that tells newer figures known only from reports."""
    figures = [observation_line(dataset, o, lang, digits=3) for o in finding.reported]
    joined = locale.text("figures.join.semicolon", lang).join(figures)
    return [locale.text("claims.reported", lang, figures=joined)] if figures else []


def figure_in_words(of: claims.Step, dataset: Dataset, lang: Lang) -> str:
    """Return a figure in words, with whose it is and when; empty where none is recorded."""
    indicator = dataset.indicators.get(of.deciding_indicator)
    entity = dataset.entities.get(of.deciding_entity)
    if indicator is None or entity is None or of.deciding_value is None:
        return ""
    return locale.text(
        "pages.observation",
        lang,
        entity=entity.name(lang),
        indicator=indicator.name(lang),
        period=locale.period(of.deciding_period, lang),
        value=locale.quantity(of.deciding_value, indicator.unit, lang),
    )


def _run(text: str, number: Number | None, at: Mapping[str, int], dataset: Dataset) -> Run:
    """Return a piece of a sentence; figures are set off, names and years are not."""
    if number is None:
        return text, False, (), ""
    entity = dataset.entities.get(number.text) if number.kind == "entities" else None
    profiled = entity.entity_id if entity and entity.kind in ("city", "company") else ""
    rests_on = tuple(sorted({at[o.source_id] for o in number.used if o.source_id in at}))
    return text, number.kind not in TEXTS, rests_on, profiled


def explore_of(claim: Claim, dataset: Dataset) -> str:
    """Return the explorer's address of a claim's first measure with those of its entities that have it."""
    having = ((i, [e for e in claim.entities if dataset.length(i, e)]) for i in claim.indicators)
    addresses = (
        f"/explore?i={i}&e={'~'.join(entities[:MOST_EXPLORED])}" for i, entities in having if entities
    )
    return next(addresses, "")
