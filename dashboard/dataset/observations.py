"""The observations behind a dataset: one series, one indicator's coverage, or a filtered selection at a time.

Everything here works on a frame sorted by indicator, entity, period, then preference, whose text columns
are categories: a lookup is a slice, a filter is arithmetic on codes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.dataset.records import OBSERVATION_COLUMNS, Observation

KEY = ("entity_id", "indicator_id", "period", "source_id")
Key = tuple[str, str, str, str]
SERIES = ["indicator_id", "entity_id"]


class Figure(NamedTuple):
    """The preferred observation of one period, as far as charts need it."""

    value: float
    status: str
    source_id: str


class Coverage(NamedTuple):
    """How much there is of one series: its observations, and its periods with a preferred figure."""

    observations: int
    preferred: int
    start: int = 0
    """The series' first row in a frame."""

    @property
    def rows(self) -> slice:
        return slice(self.start, self.start + self.observations)


@dataclass(frozen=True)
class ObservationTable:
    """Observations in memory. ``frame``: the columns of the published table, sorted as the module says."""

    frame: pd.DataFrame

    def __len__(self) -> int:
        return len(self.frame)

    # -- one series -------------------------------------------------------------------------------

    @cached_property
    def _preferred(self) -> npt.NDArray[np.bool_]:
        """Which rows are the first of their period, unless only doubtful figures stand there."""
        later = self.frame.duplicated([*SERIES, "period"])
        best: npt.NDArray[np.bool_] = (~later & (self.frame["status"] != "doubtful")).to_numpy(dtype=bool)
        return best

    @cached_property
    def _coverage(self) -> dict[str, dict[str, Coverage]]:
        series = (
            self.frame[SERIES].assign(preferred=self._preferred).groupby(SERIES, observed=True, sort=False)
        )
        out: dict[str, dict[str, Coverage]] = {}
        start = 0
        for (indicator, entity), size, best in series["preferred"].agg(["size", "sum"]).itertuples(name=None):
            out.setdefault(indicator, {})[entity] = Coverage(size, best, start)
            start += size
        return out

    @cached_property
    def _codes(self) -> dict[str, tuple[npt.NDArray[Any], list[str]]]:
        """Each column of texts as codes and the texts they stand for: slicing these is what is fast."""
        texts = self.frame.drop(columns="value")
        return {str(n): (c.cat.codes.to_numpy(), c.cat.categories.tolist()) for n, c in texts.items()}

    @cached_property
    def _values(self) -> npt.NDArray[np.float64]:
        return self.frame["value"].to_numpy()

    def _cells(self, names: Sequence[str], rows: slice) -> list[list[Any]]:
        out = []
        for name in names:
            if name == "value":
                out.append(self._values[rows].tolist())
            else:
                codes, texts = self._codes[name]
                out.append([texts[code] for code in codes[rows].tolist()])
        return out

    def all_of(self, indicator_id: str, entity_id: str) -> list[Observation]:
        rows = self.coverage(indicator_id).get(entity_id, Coverage(0, 0)).rows
        cells = self._cells(OBSERVATION_COLUMNS, rows)
        return [Observation(*row) for row in zip(*cells, strict=True)]

    def preferred(self, indicator_id: str, entity_ids: Iterable[str]) -> dict[str, dict[str, Figure]]:
        series, out = self.coverage(indicator_id), {}
        for entity in entity_ids:
            if entity in series and series[entity].preferred:
                rows = series[entity].rows
                periods, *cells = self._cells(("period", *Figure._fields), rows)
                figures = zip(periods, map(Figure._make, zip(*cells, strict=True)), strict=True)
                out[entity] = dict(compress(figures, self._preferred[rows].tolist()))
        return out

    # -- coverage ---------------------------------------------------------------------------------

    def coverage(self, indicator_id: str) -> Mapping[str, Coverage]:
        """Return entity → how much there is of it, for those that have any."""
        return self._coverage.get(indicator_id, {})

    def count(self, indicator_id: str, entity_id: str = "") -> int:
        """Return how many observations there are of an indicator (of one entity)."""
        series = self.coverage(indicator_id)
        return sum(of.observations for entity, of in series.items() if entity_id in ("", entity))

    def _rows_of(self, indicator_id: str) -> slice:
        series = [*self.coverage(indicator_id).values()]
        return slice(series[0].start, series[-1].rows.stop) if series else slice(0, 0)

    def periods_of(self, indicator_id: str) -> tuple[str, ...]:
        rows = self._rows_of(indicator_id)
        codes, periods = self._codes["period"]
        return tuple(periods[code] for code in np.unique(codes[rows][self._preferred[rows]]))

    def across(self, indicator_id: str, period: str) -> dict[str, float]:
        rows = self._rows_of(indicator_id)
        codes, periods = self._codes["period"]
        code = periods.index(period) if period in periods else -1
        matches = rows.start + np.flatnonzero((codes[rows] == code) & self._preferred[rows])
        entities, names = self._codes["entity_id"]
        values = self._values[matches].tolist()
        return {names[e]: value for e, value in zip(entities[matches].tolist(), values, strict=True)}

    @cached_property
    def _indicators(self) -> dict[str, set[str]]:
        out: dict[str, set[str]] = {}
        for indicator_id, series in self._coverage.items():
            for entity_id in series:
                out.setdefault(entity_id, set()).add(indicator_id)
        return out

    def indicators(self, entity_id: str) -> Collection[str]:
        return self._indicators.get(entity_id, frozenset())

    @cached_property
    def years(self) -> dict[str, list[int]]:
        """Indicator → the years it has observations of."""
        periods = self.frame.groupby("indicator_id", observed=True)["period"].unique()
        return {str(name): sorted({int(p[:4]) for p in of}) for name, of in periods.items()}

    @cached_property
    def newest(self) -> dict[str, tuple[str, list[str]]]:
        """Indicator → its newest period and the documents with a figure of it."""
        period = self.frame["period"].cat.codes  # categories are in the order of their text
        last = self.frame[
            period == period.groupby(self.frame["indicator_id"], observed=True).transform("max")
        ]
        groups = last.groupby("indicator_id", observed=True)
        return {str(i): (str(of["period"].iloc[0]), of["source_id"].unique().tolist()) for i, of in groups}

    @cached_property
    def per_source(self) -> dict[str, int]:
        """Document → its number of observations."""
        counted = self.frame["source_id"].value_counts(sort=False)
        return {str(name): int(count) for name, count in counted.items()}

    @cached_property
    def periods(self) -> list[str]:
        return [str(period) for period in self.frame["period"].cat.categories]

    # -- selection --------------------------------------------------------------------------------

    def select(
        self, allowed: Mapping[str, Collection[str]], keys: Sequence[Key] = (), *, preferred: bool = False
    ) -> pd.DataFrame:
        """Return the observations whose columns hold one of the ``allowed`` values, in the table's order.

        ``keys``: only these; ``preferred``: one figure a period, never a doubtful one.
        """
        selected = self.frame
        for column, values in (*allowed.items(), *zip(KEY, zip(*keys, strict=True), strict=False)):
            selected = selected[selected[column].isin(list(values))]
        if keys:
            wanted, rows = set(keys), selected[list(KEY)].itertuples(index=False, name=None)
            selected = selected[[row in wanted for row in rows]]
        if preferred:
            selected = selected[selected["status"] != "doubtful"]
            selected = selected[~selected.duplicated([*SERIES, "period"])]
        return selected
