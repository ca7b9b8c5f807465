"""What changed between two published states, by kind of change.

*new*: a further period or document of an existing series; *appeared*: a new series (entity and
indicator); *revised*: another value under the same key; *vanished*: gone. *annotated*: the same value with
another status, note or locator; these are only counted. Order of rows and spelling of numbers never count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from etl.tables import KEY, TEXTS, keys
from etl.tidy import number_text

SERIES = ("entity_id", "indicator_id")
MARKS = {"revised": "~", "vanished": "-", "appeared": "*", "new": "+"}
MOST_REVISED = 2000
"""Revised figures that are listed one by one."""


@dataclass
class Diff:
    """Observations by what happened to them.

    ``revised`` has the columns ``old_value`` and ``value`` and is sorted by ``relative`` (size of the
    change over the old size), largest first; the others are sorted by key.
    """

    new: pd.DataFrame
    appeared: pd.DataFrame
    revised: pd.DataFrame
    vanished: pd.DataFrame
    annotated: pd.DataFrame

    def counts(self) -> dict[str, int]:
        return {kind: len(getattr(self, kind)) for kind in KINDS}


KINDS = tuple(field.name for field in fields(Diff))


def compare(old: pd.DataFrame, new: pd.DataFrame) -> Diff:
    old_key, new_key = keys(old, new)
    old_series, new_series = keys(old, new, columns=SERIES)
    known, match = match_keys(old_key, new_key)
    fresh = np.flatnonzero(~known)
    further = np.isin(new_series[fresh], old_series)
    old_values = old["value"].to_numpy()[match] if len(old) else np.zeros(len(new))
    values = new["value"].to_numpy()
    changed = known & (old_values != values)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        relative = np.abs(values - old_values) / np.abs(old_values)
    revised = new[changed].assign(old_value=old_values[changed], relative=relative[changed])
    order = np.lexsort((new_key[changed], -revised["relative"].to_numpy()))
    same = known & ~changed
    return Diff(
        new=_sorted(new, new_key, fresh[further]),
        appeared=_sorted(new, new_key, fresh[~further]),
        revised=revised.iloc[order].reset_index(drop=True),
        vanished=_sorted(old, old_key, np.flatnonzero(~match_keys(new_key, old_key)[0])),
        annotated=_annotated(old.take(match[same]), new[same]),
    )


def match_keys(where: Any, what: Any) -> tuple[Any, Any]:
    """Return which of the keys ``what`` are in ``where``, and at which place."""
    if not len(where):
        return np.zeros(len(what), dtype=bool), np.zeros(len(what), dtype=np.int64)
    if (where[1:] >= where[:-1]).all():  # published tables are sorted already
        places = np.minimum(np.searchsorted(where, what), len(where) - 1)
    else:
        order = np.argsort(where, kind="stable")
        places = order[np.minimum(np.searchsorted(where, what, sorter=order), len(where) - 1)]
    return where[places] == what, places


def _sorted(frame: pd.DataFrame, key: Any, places: Any) -> pd.DataFrame:
    return frame.take(places[np.argsort(key[places], kind="stable")]).reset_index(drop=True)


def _annotated(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    differs = np.zeros(len(after), dtype=bool)
    for name in TEXTS:
        if name not in KEY:
            left, right = keys(before, after, columns=(name,))
            differs |= left != right
    return after[differs].reset_index(drop=True)


def as_records(diff: Diff, urls: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a plain record for each revised figure and for each series that vanished, appeared or grew.

    ``urls``: addresses of documents by id. Of revised figures the first :data:`MOST_REVISED` are listed.
    """
    found: list[dict[str, Any]] = [
        {
            "change": "revised", **{name: str(row[name]) for name in KEY},
            "old": row["old_value"], "new": row["value"],
            "relative": round(float(row["relative"]), 6) if np.isfinite(row["relative"]) else None,
            "document": urls.get(str(row["source_id"]), ""),
        }
        for row in diff.revised.head(MOST_REVISED).to_dict("records")
    ]  # fmt: skip
    for kind in ("vanished", "appeared", "new"):
        frame = getattr(diff, kind)
        (series,) = keys(frame, columns=SERIES)
        for places in np.split(np.arange(len(frame)), np.flatnonzero(np.diff(series)) + 1):
            if len(places):
                first, last = frame.iloc[places[0]], frame.iloc[places[-1]]
                found.append({
                    "change": kind, **{name: str(first[name]) for name in SERIES},
                    "first": str(first["period"]), "last": str(last["period"]), "figures": len(places),
                    "value": float(last["value"]), "document": urls.get(str(last["source_id"]), ""),
                })  # fmt: skip
    return found


def as_lines(records: Sequence[Mapping[str, Any]], most: int | None = None) -> list[str]:
    """Return a line for each record, up to ``most`` and one that says how many follow."""
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
