"""Faults in an essay’s records, for ``pursuit validate``: read, evaluated, written in every language."""

from pathlib import Path

from dashboard.claims.evaluate import Verdict, evaluate
from dashboard.claims.record import essay
from dashboard.claims.sentences import finding_sentence, proposition
from dashboard.dataset import LANGS, Dataset, DatasetError

Fault = tuple[str, int, str, str]


def faults(directory: Path) -> list[Fault]:
    try:
        dataset = Dataset.load(directory)
    except DatasetError:  # told by those who judge the tables
        return []
    found = [_split(line) for line in essay(dataset).faults]
    for verdict in evaluate(dataset).values():
        found += [_split(verdict.fault)] if verdict.fault else _unsaid(verdict, dataset)
    return found


def _split(line: str) -> Fault:
    file, _, rest = line.partition(": ")
    what, _, fix = rest.rpartition("; ")
    return f"essay/{file}", 0, what, fix


def _unsaid(verdict: Verdict, dataset: Dataset) -> list[Fault]:
    file = f"essay/claims/{verdict.claim_id}.toml"
    for lang in LANGS:
        try:
            proposition(verdict.claim, dataset, lang)
            for finding in (verdict.finding, *verdict.robustness.values()):
                for key in ("says", "title"):
                    finding_sentence(verdict.claim, finding, dataset, lang, key)
        except KeyError as error:
            return [(file, 0, f"{lang}: no number {error} to say", "see the docstring of its kind")]
    return []
