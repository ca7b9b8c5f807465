"""Problems of a file, one line each: where, what, how to fix it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

MOST = 50
"""Lines reported for one rule and column; the rest is counted."""


@dataclass(frozen=True, order=True)
class Problem:
    file: str
    line: int
    what: str
    fix: str
    error: bool = True
    """False: worth a look, but no reason not to publish."""

    def __str__(self) -> str:
        mark = "" if self.error else "note: "
        return f"{self.file}:{self.line}: {mark}{self.what}; {self.fix}"


def capped_problems(
    frame: pd.DataFrame, file: str, wrong: npt.NDArray[np.bool_], what: str, fix: str, *, cell: str = "",
    named: bool = False, error: bool = True,
) -> Iterator[Problem]:  # fmt: skip
    """Yield a problem for each row that is wrong, up to :data:`MOST`; the rest is counted.

    ``frame``: its index is the line numbers. ``cell``: the column to quote; ``named``: say which observation.
    """
    places = np.flatnonzero(wrong)
    for place in places[:MOST]:
        text = f"{cell} {str(frame[cell].iloc[place])[:80]!r} {what}" if cell else what
        if named:
            row = frame.iloc[place]
            text = f"{row['indicator_id']} of {row['entity_id']} in {row['period']}: {text}"
        yield Problem(file, int(frame.index[place]), text, fix, error)
    if len(places) > MOST:
        rest = int(frame.index[places[MOST]])
        yield Problem(file, rest, f"and {len(places) - MOST} more like this ({cell or what})", fix, error)
