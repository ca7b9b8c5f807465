"""Changes to look at before publishing them: often a changed unit, not a real change.

Counts of attention really do change by orders of magnitude; their new figures are not checked.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from etl.build import Merged, SourceResult, collectors
from etl.diff import SERIES, Diff
from etl.observation_rules import BREAK, KINDS
from etl.tables import keys, map_by_category
from etl.tidy import number_text, period_form

JUMP = 10.0
"""A revision by this factor or more looks like a change of units and is quarantined."""


def suspicious(
    old: pd.DataFrame, diff: Diff, old_sources: pd.DataFrame, new: Merged, result: SourceResult,
    indicators: pd.DataFrame,
) -> str:  # fmt: skip
    """Return why a collected result should be looked at before it is published; ``""`` if it need not.

    That is a value revised by a factor of ten; a further figure of a series a hundred times its last one, or
    a hundredth of it; a series that is gone. ``old``: the observations published before.
    """
    if result.source.id == "curated":
        return ""
    return (
        _revised(diff.revised, new, result, indicators)
        or _continued(old, diff.new, new, result, indicators)
        or _vanished(diff, old_sources, result)
    )


def _from_source(frame: pd.DataFrame, documents: pd.DataFrame, result: SourceResult) -> npt.NDArray[np.bool_]:
    who = map_by_category(frame, "source_id", collectors(documents), "")
    return np.asarray(who == result.source.id, dtype=bool)


def _has_magnitude(frame: pd.DataFrame, indicators: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell of each row whether its size means something: not a rank, a rate or the date of an event."""
    kinds = dict(zip(indicators["indicator_id"], indicators["kind"], strict=True))
    return np.isin(map_by_category(frame, "indicator_id", kinds, "").astype(str), KINDS)


def _revised(revised: pd.DataFrame, new: Merged, result: SourceResult, indicators: pd.DataFrame) -> str:
    ours = revised[_from_source(revised, new.sources, result) & _has_magnitude(revised, indicators)]
    jumps = ours[(ours["old_value"] != 0) & ~_near((ours["value"] / ours["old_value"]).abs(), JUMP)]
    if jumps.empty:
        return ""
    row = jumps.iloc[0]
    return (
        f"{len(jumps)} figures changed by a factor of {JUMP:g} or more, such as "
        f"{row['indicator_id']} of {row['entity_id']} in {row['period']}: "
        f"{number_text(row['old_value'])} → {number_text(row['value'])}"
    )


def _continued(
    old: pd.DataFrame, fresh: pd.DataFrame, new: Merged, result: SourceResult, indicators: pd.DataFrame
) -> str:
    """Compare the first further figure of each series with the last one published of the same rhythm."""
    domains = dict(zip(indicators["indicator_id"], indicators["domain"], strict=True))
    wanted = _from_source(fresh, new.sources, result) & _has_magnitude(fresh, indicators)
    fresh = fresh[wanted & (map_by_category(fresh, "indicator_id", domains, "") != "attention")]
    there, here = keys(old, fresh, columns=SERIES)
    rhythm = [*SERIES, "form"]
    first = _with_form(fresh).drop_duplicates(rhythm)  # sorted by key, so the first is the earliest
    both = _with_form(old[np.isin(there, here)]).merge(first, on=rhythm, suffixes=("", "_next"))
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


def _vanished(diff: Diff, old_sources: pd.DataFrame, result: SourceResult) -> str:
    if not result.replaces:
        return ""
    ours = diff.vanished[_from_source(diff.vanished, old_sources, result)]
    gone, there = keys(ours, result.observations, columns=SERIES)
    lost = ours[~np.isin(gone, there)]
    if lost.empty:
        return ""
    return f"whole series vanished, such as {lost['indicator_id'].iloc[0]} of {lost['entity_id'].iloc[0]}"
