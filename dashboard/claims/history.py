"""``verdicts.csv``, the history of the verdicts: one row whenever an outcome is new or has changed."""

import logging
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from dashboard.claims.evaluate import evaluate
from dashboard.claims.finding import OUTCOMES
from dashboard.dataset import Dataset, DatasetError
from dashboard.dataset.reading import plain_text, rows

FILE = "verdicts.csv"


@dataclass(frozen=True, slots=True)
class Step:
    changed_at: str
    dataset_version: str
    claim_id: str
    outcome: str
    previous_outcome: str
    deciding_entity: str = ""
    deciding_indicator: str = ""
    deciding_period: str = ""
    deciding_value: float | None = None


def read_history(directory: Path | None) -> dict[str, list[Step]]:
    """Return claim id → its entries, the oldest first; empty where there is no log, or a damaged one."""
    steps: dict[str, list[Step]] = {}
    try:
        for step in rows(directory / FILE, Step) if directory else ():
            if step.outcome in OUTCOMES and step.previous_outcome in (*OUTCOMES, ""):
                steps.setdefault(step.claim_id, []).append(step)
    except DatasetError as error:
        logging.getLogger("pursuit").warning("left out: %s", error)
    return steps


def updated(directory: Path, day: str) -> dict[str, bytes]:
    """Return the log with a row of ``day`` for every outcome that is new or has changed; empty if none is.

    Raises ``DatasetError`` where the dataset or the log before cannot be read.
    """
    path, dataset = directory / FILE, Dataset.load(directory)
    last = {step.claim_id: step.outcome for step in rows(path, Step)}
    new = []
    for claim, verdict in evaluate(dataset).items():
        if last.get(claim) == verdict.outcome:
            continue
        by_key = {o.key: o for o in verdict.finding.used}
        if verdict.margin:  # what the verdict turns on, else the newest that it uses
            o = by_key.get(verdict.margin.of[0])
        else:
            o = max(verdict.finding.used, key=lambda o: o.period, default=None)
        figure = (o.entity_id, o.indicator_id, o.period, o.value) if o else ()
        new.append(Step(day, dataset.version, claim, verdict.outcome, last.get(claim, ""), *figure))
    if not new:
        return {}
    before = plain_text(path).rstrip("\n") + "\n" if path.is_file() else ""
    log = pd.DataFrame(map(asdict, new)).to_csv(index=False, header=not before, lineterminator="\n")
    return {FILE: (before + log).encode("utf-8")}
