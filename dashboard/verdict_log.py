"""``data/verdicts.csv``: one row whenever a verdict is new or has changed; the last step of a publish."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from dashboard.claims import append_history, evaluate
from dashboard.dataset import Dataset
from dashboard.site import collected

NAME = "verdicts.csv"


def updated(directory: Path) -> dict[str, bytes]:
    """Return the log of the dataset in ``directory`` with its new outcomes, by path; empty if none is new.

    Nothing is written here: who publishes the dataset publishes the log with it, in one step. Raises
    ``DatasetError`` or ``ValueError`` where the dataset or the log before cannot be read.
    """
    dataset = Dataset.load(directory)
    path = directory / NAME
    before = pd.read_csv(path, dtype=str, keep_default_na=False) if path.is_file() else None
    after = append_history(before, evaluate(dataset), collected(dataset))
    if len(after) == (0 if before is None else len(before)):
        return {}
    return {NAME: after.to_csv(index=False, lineterminator="\n").encode("utf-8")}
