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

from etl.sources.base import Context, ShapeError, SourceError
from etl.sources.hot_lists import GIVE_UP_AFTER, WEIBO_HEAT, WEIBO_HOT, ZHIHU_HOT, HotList

DAY = "2025-01-28"
LISTS = CONTRACTS / "hot_lists"
# Published for that day by an independent count (the hand-read figures of the same archives).
PUBLISHED = {
    "weibo": (WEIBO_HOT, {"deepseek": "28", "hangzhou": "0", "all_topics": "385"}),
    "zhihu": (ZHIHU_HOT, {"deepseek": "18", "hangzhou": "1", "all_topics": "104"}),
    "weibo_heat": (WEIBO_HEAT, {"deepseek": "11533951", "hangzhou": "0", "all_topics": "329277019"}),
}
SOURCES = [WEIBO_HOT, ZHIHU_HOT, WEIBO_HEAT]


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
    assert values(WEIBO_HEAT.parse([snapshot(day, DAY)], context()))["hangzhou", WEIBO_HEAT.daily, DAY] == "9"
    assert values(WEIBO_HOT.parse([snapshot(day, DAY)], context()))["hangzhou", WEIBO_HOT.daily, DAY] == "2"


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
    found = values(WEIBO_HOT.parse([snapshot(day, DAY)], context()))
    again = values(WEIBO_HOT.parse([snapshot(day[::-1], DAY)], context()))
    assert found == again
    assert max(map(int, found.values())) == int(found["all_topics", WEIBO_HOT.daily, DAY])


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<!DOCTYPE html><html>429</html>", "HTML instead of JSON"),
        ("404: Not Found", "text instead of JSON"),
        ("", "nothing instead of JSON"),
        ({"message": "gone"}, "the service says: gone"),
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
        WEIBO_HEAT.parse([snapshot([entry("x") | spoilt], DAY)], context())


def test_a_bad_keyword_is_named() -> None:
    keywords = pd.DataFrame({"entity_id": ["shenzhen"], "pattern": ["深(圳"]})
    with pytest.raises(SourceError, match=r"keywords\.csv, shenzhen"):
        WEIBO_HOT.parse([snapshot([entry("x")], DAY)], context(keywords=keywords))


def keys(source: HotList, ctx: object, there: set[str]) -> list[str]:
    asked, _ = answered(source, ctx, lambda request: "[]" if request.key in there else None)  # type: ignore[arg-type]
    return [request.key for request in asked]


def days_of(first: date, last: date) -> set[str]:
    return {f"{first + timedelta(days=n)}" for n in range((last - first).days + 1)}


def publish(root: Path, source: HotList, ctx: Context, days: set[str]) -> None:
    """Publish a count of the given days as a refresh would."""
    parsed = source.parse([snapshot([entry("深圳"), entry("别的")], day) for day in sorted(days)], ctx)
    (root / "observations").mkdir(exist_ok=True)
    parsed.observations.to_csv(root / "observations" / "attention.csv", index=False)


FIRST, TODAY = date(2020, 11, 24), date(2026, 3, 20)


def test_a_first_fill_takes_two_months_newest_first() -> None:
    asked = keys(WEIBO_HOT, context(TODAY), days_of(FIRST, date(2026, 3, 19)))
    assert asked[0] == "2026-03-19"
    assert set(asked) == days_of(date(2026, 2, 1), date(2026, 3, 19))


def test_published_days_are_not_asked_for_again_and_gaps_are_filled(tmp_path: Path) -> None:
    ctx = context(TODAY, tmp_path)
    publish(tmp_path, WEIBO_HOT, ctx, days_of(date(2025, 12, 1), date(2026, 1, 9)))
    asked = keys(WEIBO_HOT, ctx, days_of(FIRST, date(2026, 3, 19)))
    assert set(asked) == days_of(date(2026, 1, 10), date(2026, 3, 19))
    publish(tmp_path, WEIBO_HOT, ctx, days_of(date(2026, 3, 10), date(2026, 3, 18)))
    asked = keys(WEIBO_HOT, ctx, days_of(FIRST, date(2026, 3, 19)))  # a first fill that a limit cut short
    assert set(asked) == days_of(date(2026, 2, 1), date(2026, 3, 9)) | {"2026-03-19"}


@pytest.mark.parametrize("missing", [set(), {"2025-05-01"}, {"2025-05-09", "2025-05-08"}])
def test_an_archive_that_has_ended_is_found_wherever_it_has_gaps(missing: set[str]) -> None:
    there = days_of(FIRST, date(2025, 5, 12)) - missing
    asked = keys(ZHIHU_HOT, context(TODAY), there)
    assert there & set(asked) == days_of(date(2025, 4, 1), date(2025, 5, 12)) - missing
    assert len(asked) < GIVE_UP_AFTER + (TODAY - date(2025, 5, 12)).days / 7 + 55


def test_an_archive_silent_for_weeks_gives_its_newest_days() -> None:
    there = days_of(FIRST, date(2026, 2, 23))
    assert there & set(keys(WEIBO_HOT, context(TODAY), there)) == days_of(date(2026, 1, 1), date(2026, 2, 23))
    assert any("no file" in note for note in ZHIHU_HOT.parse([], context()).notes)


def test_an_explicit_window_is_walked_whole_whatever_is_missing() -> None:
    ctx = context(TODAY, env={"PURSUIT_ARCHIVE_FROM": "2025-11-01"})
    assert set(keys(WEIBO_HOT, ctx, days_of(FIRST, date(2025, 12, 3)))) == days_of(
        date(2025, 11, 1), date(2026, 3, 19)
    )


def test_what_is_old_is_asked_for_once_and_what_is_new_again() -> None:
    asked, _ = answered(WEIBO_HOT, context(TODAY), lambda request: "[]")
    when = {request.key: request.ask for request in asked}
    assert (when["2026-03-19"], when["2026-03-13"], when["2026-03-12"]) == ("always", "always", "once")


def test_a_day_that_is_a_part_of_one_is_preliminary_and_asked_for_again(tmp_path: Path) -> None:
    ctx = context(TODAY, tmp_path)
    whole = [entry(f"深圳{n}") for n in range(40)]
    days = sorted(days_of(date(2026, 2, 1), date(2026, 2, 28)))
    given_days = [snapshot(whole if day != days[-1] else whole[:5], day) for day in days]
    parsed = WEIBO_HOT.parse(given_days, ctx)
    status = dict(zip(parsed.observations["period"], parsed.observations["status"], strict=True))
    assert (status["2026-02-27"], status["2026-02-28"], status["2026-02"]) == (
        "final", "preliminary", "preliminary",
    )  # fmt: skip
    (tmp_path / "observations").mkdir()
    parsed.observations.to_csv(tmp_path / "observations" / "attention.csv", index=False)
    assert "2026-02-28" in keys(WEIBO_HOT, ctx, set(days))
    assert "2026-02-27" not in keys(WEIBO_HOT, ctx, set(days))
    again = WEIBO_HOT.parse([snapshot(whole, "2026-02-28")], ctx)  # the rest of the month is published
    found = values(again)
    assert found["shenzhen", WEIBO_HOT.monthly, "2026-02"] == str(40 * 28)
    assert set(again.observations["status"]) == {"final"}


def test_an_edited_keyword_counts_stored_days_again_and_names_the_others(tmp_path: Path) -> None:
    ctx = context(TODAY, tmp_path)
    days = days_of(date(2026, 3, 1), date(2026, 3, 19))
    publish(tmp_path, WEIBO_HOT, ctx, days)
    keywords = table("keywords.csv").replace({"深圳": "深圳|别的"})
    edited = context(TODAY, tmp_path, keywords=keywords)
    stored = days_of(date(2026, 3, 5), date(2026, 3, 19))
    asked, given_days = answered(
        WEIBO_HOT, edited, lambda r: [entry("深圳"), entry("别的")] if r.key in stored else None
    )
    assert {request.key for request in asked if request.ask == "never"} == days
    parsed = WEIBO_HOT.parse(given_days, edited)
    assert values(parsed)["shenzhen", WEIBO_HOT.daily, "2026-03-10"] == "2"
    assert any(note.startswith("4 days keep the count of earlier keywords") for note in parsed.notes)


def test_a_start_can_be_set_and_a_bad_one_is_named() -> None:
    env = {"PURSUIT_ARCHIVE_FROM": "2026-01-15"}
    everything = days_of(date(2020, 11, 24), date(2026, 3, 19))
    assert min(keys(WEIBO_HOT, context(date(2026, 3, 20), env=env), everything)) == "2026-01-15"
    with pytest.raises(SourceError, match="PURSUIT_ARCHIVE_FROM"):
        keys(WEIBO_HOT, context(env={"PURSUIT_ARCHIVE_FROM": "lately"}), set())


def test_a_refresh_of_one_entity_counts_that_one_and_the_denominator() -> None:
    found = values(WEIBO_HOT.parse([snapshot([entry("深圳")], DAY)], context(only=["shenzhen"])))
    assert {entity for entity, _, _ in found} == {"shenzhen", "all_topics"}


FOLDERS = [CONTRACTS / "hot_lists"]
if MORE := os.environ.get("PURSUIT_RECORDINGS"):
    FOLDERS.append(Path(MORE) / "hot_archives")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_whole_recordings_are_read(folder: Path) -> None:
    for name, source in (("weibo", WEIBO_HOT), ("zhihu", ZHIHU_HOT), ("weibo_heat", WEIBO_HEAT)):
        paths = sorted(folder.glob(f"{name}_20??-??-??.json"))
        assert paths
        for path in paths:
            day = path.stem.rpartition("_")[2]
            found = values(source.parse([snapshot(path.read_bytes(), day)], context()))
            titles = {one["title"].strip() for one in json.loads(path.read_bytes()) if not one.get("ads")}
            total = int(found["all_topics", source.daily, day])
            assert total == len(titles) if source is not WEIBO_HEAT else total > len(titles)
