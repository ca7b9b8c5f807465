"""How long all verdicts take on the shipped dataset: ``python benchmarks/claims.py [DATA] [RUNS]``.

Every run starts from a dataset read anew, so nothing is cached; the budget is a second for all of them,
once per dataset version.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from dashboard.claims import evaluate, verdict_sentence
from dashboard.dataset import LANGS, Dataset


def main(directory: Path, runs: int) -> None:
    """Print median and worst of ``runs`` fresh evaluations, of one from the cache, and of every sentence."""
    fresh: list[float] = []
    for _ in range(runs):
        dataset = Dataset.load(directory)
        start = time.perf_counter()
        verdicts = evaluate(dataset)
        fresh.append(time.perf_counter() - start)
    start = time.perf_counter()
    evaluate(dataset)
    cached = time.perf_counter() - start
    start = time.perf_counter()
    sentences = [verdict_sentence(v, dataset, lang).text for v in verdicts.values() for lang in LANGS]
    spoken = time.perf_counter() - start
    print(f"{len(verdicts)} verdicts, {len(dataset.table):,} observations, {runs} runs")
    print(f"fresh   median {1000 * statistics.median(fresh):7.1f} ms   worst {1000 * max(fresh):7.1f} ms")
    print(f"cached         {1000 * cached:7.3f} ms")
    print(f"words          {1000 * spoken:7.1f} ms   {len(sentences)} sentences")


if __name__ == "__main__":
    here = Path(__file__).resolve().parent.parent / "data"
    main(
        Path(sys.argv[1]) if len(sys.argv) > 1 else here, max(1, int(sys.argv[2])) if len(sys.argv) > 2 else 5
    )
