"""CNIPA's yearly tables: chosen by title, columns by heading, cities never taken for provinces."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from source_support import CONTRACTS, answered, context, snapshot, table, values

from etl.sources.base import Request, ShapeError
from etl.sources.cnipa import Cnipa

LISTED = """<p class="style2"><a href="b/b2.html">国内三种专利申请授权量</a>
<a href="b/b3.html">国内发明专利申请授权量</a> <a href="b/b4.html">国内职务发明专利申请授权量</a>
<a href="b/b5.html">国内外三种专利授权量</a> <a href="b/b6.html">国内实用新型专利申请授权量</a>
<a href="b/b2.html">打印</a></p>"""


def page(name: str, key: str, edit: Any = lambda text: text) -> Any:
    text = (CONTRACTS / "cnipa" / f"{name}.html").read_text("utf-8")
    address = f"https://www.cnipa.gov.cn/tjxx/jianbao/year{key[:4]}/{key[5]}/{key[5]}4.html"
    return snapshot(edit(text), key, address, "text/html")


def test_recorded_tables_give_each_city_its_figures() -> None:
    held = values(Cnipa().parse([page("held_2009", "2009-c-01")], context()))
    assert held["hangzhou", "invention_patents_held", "2009"] == "6246"
    assert held["beijing", "invention_patents_held", "2009"] == "28774"
    assert {indicator for _, indicator, _ in held} == {"invention_patents_held"}
    granted = values(Cnipa().parse([page("granted_2015", "2015-b-01")], context()))
    assert granted == {
        ("beijing", "patents_granted", "2015"): "94031",
        ("shanghai", "patents_granted", "2015"): "60623",
        ("tianjin", "patents_granted", "2015"): "37342",
    }


def test_recorded_applications_agree_with_those_read_by_hand() -> None:
    shot = page("pct_2023", "2023-f-01")
    read = values(Cnipa().parse([shot], context()))
    curated = table("curated/innovation.csv")
    rows = curated[(curated["source_url"] == shot.request.url) & (curated["locator"] != "")]
    by_hand = {
        (row.entity_id, row.indicator_id, row.period): row.value
        for row in rows.itertuples()
        if (row.entity_id, row.indicator_id, row.period) in read
    }
    assert len(by_hand) >= 6
    assert {key: read[key] for key in by_hand} == by_hand


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda text: re.sub("<table.*", "", text, flags=re.DOTALL), "no table by place"),
        (lambda text: text.replace("有效量", "状况"), "no table by place"),
        (lambda text: text.replace("2009</td>", "2008</td>"), "no column of the year's figures"),
    ],
)
def test_another_table_is_refused(edit: Any, says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        Cnipa().parse([page("held_2009", "2009-c-01", edit)], context())


def test_tables_are_asked_for_by_title_and_settled_years_once() -> None:
    def answer(request: Request) -> Any:
        return LISTED if request.key.endswith("-b") and "2024" not in request.url else None

    asked, _ = answered(Cnipa(), context(date(2026, 11, 22)), answer)
    tables = [one for one in asked if one.key.count("-") > 1]
    assert {one.url.rpartition("/")[2] for one in tables} == {"b2.html", "b3.html"}
    assert {one.key[:4] for one in tables} == {f"{year}" for year in range(2015, 2026) if year != 2024}
    assert {one.key[:4] for one in asked if one.ask == "always"} == {"2024", "2025"}
