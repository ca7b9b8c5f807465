"""How long a publish of a large dataset takes, and how much memory.

    python benchmarks/etl_scale.py [--rows 1500000] [--folder DIR]

Makes a synthetic dataset (hundreds of cities, dozens of indicators, monthly), publishes it, then measures
in a process of its own a refresh in which one in a thousand figures is revised: read, merge, compare,
check, write, swap. Prints one JSON line with wall-clock and processor seconds, processor seconds a step, and
peak resident memory.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from etl import assemble as assembling
from etl import refresh as refreshing
from etl.network import Clock
from etl.options import Options, RunEnvironment
from etl.schema import OBSERVATIONS, TABLES
from etl.sources.base import Context, Parsed, Requests, Snapshot, Source
from etl.tables import small_bytes

MONTHS = [f"{year}-{month:02d}" for year in range(1990, 2026) for month in range(1, 13)]
DOMAINS = ("economy", "people", "housing")
DOCUMENTS = 500


def sizes(rows: int) -> tuple[int, int]:
    """Return how many cities and indicators make at least ``rows`` observations."""
    indicators = 30
    return -(-rows // (len(MONTHS) * indicators)), indicators


def make_inputs(data: Path, rows: int) -> None:
    """Write the catalogue of a synthetic dataset."""
    cities, indicators = sizes(rows)
    (data / "essay").mkdir(parents=True)
    (data / "curated").mkdir()
    for table in TABLES.values():
        if table.hand_written:
            (data / table.path).write_text(",".join(table.names) + "\n", "utf-8")
    blank = dict.fromkeys(TABLES["entities"].names, "")
    frame = pd.DataFrame([
        {**blank, "entity_id": f"city_{n:04d}", "kind": "city", "name_en": f"City {n}", "name_zh_hans": "市",
         "name_zh_hant": "市"} for n in range(cities)
    ])  # fmt: skip
    (data / "entities.csv").write_bytes(small_bytes(frame, TABLES["entities"]))
    texts = {
        f"{stem}_{code}": "text" for stem in ("name", "definition") for code in ("en", "zh_hans", "zh_hant")
    }
    frame = pd.DataFrame([
        {"indicator_id": f"measure_{n:03d}", "domain": DOMAINS[n % len(DOMAINS)], "entity_kind": "city",
         "unit": "CNY", "kind": "flow", "frequency": "monthly", "better": "", "scale": "linear", **texts}
        for n in range(indicators)
    ])  # fmt: skip
    (data / "indicators.csv").write_bytes(small_bytes(frame, TABLES["indicators"]))


class Synthetic(Source):
    """A source that answers with all rows at once, one in a thousand revised in a later ``edition``."""

    id: ClassVar[str] = "synthetic"
    title: ClassVar[str] = "Synthetic"
    cadence_days: ClassVar[int] = 30

    def __init__(self, rows: int, edition: int) -> None:
        self.rows, self.edition = rows, edition

    def requests(self, context: Context) -> Requests:
        """Ask for nothing."""
        return []

    def parse(self, snapshots: Sequence[Snapshot], context: Context) -> Parsed:
        """Make the rows."""
        cities, indicators = sizes(self.rows)
        place = np.arange(cities * indicators * len(MONTHS))
        month, rest = place % len(MONTHS), place // len(MONTHS)
        values = np.random.default_rng(1).lognormal(10, 3, len(place)).round(2) + 1
        values[::1000] += 0.01 * self.edition

        def category(codes: Any, names: list[str]) -> pd.Categorical:
            return pd.Categorical.from_codes(codes, pd.Index(names, dtype="str"))

        none = np.zeros(len(place), dtype=np.int8)
        observations = pd.DataFrame({
            "entity_id": category(rest // indicators, [f"city_{n:04d}" for n in range(cities)]),
            "indicator_id": category(rest % indicators, [f"measure_{n:03d}" for n in range(indicators)]),
            "period": category(month, MONTHS),
            "value": values,
            "source_id": category(place % DOCUMENTS, [f"document_{n:04d}" for n in range(DOCUMENTS)]),
            "status": category(none, ["final"]),
            "note": category(none, [""]),
            "locator": category(month, [f"table 1, column {m}" for m in MONTHS]),
        })  # fmt: skip
        documents = [
            {"source_id": f"document_{n:04d}", "title": f"Yearbook {n}", "publisher": "Bureau",
             "url": f"https://example.org/{n}", "tier": "official", "custody": "relay"}
            for n in range(DOCUMENTS)
        ]  # fmt: skip
        parsed = Parsed.of([], documents)
        parsed.observations = observations
        return parsed


def run(data: Path, rows: int, edition: int) -> dict[str, Any]:
    """Refresh once and return seconds a step, counts, and peak memory in MiB."""
    spent: dict[str, float] = {}

    def timed(module: Any, name: str) -> None:
        function: Callable[..., Any] = getattr(module, name)

        def measured(*args: Any, **kwargs: Any) -> Any:
            began = time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                spent[name] = spent.get(name, 0.0) + time.process_time() - began

        setattr(module, name, measured)

    of_assembling = ("merge", "compare", "check", "split_by_domain", "observation_bytes", "descriptor")
    for module, names in (
        (refreshing, ("published_tables", "collect", "publish")),
        (assembling, of_assembling),
    ):
        for name in names:
            timed(module, name)
    today = date(2026, 1, 1).isoformat()
    setting = RunEnvironment(
        env={"PURSUIT_DATA": str(data), "PURSUIT_CACHE": str(data.parent / "cache")},
        clock=Clock(now=lambda: f"{today}T00:00:0{edition}Z"),
        find=lambda names: [Synthetic(rows, edition)],
    )
    began = time.perf_counter()
    report = refreshing.refresh(Options(), setting)
    files = [data / table.path for table in OBSERVATIONS.values()]
    return {
        "rows": report.observations,
        "seconds": round(time.perf_counter() - began, 2),
        "cpu_seconds": round(time.process_time(), 2),
        "peak_MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "counts": report.counts,
        "exit_code": report.exit_code,
        "steps": {name: round(seconds, 2) for name, seconds in spent.items()},
        "MiB_on_disk": round(sum(p.stat().st_size for p in files if p.exists()) / 2**20),
        "errors": [s.error for s in report.sources if s.error] + report.problems[:3],
    }


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=1_500_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--edition", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.edition is not None:
        print(json.dumps(run(options.folder, options.rows, options.edition)))
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        data = Path(folder) / "data"
        make_inputs(data, options.rows)
        for edition, label in (
            (0, "first publish"),
            (1, "one figure in 1000 revised"),
            (1, "nothing changed"),
        ):
            command = [sys.executable, __file__, "--rows", str(options.rows), "--folder", str(data),
                       "--edition", str(edition)]  # fmt: skip
            answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
            if answer.returncode:
                sys.exit(answer.stderr)
            print(f"{label}: {answer.stdout.strip()}")


if __name__ == "__main__":
    main()
