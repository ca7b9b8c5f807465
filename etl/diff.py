"""What changed between two published states, by kind of change.

*new*: a further period or document of an existing series; *appeared*: a new series (entity and
indicator); *revised*: another value under the same key; *vanished*: gone. Rows whose value
stayed but whose status, note or locator changed are only counted (*annotated*). Order of rows, encoding
and the spelling of a number never count: keys are compared as keys, values as numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from etl.tables import KEY, keys
from etl.tidy import number_text

SERIES = ("entity_id", "indicator_id")


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

    @property
    def empty(self) -> bool:
        """Whether no value came, changed or went."""
        return not (len(self.new) or len(self.appeared) or len(self.revised) or len(self.vanished))

    def counts(self) -> dict[str, int]:
        """Return how many of each there are."""
        return {
            "new": len(self.new),
            "appeared": len(self.appeared),
            "revised": len(self.revised),
            "vanished": len(self.vanished),
            "annotated": len(self.annotated),
        }


def compare(old: pd.DataFrame, new: pd.DataFrame) -> Diff:
    """Compare two sets of observations (in memory form, keys unique in each)."""
    old_key, new_key = keys(old, new)
    old_series, new_series = keys(old, new, columns=SERIES)
    known, match = match_keys(old_key, new_key)
    fresh = np.flatnonzero(~known)
    was_there = np.isin(new_series[fresh], np.unique(old_series))
    old_values = old["value"].to_numpy()[match] if len(old) else np.zeros(len(new))
    values = new["value"].to_numpy()
    changed = known & (old_values != values)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        relative = np.abs(values - old_values) / np.abs(old_values)
    revised = new[changed].assign(old_value=old_values[changed], relative=relative[changed])
    order = np.lexsort((new_key[changed], -revised["relative"].to_numpy()))
    gone = ~match_keys(new_key, old_key)[0]
    return Diff(
        new=_sorted(new, new_key, fresh[was_there]),
        appeared=_sorted(new, new_key, fresh[~was_there]),
        revised=revised.iloc[order].reset_index(drop=True),
        vanished=_sorted(old, old_key, np.flatnonzero(gone)),
        annotated=new[_annotated(old, new, match, known & ~changed)].reset_index(drop=True),
    )


def as_rows(diff: Diff, urls: dict[str, str], most: int = 2000) -> list[dict[str, Any]]:
    """Return up to ``most`` changes of each kind as plain records with their documents' addresses."""
    rows: list[dict[str, Any]] = []
    for kind in ("revised", "vanished", "appeared", "new"):
        for row in getattr(diff, kind).head(most).to_dict("records"):
            record: dict[str, Any] = {"change": kind, **{name: str(row[name]) for name in KEY}}
            record["old"] = (
                row["old_value"] if kind == "revised" else row["value"] if kind == "vanished" else None
            )
            record["new"] = None if kind == "vanished" else row["value"]
            if kind == "revised":
                finite = np.isfinite(row["relative"])
                record["relative"] = round(float(row["relative"]), 6) if finite else None
            record["document"] = urls.get(str(row["source_id"]), "")
            rows.append(record)
    return rows


def as_series(diff: Diff, urls: dict[str, str]) -> list[dict[str, Any]]:
    """Return a record for each series that went, came or grew: its periods, how many, newest document."""
    found: list[dict[str, Any]] = []
    for kind in ("vanished", "appeared", "new"):
        frame = getattr(diff, kind)
        if not len(frame):
            continue
        (series,) = keys(frame, columns=SERIES)
        starts = np.flatnonzero(np.diff(series, prepend=-1))
        for start, end in zip(starts, [*starts[1:], len(frame)], strict=True):
            first, last = frame.iloc[start], frame.iloc[end - 1]
            found.append({
                "change": kind, "entity_id": str(first["entity_id"]),
                "indicator_id": str(first["indicator_id"]), "first": str(first["period"]),
                "last": str(last["period"]), "figures": int(end - start), "value": float(last["value"]),
                "document": urls.get(str(last["source_id"]), ""),
            })  # fmt: skip
    return found


def as_lines(
    rows: Sequence[Mapping[str, Any]], series: Sequence[Mapping[str, Any]], most: int | None = None
) -> list[str]:
    """Return a line for each revision, and one for each series that went, came or grew, for a terminal.

    ``rows``: as :func:`as_rows` gives them; ``series``: as :func:`as_series` does. More than ``most`` lines
    end with one that says so.
    """
    lines = [_line(row) for row in rows if row["change"] == "revised"]
    for one in series:
        name = f"{_MARKS[one['change']]} {one['change']:<8} {one['entity_id']} {one['indicator_id']}"
        if one["figures"] == 1:
            lines.append(f"{name} {one['first']}: {number_text(one['value'])}  {one['document']}")
        else:
            span = f"{one['first']} to {one['last']}, {one['figures']:,} figures"
            lines.append(f"{name}: {span}  {one['document']}")
    lines = [line.rstrip() for line in lines]
    if most is not None and len(lines) > most:
        return [*lines[:most], f"… and {len(lines) - most:,} lines more: `pursuit diff` shows them all"]
    return lines


_MARKS = {"revised": "~", "vanished": "-", "appeared": "*", "new": "+"}


def _line(row: Mapping[str, Any]) -> str:
    values = f"{number_text(row['old'])} → {number_text(row['new'])}"
    if row.get("relative") is not None:
        values += f" ({'-' if row['new'] < row['old'] else '+'}{row['relative']:.2%})"
    name = f"{row['entity_id']} {row['indicator_id']} {row['period']}"
    return f"{_MARKS[row['change']]} {row['change']:<8} {name}: {values}  {row['document']}"


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


def _sorted(frame: pd.DataFrame, key: np.ndarray[Any, np.dtype[np.int64]], places: Any) -> pd.DataFrame:
    return frame.take(places[np.argsort(key[places], kind="stable")]).reset_index(drop=True)


def _annotated(old: pd.DataFrame, new: pd.DataFrame, match: Any, same: Any) -> Any:
    found = np.zeros(len(new), dtype=bool)
    if len(old) and same.any():
        before, after = old.take(match[same]), new[same]
        differs = np.zeros(len(after), dtype=bool)
        for name in ("status", "note", "locator"):
            left, right = keys(before, after, columns=(name,))
            differs |= left != right
        found[np.flatnonzero(same)[differs]] = True
    return found
