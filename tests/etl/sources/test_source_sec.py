"""Company facts: whole years only, the newest filing of each, the tag that has the period."""

from __future__ import annotations

import json
from typing import Any

import pytest
from source_support import CONTRACTS, context, snapshot, values

from etl.sources.base import ShapeError
from etl.sources.sec import Sec


def facts(name: str) -> Any:
    return json.loads((CONTRACTS / "sec" / f"companyfacts_{name}.json").read_bytes())


def parse(body: Any, entity: str) -> Any:
    return Sec().parse(
        [snapshot(body, entity, "https://data.sec.gov/api/xbrl/companyfacts/x.json")], context()
    )


def test_recorded_answers_give_the_reported_years() -> None:
    found = values(parse(facts("alphabet"), "alphabet"))
    assert found["alphabet", "revenue_usd", "2025"] == "402836000000"
    assert found["alphabet", "net_profit_usd", "2024"] == "100118000000"
    assert found["alphabet", "rd_expense_usd", "2025"] == "61087000000"
    assert not [key for key in found if key[2] >= "2026"]  # only quarters of it are there
    found = values(parse(facts("apple"), "apple"))
    assert found["apple", "revenue_usd", "2025"] == "416161000000"
    assert found["apple", "revenue_usd", "2010"] == "65225000000"  # under an older tag
    assert len([key for key in found if key[1] == "net_profit_usd"]) == 19


def test_the_newest_filing_of_a_year_stands_and_quarters_in_it_do_not() -> None:
    row = {"start": "2023-04-01", "end": "2024-03-31", "val": 5, "form": "20-F", "filed": "2024-05-01"}
    rows = [
        row | {"val": 6, "filed": "2025-05-01"}, row, row | {"start": "2024-01-01", "val": 1},
        row | {"form": "6-K", "val": 9, "filed": "2026-01-01"},
    ]  # fmt: skip
    body = {"entityName": "Alibaba Group", "facts": {"us-gaap": {"Revenues": {"units": {"CNY": rows}}}}}
    assert values(parse(body, "alibaba")) == {("alibaba", "revenue", "2024"): "6"}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"entityName": "Other Corp", "facts": {"us-gaap": {}}}, "Other Corp"),
        ({"entityName": "Apple Inc.", "facts": {"us-gaap": {}}}, "no whole year"),
        ({"entityName": "Apple Inc.", "facts": {}}, "'us-gaap' is missing"),
        ("<html>Undeclared Automated Tool</html>", "HTML instead of JSON"),
    ],
)
def test_drift_is_refused_by_name(body: Any, says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        parse(body, "apple")
