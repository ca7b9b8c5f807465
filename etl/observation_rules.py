"""Rules for observations beyond their schema; fast enough for millions of rows.

Each takes a domain's observations in memory form (:mod:`etl.tables`), the name to show, and the catalogue of
indicators by id.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from etl.problems import Problem, capped_problems
from etl.tables import KEY, keys, map_by_category
from etl.tidy import period_form, period_start

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
    """Yield the periods that lie in the future or are not of the indicator's frequency."""
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
    """Yield the values that their unit or kind does not allow."""
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
