"""What a refresh did and what it changed, as plain records; text and JSON are two functions over them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from etl.build import SERIES, Diff
from etl.tables import KEY
from etl.tidy import number_text

MARKS = {"revised": "~", "vanished": "-", "appeared": "*", "new": "+"}
KINDS = ("new", "appeared", "revised", "vanished", "annotated")
MOST_REVISED = 2000
"""Revised figures that are listed one by one."""
FRESH, UNCHANGED, FAILED, SKIPPED = "fresh", "unchanged", "failed", "skipped"
PARTIAL = "partial"
"""Published what came; the rest is as published before."""
STATES = (FRESH, UNCHANGED, PARTIAL, FAILED, SKIPPED)
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
    """What changed, figure by figure and series by series (:func:`as_records`)."""
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def as_records(diff: Diff, urls: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a plain record for each revised figure and for each series that vanished, appeared or grew."""
    records: list[dict[Any, Any]] = [
        {
            "change": "revised", **{name: str(row[name]) for name in KEY},
            "old": row["old_value"], "new": row["value"],
            "relative": round(float(row["relative"]), 6) if np.isfinite(row["relative"]) else None,
            "document": urls.get(str(row["source_id"]), ""),
        }
        for row in diff["revised"].head(MOST_REVISED).to_dict("records")
    ]  # fmt: skip
    for kind in ("vanished", "appeared", "new"):
        series = diff[kind].groupby(list(SERIES), observed=True, as_index=False)
        table = series.agg(
            first=("period", "first"), last=("period", "last"), figures=("value", "size"),
            value=("value", "last"), document=("source_id", "last"),
        )  # fmt: skip
        table = table.assign(change=kind, document=table["document"].astype(str).map(urls).fillna(""))
        records += table.to_dict("records")
    return records


def as_lines(records: Sequence[Mapping[str, Any]], most: int | None = None) -> list[str]:
    lines = [_line(record) for record in records]
    if most is not None and len(lines) > most:
        return [*lines[:most], f"… and {len(lines) - most:,} lines more: `pursuit diff` shows them all"]
    return lines


def _line(record: Mapping[str, Any]) -> str:
    name = f"{record['entity_id']} {record['indicator_id']}"
    if record["change"] == "revised":
        text = f"{name} {record['period']}: {number_text(record['old'])} → {number_text(record['new'])}"
        if record["relative"] is not None:
            text += f" ({'-' if record['new'] < record['old'] else '+'}{record['relative']:.2%})"
    elif record["figures"] == 1:
        text = f"{name} {record['first']}: {number_text(record['value'])}"
    else:
        text = f"{name}: {record['first']} to {record['last']}, {record['figures']:,} figures"
    return f"{MARKS[record['change']]} {record['change']:<8} {text}  {record['document']}".rstrip()


def source_line(report: SourceReport) -> str:
    if report.state in (FAILED, SKIPPED):
        return f"{report.source}: {report.state}: {report.error.removeprefix(f'{report.source}: ')}"
    asked = report.fetched + report.unchanged + report.absent + report.stored
    answers = f"{report.fetched} of {asked} answers new, " if asked else ""
    line = f"{report.source}: {answers}{report.observations:,} observations, {report.seconds:.1f} s"
    return f"{line}; partial: {report.error.removeprefix(f'{report.source}: ')}" if report.error else line


def counts_line(counts: Mapping[str, int]) -> str:
    return "figures: " + ", ".join(f"{counts.get(name, 0):,} {name}" for name in KINDS)


def as_text(report: RunReport, most: int = 20) -> list[str]:
    lines: list[str] = []
    for one in report.sources:
        lines += [f"  {one.source}: {note}" for note in one.notes]
        lines += [f"  {problem}" for problem in one.problems[:most]]
        if len(one.problems) > most:
            lines.append(f"  … and {len(one.problems) - most} more (--json lists all)")
    lines += [*(f"note: {note}" for note in report.notes), *report.problems]
    lines += as_lines(report.changes, most)
    states = Counter(one.state for one in report.sources)
    counted = [f"{states[state]} {state}" for state in STATES if states[state]]
    answers = {kind: sum(getattr(one, kind) for one in report.sources) for kind in ANSWERS}
    listed = ", ".join(f"{count:,} {kind}" for kind, count in answers.items() if count)
    lines.append(f"sources: {', '.join(counted) or 'none'}{'; answers: ' * bool(listed)}{listed}")
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
