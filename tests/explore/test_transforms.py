"""The transforms: golden cases worked out by hand, and a slow obvious oracle in pandas for any series."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.explore import transforms as tf

CASES = json.loads((Path(__file__).parent / "golden" / "transforms.json").read_text("utf-8"))
values = st.floats(-1e12, 1e12, allow_nan=False).map(lambda v: round(v, 3))
periods = st.lists(st.integers(1980, 2030), unique=True, min_size=1, max_size=30).map(
    lambda years: [str(y) for y in sorted(years)]
)


@st.composite
def series(draw: st.DrawFn, rows: int = 1) -> tuple[list[str], ...]:
    found = draw(periods)
    one = st.lists(st.none() | values, min_size=len(found), max_size=len(found))
    return (found, *(draw(one) for _ in range(rows)))  # type: ignore[return-value]


def alike(found: object, wanted: object, rel: float = 1e-12) -> bool:
    """Compare lists or mappings of numbers in which ``None`` is equal to ``None`` alone."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        return set(found) == set(wanted) and alike([found[k] for k in wanted], list(wanted.values()))
    assert isinstance(found, list)
    assert isinstance(wanted, list)
    return len(found) == len(wanted) and all(
        (a is None) == (b is None) and (a is None or a == pytest.approx(b, rel=rel, abs=1e-9))
        for a, b in zip(found, wanted, strict=True)
    )


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_golden(case: dict) -> None:
    found = getattr(tf, case["function"])(*case["arguments"])
    assert alike(found, case["expected"])


def same(found: list[float | None], oracle: pd.Series) -> bool:
    wanted = [None if pd.isna(v) else float(v) for v in oracle]
    return alike(found, wanted, 1e-9)


@given(series())
def test_index_against_pandas(case) -> None:
    found, y = case
    s = pd.Series(y, index=found, dtype="float64")
    for base in (found[0], found[-1]):
        oracle = s / s[base] * 100 if s[base] > 0 else s * float("nan")
        assert same(tf.index(found, y, base), oracle)


@given(series(2))
def test_ratio_against_pandas(case) -> None:
    found, y, r = case
    ref = pd.Series(r, index=found, dtype="float64")
    assert same(tf.ratio(y, r), pd.Series(y, index=found, dtype="float64") / ref.where(ref > 0) * 100)


@given(series())
def test_change_against_pandas(case) -> None:
    found, y = case
    s = pd.Series(y, index=pd.to_datetime(found, format="%Y"), dtype="float64")
    yearly = s.reindex(pd.date_range(s.index[0], s.index[-1], freq="YS"))
    before = yearly.shift(1)
    oracle = ((yearly / before.where(before > 0) - 1) * 100).reindex(s.index)
    assert same(tf.change(found, y), oracle)


@given(series())
def test_cumulate_against_pandas(case) -> None:
    found, y = case
    s = pd.Series(y, index=found, dtype="float64")
    start = s.first_valid_index()
    if start is None:
        assert tf.cumulate(y) == [None] * len(y)
        return
    tail = s[start:]
    whole = ~tail.isna().cummax()
    assert same(tf.cumulate(y), tail.cumsum().where(whole).reindex(s.index))


@given(series())
def test_chain_against_pandas(case) -> None:
    found, y = case
    links = [None if v is None else abs(v) % 50 + 75 for v in y]
    s = pd.Series(links, index=found, dtype="float64")
    start = s.first_valid_index()
    if start is not None:
        tail = s[start:]
        whole = ~tail.isna().cummax()
        assert same(tf.chain(links), ((tail / 100).cumprod() * 100).where(whole).reindex(s.index))


@given(st.dictionaries(st.integers(1990, 2030).map(str), st.floats(-20, 40).map(lambda v: round(v, 2))))
def test_price_levels_grow_by_the_given_rates(growth: dict[str, float]) -> None:
    levels = tf.price_levels(growth)
    for year in levels:
        if year in growth and tf.year_before(year) in levels:
            assert levels[year] == pytest.approx(levels[tf.year_before(year)] * (1 + growth[year] / 100))
    if levels:
        assert levels[max(levels)] == 1
