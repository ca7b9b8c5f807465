"""Changes to look at before publishing them: often a changed unit, not a real change.

Counts of attention really do change by orders of magnitude; their new figures are not checked.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from etl.build import Merged, SourceResult, collectors
from etl.diff import Diff
from etl.jumps import BREAK, KINDS
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
    a hundredth of it; a whole series that is gone. (A sign that a quantity cannot have breaks the rules.)
    ``old``: the observations published before.
    """
    if result.source.id == "curated":
        return ""
    return (
        _revised(diff.revised, new, result, indicators)
        or _continued(old, diff.new, new, result, indicators)
        or _vanished(diff, old_sources, result)
    )


def _from_source(frame: pd.DataFrame, documents: pd.DataFrame, result: SourceResult) -> npt.NDArray[np.bool_]:
    ours: npt.NDArray[np.bool_] = (
        map_by_category(frame, "source_id", collectors(documents), "") == result.source.id
    )
    return ours


def _has_magnitude(frame: pd.DataFrame, indicators: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell of each row whether its size means something: not a rank, a rate or the date of an event."""
    kinds = dict(zip(indicators["indicator_id"], indicators["kind"], strict=True))
    return np.isin(map_by_category(frame, "indicator_id", kinds, "").astype(str), KINDS)


def _revised(revised: pd.DataFrame, new: Merged, result: SourceResult, indicators: pd.DataFrame) -> str:
    if not len(revised):
        return ""
    before, after = revised["old_value"].to_numpy(), revised["value"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = np.abs(after / before)
    jump = _from_source(revised, new.sources, result) & _has_magnitude(revised, indicators) & (before != 0)
    jump &= (ratio >= JUMP) | (ratio <= 1 / JUMP)
    if not jump.any():
        return ""
    row = revised.iloc[int(np.argmax(jump))]
    return (
        f"{int(jump.sum())} figures changed by a factor of {JUMP:g} or more, such as "
        f"{row['indicator_id']} of {row['entity_id']} in {row['period']}: "
        f"{number_text(row['old_value'])} → {number_text(row['value'])}"
    )


def _continued(
    old: pd.DataFrame, fresh: pd.DataFrame, new: Merged, result: SourceResult, indicators: pd.DataFrame
) -> str:
    """Compare the first further figure of each series with the last one published of the same rhythm."""
    domains = dict(zip(indicators["indicator_id"], indicators["domain"], strict=True))
    if not len(fresh):
        return ""
    wanted = _from_source(fresh, new.sources, result) & _has_magnitude(fresh, indicators)
    wanted &= map_by_category(fresh, "indicator_id", domains, "") != "attention"
    fresh = fresh[wanted]
    if not len(fresh):
        return ""
    there, news = keys(old, fresh, columns=("entity_id", "indicator_id"))
    series, first = np.unique(news, return_index=True)  # sorted by key, so the first is the earliest
    firsts = fresh.iloc[first]
    place = np.minimum(np.searchsorted(series, there), len(series) - 1)
    same = series[place] == there
    known, place = old[same], place[same]
    then, now = keys(known, firsts, columns=("period",))
    earlier = (then < now[place]) & (_forms(known) == _forms(firsts)[place])
    known, place, then = known[earlier], place[earlier], then[earlier]
    order = np.lexsort((then, place))
    last = order[np.flatnonzero(np.diff(place[order], append=-1))]
    before, after = known.iloc[last], firsts.iloc[place[last]]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = np.abs(after["value"].to_numpy() / before["value"].to_numpy())
    slips = np.flatnonzero(np.isfinite(ratio) & (ratio > 0) & ((ratio >= BREAK) | (ratio <= 1 / BREAK)))
    if not len(slips):
        return ""
    one, other = before.iloc[slips[0]], after.iloc[slips[0]]
    return (
        f"{len(slips)} series go on {BREAK:g} times as large or small as they were, such as "
        f"{one['indicator_id']} of {one['entity_id']}: {number_text(one['value'])} in {one['period']}, "
        f"{number_text(other['value'])} in {other['period']}"
    )


def _forms(frame: pd.DataFrame) -> npt.NDArray[np.str_]:
    """Return each row's kind of period: years are compared with years, months with months."""
    periods = frame["period"].array.categories
    forms: npt.NDArray[np.str_] = map_by_category(
        frame, "period", {p: period_form(p) for p in periods}, ""
    ).astype(str)
    return forms


def _vanished(diff: Diff, old_sources: pd.DataFrame, result: SourceResult) -> str:
    if not len(diff.vanished) or not result.replaces:
        return ""
    ours = diff.vanished[_from_source(diff.vanished, old_sources, result)]
    gone, there = keys(ours, result.observations, columns=("entity_id", "indicator_id"))
    lost = ~np.isin(gone, there)
    if not lost.any():
        return ""
    row = ours.iloc[int(np.argmax(lost))]
    return f"whole series vanished, such as {row['indicator_id']} of {row['entity_id']}"
