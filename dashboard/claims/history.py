"""The history of the verdicts: one row whenever an outcome is new or has changed."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from dashboard.claims.evaluate import Verdict
from dashboard.claims.finding import OUTCOMES
from dashboard.dataset import Observation
from dashboard.dataset.reading import DatasetError, plain_text

COLUMNS = (
    "changed_at", "dataset_version", "claim_id", "outcome", "previous_outcome",
    "deciding_entity", "deciding_indicator", "deciding_period", "deciding_value",
)  # fmt: skip
FILE = "verdicts.csv"


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the log: the day, the answer, the one before it, and the figure it turned on."""

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
    for number, row in enumerate(rows, start=2):
        try:
            step = _step(row)
            steps.setdefault(row["claim_id"], []).append(step)
        except (KeyError, ValueError) as error:
            log.warning("%s:%d is left out: %s", path, number, error)
    return steps


def _step(row: Mapping[str, str]) -> Step:
    """Read one row; raises ``KeyError`` or ``ValueError`` for a damaged one."""
    day, claim_, outcome, previous, entity, indicator, period, value = (
        row[c] for c in COLUMNS if c != "dataset_version"
    )
    if outcome not in OUTCOMES or previous not in (*OUTCOMES, ""):
        raise ValueError(f"no known outcome for {claim_}")
    date.fromisoformat(day[:10])
    return Step(day, outcome, previous, entity, indicator, period, float(value) if value else None)


def verdict_rows(verdicts: Mapping[str, Verdict], date: str) -> pd.DataFrame:
    """Return one row a claim as it stands (``previous_outcome`` empty); all columns are text."""
    rows = []
    for claim_id, verdict in verdicts.items():
        o = deciding_observation(verdict)
        decided = ("", "", "", "") if o is None else (o.entity_id, o.indicator_id, o.period, repr(o.value))
        rows.append((date, verdict.dataset_version, claim_id, verdict.outcome, "", *decided))
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def deciding_observation(verdict: Verdict) -> Observation | None:
    """Return the observation a verdict turns on: the one its margin scales, else the newest it uses."""
    by_key = {o.key: o for o in verdict.used}
    if verdict.margin is not None and verdict.margin.of:
        return by_key.get(verdict.margin.of[0])
    return max(verdict.used, key=lambda o: o.period, default=None)


def append_history(previous: pd.DataFrame | None, verdicts: Mapping[str, Verdict], date: str) -> pd.DataFrame:
    """Return ``previous`` with a row added for every claim whose outcome is new or has changed.

    ``previous`` has the columns :data:`COLUMNS` (``None`` or empty: no history yet) and is left as it is;
    raises ``ValueError`` when a column is missing.
    """
    now = verdict_rows(verdicts, date)
    if previous is None or previous.empty:
        return now
    missing = [c for c in COLUMNS if c not in previous.columns]
    if missing:
        raise ValueError(f"the history of verdicts lacks the column {missing[0]!r}; restore the file")
    last = dict(zip(previous["claim_id"], previous["outcome"], strict=True))
    before = now["claim_id"].map(last).fillna("").astype(str)
    changed = now.assign(previous_outcome=before)[(now["outcome"] != before).to_numpy()]
    return pd.concat([previous[list(COLUMNS)], changed], ignore_index=True)
