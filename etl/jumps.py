"""Figures that do not fit their neighbours in time: outliers, and breaks that no note explains.

They are reported as notes and never stop a publish. Counts of attention really do change by orders of
magnitude and are left out, as are doubtful figures, days, and years that are not consecutive.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from etl.problems import MOST, Problem
from etl.tables import map_by_category
from etl.tidy import period_form, period_start

OUTLIER = 10.0
"""A figure so many times larger, or smaller, than both its neighbours is an outlier."""
BREAK = 100.0
"""One so many times larger, or smaller, than the one before it is a break, if it is none."""
KINDS = ("stock", "flow", "index")
MONTHS = {"annual": 12, "quarterly": 3, "monthly": 1}


def jumps(frame: pd.DataFrame, file: str, indicators: pd.DataFrame, notes: pd.DataFrame) -> Iterator[Problem]:
    """Yield a note for each outlier and each break of a domain's observations (in memory form)."""
    wanted = indicators[indicators["kind"].isin(KINDS) & (indicators["domain"] != "attention")]
    rows = frame[
        frame["indicator_id"].isin(wanted.index).to_numpy()
        & (frame["status"] != "doubtful").to_numpy()
        & (frame["value"] > 0).to_numpy()
    ]
    months = {text: _month(text) for text in map(str, rows["period"].array.categories)}
    table = pd.DataFrame({
        "entity": rows["entity_id"].array.codes,
        "indicator": rows["indicator_id"].array.codes,
        "month": map_by_category(rows, "period", {p: m for p, (m, _) in months.items()}, 0).astype(int),
        "span": map_by_category(rows, "period", {p: s for p, (_, s) in months.items()}, 0).astype(int),
        "value": np.log10(rows["value"].to_numpy()),
        "line": rows.index.to_numpy(),
    })  # fmt: skip
    table = table[table["span"] > 0]
    series = ["entity", "indicator", "span"]
    table = table.groupby([*series, "month"], sort=True, as_index=False).agg(
        value=("value", "median"), line=("line", "first")
    )
    up = _step(table, series, 1)
    down = _step(table, series, -1)
    outlier = (np.sign(up) == np.sign(down)) & (np.minimum(np.abs(up), np.abs(down)) >= np.log10(OUTLIER))
    broken = ~outlier & (np.abs(up) >= np.log10(BREAK))
    breaks = notes[notes["kind"] == "break"]
    known = set(zip(breaks["entity_id"], breaks["indicator_id"], strict=True))
    for place in np.flatnonzero(outlier | broken)[:MOST]:
        line = int(table["line"].iloc[place])
        row = frame.loc[line]
        entity, indicator = str(row["entity_id"]), str(row["indicator_id"])
        if not outlier[place] and {(entity, indicator), ("", indicator)} & known:
            continue
        times = f"{float(f'{10 ** abs(up[place]):.2g}'):,.0f}"
        size = "as large as" if up[place] > 0 else "smaller than"
        beside = "before and after" if outlier[place] else "before"
        what = f"{indicator} of {entity} in {row['period']}: {times} times {size} in the period {beside}"
        fix = "look whether the unit is right, or explain the break in notes.csv"
        yield Problem(file, line, what, fix, error=False)


def _month(text: str) -> tuple[int, int]:
    """Return a period's first month, counted from the year 0, and its length in months; 0 for other ones."""
    span = MONTHS.get(period_form(text), 0)
    if not span:
        return 0, 0
    start = period_start(text)
    return start.year * 12 + start.month - 1, span


def _step(table: pd.DataFrame, series: list[str], by: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return how far each value lies above its neighbour (``by`` 1: the one before); 0 where it has none."""
    before = table.shift(by)
    same = (table[series] == before[series]).all(axis=1)
    same &= table["month"] - before["month"] == by * table["span"]
    return (table["value"] - before["value"]).where(same, 0.0).to_numpy()
