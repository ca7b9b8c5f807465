"""Hot-list archives: counts equal the published ones, months only when whole, windows that end."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from source_support import CONTRACTS, answered, context, snapshot, table, values

from etl.sources.base import ShapeError, SourceError
from etl.sources.hot_lists import GIVE_UP_AFTER, HotList
from etl.sources.weibo_heat import SOURCE as HEAT
from etl.sources.weibo_hot import SOURCE as WEIBO
from etl.sources.zhihu_hot import SOURCE as ZHIHU

DAY = "2025-01-28"
LISTS = CONTRACTS / "hot_lists"
# Published for that day by an independent count (the hand-read figures of the same archives).
PUBLISHED = {
    "weibo": (WEIBO, {"deepseek": "28", "hangzhou": "0", "all_topics": "385"}),
    "zhihu": (ZHIHU, {"deepseek": "18", "hangzhou": "1", "all_topics": "104"}),
    "weibo_heat": (HEAT, {"deepseek": "11533951", "hangzhou": "0", "all_topics": "329277019"}),
}
SOURCES = [WEIBO, ZHIHU, HEAT]


def entry(title: str, hot: int = 5, ads: bool = False) -> dict[str, object]:
    return {"title": title, "url": "/x", "hot": hot, "ads": ads}


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_counts_equal_the_published_ones(name: str) -> None:
    source, expected = PUBLISHED[name]
    body = (LISTS / f"{name}_{DAY}.json").read_bytes()
    parsed = source.parse([snapshot(body, DAY)], context())
    found = values(parsed)
    assert {entity: found[entity, source.daily, DAY] for entity in expected} == expected
    assert parsed.sources["url"].tolist() == [source.page.format(day=DAY)]
    assert any("1 of 31 days" in note for note in parsed.notes)


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_every_curated_count_of_that_day_is_reproduced(name: str) -> None:
    source, _ = PUBLISHED[name]
    curated = table("curated/attention_hot_lists.csv")
    rows = curated[(curated["indicator_id"] == source.daily) & (curated["period"] == DAY)]
    assert len(rows) >= 9
    found = values(source.parse([snapshot((LISTS / f"{name}_{DAY}.json").read_bytes(), DAY)], context()))
    expected = {(row.entity_id, source.daily, DAY): row.value for row in rows.itertuples()}
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize("source", SOURCES)
def test_a_month_is_the_sum_of_its_days_and_only_when_whole(source: HotList) -> None:
    days = [date(2026, 2, 1) + timedelta(days=n) for n in range(28)]
    given_days = [snapshot([entry(f"深圳{n}"), entry("别的")], f"{day}") for n, day in enumerate(days)]
    whole = source.parse(given_days, context())
    found = values(whole)
    each = int(found["shenzhen", source.daily, "2026-02-01"])
    assert found["shenzhen", source.monthly, "2026-02"] == str(28 * each)
    assert found["all_topics", source.monthly, "2026-02"] == str(2 * 28 * each)
    assert source.listing in set(whole.sources["url"])
    part = source.parse(given_days[1:], context())
    assert not [key for key in values(part) if key[1] == source.monthly]


def test_distinct_titles_count_once_and_advertisements_not_at_all() -> None:
    day = [entry("杭州下雪", 7), entry("杭州下雪", 9), entry("杭州广告", 100, ads=True), entry("HangZhou", 1)]
    assert values(HEAT.parse([snapshot(day, DAY)], context()))["hangzhou", HEAT.daily, DAY] == "9"
    assert values(WEIBO.parse([snapshot(day, DAY)], context()))["hangzhou", WEIBO.daily, DAY] == "2"


@pytest.mark.parametrize("source", SOURCES)
def test_an_empty_day_among_others_is_left_out_and_takes_its_month_s_sum(source: HotList) -> None:
    days = [date(2026, 2, 1) + timedelta(days=n) for n in range(28)]
    lists = [snapshot([entry("深圳")] if day.day != 14 else [], f"{day}") for day in days]
    parsed = source.parse(lists, context())
    found = values(parsed)
    assert ("all_topics", source.daily, "2026-02-14") not in found
    assert len([key for key in found if key[:2] == ("all_topics", source.daily)]) == 27
    assert not [key for key in found if key[1] == source.monthly]
    assert any("2026-02-14" in note for note in parsed.notes)


@settings(deadline=None)
@given(st.lists(st.text(alphabet="深圳杭州华为x ", min_size=1).filter(str.strip), min_size=1, max_size=20))
def test_no_entity_counts_more_than_all_topics_and_order_is_nothing(titles: list[str]) -> None:
    day = [entry(title) for title in titles]
    found = values(WEIBO.parse([snapshot(day, DAY)], context()))
    again = values(WEIBO.parse([snapshot(day[::-1], DAY)], context()))
    assert found == again
    assert max(map(int, found.values())) == int(found["all_topics", WEIBO.daily, DAY])


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<!DOCTYPE html><html>429</html>", "HTML instead of JSON"),
        ("404: Not Found", "text instead of JSON"),
        ("", "nothing instead of JSON"),
        ({"message": "gone"}, "a list was expected"),
        ([], "the list is empty"),
        (["深圳"], "an object was expected"),
        ([{"name": "深圳", "hot": 1, "ads": False}], "without a title"),
        ([{"title": None, "hot": 1, "ads": False}], "without a title"),
        ('[{"title": "x", "hot": NaN, "ads": false}]', "instead of JSON"),
    ],
)
@pytest.mark.parametrize("source", SOURCES)
def test_drift_is_refused_and_never_a_zero(source: HotList, body: object, says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        source.parse([snapshot(body, DAY)], context())


@pytest.mark.parametrize(
    "spoilt", [{"hot": "12"}, {"hot": None}, {"hot": 1.5}, {"hot": -1}, {"ads": "no"}, {"ads": None}]
)
def test_heat_of_another_type_is_refused(spoilt: dict[str, object]) -> None:
    with pytest.raises(ShapeError):
        HEAT.parse([snapshot([entry("x") | spoilt], DAY)], context())


def test_a_bad_keyword_is_named() -> None:
    keywords = pd.DataFrame({"entity_id": ["shenzhen"], "pattern": ["深(圳"]})
    with pytest.raises(SourceError, match=r"keywords\.csv, shenzhen"):
        WEIBO.parse([snapshot([entry("x")], DAY)], context(keywords=keywords))


def keys(source: HotList, ctx: object, there: set[str]) -> list[str]:
    asked, _ = answered(source, ctx, lambda request: "[]" if request.key in there else None)  # type: ignore[arg-type]
    return [request.key for request in asked]


def days_of(first: date, last: date) -> set[str]:
    return {f"{first + timedelta(days=n)}" for n in range((last - first).days + 1)}


def test_the_window_is_two_months_at_most_and_ends_yesterday() -> None:
    everything = days_of(date(2020, 11, 24), date(2026, 3, 19))
    asked = keys(WEIBO, context(date(2026, 3, 20)), everything)
    assert asked[0] == "2026-03-19"
    assert set(asked) == days_of(date(2026, 2, 1), date(2026, 3, 19))


def test_the_window_starts_with_the_month_of_the_newest_published_day(tmp_path: Path) -> None:
    (tmp_path / "observations").mkdir()
    (tmp_path / "observations" / "attention.csv").write_text(
        "entity_id,indicator_id,period,value,source_id,status,note,locator\n"
        f"shenzhen,{WEIBO.daily},2026-03-10,1,x,final,,\n",
        encoding="utf-8",
    )
    ctx = context(date(2026, 3, 20), tmp_path)
    assert set(keys(WEIBO, ctx, days_of(date(2026, 3, 1), date(2026, 3, 19)))) == days_of(
        date(2026, 3, 1), date(2026, 3, 19)
    )


def test_an_archive_that_has_ended_is_searched_for_its_newest_month_and_left_alone_after() -> None:
    there = days_of(date(2020, 11, 24), date(2025, 5, 12))
    asked = keys(ZHIHU, context(date(2026, 3, 20)), there)
    assert there & set(asked) == days_of(date(2025, 4, 1), date(2025, 5, 12))
    gone = keys(ZHIHU, context(date(2026, 3, 20)), set())
    assert len(gone) <= GIVE_UP_AFTER + 12 * 6
    assert any("no file" in note for note in ZHIHU.parse([], context()).notes)


def test_a_start_can_be_set_and_a_bad_one_is_named() -> None:
    env = {"PURSUIT_ARCHIVE_FROM": "2026-01-15"}
    everything = days_of(date(2020, 11, 24), date(2026, 3, 19))
    assert min(keys(WEIBO, context(date(2026, 3, 20), env=env), everything)) == "2026-01-15"
    with pytest.raises(SourceError, match="PURSUIT_ARCHIVE_FROM"):
        keys(WEIBO, context(env={"PURSUIT_ARCHIVE_FROM": "lately"}), set())


def test_a_refresh_of_one_entity_counts_that_one_and_the_denominator() -> None:
    found = values(WEIBO.parse([snapshot([entry("深圳")], DAY)], context(only=["shenzhen"])))
    assert {entity for entity, _, _ in found} == {"shenzhen", "all_topics"}


FOLDERS = [CONTRACTS / "hot_lists"]
if MORE := os.environ.get("PURSUIT_RECORDINGS"):
    FOLDERS.append(Path(MORE) / "hot_archives")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_whole_recordings_are_read(folder: Path) -> None:
    for name, source in (("weibo", WEIBO), ("zhihu", ZHIHU), ("weibo_heat", HEAT)):
        paths = sorted(folder.glob(f"{name}_20??-??-??.json"))
        assert paths
        for path in paths:
            day = path.stem.rpartition("_")[2]
            found = values(source.parse([snapshot(path.read_bytes(), day)], context()))
            titles = {one["title"].strip() for one in json.loads(path.read_bytes()) if not one.get("ads")}
            total = int(found["all_topics", source.daily, day])
            assert total == len(titles) if source is not HEAT else total > len(titles)
