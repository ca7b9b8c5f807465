"""Merge published figures with what the sources now say into the figures to publish.

One figure (a key of entity, indicator, period, document) may be read by several collectors: a machine
reading, fresh or published before, wins over a hand reading, and a fresh one over what was published before.
A source that was not asked, failed, or only brings what is new keeps its published observations. Copies of a
company's report that disagree with it are left out with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from etl.errors import ShapeError
from etl.schema import ALL, TABLES
from etl.sources.base import OBSERVATION_COLUMNS, SOURCE_COLUMNS, Parsed, Source
from etl.sources.exchanges import ANNUAL, report_year
from etl.tables import KEY, POINT, TEXTS, concat, keys, map_by_category, used_categories, with_categories
from etl.tidy import number_text

DERIVED = "derived"
"""The collector of figures computed from published ones (:mod:`etl.derive`)."""
REPORT, COPY = "filings", "eastmoney"
APART = 0.01
"""Share by which the two may differ (rounding, restatement to the thousand)."""
FIGURE = "revenue"
"""The figure every annual report states and every company here is followed by."""
SERIES = ("entity_id", "indicator_id")
Diff = dict[str, pd.DataFrame]
"""Observations by kind of change, sorted by key.

*new*: a further period or document of an existing series; *appeared*: a new series; *vanished*: gone;
*revised*: another value under the same key, sorted by ``relative`` (to ``old_value``), largest first;
*annotated*: the same value with another status, note or locator.
"""


@dataclass(kw_only=True)
class SourceResult(Parsed):
    """What one source brings, in memory form. ``errors``: what it lacks stays as published."""

    source: Source
    as_of: str
    """When the newest bytes came."""

    @property
    def replaces(self) -> bool:
        """Whether it is all there is to say, so that what is not in it is gone."""
        return not self.source.keeps_history and not self.errors


def in_memory(parsed: Parsed, name: str) -> Parsed:
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
    sources = sources.assign(collector=name).drop_duplicates("source_id", keep="last")
    return replace(parsed, observations=observations, sources=sources)


def collectors(sources: pd.DataFrame) -> dict[str, str]:
    return dict(zip(sources["source_id"], sources["collector"], strict=True))


def merge(
    old: pd.DataFrame, old_sources: pd.DataFrame, results: Sequence[SourceResult], only: frozenset[str]
) -> Parsed:
    """Merge what is published with what is fresh. ``only`` limits what is replaced to some entities."""
    collector = map_by_category(old, "source_id", collectors(old_sources), "").astype(str)
    drop = np.isin(collector, [result.source.id for result in results if result.replaces])
    if only:
        drop &= map_by_category(old, "entity_id", dict.fromkeys(only, True), False)
    drop |= collector == DERIVED
    ordered = sorted(results, key=lambda result: result.source.id == "curated")
    hand = concat([result.observations for result in ordered if result.source.id == "curated"])
    # a source that brings only what is new does not read again what it read earlier
    machine = ~drop & ~np.isin(collector, ["", "curated"])
    machine[machine] = ~_read_by_hand(old[machine], hand)
    pieces = [(True, result.observations) for result in ordered if result.source.id != "curated"]
    pieces += [(False, old[machine]), (True, hand), (False, old[~drop & ~machine])]
    fresh = np.repeat([new for new, _ in pieces], [len(piece) for _, piece in pieces])
    frame = concat([piece for _, piece in pieces])
    (key,) = keys(frame)
    order = np.argsort(key, kind="stable")
    repeat = np.append(False, np.diff(key[order]) == 0)[: len(key)]
    values = frame["value"].to_numpy()[order]
    differ = np.count_nonzero((repeat & fresh[order])[1:] & (np.diff(values) != 0))
    note = f"{differ} figures are read from one document with two values; the collector's count"
    frame = frame.take(order[~repeat]).reset_index(drop=True)
    return Parsed(frame, _documents(frame, old_sources, ordered), [note] * bool(differ))


def _read_by_hand(published: pd.DataFrame, hand: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell of each published figure whether it is the hand reading's: it names the same place."""
    before, now = keys(published, hand)
    matched: npt.NDArray[np.bool_]
    matched, place = match_keys(now, before)
    locators, by_hand = (frame["locator"].to_numpy().astype(str) for frame in (published, hand))
    matched[matched] = locators[matched] == by_hand[place[matched]]
    return matched


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
    rows = [known[name] for name in sorted(used_categories(frame["source_id"])) if name in known]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def drop_unknown_ids(parsed: Parsed, entities: pd.DataFrame, indicators: pd.DataFrame) -> Parsed:
    frame = parsed.observations
    known = map_by_category(frame, "entity_id", dict.fromkeys(entities["entity_id"], True), False)
    known &= map_by_category(frame, "indicator_id", dict.fromkeys(indicators["indicator_id"], True), False)
    lost = int((~known).sum())
    note = f"{lost} observations of entities or indicators that are not in the catalogue left out"
    return replace(parsed, observations=frame[known], notes=[*parsed.notes, *[note] * bool(lost)])


def revisions(
    before: pd.DataFrame, diff: Diff, old_sources: pd.DataFrame, new_sources: pd.DataFrame,
    as_of: Mapping[str, str], reasons: Mapping[str, str],
) -> pd.DataFrame:  # fmt: skip
    """Return ``before`` with revised and vanished figures appended; ``as_of``, ``reasons``: by collector."""
    names = TABLES["revisions"].names
    rows: list[dict[str, str]] = []
    collector = {**collectors(old_sources), **collectors(new_sources)}
    last = max(as_of.values(), default="")
    for frame, gone in ((diff["revised"], False), (diff["vanished"], True)):
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


def compare(old: pd.DataFrame, new: pd.DataFrame) -> Diff:
    old_key, new_key = keys(old, new)
    old_series, new_series = keys(old, new, columns=SERIES)
    known, match = match_keys(old_key, new_key)
    further = np.isin(new_series, old_series)
    values, old_values = new["value"].to_numpy(), np.full(len(new), np.nan)
    old_values[known] = old["value"].to_numpy()[match[known]]
    changed = known & (old_values != values)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        relative = np.abs(values - old_values) / np.abs(old_values)
    revised = new.assign(old_value=old_values, relative=relative)[changed]
    order = np.lexsort((new_key[changed], -revised["relative"].to_numpy()))
    same = known & ~changed
    before, after = old.take(match[same]), new[same]
    notes = [keys(before, after, columns=(name,)) for name in TEXTS if name not in KEY]
    annotated = np.any([left != right for left, right in notes], axis=0)
    return {
        "new": _sorted(new, new_key, ~known & further),
        "appeared": _sorted(new, new_key, ~known & ~further),
        "revised": revised.iloc[order].reset_index(drop=True),
        "vanished": _sorted(old, old_key, ~match_keys(new_key, old_key)[0]),
        "annotated": after[annotated].reset_index(drop=True),
    }


def match_keys(where: Any, what: Any) -> tuple[Any, Any]:
    """Return which of the keys ``what`` are in ``where``, and at which place."""
    if not len(where):
        return np.zeros(len(what), dtype=bool), np.zeros(len(what), dtype=np.int64)
    order = np.argsort(where, kind="stable")
    places = order[np.minimum(np.searchsorted(where, what, sorter=order), len(where) - 1)]
    return where[places] == what, places


def _sorted(frame: pd.DataFrame, key: Any, chosen: Any) -> pd.DataFrame:
    places = np.flatnonzero(chosen)
    return frame.take(places[np.argsort(key[places], kind="stable")]).reset_index(drop=True)


def without_disagreements(merged: Parsed) -> Parsed:
    """Leave out a report's figure and its copy where they differ: nothing here can tell which was misread."""
    who = merged.observations["source_id"].astype(str).map(collectors(merged.sources))
    frame = merged.observations[[*POINT, "value"]].astype(dict.fromkeys(POINT, str))
    reports = frame[who == REPORT].drop_duplicates(POINT)
    both = frame[who == COPY].reset_index().merge(reports, on=POINT, suffixes=("", "_report"))
    odd = both[(both["value"] - both["value_report"]).abs() > APART * both["value_report"].abs()]
    if odd.empty:
        return merged
    notes = [
        f"{row.entity_id} {row.period}, {row.indicator_id}: the report says {row.value_report:,.0f}, "
        f"its copy {row.value:,.0f}: neither is published"
        for row in odd.itertuples()
    ]
    named = pd.MultiIndex.from_frame(frame[POINT]).isin(pd.MultiIndex.from_frame(odd[POINT]))
    gone = who.isin([REPORT, COPY]).to_numpy() & named
    return replace(merged, observations=merged.observations[~gone], notes=[*merged.notes, *notes])


def stale_financials(observations: pd.DataFrame) -> list[str]:
    """Return a line for each company whose newest ``revenue`` year is before its newest annual report's."""
    names = ["entity_id", "indicator_id", "period", "status", "locator"]
    wanted = observations[observations["indicator_id"].isin([ANNUAL, FIGURE]).to_numpy()][names].astype(str)
    newest, figures = dict[str, tuple[int, str]](), dict[str, int]()
    for entity, indicator, period, status, title in wanted.itertuples(index=False):
        if indicator == ANNUAL:
            newest[entity] = max(newest.get(entity, (0, "")), (report_year(title, period), period))
        elif len(period) == len("2024") and status != "doubtful":
            figures[entity] = max(figures.get(entity, 0), int(period))
    lines = []
    for entity, (year, filed) in sorted(newest.items()):
        have = figures.get(entity, 0)
        if have < year:
            state = f"the newest {FIGURE} here is of {have}" if have else f"no {FIGURE} is here"
            lines.append(f"{entity}: stale: the annual report {year} was filed on {filed}, {state}")
    return lines
