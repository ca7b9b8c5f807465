"""Freeze what the shipped claims read as a small dataset for tests: ``python -m tools.freeze_fixture DIR``.

Run it only when claims read something new: a refresh must not change what tests rely on.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from dashboard.claims import essay, evaluate
from dashboard.dataset import Dataset
from dashboard.figures import build, figure_ids
from dashboard.paths import data_dir

TABLES = {"entities": "entity_id", "indicators": "indicator_id", "sources": "source_id"}


def main(out: Path) -> None:
    """Write every series that a claim or a chart reads, with the rows of the tables it needs."""
    data = data_dir()
    dataset = Dataset.load(data)
    evaluate(dataset)
    for figure in figure_ids(dataset):
        build(figure, dataset, "en")
    series = sorted(dataset.once("observations read", dict))
    rows = pd.DataFrame([o for i, e in series for o in dataset.all_of(i, e)])
    used = {k: set(rows[k]) for k in TABLES.values()}
    used["entity_id"] |= {e for c in essay(dataset).claims.values() for e in c.entities}
    used["indicator_id"] |= {i for c in essay(dataset).claims.values() for i in c.indicators}
    (out / "observations").mkdir(parents=True, exist_ok=True)
    rows.to_csv(out / "observations" / "economy.csv", index=False, lineterminator="\n")
    for name, key in TABLES.items():
        table = pd.read_csv(data / f"{name}.csv", dtype=str, keep_default_na=False)
        table[table[key].isin(used[key])].to_csv(out / f"{name}.csv", index=False, lineterminator="\n")
    gaps = pd.read_csv(data / "gaps.csv", dtype=str, keep_default_na=False)
    known = gaps["entity_id"].isin(used["entity_id"]) & gaps["indicator_id"].isin(used["indicator_id"])
    gaps[known].to_csv(out / "gaps.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
