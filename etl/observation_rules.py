"""Rules for observations beyond their columns, one function per rule; fast enough for millions of rows.

Each takes a domain's observations in memory form (:mod:`etl.tables`), the name to show, and the catalogue of
indicators by id where it needs it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from etl.problems import Problem, capped_problems
from etl.tables import KEY, keys
from etl.tidy import period_form, period_start

NEVER_NEGATIVE = frozenset({"persons", "vehicles", "count", "rank", "km2", "m2", "km", "CNY/m2", "views"})


def observation_keys(frame: pd.DataFrame, file: str) -> list[Problem]:
    """Return the keys that stand twice, and where rows are not sorted by them."""
    (key,) = keys(frame)
    order = np.argsort(key, kind="stable")
    twice = np.zeros(len(frame), dtype=bool)
    twice[order[1:]] = key[order][1:] == key[order][:-1]
    unsorted = np.zeros(len(frame), dtype=bool)
    unsorted[1:] = key[1:] < key[:-1]
    named = ", ".join(KEY)
    problems = list(
        capped_problems(frame, file, twice, f"same key ({named}) as another row", "keep one", named=True)
    )
    if unsorted.any():
        first = int(frame.index[int(np.argmax(unsorted))])
        problems.append(Problem(file, first, "rows are not sorted by key", "let `pursuit refresh` write it"))
    return problems


def _per_indicator(
    frame: pd.DataFrame, wanted: Mapping[Any, object], default: object
) -> npt.NDArray[np.object_]:
    values = frame["indicator_id"].array
    found: npt.NDArray[np.object_] = np.array(
        [wanted.get(str(i), default) for i in values.categories] or [default], dtype=object
    )[values.codes]
    return found


def domains(frame: pd.DataFrame, file: str, domain: str, indicators: pd.DataFrame) -> Iterator[Problem]:
    """Yield the observations that do not stand in their indicator's file."""
    wrong = _per_indicator(frame, indicators["domain"].to_dict(), domain) != domain
    yield from capped_problems(
        frame, file, wrong, f"does not belong to the domain {domain}", "move it to its own file",
        cell="indicator_id",
    )  # fmt: skip


def periods(frame: pd.DataFrame, file: str, indicators: pd.DataFrame, today: date) -> Iterator[Problem]:
    """Yield the periods that lie in the future or are not of the indicator's frequency."""
    periods = frame["period"].array
    texts = [str(p) for p in periods.categories] or [""]
    forms = np.array([period_form(p) for p in texts], dtype=object)[periods.codes]
    starts = [period_start(p) if period_form(p) else date.min for p in texts]
    late = np.array([start > today for start in starts], dtype=bool)[periods.codes]
    # league tables are named after the year they lead into: the edition 2027 comes out in 2026
    next_year = np.array([start <= date(today.year + 1, 1, 1) for start in starts])[periods.codes]
    edition = (_per_indicator(frame, indicators["kind"].to_dict(), "") == "rank") & (forms == "annual")
    late &= ~(edition & next_year)
    yield from capped_problems(
        frame, file, late, "period has not begun yet", "correct the period", named=True
    )
    frequency = _per_indicator(frame, indicators["frequency"].to_dict(), "irregular")
    other = (frequency != "irregular") & (forms != "") & (forms != frequency)
    yield from capped_problems(
        frame, file, other, "the period is not of the indicator's frequency",
        "correct the period or the indicator's frequency", named=True,
    )  # fmt: skip


def ranges(frame: pd.DataFrame, file: str, indicators: pd.DataFrame) -> Iterator[Problem]:
    """Yield the values that their unit or kind does not allow."""
    unit = _per_indicator(frame, indicators["unit"].to_dict(), "")
    value = frame["value"].to_numpy()
    rank = (unit == "rank") & ((value < 1) | (value != np.floor(value)))
    yield from capped_problems(
        frame, file, rank, "a rank is a whole number from 1", "correct it", cell="value", named=True
    )
    doubted = (frame["status"].astype(str) == "doubtful").to_numpy()
    absurd = (unit == "%") & ((value < -1000) | (value > 10_000)) & ~doubted
    yield from capped_problems(
        frame, file, absurd, "outside -1000 to 10000 %", "correct it, or mark it doubtful and say why",
        cell="value", named=True,
    )  # fmt: skip
    odd = (unit == "%") & ((value < -100) | (value > 1000)) & ~absurd & ~doubted
    yield from capped_problems(
        frame, file, odd, "outside -100 to 1000 %", "look whether the document really says so",
        cell="value", named=True, error=False,
    )  # fmt: skip
    degrees = (unit == "degrees") & (np.abs(value) > 180)
    yield from capped_problems(
        frame, file, degrees, "outside -180 to 180 degrees", "correct it", cell="value", named=True
    )
    counted = indicators["unit"].isin(NEVER_NEGATIVE) & (indicators["kind"] == "stock")
    never = (counted | (indicators["kind"] == "index")).to_dict()
    negative = _per_indicator(frame, never, False).astype(bool) & (value < 0)
    yield from capped_problems(
        frame, file, negative, "cannot be negative", "correct it", cell="value", named=True
    )
