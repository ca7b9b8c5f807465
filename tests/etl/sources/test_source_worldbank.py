"""World Bank answers: nulls, pages, messages with status 200, aggregates, texts where numbers were."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from source_support import CONTRACTS, answered, context, snapshot, values

from etl.sources.base import ShapeError
from etl.sources.worldbank import BASE, SERIES, WorldBank

CODE = "PA.NUS.FCRF"
URL = f"{BASE}/{CODE}"


def row(year: str = "2024", value: Any = 7.19, **changes: Any) -> dict[str, Any]:
    return {
        "indicator": {"id": CODE, "value": "Official exchange rate"},
        "country": {"id": "CN", "value": "China"},
        "countryiso3code": "CHN",
        "date": year,
        "value": value,
        "unit": "",
        "obs_status": "",
        "decimal": 2,
    } | changes


def answer(rows: Any, **head: Any) -> list[Any]:
    return [{"page": 1, "pages": 1, "per_page": "1000", "total": 1, "lastupdated": "2026-07-13"} | head, rows]


def parse(body: Any) -> dict[tuple[str, str, str], str]:
    return values(WorldBank().parse([snapshot(body, CODE, URL)], context()))


def test_recorded_answer_nulls_and_aggregates_are_left_out() -> None:
    text = (CONTRACTS / "worldbank" / "indicator_2026_mixed_null_and_blank_iso3.json").read_text("utf-8")
    code = "NY.GDP.MKTP.CN"
    text = text.replace("NY.GDP.MKTP.CD", code).replace('"MEX"', '"CHN"').replace('"MX"', '"CN"')
    parsed = WorldBank().parse([snapshot(text, code, f"{BASE}/{code}")], context())
    assert values(parsed) == {
        ("china", "gdp", "2025"): "1832641364775.52",
        ("china", "gdp", "2024"): "1830489311088.89",
    }
    assert parsed.sources["published"].tolist() == ["2026-07-13"]


def test_fractions_stay_exact_and_a_year_without_figure_stays_absent() -> None:
    assert parse(answer([row("2025", None), row("2024", Decimal("7.1").__float__())])) == {
        ("china", "cny_per_usd", "2024"): "7.1"
    }


def test_every_series_is_asked_for_until_the_service_fails_twice() -> None:
    asked, _ = answered(WorldBank(), context(), lambda request: answer([row()]))
    assert [request.key for request in asked] == list(SERIES)
    asked, _ = answered(WorldBank(), context(), lambda request: None)
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (
            [{"message": [{"id": "120", "key": "Invalid value", "value": "The parameter is not valid"}]}],
            "not valid",
        ),
        ("<html>502 Bad Gateway</html>", "HTML instead of JSON"),
        ("﻿<?xml version='1.0'?>", "HTML instead of JSON"),
        (answer(None), "no figure for China"),
        (answer([]), "no figure for China"),
        (answer([row(value=None)]), "no figure for China"),
        (answer([row(countryiso3code="", country={"id": "XX"})]), "no figure for China"),
        (answer([row(value="7.19")]), "'value' is str"),
        (answer([row(value=True)]), "'value' is bool"),
        (answer([row(date=2024)]), "'date' is int"),
        (answer([row("2024Q1")]), "no year"),
        (answer([row(indicator={"id": "XX"})]), "instead of PA.NUS.FCRF"),
        (answer([row("2024", 7.1), row("2024", 7.2)]), "appears twice"),
        (answer([{key: value for key, value in row().items() if key != "value"}]), "'value' is missing"),
        (answer([None]), "entry 1 is null"),
        (answer([row()], pages=None), "'pages' is null"),
        (answer([row()], pages=2), "2 pages, one was expected"),
        ([{"page": 1, "pages": 1}], "a list of 1"),
        ({"page": 1}, "a list of two"),
    ],
)
def test_drift_is_refused_by_name(body: Any, says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        parse(body)
