"""Page views are daily, summed over all titles of a page, asked for once, and never a zero by default."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from source_support import CONTRACTS, answered, context, snapshot, values

from etl.errors import ShapeError, SourceError
from etl.sources import pageviews
from etl.sources.base import Request
from etl.sources.pageviews import BASE, Pageviews, titles

TODAY = date(2026, 11, 22)
MONTHLY = (CONTRACTS / "pageviews" / "monthly_Google_Gemini_after_page_move.json").read_bytes()
MISSING = (CONTRACTS / "pageviews" / "error_404.json").read_bytes()


def views(day: str, count: int = 7, **changes: Any) -> dict[str, Any]:
    return {"granularity": "daily", "timestamp": f"{day.replace('-', '')}00", "views": count} | changes


def days(request: Request) -> list[str]:
    first, last = (date.fromisoformat(text) for text in request.url.rsplit("/", 2)[1:])
    return [(first + timedelta(n)).isoformat() for n in range((last - first).days + 1)]


def title(request: Request) -> str:
    return unquote(request.url.partition("/user/")[2].partition("/")[0])


def everything(request: Request) -> Any:
    """Answer every title with one view a day."""
    return {"items": [views(day, 1) for day in days(request)]}


def page(items: Iterable[dict[str, Any]], name: str, number: int = 0, year: int = 2026) -> Any:
    url = f"{BASE}/en.wikipedia/all-access/user/{name}/daily/{year}0101/{year}1231"
    return snapshot({"items": list(items)}, f"tesla/en/{number:02}/{year}", url)


def test_the_window_is_400_days_and_the_weeks_of_the_essay() -> None:
    asked, given = answered(Pageviews(), context(TODAY, only=["hangzhou"]), everything)
    found = values(Pageviews().parse(given, context(TODAY, only=["hangzhou"])))
    english = sorted(d for _, indicator, d in found if indicator == "wikipedia_pageviews_en")
    assert english[0] == "2025-01-13"
    assert english[-1] == "2026-11-21"  # data are about a day behind; the running day is not asked for
    assert len(english) == 400 + 42
    assert "2025-10-18" in english
    assert "2025-06-01" not in english
    assert all(request.url.isascii() for request in asked)
    assert all(request.optional for request in asked if request.url.startswith(BASE))


def test_the_beginning_can_be_chosen() -> None:
    env = {"PURSUIT_ARCHIVE_FROM": "2012-01-01"}
    asked, _ = answered(Pageviews(), context(TODAY, env=env, only=["ubtech"]), everything)
    first = min(request.url.rsplit("/", 2)[1] for request in asked)
    assert first == "20150701"  # nothing was counted before
    assert {request.key.rsplit("/")[-1] for request in asked} == {str(y) for y in range(2015, 2027)}
    with pytest.raises(SourceError, match="no date"):
        list(Pageviews().requests(context(TODAY, env={"PURSUIT_ARCHIVE_FROM": "May"})))


def test_every_title_of_a_moved_page_is_asked_for_and_summed() -> None:
    asked, _ = answered(Pageviews(), context(TODAY, only=["tesla"]), everything)
    assert [title(r) for r in asked if r.key.startswith("tesla/en/") and r.key.endswith("2026")] == [
        "Tesla,_Inc.",
        "Tesla_Motors",
    ]
    parsed = Pageviews().parse(
        [
            page([views("2026-05-01", 10), views("2026-05-02", 20)], "Tesla%2C_Inc."),
            page([views("2026-05-02", 3)], "Tesla_Motors", 1),
        ],
        context(TODAY),
    )
    assert values(parsed) == {
        ("tesla", "wikipedia_pageviews_en", "2026-05-01"): "10",
        ("tesla", "wikipedia_pageviews_en", "2026-05-02"): "23",
    }
    assert parsed.observations["note"].tolist() == ["", "sum over the titles Tesla, Inc., Tesla Motors"]
    assert parsed.sources["url"].tolist() == [
        f"{BASE}/en.wikipedia/all-access/user/Tesla%2C_Inc./daily/20260101/20261231"
    ]


def test_a_closed_year_that_is_published_is_not_asked_again(tmp_path: Path) -> None:
    (tmp_path / "observations").mkdir()
    lines = ["entity_id,indicator_id,period,value,source_id,status,note,locator"]
    lines += [f"ubtech,wikipedia_pageviews_{code},2025-12-31,5,x,final,," for code in ("en", "zh")]
    (tmp_path / "observations" / "attention.csv").write_text("\n".join(lines) + "\n", "utf-8")
    asked, _ = answered(Pageviews(), context(TODAY, tmp_path, only=["ubtech"]), everything)
    assert {request.key.rsplit("/")[-1] for request in asked} == {"2026"}
    later, _ = answered(Pageviews(), context(date(2029, 3, 1), tmp_path, only=["ubtech"]), everything)
    assert {request.key.rsplit("/")[-1] for request in later} == {"2025", "2028", "2029"}


def test_an_unknown_title_is_not_measured() -> None:
    here = context(TODAY, only=["hangzhou"])
    asked, given = answered(Pageviews(), here, lambda request: None)
    assert len(asked) > 2
    parsed = Pageviews().parse(given, here)
    assert parsed.observations.empty
    assert parsed.notes == ["no views under the titles known, not measured: hangzhou (en), hangzhou (zh)"]


def test_shipped_titles_are_of_the_catalogue_and_none_twice() -> None:
    known = set(context().entities["entity_id"])
    assert {entity for entity, _ in titles(context())} <= known
    asked = [(language, name) for (_, language), names in titles(context()).items() for name in names]
    assert len(asked) == len(set(asked))
    assert all(" " not in name for _, name in asked)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (MISSING, "do not have data"),
        (MONTHLY, "monthly views where daily"),
        ("too many requests", "text instead of JSON"),
        ({"items": []}, "no day"),
        ({"items": [views("2026-01-01", views=None)]}, "'views' is null"),
        ({"items": [views("2026-13-01")]}, "no day"),
        ({"items": [views("2026-01-01"), views("2026-01-01", 8)]}, "appears twice"),
        ({"items": [views("2026-01-01", -1)]}, "is negative"),
        ({"rows": []}, "'items' is missing"),
    ],
)
def test_drift_is_refused_by_name(body: Any, says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        Pageviews().parse(
            [snapshot(body, "tesla/en/00/2026", f"{BASE}/x/user/Tesla/daily/1/2")], context(TODAY)
        )


def test_the_recorded_shape_is_the_daily_one_but_for_its_granularity() -> None:
    rows = json.loads(MONTHLY)["items"]
    as_days = [row | {"granularity": "daily"} for row in rows]
    found = pageviews._days(snapshot({"items": as_days}, "tesla/en/00/2026"))
    assert found["2023-10-01"] == 595
    assert len(found) == len(rows)
