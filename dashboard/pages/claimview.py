"""A claim as pages show it: quote, verdict, sentence with live numbers, robustness, documents."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import claims, locale
from dashboard.claims.verdict import OUTCOMES, Number, Verdict
from dashboard.dataset import Chapter, Claim, Dataset, Gap, Lang, Quote
from dashboard.pages.documents import Document, documents


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a sentence; a number says which documents (by place in the list) it rests on."""

    text: str
    is_number: bool = False
    documents: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """The answer under another reasonable choice."""

    name: str
    outcome: str
    same: bool
    number: str = ""
    """What decides under it, written out; empty where no number does."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the log of answers."""

    day: str
    outcome: str
    turned_on: str


@dataclass(frozen=True, slots=True)
class ClaimView:
    """What the claim templates need, all in one language."""

    claim: Claim
    quote: Quote
    chapter: Chapter
    verdict: Verdict
    position: int
    total: int
    runs: tuple[Run, ...]
    sentence: str
    documents: tuple[Document, ...]
    essay_sentence: str
    """The sentence as of the essay, where it differs from today's."""
    deciding: str
    number: str
    essay_number: str
    history: tuple[Entry, ...]
    choices: tuple[Choice, ...]
    same: int
    margin: str
    caveats: tuple[str, ...]
    reading: str
    """What of the quote is weighed, where it is not the quote itself."""
    tests: str
    how: str
    rule: str
    why: str
    gaps: tuple[Gap, ...]

    @property
    def id(self) -> str:
        """The claim's id."""
        return self.claim.claim_id

    @property
    def weighed(self) -> int:
        """How many of the other choices have figures; all of them where the claim itself has none."""
        known = sum(c.outcome != "no_public_data" for c in self.choices)
        return known if self.outcome != "no_public_data" else len(self.choices)

    @property
    def outcome(self) -> str:
        """The verdict's outcome."""
        return self.verdict.outcome


def counts(dataset: Dataset) -> dict[str, int]:
    """Return how many claims have each outcome, in the order they are always shown."""
    verdicts = claims.evaluate(dataset).values()
    return {outcome: sum(v.outcome == outcome for v in verdicts) for outcome in OUTCOMES}


def claim_views(dataset: Dataset, lang: Lang) -> list[ClaimView]:
    """Return every claim in the essay's order."""
    verdicts = claims.evaluate(dataset)
    log = claims.read_history(dataset.directory)
    quotes = {q.quote_id: q for q in dataset.quotes}
    known = [c for c in dataset.claims.values() if c.quote_id in quotes and c.claim_id in verdicts]
    known.sort(key=lambda c: quotes[c.quote_id].position)
    return [
        _view(
            dataset,
            c,
            quotes[c.quote_id],
            verdicts[c.claim_id],
            log.get(c.claim_id, []),
            (n, len(known)),
            lang,
        )
        for n, c in enumerate(known, 1)
    ]


def _view(
    dataset: Dataset,
    claim: Claim,
    quote: Quote,
    verdict: Verdict,
    log: list[claims.Step],
    place: tuple[int, int],
    lang: Lang,
) -> ClaimView:
    found = documents(dataset, verdict.used, lang)
    at = {d.source.source_id: n for n, d in enumerate(found)}
    sentence = claims.say(verdict, dataset, lang)
    margin = claims.say_margin(verdict, dataset, lang)
    runs = tuple(Run(text, _live(number), _documents(number, at)) for text, number in sentence.runs)
    choices = tuple(
        Choice(
            claims.choice_name(a, lang),
            a.outcome,
            a.outcome == verdict.outcome,
            claims.choice_number(a.numbers, verdict, dataset, lang),
        )
        for a in verdict.robustness
    )
    then = claims.say_essay(verdict, dataset, lang).text
    suffix = {"en": "en", "zh-Hans": "zh_hans", "zh-Hant": "zh_hant"}[lang]
    return ClaimView(
        claim=claim,
        quote=quote,
        chapter=next(c for c in dataset.chapters if c.chapter == quote.chapter),
        verdict=verdict,
        position=place[0],
        total=place[1],
        runs=runs,
        sentence=sentence.text,
        documents=tuple(found),
        essay_sentence=then if then != sentence.text else "",
        deciding=claims.deciding_name(verdict, lang),
        number=claims.choice_number(verdict.numbers, verdict, dataset, lang),
        essay_number=claims.choice_number(verdict.essay_numbers, verdict, dataset, lang),
        history=tuple(Entry(s.changed_at, s.outcome, turned_on(s, dataset, lang)) for s in log),
        choices=choices,
        same=sum(c.same for c in choices),
        margin=margin.text if margin else "",
        caveats=tuple(claims.caveats(verdict, lang)),
        tests=getattr(claim, f"tests_{suffix}"),
        how=getattr(claim, f"how_{suffix}"),
        rule=claims.rule_in_words(claim.claim_id, lang),
        reading=claims.reading(claim.claim_id, lang),
        why=claims.why(claim.claim_id, lang),
        gaps=tuple(gaps_of(dataset, claim)),
    )


def turned_on(step: claims.Step, dataset: Dataset, lang: Lang) -> str:
    """Return the figure that an answer turned on, in words; empty where none is recorded."""
    indicator, entity = dataset.indicators.get(step.indicator), dataset.entities.get(step.entity)
    if indicator is None or entity is None or step.value is None:
        return ""
    return locale.text(
        "claims.table.turned_on",
        lang,
        name=entity.name(lang),
        indicator=indicator.name(lang),
        period=locale.period(step.period, lang),
        value=locale.quantity(step.value, indicator.unit, lang),
    )


def gaps_of(dataset: Dataset, claim: Claim) -> list[Gap]:
    """Return what was looked for in vain for a claim's entities and indicators."""
    entities, indicators = claim.entities.split(), claim.indicators.split()
    return [g for g in dataset.gaps if g.entity_id in entities and g.indicator_id in indicators]


def _live(number: Number | None) -> bool:
    """Return whether a piece of a sentence is a figure to be set off; names and years are not."""
    return number is not None and number.kind in _FIGURES


_FIGURES = frozenset({"quantity", "percent", "growth", "times", "number", "count"})


def _documents(number: Number | None, place: dict[str, int]) -> tuple[int, ...]:
    if number is None:
        return ()
    return tuple(sorted({place[o.source_id] for o in number.used if o.source_id in place}))
