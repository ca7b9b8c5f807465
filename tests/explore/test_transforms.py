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
def series(draw: st.DrawFn, rows: int = 1) -> tuple:
    """Return periods and series with a figure at some of them."""
    found = draw(periods)
    one = st.lists(st.none() | values, min_size=len(found), max_size=len(found))
    return (
        found,
        *({p: v for p, v in zip(found, draw(one), strict=True) if v is not None} for _ in range(rows)),
    )


def alike(found: dict[str, float], wanted: dict[str, float], rel: float = 1e-12) -> bool:
    return list(found) == list(wanted) and found == pytest.approx(wanted, rel=rel, abs=1e-9)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_golden(case: dict) -> None:
    found = getattr(tf, case["function"])(*case["arguments"])
    assert alike(dict(sorted(found.items())), dict(sorted(case["expected"].items())))


def same(found: dict[str, float], oracle: pd.Series) -> bool:
    return alike(found, oracle.dropna().to_dict(), 1e-9)


def over(periods: list[str], y: dict[str, float]) -> pd.Series:
    return pd.Series(y, index=periods, dtype="float64")


@given(series())
def test_index_against_pandas(case) -> None:
    found, y = case
    s = over(found, y)
    for base in (found[0], found[-1]):
        oracle = s / s[base] * 100 if s[base] > 0 else s * float("nan")
        assert same(tf.index(y, base), oracle)


@given(series(2))
def test_ratio_against_pandas(case) -> None:
    found, y, r = case
    ref = over(found, r)
    assert same(tf.ratio(y, r), over(found, y) / ref.where(ref > 0) * 100)


@given(series())
def test_change_against_pandas(case) -> None:
    found, y = case
    s = over(found, y)
    yearly = s.reindex([str(year) for year in range(int(found[0]), int(found[-1]) + 1)])
    before = yearly.shift(1)
    assert same(tf.change(y), ((yearly / before.where(before > 0) - 1) * 100).reindex(found))


@given(series())
def test_cumulate_against_pandas(case) -> None:
    found, y = case
    s = over(found, y)
    tail = s[s.first_valid_index() :] if y else s[:0]
    assert same(tf.cumulate(found, y), tail.cumsum().where(~tail.isna().cummax()))


@given(series())
def test_chain_against_pandas(case) -> None:
    found, y = case
    links = {p: abs(v) % 50 + 75 for p, v in y.items()}
    s = over(found, links)
    tail = s[s.first_valid_index() :] if y else s[:0]
    assert same(tf.chain(found, links), ((tail / 100).cumprod() * 100).where(~tail.isna().cummax()))


@given(st.dictionaries(st.integers(1990, 2030).map(str), st.floats(-20, 40).map(lambda v: round(v, 2))))
def test_price_levels_grow_by_the_given_rates(growth: dict[str, float]) -> None:
    levels = tf.price_levels(growth)
    for year in levels:
        if year in growth and tf.year_before(year) in levels:
            assert levels[year] == pytest.approx(levels[tf.year_before(year)] * (1 + growth[year] / 100))
    if levels:
        assert levels[max(levels)] == 1
