"""Rules for observations beyond their schema; fast enough for millions of rows.

Each takes a domain's observations in memory form (:mod:`etl.tables`), the name to show, and the catalogue of
indicators by id. A broken rule stops a publish; a jump (:func:`jumps`) is a note.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from etl.problems import MOST, Problem, capped_problems
from etl.tables import KEY, keys, map_by_category
from etl.tidy import period_form, period_start

OUTLIER = 10.0
"""A figure so many times larger, or smaller, than both its neighbours is an outlier."""
BREAK = 100.0
"""One so many times larger, or smaller, than the one before it is a break, if it is none."""
KINDS = ("stock", "flow", "index")
MONTHS = {"annual": 12, "quarterly": 3, "monthly": 1}
NEVER_NEGATIVE = frozenset({"persons", "vehicles", "count", "rank", "km2", "m2", "km", "CNY/m2", "views"})


def observation_problems(
    frame: pd.DataFrame, file: str, domain: str, indicators: pd.DataFrame, today: date
) -> Iterator[Problem]:
    yield from keys_problems(frame, file)
    wrong = map_by_category(frame, "indicator_id", indicators["domain"].to_dict(), domain) != domain
    what = f"does not belong to the domain {domain}"
    yield from capped_problems(frame, file, wrong, what, "move it to its own file", cell="indicator_id")
    yield from period_problems(frame, file, indicators, today)
    yield from value_problems(frame, file, indicators)


def keys_problems(frame: pd.DataFrame, file: str) -> Iterator[Problem]:
    (key,) = keys(frame)
    order = np.argsort(key, kind="stable")
    repeated, unsorted = np.zeros((2, len(frame)), dtype=bool)
    repeated[order[1:]] = key[order][1:] == key[order][:-1]
    unsorted[1:] = key[1:] < key[:-1]
    what = f"same key ({', '.join(KEY)}) as another row"
    yield from capped_problems(frame, file, repeated, what, "keep one", named=True)
    if unsorted.any():
        first = int(frame.index[int(np.argmax(unsorted))])
        yield Problem(file, first, "rows are not sorted by key", "let `pursuit refresh` write it")


def period_problems(
    frame: pd.DataFrame, file: str, indicators: pd.DataFrame, today: date
) -> Iterator[Problem]:
    texts = [str(p) for p in frame["period"].array.categories]
    forms = map_by_category(frame, "period", {p: period_form(p) for p in texts}, "")
    starts = {p: period_start(p) for p in texts if period_form(p)}
    late = map_by_category(frame, "period", {p: start > today for p, start in starts.items()}, False)
    # league tables are named after the year they lead into: the edition 2027 comes out in 2026
    next_year = date(today.year + 1, 1, 1)
    edition = map_by_category(frame, "period", {p: start <= next_year for p, start in starts.items()}, False)
    edition &= map_by_category(frame, "indicator_id", indicators["kind"].to_dict(), "") == "rank"
    late &= ~(edition & (forms == "annual"))
    yield from capped_problems(
        frame, file, late, "period has not begun yet", "correct the period", named=True
    )
    frequency = map_by_category(frame, "indicator_id", indicators["frequency"].to_dict(), "irregular")
    other = (frequency != "irregular") & (forms != "") & (forms != frequency)
    what, fix = (
        "the period is not of the indicator's frequency",
        "correct the period or the indicator's frequency",
    )
    yield from capped_problems(frame, file, other, what, fix, named=True)


def value_problems(frame: pd.DataFrame, file: str, indicators: pd.DataFrame) -> Iterator[Problem]:
    unit = map_by_category(frame, "indicator_id", indicators["unit"].to_dict(), "")
    counted = indicators["unit"].isin(NEVER_NEGATIVE) & (indicators["kind"] == "stock")
    never_negative = (counted | (indicators["kind"] == "index")).to_dict()
    value = frame["value"].to_numpy()
    percent = (unit == "%") & (frame["status"].astype(str) != "doubtful").to_numpy()
    absurd = percent & ((value < -1000) | (value > 10_000))
    odd = percent & ~absurd & ((value < -100) | (value > 1000))
    negative = map_by_category(frame, "indicator_id", never_negative, False) & (value < 0)
    for wrong, what, fix in (
        (
            (unit == "rank") & ((value < 1) | (value != np.floor(value))),
            "a rank is a whole number from 1",
            "correct it",
        ),
        (absurd, "outside -1000 to 10000 %", "correct it, or mark it doubtful and say why"),
        (odd, "outside -100 to 1000 %", "look whether the document really says so"),
        ((unit == "degrees") & (np.abs(value) > 180), "outside -180 to 180 degrees", "correct it"),
        (negative, "cannot be negative", "correct it"),
    ):
        yield from capped_problems(
            frame, file, wrong, what, fix, cell="value", named=True, error=wrong is not odd
        )


def jumps(frame: pd.DataFrame, file: str, indicators: pd.DataFrame, notes: pd.DataFrame) -> Iterator[Problem]:
    """Yield a note for each outlier, and for each break that ``notes`` do not explain.

    Counts of attention really do change by orders of magnitude and are left out, as are doubtful figures,
    days, and years that are not consecutive.
    """
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
