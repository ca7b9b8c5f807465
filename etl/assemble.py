"""Assemble the tables to publish: merge, derive, compare, check, and quarantine suspicious sources."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd

from etl import corrections, status
from etl.build import (
    DERIVED,
    Merged,
    SourceResult,
    collectors,
    drop_unknown_ids,
    merge,
    revisions,
    to_frames,
)
from etl.csvfiles import observation_bytes, small_bytes
from etl.derive import derived
from etl.descriptor import descriptor
from etl.diff import Diff, compare
from etl.errors import ValidationError
from etl.financials import stale_financials, without_disagreements
from etl.options import Options
from etl.problems import Problem
from etl.schema import OBSERVATIONS, TABLES
from etl.sources.base import SOURCE_COLUMNS, Source
from etl.suspicious import suspicious
from etl.tables import concat, map_by_category, split_by_domain
from etl.validate import Tables, check


@dataclass
class Assembly:
    """What is to be published, and what is quarantined (by source: line, problems)."""

    observations: pd.DataFrame
    sources: pd.DataFrame
    domains: dict[str, pd.DataFrame]
    revisions: pd.DataFrame
    diff: Diff
    changed_at: dict[str, str]
    """Collectors whose figures or documents changed → when the newest answer came."""
    quarantined: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    """Companies whose figures are older than their newest report (:mod:`etl.financials`)."""
    version: str = ""

    def files(
        self, data_dir: Path, asked: Sequence[Source], errors: Mapping[str, str], now: str, *, offline: bool
    ) -> dict[str, bytes]:
        """Return every generated file's bytes by its path. ``errors``: why sources failed."""
        files = {OBSERVATIONS[d].path: observation_bytes(frame) for d, frame in self.domains.items()}
        files["sources.csv"] = small_bytes(self.sources, TABLES["sources"])
        files["revisions.csv"] = small_bytes(self.revisions, TABLES["revisions"])
        files["status.json"] = status.to_bytes(self._status(data_dir, asked, errors, now, offline))
        files["datapackage.json"] = descriptor(files, data_dir, self.sources)
        self.version = str(json.loads(files["datapackage.json"])["version"])
        return files

    def _status(
        self, data_dir: Path, asked: Sequence[Source], errors: Mapping[str, str], now: str, offline: bool
    ) -> dict[str, status.JsonObject]:
        before = status.read(data_dir)
        measured = status.coverage(self.observations, self.sources)
        by_id = {source.id: source for source in asked}
        result = {}
        for name in sorted({*before, *measured, *errors}):
            known = before.get(name, {})
            error = str(known.get("error", ""))
            if name in by_id and not offline:
                # without the address: it may hold the day, and a failure that goes on changes nothing
                error = errors.get(name, "").partition(": http")[0]
            elif name in self.changed_at:
                error = ""
            if not known and name not in measured and offline:
                continue  # a source that was never asked has no status
            result[name] = status.entry(
                known, measured.get(name, {}), by_id.get(name), self.changed_at.get(name, ""), error, now
            )
        if "filings" in result:
            result["filings"]["stale_financials"] = self.stale
        return result


def assemble(
    tables: Tables, results: Sequence[SourceResult], options: Options, data_dir: Path, today: date
) -> Assembly:
    """Build the next state of the dataset from the published ``tables`` and the sources' ``results``.

    A source's result that breaks a rule or looks suspicious (unless accepted) is quarantined, and the rest
    is built again without it. Raises :class:`ValidationError` for faults that no result is to blame for.
    """
    entities, indicators = tables.small["entities"], tables.small["indicators"]
    old = concat(list(tables.observations.values()))
    base, retired = drop_unknown_ids(old, entities, indicators)
    with contextlib.suppress(ValidationError):  # reported already by every source that was parsed
        base = corrections.apply_to_published(corrections.read(data_dir), base)
    old_sources = tables.small["sources"]
    quarantined: dict[str, tuple[str, list[str]]] = {}
    while True:
        going = [result for result in results if result.source.id not in quarantined]
        merged = merge(base, old_sources, going, frozenset(options.entities))
        merged = with_derived(without_disagreements(merged), entities, indicators)
        diff = compare(old, merged.observations)
        domains = split_by_domain(merged.observations, indicators)
        refused: dict[str, tuple[str, list[str]]] = {}
        for result in [] if options.accept else going:
            if why := suspicious(old, diff, old_sources, merged, result, indicators):
                line = f"{result.source.id}: quarantined: {why}; look at it, then run again with --accept"
                refused[result.source.id] = (line, [])
        if not refused:
            fresh = Tables({**tables.small, "sources": merged.sources}, domains)
            fresh.small["sources"].index = pd.RangeIndex(2, len(merged.sources) + 2)
            problems = [p for p in check(fresh, today) if p.error]
            refused = _broken_results(problems, domains, merged.sources, {p.source.id for p in going})
            if not refused:
                if problems:
                    raise ValidationError([str(p) for p in sorted(set(problems))])
                break
        quarantined |= refused
    as_of = {result.source.id: result.as_of for result in going}
    stale = stale_financials(merged.observations)
    notes = [*merged.notes, *[retired] * bool(retired), *stale]
    changed = _changed_at(old_sources, merged, as_of, diff)
    changed_at = {**as_of, DERIVED: max(as_of.values(), default=today.isoformat())}
    reasons = {"curated": "curated: the hand-read figure was changed", DERIVED: "derived: recomputed"}
    ledger = revisions(tables.small["revisions"], diff, old_sources, merged.sources, changed_at, reasons)
    return Assembly(
        merged.observations, merged.sources, domains, ledger, diff, changed, quarantined, notes, stale
    )


def with_derived(merged: Merged, entities: pd.DataFrame, indicators: pd.DataFrame) -> Merged:
    parsed = derived(merged.observations, merged.sources)
    observations, documents = to_frames(parsed, DERIVED)
    observations, unknown = drop_unknown_ids(observations, entities, indicators)
    notes = [*merged.notes, *parsed.notes, *[unknown] * bool(unknown)]
    if not len(observations):
        return replace(merged, notes=notes)
    sources = pd.concat([merged.sources, documents], ignore_index=True)
    sources = sources.drop_duplicates("source_id", keep="first").sort_values("source_id", ignore_index=True)
    return Merged(concat([merged.observations, observations]), sources[list(SOURCE_COLUMNS)], notes)


def _broken_results(
    problems: Sequence[Problem], domains: Mapping[str, pd.DataFrame], sources: pd.DataFrame, going: set[str]
) -> dict[str, tuple[str, list[str]]]:
    who = collectors(sources)
    by_path = {OBSERVATIONS[domain].path: frame for domain, frame in domains.items()}
    found: dict[str, list[str]] = {}
    for problem in problems:
        frame = by_path.get(problem.file, sources if problem.file == "sources.csv" else None)
        if frame is None or problem.line not in frame.index:
            continue
        name = who.get(str(frame.at[problem.line, "source_id"]), "")
        if name in going:
            found.setdefault(name, []).append(str(problem))
    return {
        name: (f"{name}: {len(lines)} figures break the dataset's rules; fix the source or its input", lines)
        for name, lines in found.items()
    }


def _changed_at(
    old_sources: pd.DataFrame, merged: Merged, as_of: Mapping[str, str], diff: Diff
) -> dict[str, str]:
    touched: set[str] = set()
    for frame in (diff.new, diff.appeared, diff.revised, diff.annotated):
        touched |= set(map_by_category(frame, "source_id", collectors(merged.sources), ""))
    touched |= set(map_by_category(diff.vanished, "source_id", collectors(old_sources), ""))
    columns = list(SOURCE_COLUMNS)
    rows = pd.concat([old_sources[columns].astype(str), merged.sources[columns].astype(str)])
    touched |= set(rows[~rows.duplicated(keep=False)]["collector"])
    return {name: as_of.get(name, max(as_of.values(), default="")) for name in sorted(touched - {""})}
