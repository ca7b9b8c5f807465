"""Axes: ticks are round, inside, in order; domains hold every value."""

from __future__ import annotations

import math

from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.figures import scales

finite = st.floats(-1e13, 1e13).map(lambda v: 0.0 if abs(v) < 1e-6 else v)
positive = st.floats(1e-3, 1e14)


@given(st.lists(finite, min_size=1, max_size=8), st.booleans(), st.integers(3, 8))
def test_linear_axis_holds_every_value_and_its_ticks(values: list[float], zero: bool, count: int) -> None:
    axis = scales.linear(values, "", "en", zero=zero, count=count)
    low, high = axis.domain
    slack = (high - low) * 1e-9
    assert low < high
    assert all(low - slack <= v <= high + slack for v in values)
    if zero:
        assert low <= 0 <= high
    places = [t.value for t in axis.ticks]
    assert places == sorted(set(places))
    assert all(low - slack <= p <= high + slack for p in places)
    assert len(places) <= count + 3


@given(st.lists(st.integers(1, 500), min_size=1, max_size=8), st.integers(3, 8))
@example([7], 3)
def test_a_rank_axis_begins_at_the_first_and_has_whole_ranks_alone(ranks: list[int], count: int) -> None:
    axis = scales.linear(map(float, ranks), "rank", "en", count=count, reverse=True)
    places = [t.value for t in axis.ticks]
    assert places[0] == 1
    assert places == sorted({round(p) for p in places})
    assert axis.domain[0] < 1 <= max(ranks) < axis.domain[1]
    assert max(places) <= axis.domain[1]


def test_counts_have_no_halves_and_shares_may() -> None:
    assert [t.label for t in scales.linear([0, 1, 2], "count", "en", zero=True).ticks] == ["0", "1", "2"]
    assert "1.4" in [t.label for t in scales.linear([1, 2], "ratio", "en").ticks]


@given(st.floats(1e-3, 1e9), st.integers(2, 9))
def test_steps_are_round_and_not_too_many(span: float, count: int) -> None:
    step = scales.nice_step(span, count)
    mantissa = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert any(math.isclose(mantissa, s) for s in scales.STEPS)
    assert span / step <= count * (1 + 1e-6)


def test_ticks_are_written_without_rounding_noise() -> None:
    assert scales.nice_ticks(0, 0.6, 6) == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    assert scales.nice_ticks(0, 4e12, 4) == [0, 1e12, 2e12, 3e12, 4e12]


@given(st.lists(positive, min_size=1, max_size=6))
def test_log_axis_is_above_zero_and_holds_every_value(values: list[float]) -> None:
    axis = scales.log(values, "CNY", "zh-Hans")
    low, high = axis.domain
    assert 0 < low < high
    assert all(low * (1 - 1e-9) <= v <= high * (1 + 1e-9) for v in values)
    assert all(low * (1 - 1e-9) <= t.value <= high * (1 + 1e-9) for t in axis.ticks)
    assert axis.ticks


def test_log_ticks_take_in_twos_and_fives_on_a_short_axis() -> None:
    assert scales.log_ticks(1, 1000) == [1, 10, 100, 1000]
    assert scales.log_ticks(15, 160) == [20, 50, 100]


@given(st.integers(1900, 2020), st.integers(1, 120), st.integers(2, 9))
def test_year_axis_names_both_ends_and_leaves_room(first: int, span: int, count: int) -> None:
    axis = scales.years(float(first), float(first + span), count=count)
    places = [t.value for t in axis.ticks]
    assert places[0] == first
    assert places[-1] == first + span
    assert places == sorted(set(places))
    assert len(places) <= count + 3


def test_a_period_is_written_without_its_year() -> None:
    assert scales.short_period("2025-01-29", "en") == "29 Jan"
    assert scales.short_period("2025-01-29", "zh-Hans") == "1 月 29 日"
    assert scales.short_period("2025", "en") == "2025"


def test_categories_give_every_name_half_a_step_of_room() -> None:
    axis = scales.categories(["a", "b"])
    assert axis.domain == (-0.5, 1.5)
    assert axis.reverse
    assert [t.label for t in axis.ticks] == ["a", "b"]
