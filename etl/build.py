"""Merge published figures with what the sources now say into the figures to publish.

One figure (a key of entity, indicator, period, document) may be read by several collectors: a machine
reading, fresh or published before, wins over a hand reading, and a fresh one over what was published before.
A source that was not asked, failed, or only brings what is new keeps its published observations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from etl.diff import Diff, match_keys
from etl.errors import ShapeError
from etl.schema import ALL, TABLES
from etl.sources.base import OBSERVATION_COLUMNS, SOURCE_COLUMNS, Parsed, Source
from etl.tables import KEY, TEXTS, concat, keys, map_by_category, with_categories
from etl.tidy import number_text

DERIVED = "derived"
"""The collector of figures computed from published ones (:mod:`etl.derive`)."""


@dataclass
class SourceResult:
    """What one source brings: observations in memory form, its documents, when the newest bytes came."""

    source: Source
    observations: pd.DataFrame
    sources: pd.DataFrame
    as_of: str
    notes: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """Why it lacks something: what is not in it stays as published."""

    @property
    def replaces(self) -> bool:
        """Whether it is all there is to say, so that what is not in it is gone."""
        return not self.source.keeps_history and not self.errors


@dataclass
class Merged:
    """The observations and documents to publish, and what to tell about the merging."""

    observations: pd.DataFrame
    sources: pd.DataFrame
    notes: list[str] = field(default_factory=list)


def to_frames(parsed: Parsed, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a source's tables in memory form; refuse missing columns and values that are no numbers."""
    fix = f"fix {name} in etl/sources"
    for frame, table in ((parsed.observations, "observations"), (parsed.sources, "sources")):
        if missing := [c.name for c in ALL[table].columns if c.required and c.name not in frame]:
            raise ShapeError(name, f"columns missing: {', '.join(missing)}", fix)
    observations = parsed.observations.reindex(columns=list(OBSERVATION_COLUMNS), fill_value="")
    for column in TEXTS:
        if observations[column].dtype != "category":
            observations[column] = observations[column].fillna("").astype(str).str.strip()
    try:
        observations = with_categories(observations)
    except (TypeError, ValueError) as error:
        raise ShapeError(name, f"a value is not a number ({error})", fix) from None
    if not np.isfinite(observations["value"].to_numpy()).all():
        raise ShapeError(name, "a value is not a finite number", fix)
    sources = parsed.sources.reindex(columns=list(SOURCE_COLUMNS), fill_value="").fillna("")
    for column in SOURCE_COLUMNS:
        sources[column] = sources[column].astype(str).str.strip().astype(object)
    sources["collector"] = name
    return observations, sources.drop_duplicates("source_id", keep="last")


def collectors(sources: pd.DataFrame) -> dict[str, str]:
    return dict(zip(sources["source_id"], sources["collector"], strict=True))


def merge(
    old: pd.DataFrame,
    old_sources: pd.DataFrame,
    results: Sequence[SourceResult],
    only: frozenset[str] = frozenset(),
) -> Merged:
    """Merge what is published with what is fresh. ``only`` limits what is replaced to some entities."""
    replaced = {p.source.id for p in results if p.replaces}
    collector = map_by_category(old, "source_id", collectors(old_sources), "")
    drop = np.isin(collector.astype(str), sorted(replaced))
    if only:
        drop &= map_by_category(old, "entity_id", dict.fromkeys(only, True), False)
    drop |= collector == DERIVED
    ordered = sorted(results, key=lambda p: p.source.id == "curated")
    pieces = [(True, p.observations) for p in ordered if p.source.id != "curated"]
    hand = concat([p.observations for p in ordered if p.source.id == "curated"])
    # a source that brings only what is new does not read again what it read earlier
    machine = ~drop & ~np.isin(collector.astype(str), ["", "curated"])
    machine[machine] = ~_read_by_hand(old[machine], hand)
    pieces += [(False, old[machine]), (True, hand), (False, old[~drop & ~machine])]
    fresh = np.repeat([new for new, _ in pieces], [len(piece) for _, piece in pieces])
    frame = concat([piece for _, piece in pieces])
    notes: list[str] = []
    if len(frame):
        (key,) = keys(frame)
        order = np.argsort(key, kind="stable")
        repeat = np.zeros(len(frame), dtype=bool)
        repeat[1:] = key[order][1:] == key[order][:-1]
        both_fresh = repeat & fresh[order]
        values = frame["value"].to_numpy()[order]
        differ = int((both_fresh[1:] & (values[1:] != values[:-1])).sum())
        if differ:
            notes.append(
                f"{differ} figures are read from one document with two values; the collector's count"
            )
        frame = frame.take(order[~repeat]).reset_index(drop=True)
    return Merged(frame, _documents(frame, old_sources, ordered), notes)


def _read_by_hand(published: pd.DataFrame, hand: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell of each published figure whether it is the hand reading's: it names the same place."""
    if not len(published) or not len(hand):
        return np.zeros(len(published), dtype=bool)
    before, now = keys(published, hand)
    there: npt.NDArray[np.bool_]
    there, place = match_keys(now, before)
    ours, theirs = (frame["locator"].to_numpy().astype(str) for frame in (published, hand))
    there &= ours == theirs[place]
    return there


def _documents(frame: pd.DataFrame, old: pd.DataFrame, results: Sequence[SourceResult]) -> pd.DataFrame:
    """Return the documents in use. A document with a collector is never taken over by hand reading."""
    columns = list(SOURCE_COLUMNS)
    known = {str(row["source_id"]): row for row in old[columns].to_dict("records")}
    for result in reversed(results):
        for row in result.sources.to_dict("records"):
            name = str(row["source_id"])
            before = known.get(name)
            if before is not None and before["collector"] not in ("curated", DERIVED):
                if result.source.id == "curated":
                    continue
                if before["sha256"] == row["sha256"] and row["sha256"]:
                    row["retrieved"] = before["retrieved"]  # the same bytes, fetched earlier
            known[name] = row
    used = sorted(map(str, frame["source_id"].cat.remove_unused_categories().cat.categories))
    rows = [known[name] for name in used if name in known]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def drop_unknown_ids(
    frame: pd.DataFrame, entities: pd.DataFrame, indicators: pd.DataFrame
) -> tuple[pd.DataFrame, str]:
    """Leave out observations of ids that the catalogue lacks; say how many (``""`` if none)."""
    known = map_by_category(frame, "entity_id", dict.fromkeys(entities["entity_id"], True), False)
    known &= map_by_category(frame, "indicator_id", dict.fromkeys(indicators["indicator_id"], True), False)
    lost = int((~known).sum())
    note = f"{lost} observations of entities or indicators that are not in the catalogue left out"
    return (frame[known], note) if lost else (frame, "")


def unknown_ids(result: SourceResult, entities: pd.DataFrame, indicators: pd.DataFrame) -> list[str]:
    lost: list[str] = []
    for column, catalogue in (("entity_id", entities), ("indicator_id", indicators)):
        used = result.observations[column].cat.remove_unused_categories().cat.categories
        lost += sorted(set(map(str, used)) - set(catalogue[column]))
    return lost


def revisions(
    before: pd.DataFrame, diff: Diff, old_sources: pd.DataFrame, new_sources: pd.DataFrame,
    as_of: Mapping[str, str], reasons: Mapping[str, str],
) -> pd.DataFrame:  # fmt: skip
    """Return ``before`` with revised and vanished figures appended; ``as_of``, ``reasons``: by collector."""
    names = TABLES["revisions"].names
    rows: list[dict[str, str]] = []
    collector = {**collectors(old_sources), **collectors(new_sources)}
    last = max(as_of.values(), default="")
    for frame, gone in ((diff.revised, False), (diff.vanished, True)):
        for row in frame.to_dict("records"):
            who = collector.get(str(row["source_id"]), "")
            rows.append({
                **{name: str(row[name]) for name in KEY},
                "changed_at": as_of.get(who, last),
                "old_value": number_text(row["value"] if gone else row["old_value"]),
                "new_value": "" if gone else number_text(row["value"]),
                "reason": f"{who}: no longer there" if gone else reasons.get(who, f"{who}: revised"),
            })  # fmt: skip
    if not rows:
        return before
    added = pd.DataFrame(rows, columns=names, dtype=object).sort_values(["changed_at", *KEY])
    return pd.concat([before[names], added], ignore_index=True)
