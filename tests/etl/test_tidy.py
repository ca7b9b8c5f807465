"""Units, numbers and periods: exact, total on what the sources write, refusing everything else."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.tidy import (
    MULTIPLIERS,
    decimal,
    number_text,
    period_form,
    period_start,
    source_id_for,
    split_unit,
    unit_factor,
)
from tests.conftest import ROOT

finite = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("value", "unit", "canonical", "expected"),
    [
        ("38731.8", "CNY 100M", "CNY", "3873180000000"),
        ("0.1", "CNY 100M", "CNY", "10000000"),
        ("1779.01", "10k persons", "persons", "17790100"),
        ("4.27", "HKD trillion", "HKD", "4270000000000"),
        ("4.602", "million vehicles", "vehicles", "4602000"),
        ("860", "RMB thousand", "CNY", "860000"),
        ("12.5", "RMB 100M", "CNY", "1250000000"),
        ("7", "CNY 10k per unit", "CNY per unit", "70000"),
        ("13", "100M persons", "persons", "1300000000"),
        ("59.4", "%", "%", "59.4"),
        ("0.594", "share", "%", "59.4"),
        ("115", "patents", "count", "115"),
        ("2", "million downloads", "count", "2000000"),
        ("3", "million", "count", "3000000"),
        ("5", "万人", "人", "50000"),
        ("3", "亿元", "CNY", "300000000"),
        ("−1,234.5", "CNY", "CNY", "-1234.5"),
        ("１２３", "persons", "persons", "123"),
    ],
)
def test_known_conversions_are_exact(value: str, unit: str, canonical: str, expected: str) -> None:
    assert number_text(decimal(value) * unit_factor(unit, canonical)) == expected


@pytest.mark.parametrize(
    ("unit", "canonical"),
    [("USD", "CNY"), ("%", "count"), ("rank", "count"), ("CNY", "count"), ("index", "persons"), ("km", "km2"),
     ("CNY", "CNY/m2"), ("text", "count")],
)  # fmt: skip
def test_what_does_not_measure_the_same_is_refused(unit: str, canonical: str) -> None:
    with pytest.raises(ValueError, match="does not convert"):
        unit_factor(unit, canonical)


@settings(deadline=None)
@given(st.decimals(-(10**9), 10**9, places=4), st.sampled_from(sorted(MULTIPLIERS)))
def test_a_multiplier_multiplies_exactly(value: Decimal, multiplier: str) -> None:
    factor = unit_factor(f"CNY {multiplier}", "CNY")
    assert decimal(format(value, "f")) * factor == value * MULTIPLIERS[multiplier]


@settings(deadline=None)
@given(st.sampled_from(["CNY", "persons", "USD", "vehicles"]), st.sampled_from(sorted(MULTIPLIERS)))
def test_factors_are_inverse(unit: str, multiplier: str) -> None:
    published = f"{unit} {multiplier}" if unit in ("CNY", "USD") else f"{multiplier} {unit}"
    assert unit_factor(published, unit) * unit_factor(unit, published) == 1
    assert split_unit(published)[1] == unit


@pytest.mark.parametrize("text", ["", "abc", "nan", "inf", "1,23", "1 2", "--1", "1e9999", "0x10", "1_000"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        decimal(text)


@settings(deadline=None)
@given(finite)
def test_number_text_reads_back_equal_and_plain(value: float) -> None:
    text = number_text(value)
    assert float(text) == value
    assert "e" not in text.lower()
    assert not text.endswith(".0")
    assert text != "-0"


def test_numbers_that_are_none_are_refused() -> None:
    for bad in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="finite"):
            number_text(bad)


@settings(deadline=None)
@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_periods_of_a_day_round_trip(day: date) -> None:
    quarter = f"{day.year:04d}-Q{(day.month + 2) // 3}"
    for text, form in (
        (day.isoformat(), "daily"),
        (day.isoformat()[:7], "monthly"),
        (quarter, "quarterly"),
        (day.isoformat()[:4], "annual"),
    ):
        assert period_form(text) == form
        assert period_start(text) <= day


@pytest.mark.parametrize(
    "text", ["", "24", "2024-13", "2024-00-05", "2023-02-29", "2024-Q5", "20241", "2024-06-31", "abcd"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    assert period_form(text) == ""
    with pytest.raises(ValueError, match="not a period"):
        period_start(text)


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_source_ids_are_safe_and_differ_with_the_address(one: str, other: str) -> None:
    first, second = (source_id_for(f"https://example.org/{tail}") for tail in (one, other))
    assert set(first) <= set("abcdefghijklmnopqrstuvwxyz0123456789_")
    assert len(first) <= 57
    assert (first == second) == (one == other)


def test_a_source_id_is_readable_and_fixed() -> None:
    url = "https://www.stats.gov.cn/sj/zxfb/202501/t20250117_1958328.html"
    assert source_id_for(url) == "stats_gov_cn_t20250117_1958328_html_9abb1d61"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("１，２３４．５", "1234.5"),
        ("1 234", "1234"),
        ("1\u202f234.5", "1234.5"),
        ("−3", "-3"),
        ("12,345,678", "12345678"),
    ],
)
def test_full_width_forms_and_grouped_digits_are_numbers(text: str, expected: str) -> None:
    assert decimal(text) == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    ["1234²", "12①",
     "1234₂", "12½", "12⒈", "1⁄2", "12⑴", "Ⅻ", "٩٩", "१२", "୧", "𝟏𝟐", "99,8", "1,2,3,4", "0,123", "12,34,567",
     "1 2", "1234*", "1234[1]", "1234a"],
)  # fmt: skip
def test_marks_and_digits_of_other_scripts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        decimal(text)


@given(st.text(st.characters(categories=["Nd", "No", "Nl"]), min_size=1, max_size=4))
def test_no_other_digit_gets_into_a_number(text: str) -> None:
    """Whatever is read as a number was written with plain or full-width digits."""
    try:
        decimal(text)
    except ValueError:
        return
    assert all(c in "0123456789０１２３４５６７８９" for c in text)


@pytest.mark.parametrize("text", ["٢٠٢٤", "२०२४", "0000", "0000-01", "202²", "+0000-00-00T00:00:00Z"])
def test_periods_of_other_digits_or_of_no_year_are_refused(text: str) -> None:
    assert period_form(text) == ""


def test_a_digit_is_a_plain_digit_everywhere() -> None:
    r"""``\d`` takes the digits of every script; no pattern of ours means that."""
    code = [p for side in ("etl", "dashboard") for p in (ROOT / side).rglob("*.py")]
    assert [str(p) for p in code if "\\d" in p.read_text("utf-8")] == []


def test_no_published_cell_but_names_and_words_has_a_digit_of_another_script() -> None:
    words = {
        "note",
        "title",
        "publisher",
        "locator",
        "locator_hint",
        "quote",
        "excerpt",
        "licence",
        "pattern",
    }
    for path in [*(ROOT / "data").glob("*.csv"), *(ROOT / "data" / "observations").glob("*.csv")]:
        with path.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                for name, cell in row.items():
                    if cell.isascii() or name in words or name.endswith(("_en", "_zh_hans", "_zh_hant")):
                        continue
                    assert not any(c.isdigit() and not c.isascii() for c in cell), (path.name, row)
