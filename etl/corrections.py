"""The corrections ledger: what a source gets wrong, fixed in the open.

``curated/corrections.csv`` names one observation a row, what is done to it, and why::

    entity_id,indicator_id,period,source_id,action,expected_raw,value,reason
    shenzhen,gdp,2019,example_org_…,override,2692709,2692709000000,"the table's unit is 10k, not 1"
    shenzhen,gdp,2018,example_org_…,scale,2422198,1000000,"the same slip"
    suzhou,patents,2007,example_org_…,drop,4999999,,"a placeholder of the yearbook"
    beijing,wage,2011,example_org_…,flag,7,,"differs from the communiqué by a factor of 10,000"

- ``drop`` leaves the observation out; ``override`` puts ``value`` in its place; ``scale`` multiplies it
  with ``value``; ``flag`` keeps it but marks it ``doubtful``.
- ``expected_raw`` is what the source says today, in the indicator's unit. When it no longer does (the
  producer has fixed the error, or made another), the source's build fails with one clear line: a
  correction must never outlive its reason silently.
- Out of scope: whole series and patterns. Such things belong into the source's module, with a test.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from etl.csvfiles import read_small
from etl.errors import CorrectionError
from etl.schema import LEDGERS
from etl.tables import category
from etl.tidy import number_text

TABLE = LEDGERS["corrections"]
ACTIONS = TABLE.choices("action")


def read(data_dir: Path) -> pd.DataFrame:
    """Return the ledger, checked in itself; raise :class:`CorrectionError` at the first bad row."""
    frame, problems = read_small(data_dir / TABLE.path, TABLE)
    if problems:
        raise CorrectionError(f"{problems[0].file}:{problems[0].line}: {problems[0].what}", problems[0].fix)
    twice = frame.duplicated(list(TABLE.key))
    if twice.any():
        raise CorrectionError(
            f"{TABLE.path}:{frame.index[twice][0]}: a second correction of one figure", "keep one"
        )
    for line, row in frame.iterrows():
        where = f"{TABLE.path}:{line}"
        if row["action"] not in ACTIONS:
            raise CorrectionError(f"{where}: action {row['action']!r} unknown", f"use {', '.join(ACTIONS)}")
        if not row["reason"]:
            raise CorrectionError(f"{where}: no reason given", "say why the source is wrong")
        numbers = ["expected_raw"] + ["value"] * (row["action"] in ("override", "scale"))
        for name in numbers:
            try:
                float(row[name])
            except ValueError:
                raise CorrectionError(
                    f"{where}: {name} {row[name]!r} is not a number", "write a plain number"
                ) from None
    return frame


def apply(ledger: pd.DataFrame, observations: pd.DataFrame, answered_for: set[str]) -> pd.DataFrame:
    """Return ``observations`` (in memory form, one source's) with the ledger applied.

    ``answered_for`` holds the source ids this build speaks for in full: a correction of one of them
    that finds no observation fails as one whose expectation does not match. Raises
    :class:`CorrectionError`.
    """
    ours = ledger[ledger["source_id"].isin(answered_for)]
    if ours.empty:
        return observations
    frame = _with_text_columns(observations)
    keep = np.ones(len(frame), dtype=bool)
    values = frame["value"].to_numpy(copy=True)
    for line, row in ours.iterrows():
        here = np.ones(len(frame), dtype=bool)
        for name in TABLE.key:
            here &= (frame[name].astype(str) == row[name]).to_numpy()
        where = f"{TABLE.path}:{line}: {row['indicator_id']} of {row['entity_id']} in {row['period']}"
        fix = "check whether the correction is still needed; update or remove the row"
        if not here.any():
            raise CorrectionError(f"{where}: the source no longer has this figure", fix)
        place = int(np.argmax(here))
        raw, expected = float(values[place]), float(row["expected_raw"])
        if raw != expected:
            raise CorrectionError(
                f"{where}: expected {number_text(expected)}, the source says {number_text(raw)}", fix
            )
        _correct(frame, place, row, values, keep)
    return _with_categories(frame, values, keep)


def apply_to_published(ledger: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Return published observations with the corrections that were written down after they had been read.

    A source that brings only what is new does not read them again. One that no longer has its expected raw
    value is corrected already, or is its source's business when it is read next.
    """
    if ledger.empty:
        return published
    wanted = published["source_id"].isin(set(ledger["source_id"])).to_numpy()
    places = np.flatnonzero(wanted)
    named = pd.MultiIndex.from_frame(published.iloc[places][list(TABLE.key)].astype(str))
    frame: pd.DataFrame | None = None
    keep = np.ones(len(published), dtype=bool)
    values = published["value"].to_numpy(copy=True)
    for key, (_, row) in zip(ledger[list(TABLE.key)].itertuples(index=False), ledger.iterrows(), strict=True):
        here = np.flatnonzero(named == tuple(key))
        if not len(here):
            continue
        place = int(places[here[0]])
        said = row["reason"] in str(published["note"].iloc[place])
        if said or float(values[place]) != float(row["expected_raw"]):
            continue
        frame = _with_text_columns(published) if frame is None else frame
        _correct(frame, place, row, values, keep)
    return published if frame is None else _with_categories(frame, values, keep)


def _with_text_columns(observations: pd.DataFrame) -> pd.DataFrame:
    """Return a copy whose texts can be changed, by position."""
    frame = observations.reset_index(drop=True)
    for name in ("status", "note"):
        frame[name] = frame[name].astype(object)
    return frame


def _correct(
    frame: pd.DataFrame, place: int, row: pd.Series, values: npt.NDArray[np.float64],
    keep: npt.NDArray[np.bool_],
) -> None:  # fmt: skip
    """Do what a row of the ledger says to the observation at ``place``."""
    raw = float(values[place])
    if row["action"] == "drop":
        keep[place] = False
        return
    if row["action"] == "flag":
        frame.at[place, "status"] = "doubtful"
        addition = row["reason"]
    else:
        values[place] = float(row["value"]) if row["action"] == "override" else raw * float(row["value"])
        addition = f"corrected, the document says {number_text(raw)}: {row['reason']}"
    frame.at[place, "note"] = "; ".join(filter(None, [str(frame.at[place, "note"]), addition]))


def _with_categories(
    frame: pd.DataFrame, values: npt.NDArray[np.float64], keep: npt.NDArray[np.bool_]
) -> pd.DataFrame:
    frame["value"] = values
    for name in ("status", "note"):
        frame[name] = category(map(str, frame[name]))
    return frame[keep].reset_index(drop=True)
