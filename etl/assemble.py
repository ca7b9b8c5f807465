"""Assemble the tables to publish: merge, derive, compare, check, and quarantine suspicious sources."""

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from etl import status
from etl.build import (
    DERIVED,
    SERIES,
    Diff,
    SourceResult,
    collectors,
    compare,
    drop_unknown_ids,
    in_memory,
    merge,
    revisions,
    stale_financials,
    without_disagreements,
)
from etl.checks import BREAK, KINDS
from etl.derive import derived
from etl.errors import Problem, ValidationError
from etl.ledgers import correct_published, read_corrections
from etl.options import Options
from etl.schema import OBSERVATIONS, TABLES
from etl.sources.base import SOURCE_COLUMNS, Parsed, Source
from etl.tables import concat, keys, map_by_category, observation_bytes, small_bytes, split_by_domain
from etl.tidy import number_text, period_form
from etl.validate import Tables, check, descriptor

JUMP = 10.0
"""A revision by this factor or more looks like a change of units and is quarantined."""


@dataclass
class Assembly:
    """What is to be published, and the sources that are quarantined, with their problems."""

    observations: pd.DataFrame
    sources: pd.DataFrame
    domains: dict[str, pd.DataFrame]
    revisions: pd.DataFrame
    diff: Diff
    changed_at: dict[str, str]
    """Collectors whose figures or documents changed → when the newest answer came."""
    quarantined: dict[str, list[str]]
    notes: list[str]

    def files(
        self, data_dir: Path, asked: Sequence[Source], errors: Mapping[str, str], now: str, *, offline: bool
    ) -> dict[str, bytes]:
        """Return every generated file's bytes by its path. ``errors``: why sources failed."""
        files = {OBSERVATIONS[d].path: observation_bytes(frame) for d, frame in self.domains.items()}
        files["sources.csv"] = small_bytes(self.sources, TABLES["sources"])
        files["revisions.csv"] = small_bytes(self.revisions, TABLES["revisions"])
        before, measured = status.read(data_dir), status.coverage(self.observations, self.sources)
        rows = status.updated(before, measured, asked, errors, self.changed_at, now, offline=offline)
        if "filings" in rows:
            rows["filings"]["stale_financials"] = stale_financials(self.observations)
        text = json.dumps({"collectors": rows}, ensure_ascii=False, indent=1, sort_keys=True)
        files["status.json"] = f"{text}\n".encode()
        return files | {"datapackage.json": descriptor(files, data_dir, self.sources)}


def assemble(
    tables: Tables, results: Sequence[SourceResult], options: Options, data_dir: Path, today: date
) -> Assembly:
    """Build the next state of the dataset from the published ``tables`` and the sources' ``results``.

    A source's result that breaks a rule or looks suspicious (unless accepted) is quarantined, and the rest
    is built again without it. Raises :class:`ValidationError` for faults that no result is to blame for.
    """
    entities, indicators = tables.small["entities"], tables.small["indicators"]
    old, old_sources = concat(list(tables.observations.values())), tables.small["sources"]
    published = drop_unknown_ids(Parsed(old, old_sources), entities, indicators)
    base = published.observations
    with contextlib.suppress(ValidationError):  # reported already by every source that was parsed
        base = correct_published(read_corrections(data_dir), base)
    quarantined: dict[str, list[str]] = {}
    while True:
        accepted = [result for result in results if result.source.id not in quarantined]
        merged = merge(base, old_sources, accepted, frozenset(options.entities))
        merged = with_derived(without_disagreements(merged), entities, indicators)
        diff = compare(old, merged.observations)
        refused: dict[str, list[str]] = {}
        for result in [] if options.accept else accepted:
            if why := suspicious(old, diff, old_sources, merged.sources, result, indicators):
                line = f"{result.source.id}: quarantined: {why}; look at it, then run again with --accept"
                refused[result.source.id] = [line]
        if not refused:
            domains = split_by_domain(merged.observations, indicators)
            fresh = Tables({**tables.small, "sources": merged.sources}, domains)
            fresh.small["sources"].index = pd.RangeIndex(2, len(merged.sources) + 2)
            problems = [p for p in check(fresh, today) if p.error]
            refused = _broken_results(problems, domains, merged.sources, {p.source.id for p in accepted})
            if not refused:
                if problems:
                    raise ValidationError(sorted(set(problems)))
                break
        quarantined |= refused
    as_of = {result.source.id: result.as_of for result in accepted}
    changed_at = {**as_of, DERIVED: max(as_of.values(), default=today.isoformat())}
    reasons = {"curated": "curated: the hand-read figure was changed", DERIVED: "derived: recomputed"}
    ledger = revisions(tables.small["revisions"], diff, old_sources, merged.sources, changed_at, reasons)
    changed = _changed_at(old_sources, merged.sources, as_of, diff)
    notes = [*merged.notes, *published.notes, *stale_financials(merged.observations)]
    return Assembly(merged.observations, merged.sources, domains, ledger, diff, changed, quarantined, notes)


def with_derived(merged: Parsed, entities: pd.DataFrame, indicators: pd.DataFrame) -> Parsed:
    parsed = in_memory(derived(merged.observations, merged.sources), DERIVED)
    parsed = drop_unknown_ids(parsed, entities, indicators)
    sources = pd.concat([merged.sources, parsed.sources][: 1 + bool(len(parsed.observations))])
    sources = sources.drop_duplicates("source_id", keep="first").sort_values("source_id", ignore_index=True)
    observations = concat([merged.observations, parsed.observations])
    return Parsed(observations, sources[list(SOURCE_COLUMNS)], [*merged.notes, *parsed.notes])


def _broken_results(
    problems: Sequence[Problem],
    domains: Mapping[str, pd.DataFrame],
    sources: pd.DataFrame,
    accepted: set[str],
) -> dict[str, list[str]]:
    who, broken = collectors(sources), dict[str, list[str]]()
    frames = {OBSERVATIONS[domain].path: frame for domain, frame in domains.items()} | {
        "sources.csv": sources
    }
    for problem in problems:
        frame = frames.get(problem.file)
        if frame is not None and problem.line in frame.index:
            name = who.get(str(frame.at[problem.line, "source_id"]), "")
            if name in accepted:
                broken.setdefault(name, []).append(str(problem))
    fix = "figures break the dataset's rules; fix the source or its input"
    return {name: [f"{name}: {len(lines)} {fix}", *lines] for name, lines in broken.items()}


def _changed_at(
    old_sources: pd.DataFrame, sources: pd.DataFrame, as_of: Mapping[str, str], diff: Diff
) -> dict[str, str]:
    touched = set()
    for kind, frame in diff.items():
        documents = old_sources if kind == "vanished" else sources
        touched |= set(map_by_category(frame, "source_id", collectors(documents), ""))
    columns = list(SOURCE_COLUMNS)
    rows = pd.concat([old_sources[columns].astype(str), sources[columns].astype(str)])
    touched |= set(rows[~rows.duplicated(keep=False)]["collector"])
    return {name: as_of.get(name, max(as_of.values(), default="")) for name in sorted(touched - {""})}


def suspicious(
    old: pd.DataFrame, diff: Diff, old_sources: pd.DataFrame, sources: pd.DataFrame,
    result: SourceResult, indicators: pd.DataFrame,
) -> str:  # fmt: skip
    """Return why a result should be looked at before it is published (``""``: it need not).

    That is a value revised by a factor of ten; a further figure of a series a hundred times its last one, or
    a hundredth of it; a series that is gone.
    """
    if result.source.id == "curated":
        return ""
    sized = indicators[indicators["kind"].isin(KINDS)]  # not ranks, rates, dates of events
    counted = sized[sized["domain"] != "attention"]
    revised, further = _of(diff["revised"], sources, result, sized), diff["new"]
    if slip := _revised(revised) or _continued(old, _of(further, sources, result, counted)):
        return slip
    vanished = _of(diff["vanished"], old_sources, result)
    gone, still = keys(vanished, result.observations, columns=SERIES)
    lost = vanished[~np.isin(gone, still)]
    if lost.empty or not result.replaces:
        return ""
    return f"whole series vanished, such as {lost['indicator_id'].iloc[0]} of {lost['entity_id'].iloc[0]}"


def _of(
    frame: pd.DataFrame, sources: pd.DataFrame, result: SourceResult, indicators: pd.DataFrame | None = None
) -> pd.DataFrame:
    chosen: npt.NDArray[np.bool_] = (
        map_by_category(frame, "source_id", collectors(sources), "") == result.source.id
    )
    if indicators is not None:
        chosen &= frame["indicator_id"].isin(indicators["indicator_id"]).to_numpy()
    return frame[chosen]


def _revised(revised: pd.DataFrame) -> str:
    jumps = revised[
        (revised["old_value"] != 0) & ~_near((revised["value"] / revised["old_value"]).abs(), JUMP)
    ]
    if jumps.empty:
        return ""
    row = jumps.iloc[0]
    return (
        f"{len(jumps)} figures changed by a factor of {JUMP:g} or more, such as "
        f"{row['indicator_id']} of {row['entity_id']} in {row['period']}: "
        f"{number_text(row['old_value'])} → {number_text(row['value'])}"
    )


def _continued(old: pd.DataFrame, fresh: pd.DataFrame) -> str:
    """Compare the first further figure of each series with the last one published of the same rhythm."""
    published, further = keys(old, fresh, columns=SERIES)
    rhythm = [*SERIES, "form"]
    first = _with_form(fresh).drop_duplicates(rhythm)  # sorted by key, so the first is the earliest
    both = _with_form(old[np.isin(published, further)]).merge(first, on=rhythm, suffixes=("", "_next"))
    both = both[both["period"] < both["period_next"]].sort_values([*rhythm, "period"])
    last = both.drop_duplicates(rhythm, keep="last")
    ratio = (last["value_next"] / last["value"]).abs()
    slips = last[np.isfinite(ratio) & (ratio > 0) & ~_near(ratio, BREAK)]
    if slips.empty:
        return ""
    row = slips.iloc[0]
    return (
        f"{len(slips)} series go on {BREAK:g} times as large or small as they were, such as "
        f"{row['indicator_id']} of {row['entity_id']}: {number_text(row['value'])} in {row['period']}, "
        f"{number_text(row['value_next'])} in {row['period_next']}"
    )


def _near(ratio: pd.Series, factor: float) -> pd.Series:
    return (ratio < factor) & (ratio > 1 / factor)


def _with_form(frame: pd.DataFrame) -> pd.DataFrame:
    """Return series, period, value and the kind of period: years are compared with years."""
    texts = frame[[*SERIES, "period"]].astype(str)
    return texts.assign(form=texts["period"].map(period_form), value=frame["value"])
