"""The observations behind a dataset: one series, one indicator's coverage, or a filtered selection at a time.

Everything here works on a frame sorted by indicator, entity, period, then preference, whose text columns
are categories: a lookup is a slice, a filter is arithmetic on codes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.dataset.records import OBSERVATION_COLUMNS, Observation

Key = tuple[str, str, str, str]
"""Entity, indicator, period, source."""


class Figure(NamedTuple):
    """The preferred observation of one period, as far as charts need it."""

    value: float
    status: str
    source_id: str


@dataclass(frozen=True)
class ObservationTable:
    """Observations in memory. ``frame``: the columns of the published table, sorted as the module says."""

    frame: pd.DataFrame

    def __len__(self) -> int:
        return len(self.frame)

    # -- one series -------------------------------------------------------------------------------

    @cached_property
    def _spans(self) -> dict[str, dict[str, tuple[int, int, int]]]:
        """Indicator → entity → its rows in the frame (from, to) and its number of preferred figures."""
        frame = self.frame
        out: dict[str, dict[str, tuple[int, int, int]]] = {}
        if frame.empty:
            return out
        indicator, entity = self._codes("indicator_id"), self._codes("entity_id")
        starts = np.flatnonzero(_changes(indicator) | _changes(entity))
        ends = np.append(starts[1:], len(frame))
        counts = np.add.reduceat(self._preferred, starts, dtype=np.int64)
        indicators, entities = frame["indicator_id"].cat.categories, frame["entity_id"].cat.categories
        for start, end, count in zip(starts.tolist(), ends.tolist(), counts.tolist(), strict=True):
            own = out.setdefault(indicators[indicator[start]], {})
            own[entities[entity[start]]] = (start, end, count)
        return out

    def _codes(self, column: str) -> npt.NDArray[Any]:
        codes: npt.NDArray[Any] = self.frame[column].cat.codes.to_numpy()
        return codes

    @cached_property
    def _preferred(self) -> npt.NDArray[np.bool_]:
        """Which rows are the first of their period, unless only doubtful figures stand there."""
        first = _changes(self._codes("indicator_id")) | _changes(self._codes("entity_id"))
        return (first | _changes(self._codes("period"))) & (self.frame["status"] != "doubtful").to_numpy()

    @cached_property
    def _columns(self) -> dict[str, tuple[Any, list[str] | None]]:
        """Each column as an array, with its names where it holds codes: slicing these is what is fast."""
        out: dict[str, tuple[Any, list[str] | None]] = {}
        for name in OBSERVATION_COLUMNS:
            column = self.frame[name]
            coded = isinstance(column.dtype, pd.CategoricalDtype)
            out[name] = (
                (column.cat.codes.to_numpy(), column.cat.categories.tolist())
                if coded
                else (column.to_numpy(), None)
            )
        return out

    def _cells(self, names: Sequence[str], start: int, end: int) -> list[list[Any]]:
        out = []
        for name in names:
            values, words = self._columns[name]
            part = values[start:end].tolist()
            out.append(part if words is None else [words[code] for code in part])
        return out

    def all_of(self, indicator_id: str, entity_id: str) -> list[Observation]:
        at = self._spans.get(indicator_id, {}).get(entity_id)
        if at is None:
            return []
        return [Observation(*row) for row in zip(*self._cells(OBSERVATION_COLUMNS, *at[:2]), strict=True)]

    def preferred(self, indicator_id: str, entity_ids: Iterable[str]) -> dict[str, dict[str, Figure]]:
        own = self._spans.get(indicator_id, {})
        out = {}
        for entity in entity_ids:
            start, end, count = own.get(entity, (0, 0, 0))
            if count:
                rows = zip(*self._cells(("period", *Figure._fields), start, end), strict=True)
                best = self._preferred[start:end].tolist()
                out[entity] = {
                    period: Figure(*rest)
                    for (period, *rest), is_best in zip(rows, best, strict=True)
                    if is_best
                }
        return out

    def count(self, indicator_id: str, entity_id: str = "") -> int:
        own = self._spans.get(indicator_id, {})
        found = [own[entity_id]] if entity_id in own else [] if entity_id else own.values()
        return sum(end - start for start, end, _ in found)

    def length(self, indicator_id: str, entity_id: str) -> int:
        return self._spans.get(indicator_id, {}).get(entity_id, (0, 0, 0))[2]

    # -- coverage ---------------------------------------------------------------------------------

    def entities(self, indicator_id: str) -> Collection[str]:
        return self._spans.get(indicator_id, {}).keys()

    def entities_with_data(self, indicator_id: str) -> Collection[str]:
        return {e for e, (_, _, count) in self._spans.get(indicator_id, {}).items() if count}

    def periods_of(self, indicator_id: str) -> tuple[str, ...]:
        rows = self._rows_of(indicator_id)
        codes = np.unique(self._columns["period"][0][rows][self._preferred[rows]])
        return tuple(self.frame["period"].cat.categories[codes])

    def across(self, indicator_id: str, period: str) -> dict[str, float]:
        periods = self.frame["period"].cat.categories
        rows = self._rows_of(indicator_id)
        code = periods.get_loc(period) if period in periods else -1
        found = rows.start + np.flatnonzero(
            (self._columns["period"][0][rows] == code) & self._preferred[rows]
        )
        codes, names = self._columns["entity_id"]
        values = self._columns["value"][0][found].tolist()
        return {(names or [])[code]: value for code, value in zip(codes[found].tolist(), values, strict=True)}

    def _rows_of(self, indicator_id: str) -> slice:
        spans = self._spans.get(indicator_id, {}).values()
        return slice(next(iter(spans))[0], next(reversed(spans))[1]) if spans else slice(0, 0)

    @cached_property
    def _indicators(self) -> dict[str, set[str]]:
        out: dict[str, set[str]] = {}
        for indicator_id, own in self._spans.items():
            for entity_id in own:
                out.setdefault(entity_id, set()).add(indicator_id)
        return out

    def indicators(self, entity_id: str) -> Collection[str]:
        return self._indicators.get(entity_id, frozenset())

    def years(self) -> dict[str, list[int]]:
        if self.frame.empty:
            return {}
        indicators, periods = self.frame["indicator_id"].cat, self.frame["period"].cat
        seen = np.zeros((len(indicators.categories), len(periods.categories)), dtype=bool)
        seen[indicators.codes.to_numpy(), periods.codes.to_numpy()] = True
        years = np.asarray([int(period[:4]) for period in periods.categories])
        return {
            name: sorted({int(year) for year in years[row]})
            for name, row in zip(indicators.categories, seen, strict=True)
        }

    def newest(self) -> dict[str, tuple[str, list[str]]]:
        frame = self.frame
        if frame.empty:
            return {}
        of_row = frame["indicator_id"].cat.codes.to_numpy()
        periods = frame["period"].cat.codes.to_numpy()  # categories are in the order of their text
        best = np.full(len(frame["indicator_id"].cat.categories), -1, dtype=np.int64)
        np.maximum.at(best, of_row, periods)
        last = frame.loc[periods == best[of_row], ["indicator_id", "period", "source_id"]].drop_duplicates()
        out: dict[str, tuple[str, list[str]]] = {}
        for indicator_id, period, source_id in last.itertuples(index=False, name=None):
            out.setdefault(str(indicator_id), (str(period), []))[1].append(str(source_id))
        return out

    def per_source(self) -> dict[str, int]:
        counted = self.frame["source_id"].value_counts(sort=False)
        return {str(name): int(count) for name, count in counted.items()}

    # -- selection --------------------------------------------------------------------------------

    def periods(self) -> list[str]:
        return [str(period) for period in self.frame["period"].cat.categories]

    def select(
        self, allowed: Mapping[str, Collection[str]], keys: Sequence[Key] = (), *, preferred: bool = False
    ) -> pd.DataFrame:
        """Return the observations whose columns hold one of the ``allowed`` values, in the table's order.

        ``keys``: only these; ``preferred``: one figure a period, never a doubtful one.
        """
        frame = self.frame
        keep = np.ones(len(frame), dtype=bool)
        for column, values in allowed.items():
            keep &= _where(frame[column], frozenset(values).__contains__)
        if keys:
            keep &= self._with_key(keys)
        if preferred:
            keep &= _where(frame["status"], lambda status: status != "doubtful")
        found = frame.loc[keep, list(OBSERVATION_COLUMNS)]
        return found[~found.duplicated(["indicator_id", "entity_id", "period"])] if preferred else found

    def _with_key(self, keys: Sequence[Key]) -> npt.NDArray[np.bool_]:
        keep = np.zeros(len(self.frame), dtype=bool)
        for key in keys:
            one = np.ones(len(self.frame), dtype=bool)
            for column, value in zip(("entity_id", "indicator_id", "period", "source_id"), key, strict=True):
                one &= _where(self.frame[column], value.__eq__)
            keep |= one
        return keep


def _where(column: pd.Series[Any], fits: Callable[[str], bool]) -> npt.NDArray[np.bool_]:
    """Return which rows of a column of categories fit; each category is looked at once."""
    good = np.fromiter(map(fits, column.cat.categories), dtype=bool, count=len(column.cat.categories))
    found: npt.NDArray[np.bool_] = good[column.cat.codes.to_numpy()]
    return found


def _changes(codes: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Return which places of an array differ from the one before; the first does."""
    out = np.ones(len(codes), dtype=bool)
    out[1:] = codes[1:] != codes[:-1]
    return out
