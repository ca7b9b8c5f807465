"""The verdicts for a terminal: no boxes, each line as wide as the terminal."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from dashboard.claims.evaluate import Verdict, evaluate
from dashboard.claims.finding import OUTCOMES
from dashboard.claims.record import essay
from dashboard.claims.sentences import margin_sentence, outcome_name, proposition, verdict_sentence
from dashboard.dataset import Dataset, Lang
from dashboard.locale import text

MARKS = {"supported": "●", "contradicted": "■", "mixed": "◐", "no_public_data": "○", "not_testable": "–"}
"""A shape for each outcome, so that colour is not needed to tell them apart."""
INDENT = "  "


def listing(dataset: Dataset, lang: Lang, console: Console) -> Iterator[Text]:
    verdicts = evaluate(dataset)
    outcomes = [v.outcome for v in verdicts.values()]
    counted = "  ".join(f"{MARKS[o]} {outcomes.count(o)} {outcome_name(o, lang)}" for o in OUTCOMES)
    yield from _wrapped(counted, console, console.width)
    for fault in essay(dataset).faults:
        yield Text(fault)
    for claim, verdict in verdicts.items():
        yield Text()
        yield Text.assemble(
            (f"{MARKS[verdict.outcome]} {outcome_name(verdict.outcome, lang)}", "bold"), f"  {claim}"
        )
        for words in _lines(verdict, dataset, lang):
            for line in _wrapped(words, console, max(20, console.width - len(INDENT))):
                yield Text(INDENT).append_text(line)


def _wrapped(words: str, console: Console, width: int) -> Iterator[Text]:
    for line in Text(words).wrap(console, width):
        line.rstrip()
        yield line


def _lines(verdict: Verdict, dataset: Dataset, lang: Lang) -> Iterator[str]:
    if verdict.claim.quote:
        yield f"「{verdict.claim.quote}」"
    yield proposition(verdict.claim, dataset, lang)
    yield verdict.fault or verdict_sentence(verdict, dataset, lang).text
    if margin := margin_sentence(verdict, dataset, lang):
        yield margin.text
    same, compared = verdict.agreement
    if compared:
        yield f"{text('pages.robustness', lang)}: {text('pages.robust', lang, same=same, all=compared)}"
    if verdict.as_of_essay != verdict.outcome:
        yield f"{text('pages.as_of_essay', lang)} {outcome_name(verdict.as_of_essay, lang)}"
