"""What a refresh did, as plain records; text and JSON are two functions over them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from etl.diff import KINDS, as_lines

FRESH, UNCHANGED, FAILED, SKIPPED = "fresh", "unchanged", "failed", "skipped"
PARTIAL = "partial"
"""Published what came; the rest is as published before."""
ANSWERS = ("fetched", "unchanged", "absent", "stored")
ABOUT_SOURCES = frozenset({"status.json", "datapackage.json"})
"""Files that change, with no figure, when a source begins or ceases to fail."""


@dataclass
class SourceReport:
    source: str
    state: str = FAILED
    fetched: int = 0
    unchanged: int = 0
    absent: int = 0
    stored: int = 0
    observations: int = 0
    error: str = ""
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass
class RunReport:
    """What a whole run did. ``exit_code``: 0 all fresh, 3 some source lacks figures, 1 none published."""

    sources: list[SourceReport] = field(default_factory=list)
    exit_code: int = 1
    published: bool = False
    dry_run: bool = False
    offline: bool = False
    observations: int = 0
    documents: int = 0
    version: str = ""
    seconds: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    """What changed, figure by figure and series by series (:func:`etl.diff.as_records`)."""
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def source_line(report: SourceReport) -> str:
    if report.state in (FAILED, SKIPPED):
        return f"{report.source}: {report.state}: {report.error.removeprefix(f'{report.source}: ')}"
    asked = report.fetched + report.unchanged + report.absent + report.stored
    answers = f"{report.fetched} of {asked} answers new, " if asked else ""
    line = f"{report.source}: {answers}{report.observations:,} observations, {report.seconds:.1f} s"
    return f"{line}; partial: {report.error.removeprefix(f'{report.source}: ')}" if report.error else line


def counts_line(counts: Mapping[str, int]) -> str:
    return "figures: " + ", ".join(f"{counts.get(name, 0):,} {name}" for name in KINDS)


def _totals(sources: Sequence[SourceReport]) -> str:
    states = Counter(one.state for one in sources)
    order = [state for state in (FRESH, UNCHANGED, PARTIAL, FAILED, SKIPPED) if states[state]]
    answers = {kind: sum(getattr(one, kind) for one in sources) for kind in ANSWERS}
    line = "sources: " + (", ".join(f"{states[state]} {state}" for state in order) or "none")
    listed = ", ".join(f"{count:,} {kind}" for kind, count in answers.items() if count)
    return f"{line}; answers: {listed}" if listed else line


def as_text(report: RunReport, most: int = 20) -> list[str]:
    lines: list[str] = []
    for one in report.sources:
        lines += [f"  {one.source}: {note}" for note in one.notes]
        lines += [f"  {problem}" for problem in one.problems[:most]]
        if len(one.problems) > most:
            lines.append(f"  … and {len(one.problems) - most} more (--json lists all)")
    lines += [*(f"note: {note}" for note in report.notes), *report.problems]
    lines += as_lines(report.changes, most)
    lines.append(_totals(report.sources))
    if report.counts:
        lines.append(counts_line(report.counts))
    failed = [one.source for one in report.sources if one.state == FAILED]
    if failed:
        lines.append(f"stale, kept as last published: {', '.join(failed)}")
    if report.dry_run:
        outcome = f"dry run, nothing written; {len(report.files)} files would change"
    elif report.published and set(report.files) <= ABOUT_SOURCES:
        outcome = f"only the sources' status changed: {report.observations:,} observations as before"
    elif report.published:
        outcome = f"published {report.observations:,} observations from {report.documents:,} documents"
    elif report.exit_code == 1:
        outcome = "nothing published"
    else:
        outcome = f"nothing changed: {report.observations:,} observations from {report.documents:,} documents"
    lines.append(f"{outcome}; {report.seconds:.1f} s")
    return lines
