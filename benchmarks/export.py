"""Milliseconds a figure to draw and to write: ``python -m benchmarks.export [--rounds 3] [--out DIR]``.

Draws every story figure on the shipped dataset in three languages, after one warm-up, and prints the
median and the 95th percentile of each step, in processor time (steadier than the clock on a busy
machine). With ``--out`` it also writes all of them to files and prints what a file cost. Nothing is
fetched, and no browser runs.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from dashboard.dataset import LANGS, Dataset
from dashboard.export import export
from dashboard.figures import build, figure_ids
from dashboard.figures.layout import place
from dashboard.figures.record import Chart
from dashboard.paths import data_dir
from dashboard.pictures import credited, draw, png, svg
from dashboard.pictures.pdf import pdf


def timed(step: Callable[[], object]) -> float:
    """Return the milliseconds of processor time that ``step`` takes, all threads together."""
    start = time.process_time()
    step()
    return (time.process_time() - start) * 1e3


def show(name: str, times: list[float]) -> None:
    """Print one line: median and 95th percentile."""
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(f"{name:24} {statistics.median(ordered):8.1f} {p95:8.1f}   n={len(times)}")


def drawn(chart: Chart, dataset: Dataset) -> dict[str, float]:
    """Return the milliseconds of each step for one figure.

    Each step gets a fresh copy of the record, since layouts are remembered by record.
    """
    picture = draw(chart)

    def fresh() -> Chart:
        return credited(chart, dataset)

    return {
        "layout": timed(lambda: place(fresh(), 640, 360)),
        "svg, framed": timed(lambda: draw(fresh()).svg()),
        "svg, page": timed(lambda: svg(fresh(), "css")),
        "svg, fonts inside": timed(lambda: draw(fresh()).svg(embed_fonts=True)),
        "pdf": timed(lambda: pdf(picture)),
        "png, 1280 wide": timed(lambda: png(picture)),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1, help="how often every figure is drawn")
    parser.add_argument("--out", type=Path, help="also write every figure to files under this directory")
    parser.add_argument("--jobs", type=int, default=1, help="worker processes for --out")
    given = parser.parse_args()
    dataset = Dataset.load(data_dir())
    warm = credited(build("pursuit_lines", dataset, "zh-Hans"), dataset)
    for lang in LANGS:  # fonts are read once a process
        draw(credited(build("pursuit_lines", dataset, lang), dataset))
    pdf(draw(warm))
    steps: dict[str, list[float]] = {}
    for _ in range(given.rounds):
        for lang in LANGS:
            for figure in figure_ids(dataset):
                chart = credited(build(figure, dataset, lang), dataset)
                for step, spent in drawn(chart, dataset).items():
                    steps.setdefault(step, []).append(spent)
    print(f"{'ms a figure':24} {'median':>8} {'p95':>8}")
    for name, times in steps.items():
        show(name, times)
    if given.out:
        formats = ("svg", "png", "pdf", "csv", "json")
        start = time.perf_counter()
        report = export(dataset, None, formats, LANGS, given.out, jobs=given.jobs)
        spent = (time.perf_counter() - start) * 1e3
        done = len(report.written)
        print(f"export: {done} files, {len(report.skipped)} current, {spent / max(done, 1):.1f} ms a file")


if __name__ == "__main__":
    main()
