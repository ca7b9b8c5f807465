"""A refresh of every source against a local replica of all of them, and what each fault comes to.

    python benchmarks/replica.py [--faults-only]

Prints the report of a first refresh, of a second one, of one without the network and of one in which a
source fails; then a table of faults, each against one source (the World Bank's), with the line the reader
gets. Nothing leaves this machine and nothing is written outside a temporary directory. Pauses between
requests and retries are not waited for.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "etl"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from faults import FAULTS, drip, plain
from replica import replicated
from test_replica import TODAY, Laboratory

from etl.options import Options, RunEnvironment
from etl.refresh import refresh
from etl.report import RunReport, as_text, source_line


def told(title: str, laboratory: Laboratory, run: Callable[[], RunReport]) -> RunReport:
    """Run, print the report and what was asked of the replica; return the report."""
    before, files, began = len(laboratory.replica.asked()), laboratory.files(), time.perf_counter()
    report = run()
    seconds = time.perf_counter() - began
    asked = laboratory.replica.asked(before)
    statuses = {s: sum(one.status == s for one in asked) for s in sorted({one.status for one in asked})}
    after = laboratory.files()
    written = sum(len(after[n][0]) for n in after if after[n] != files.get(n))
    print(f"\n## {title}: exit code {report.exit_code}")
    for one in report.sources:
        print(source_line(one))
    for line in as_text(report, most=5):
        print(line)
    answers = ", ".join(f"{count} × {status}" for status, count in statuses.items()) or "none"
    print(f"requests: {len(asked)} (answers: {answers}); {written:,} bytes written in data/; {seconds:.1f} s")
    return report


def faults(laboratory: Laboratory) -> None:
    """Print what each fault comes to."""
    print("\n## Faults against one source (worldbank), beside curated\n")
    print("| fault | exit | requests | figures kept | line |\n|---|---|---|---|---|")
    kept = laboratory.observations("economy")["indicator_id"].eq("cny_per_usd").sum()
    for name, fault in FAULTS.items():
        laboratory.replica.faults["/v2/"] = fault
        before = len(laboratory.replica.asked())
        setting = laboratory.setting()
        if fault is drip:
            setting.limits = type(setting.limits)(attempts=2, total=1.0)
        report = _refresh(setting)
        (one,) = [one for one in report.sources if one.source == "worldbank"]
        now = laboratory.observations("economy")["indicator_id"].eq("cny_per_usd").sum()
        requests = len(laboratory.replica.asked()) - before
        print(f"| {name} | {report.exit_code} | {requests} | {now} of {kept} | {one.error} |")
    laboratory.replica.faults.clear()
    report = _refresh(laboratory.setting())
    print(f"| none any more | {report.exit_code} | – | – | – |")


def _refresh(setting: RunEnvironment) -> RunReport:
    return refresh(Options(sources=("curated", "worldbank")), setting)


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--faults-only", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, replicated(TODAY) as replica:
        laboratory = Laboratory(Path(folder), replica)
        if options.faults_only:
            _refresh(laboratory.setting())
        else:
            told("first refresh of all sources", laboratory, laboratory.refresh)
            told("second refresh", laboratory, laboratory.refresh)
            told("--offline", laboratory, lambda: laboratory.refresh(offline=True))
            replica.faults["/orgs/"] = plain(500)
            told("GitHub answers 500", laboratory, laboratory.refresh)
            replica.faults.clear()
        faults(laboratory)


if __name__ == "__main__":
    main()
