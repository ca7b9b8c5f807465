"""100 million observations: 2,800 counties and 5,500 companies, 300 indicators, 40 years.

    python benchmarks/hundred_million.py FOLDER [--rows 100000000]
    python benchmarks/hundred_million.py FOLDER --measure

The first call writes the dataset (about 7 GB of CSV) and packs it; the second opens it and measures the
first page, charts of nine series on random indicators, a map of all counties, and the memory a worker takes.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import duckdb

from dashboard.app import create_app
from dashboard.dataset import Dataset
from dashboard.dataset.parquet import pack
from dashboard.pages import explore_answers

SHIPPED = Path(__file__).resolve().parents[1] / "data"
COUNTIES, COMPANIES, INDICATORS, FIRST_YEAR, YEARS = 2_800, 5_500, 300, 1984, 40


def write(folder: Path, rows: int) -> None:
    """Write the shipped dataset with about ``rows`` synthetic observations beside it, and pack both."""
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("curated", "packed"), dirs_exist_ok=True)
    indicators = max(1, min(INDICATORS, rows // ((COUNTIES + COMPANIES) * YEARS)))
    places = [(f"county_{n:04d}", "city") for n in range(COUNTIES)]
    places += [(f"company_{n:04d}", "company") for n in range(COMPANIES)]
    _append(folder / "entities.csv", [
        {"entity_id": e, "kind": k, "name_en": e, "name_zh_hans": e, "name_zh_hant": e} for e, k in places
    ])  # fmt: skip
    _append(folder / "indicators.csv", [
        {"indicator_id": f"synthetic_{n:03d}", "domain": "economy", "entity_kind": "city",
         "name_en": f"Synthetic {n}", "name_zh_hans": f"合成 {n}", "name_zh_hant": f"合成 {n}", "unit": "CNY",
         "kind": "flow", "frequency": "annual", "definition_en": "Made up.", "scale": "linear"}
        for n in range(indicators)
    ])  # fmt: skip
    _append(folder / "sources.csv", [
        {"source_id": f"synthetic_{n:02d}", "title": f"Synthetic yearbook {n}", "publisher": "Nobody",
         "url": f"https://example.org/{n}", "tier": "reference", "custody": "issuer",
         "retrieved": "2026-01-01"}
        for n in range(YEARS)
    ])  # fmt: skip
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("CREATE TABLE places (entity_id VARCHAR, kind VARCHAR)")
    connection.executemany("INSERT INTO places VALUES (?, ?)", places)
    connection.execute(
        """COPY (
        SELECT entity_id, printf('synthetic_%03d', i) AS indicator_id, (? + y)::VARCHAR AS period,
            round(random() * 1e6, 1) AS value, printf('synthetic_%02d', y) AS source_id, 'final' AS status,
            '' AS note, printf('table %d', i % 25) AS locator
        FROM places, range(?) a(i), range(?) b(y)) TO ? (FORMAT csv, HEADER)""",
        [FIRST_YEAR, indicators, YEARS, str(folder / "observations" / "synthetic.csv")],
    )
    began = time.perf_counter()
    print(f"{pack(folder):,} observations packed in {time.perf_counter() - began:.0f} s")


def _append(table: Path, rows: list[dict[str, str]]) -> None:
    with table.open(encoding="utf-8", newline="") as handle:
        columns = next(csv.reader(handle))
    with table.open("a", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, restval="", lineterminator="\n")
        writer.writerows(rows)


def measure(folder: Path) -> None:
    """Print how long opening, first page and charts take, and the memory of this process."""
    began = time.perf_counter()
    dataset = Dataset.load(folder)
    print(f"{len(dataset.table):,} observations open after {time.perf_counter() - began:.1f} s")
    client = create_app(dataset).server.test_client()
    print(f"first page after {_seconds(lambda: client.get('/', follow_redirects=True)):.1f} s more")
    chosen = random.Random(1)  # noqa: S311 - which charts are asked for
    synthetic = [i for i in dataset.indicators if i.startswith("synthetic_")]
    root = f"/explore/chart/{explore_answers.version(dataset)}.json?lang=en&"
    for entities, repeats in ((9, 150), (300, 20)):
        times = []
        for _ in range(repeats):
            counties = sorted(chosen.sample(range(COUNTIES), entities))
            query = f"i={chosen.choice(synthetic)}&e=" + "~".join(f"county_{n:04d}" for n in counties)
            times.append(_seconds(lambda at=root + query: client.get(at)))
        times.sort()
        median, late = (1000 * times[int(part * repeats)] for part in (0.5, 0.95))
        print(f"chart of {entities} series: median {median:.0f} ms, p95 {late:.0f} ms")
    began = time.perf_counter()
    dataset.preferred(synthetic[-1], [f"county_{n:04d}" for n in range(COUNTIES)])
    print(f"figures of every county: {1000 * (time.perf_counter() - began):.0f} ms")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory of the process at its peak: {peak:.0f} MiB")


def _seconds(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    status = call().status_code
    if status != 200:
        raise SystemExit(f"answered {status}")
    return time.perf_counter() - began


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=100_000_000)
    parser.add_argument("--measure", action="store_true")
    asked = parser.parse_args()
    measure(asked.folder) if asked.measure else write(asked.folder, asked.rows)


if __name__ == "__main__":
    main()
