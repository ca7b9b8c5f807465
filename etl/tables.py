"""Tables in memory.

Small tables are plain text frames. Observations may be millions of rows: all columns are categories but
``value``, a double, so that comparing, sorting and checking are arithmetic on codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from etl.schema import ALL, BOOK, EDITION, OBSERVATIONS

KEY = ALL["observations"].key
NAMES = ALL["observations"].names
TEXTS = [name for name in NAMES if name != "value"]


def empty_observations() -> pd.DataFrame:
    return with_categories(pd.DataFrame({name: pd.Series([], dtype=object) for name in NAMES}))


def with_categories(frame: pd.DataFrame) -> pd.DataFrame:
    """Return observations given as text in memory form; raise :class:`ValueError` for what is no number."""
    columns: dict[str, object] = {"value": frame["value"].astype(object).to_numpy(dtype=np.float64)}
    for name in TEXTS:
        column = frame[name]
        columns[name] = column.array if column.dtype == "category" else category(map(str, column))
    return pd.DataFrame(columns)[NAMES]


def category(texts: Iterable[str]) -> pd.Categorical:
    """Return texts as categories of the one dtype that all frames share, also when there are none."""
    return pd.Categorical(pd.array(list(texts), dtype="str"))


def concat(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return observations one after the other, with common sorted categories and a fresh index."""
    frames = [frame for frame in frames if len(frame)]
    if not frames:
        return empty_observations()
    return pd.DataFrame({
        name: np.concatenate([f[name].to_numpy() for f in frames])
        if name == "value"
        else union_categoricals([f[name].array for f in frames], sort_categories=True)
        for name in NAMES
    })  # fmt: skip


def keys(*frames: pd.DataFrame, columns: Sequence[str] = KEY) -> list[npt.NDArray[np.int64]]:
    """Return one integer a row and frame, equal where the key columns are equal, ordered as they are.

    Keys are exact, not hashes: the mixed-radix number of the four category codes.
    """
    result = [np.zeros(len(frame), dtype=np.int64) for frame in frames]
    size = 1.0
    for name in columns:
        arrays = [frame[name].array for frame in frames]
        first = arrays[0].categories
        if first.is_monotonic_increasing and all(first.equals(a.categories) for a in arrays[1:]):
            codes, count = [a.codes.astype(np.int64) for a in arrays], len(first)
        else:
            both = union_categoricals(arrays, sort_categories=True)
            ends = np.cumsum([len(a) for a in arrays])[:-1]
            codes, count = np.split(both.codes.astype(np.int64), ends), len(both.categories)
        size *= max(1, count)
        result = [key * max(1, count) + code for key, code in zip(result, codes, strict=True)]
    if size >= 2**62:
        raise OverflowError("more distinct keys than fit into 62 bits")
    return result


def map_by_category(frame: pd.DataFrame, column: str, lookup: Mapping[Any, Any], default: Any) -> Any:
    """Return ``lookup`` of a category column for every row, as an array."""
    values = frame[column].array
    found = [lookup.get(str(value), default) for value in values.categories] or [default]
    return np.array(found, dtype=bool if isinstance(default, bool) else object)[values.codes]


def sorted_by_key(frame: pd.DataFrame) -> pd.DataFrame:
    (key,) = keys(frame)
    if len(key) > 1 and (key[1:] < key[:-1]).any():
        frame = frame.take(np.argsort(key, kind="stable"))
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="line")
    return frame


def split_by_domain(frame: pd.DataFrame, indicators: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Split observations into the published files, sorted; an unknown indicator is in none of them."""
    domain_of = dict(zip(indicators["indicator_id"], indicators["domain"], strict=True))
    domains = map_by_category(frame, "indicator_id", domain_of, "")
    documents = map(str, frame["source_id"].array.categories)
    books = {name: BOOK for name in documents if name.startswith(EDITION)}
    domains = domains + map_by_category(frame, "source_id", books, "")
    return {name: sorted_by_key(part) for name in OBSERVATIONS if len(part := frame[domains == name])}
