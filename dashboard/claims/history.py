"""``verdicts.csv``, the history of the verdicts: one row whenever an outcome is new or has changed."""

import csv
import io
import logging
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dashboard.claims.evaluate import Verdict, evaluate
from dashboard.claims.finding import OUTCOMES
from dashboard.dataset import Dataset, Observation
from dashboard.dataset.reading import DatasetError, plain_text

COLUMNS = (
    "changed_at", "dataset_version", "claim_id", "outcome", "previous_outcome",
    "deciding_entity", "deciding_indicator", "deciding_period", "deciding_value",
)  # fmt: skip
FILE = "verdicts.csv"


@dataclass(frozen=True, slots=True)
class Step:
    changed_at: str
    outcome: str
    previous: str
    entity: str
    indicator: str
    period: str
    value: float | None


def read_history(directory: Path | None) -> dict[str, list[Step]]:
    """Return claim id → its entries, the oldest first; empty where there is no log."""
    path = directory / FILE if directory is not None else None
    if path is None or not path.is_file():
        return {}
    log = logging.getLogger("pursuit")
    steps: dict[str, list[Step]] = {}
    try:
        rows = list(csv.DictReader(io.StringIO(plain_text(path), newline=""), restval=""))
    except (DatasetError, csv.Error) as error:
        log.warning("left out: %s: %s", FILE, error)
        return {}
    for line, row in enumerate(rows, start=2):
        try:
            day, _, claim, outcome, previous, *figure, value = (row[c] for c in COLUMNS)
            entity, indicator, period = figure
            if outcome not in OUTCOMES or previous not in (*OUTCOMES, ""):
                raise ValueError(f"no known outcome for {claim}")
            date.fromisoformat(day[:10])
            number = float(value) if value else None
            steps.setdefault(claim, []).append(
                Step(day, outcome, previous, entity, indicator, period, number)
            )
        except (KeyError, ValueError) as error:
            log.warning("%s:%d is left out: %s", path, line, error)
    return steps


def updated(directory: Path, day: str) -> dict[str, bytes]:
    """Return the log with a row of ``day`` for every outcome that is new or has changed; empty if none is.

    Nothing is written here: who publishes the dataset publishes the log with it, in one step. Raises
    ``DatasetError`` where the dataset or the log before cannot be read.
    """
    path = directory / FILE
    before = plain_text(path) if path.is_file() else ",".join(COLUMNS) + "\n"
    rows = csv.DictReader(io.StringIO(before, newline=""))
    if missing := set(COLUMNS) - set(rows.fieldnames or ()):
        raise DatasetError(f"{path}: the column {min(missing)!r} is missing; restore the file")
    last = {row["claim_id"]: row["outcome"] for row in rows}
    log = io.StringIO()
    write = csv.writer(log, lineterminator="\n").writerow
    for claim, verdict in evaluate(Dataset.load(directory)).items():
        if last.get(claim) == verdict.outcome:
            continue
        o = deciding_observation(verdict)
        figure = (o.entity_id, o.indicator_id, o.period, repr(o.value)) if o else ("",) * 4
        write((day, verdict.dataset_version, claim, verdict.outcome, last.get(claim, ""), *figure))
    if not log.getvalue():
        return {}
    return {FILE: (before.rstrip("\n") + "\n" + log.getvalue()).encode("utf-8")}


def deciding_observation(verdict: Verdict) -> Observation | None:
    """Return the observation a verdict turns on: the one its margin scales, else the newest it uses."""
    by_key = {o.key: o for o in verdict.used}
    if verdict.margin is not None and verdict.margin.of:
        return by_key.get(verdict.margin.of[0])
    return max(verdict.used, key=lambda o: o.period, default=None)
