"""The corrections ledger: what a source gets wrong, fixed in the open.

``curated/corrections.csv`` has one row per observation: what is done to it, and why::

    entity_id,indicator_id,period,source_id,action,expected_raw,value,reason
    shenzhen,gdp,2019,example_org_…,override,2692709,2692709000000,"the table's unit is 10k, not 1"
    shenzhen,gdp,2018,example_org_…,scale,2422198,1000000,"the same slip"
    suzhou,patents,2007,example_org_…,drop,4999999,,"a placeholder of the yearbook"
    beijing,wage,2011,example_org_…,flag,7,,"differs from the communiqué by a factor of 10,000"

- ``drop`` leaves the observation out; ``override`` puts ``value`` in its place; ``scale`` multiplies it
  with ``value``; ``flag`` keeps it but marks it ``doubtful``.
- ``expected_raw`` is what the source says today, in the indicator's unit. When it no longer does, the source
  fails with one clear line: a correction must never outlive its reason silently.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from etl.checks import read_table
from etl.errors import DataError, ValidationError
from etl.schema import LEDGERS
from etl.tables import category
from etl.tidy import number_text

TABLE = LEDGERS["corrections"]


def read(data_dir: Path) -> pd.DataFrame:
    """Return the ledger, checked in itself; raise :class:`ValidationError` with its faults."""
    frame = read_table(TABLE.name, data_dir)
    missing = frame["action"].isin(["override", "scale"]) & (frame["value"] == "")
    lines = [f"{TABLE.path}:{line}: no value; write a plain number" for line in frame.index[missing]]
    if lines:
        raise ValidationError(lines)
    return frame


def apply(ledger: pd.DataFrame, observations: pd.DataFrame, answered_for: set[str]) -> pd.DataFrame:
    """Return one source's ``observations`` with the ledger applied.

    ``answered_for``: documents that were read in full. A correction of one of them that finds no observation,
    or another value than it expects, raises :class:`DataError`.
    """
    fix = "check whether the correction is still needed; update or remove the row"
    chosen = []
    for line, row, place in _found(ledger[ledger["source_id"].isin(answered_for)], observations):
        where = f"{TABLE.path}:{line}: {row['indicator_id']} of {row['entity_id']} in {row['period']}"
        if place is None:
            raise DataError(f"{where}: the source no longer has this figure", fix)
        raw, expected = float(observations["value"].iloc[place]), float(row["expected_raw"])
        if raw != expected:
            found = f"expected {number_text(expected)}, the source says {number_text(raw)}"
            raise DataError(f"{where}: {found}", fix)
        chosen.append((row, place))
    return _corrected(observations, chosen)


def apply_to_published(ledger: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Return published observations with corrections that were written after they had been read.

    One that no longer has its expected raw value is corrected already, or is checked when it is read next.
    """
    chosen = [
        (row, place)
        for _, row, place in _found(ledger, published)
        if place is not None
        and float(published["value"].iloc[place]) == float(row["expected_raw"])
        and row["reason"] not in str(published["note"].iloc[place])
    ]
    return _corrected(published, chosen)


def _found(ledger: pd.DataFrame, observations: pd.DataFrame) -> Iterator[tuple[Any, pd.Series, int | None]]:
    places = np.flatnonzero(observations["source_id"].isin(set(ledger["source_id"])).to_numpy())
    keys = observations.iloc[places][list(TABLE.key)].astype(str).itertuples(index=False, name=None)
    place_of = dict(reversed([*zip(keys, places.tolist(), strict=True)]))  # the first of a key
    for line, row in ledger.iterrows():
        yield line, row, place_of.get(tuple(row[name] for name in TABLE.key))


def _corrected(observations: pd.DataFrame, chosen: Sequence[tuple[pd.Series, int]]) -> pd.DataFrame:
    if not chosen:
        return observations
    frame = observations.reset_index(drop=True)
    values, keep = frame["value"].to_numpy(copy=True), np.ones(len(frame), dtype=bool)
    texts = {name: [*map(str, frame[name])] for name in ("status", "note")}
    for row, place in chosen:
        raw, addition = float(values[place]), row["reason"]
        if row["action"] == "drop":
            keep[place] = False
        elif row["action"] == "flag":
            texts["status"][place] = "doubtful"
        else:
            values[place] = float(row["value"]) * (raw if row["action"] == "scale" else 1)
            addition = f"corrected, the document says {number_text(raw)}: {addition}"
        texts["note"][place] = "; ".join(filter(None, [texts["note"][place], addition]))
    frame = frame.assign(value=values, **{name: category(cells) for name, cells in texts.items()})
    return frame[keep].reset_index(drop=True)
