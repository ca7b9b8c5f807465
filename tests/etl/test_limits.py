"""Archives under a limit: what came is kept and published, and the next run continues there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from replica import replicated
from test_replica import TODAY, Laboratory

from etl import status
from etl.options import Options
from etl.paths import cache_dir
from etl.refresh import plan, plan_lines
from etl.sources import pageviews

ARCHIVE = "weibo_hot"
DAYS = 31 + 21
"""October, and November up to yesterday."""


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Laboratory]:
    with replicated(TODAY) as replica:
        replica.hot_days = 400
        yield Laboratory(tmp_path, replica)


def run(lab: Laboratory, allowance: int) -> tuple[object, int]:
    """Refresh the archive with an hour's allowance; return its report and how many days are published."""
    lab.replica.allowance = allowance
    (one,) = lab.refresh(ARCHIVE).sources
    table = lab.observations("attention")
    return one, table[table["indicator_id"] == "weibo_hot_search_titles_daily"]["period"].nunique()


def test_three_runs_under_a_limit_fill_the_window_and_a_fourth_asks_for_nothing(lab: Laboratory) -> None:
    first, days = run(lab, 20)
    assert (first.state, days) == ("partial", 20)
    assert "3600 s" in first.error
    assert f"{DAYS - 20} requests are left, about 2 more runs like this one" in first.error
    second, days = run(lab, 20)
    assert (second.state, days) == ("partial", 40)
    third, days = run(lab, 20)
    assert (third.state, third.error, days) == ("fresh", "", DAYS)
    asked = len(lab.replica.asked())
    fourth, days = run(lab, 20)
    assert (fourth.state, days) == ("unchanged", DAYS)
    assert len(lab.replica.asked()) == asked
    months = lab.observations("attention").query("indicator_id == 'weibo_hot_search_titles_monthly'")
    assert set(months["period"]) == {"2026-10"}  # its days came in three runs


def test_the_search_for_the_end_of_an_archive_goes_on_where_a_limit_stopped_it(lab: Laboratory) -> None:
    lab.replica.ended = 100
    states = []
    while not states or (states[-1] != "fresh" and len(states) < 10):
        lab.replica.allowance = 15
        (one,) = lab.refresh(ARCHIVE).sources
        states.append(one.state)
        assert one.state == "fresh" or "429" in one.error
    assert set(states[:-1]) == {"partial"}
    assert run(lab, 15)[1] > 30


def test_archives_together_finish_over_runs_under_their_hosts_limit(lab: Laboratory) -> None:
    lab.replica.ranking_day = 1
    archives = ("weibo_hot", "zhihu_hot", "weibo_heat", "github_ranking", "github_ranking_ai", "csrankings")
    runs, days = [], 0
    while not runs or runs[-1] != {"fresh"}:
        lab.replica.allowance = 60
        before = len(lab.replica.asked())
        report = lab.refresh(*archives)
        answered = [one for one in lab.replica.asked(before) if one.status != 429]
        assert len(answered) <= 60
        runs.append({"fresh" if one.state == "unchanged" else one.state for one in report.sources})
        table = lab.observations("attention")
        now = len(table.drop_duplicates(["indicator_id", "period"]))
        assert now > days or runs[-1] == {"fresh"}  # each run publishes more
        days = now
    assert len(runs) <= 4  # 3 archives of 52 days, 2 of 13 months, one file: 183 requests, 60 an hour


def test_page_views_go_on_where_a_limit_stopped_them(
    lab: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = pageviews.titles
    few = ("shenzhen", "tesla")
    monkeypatch.setattr(pageviews, "titles", lambda c: {k: v for k, v in known(c).items() if k[0] in few})
    states, series = [], []
    for _ in range(8):
        lab.replica.allowance = 4
        (one,) = lab.refresh("pageviews", entities=few).sources
        table = lab.observations("attention") if (lab.data / "observations/attention.csv").is_file() else None
        series.append(0 if table is None else len(table.drop_duplicates(["entity_id", "indicator_id"])))
        states.append(one.state)
        if one.state in ("fresh", "unchanged"):
            break
    assert states[0] == "partial"
    assert states[-1] in ("fresh", "unchanged")
    assert series == sorted(series)
    views = lab.observations("attention").query("entity_id == 'tesla' and period == '2026-11-21'")
    assert "Tesla Motors" in views["note"].item()  # both titles, or none


def test_what_a_limited_run_lacks_is_told_and_remembered(lab: Laboratory) -> None:
    run(lab, 5)
    setting = lab.setting()
    state = status.States(cache_dir(setting.env), lab.data).get(ARCHIVE)
    assert state.last_success == state.last_attempt != ""
    assert "requests are left" in state.error
    assert '"stale": true' in (lab.data / "status.json").read_text("utf-8")


def test_a_newest_figure_older_than_three_rhythms_is_overdue() -> None:
    overdue = status.overdue
    assert overdue("2025-05-12", 1, 0, TODAY)  # an archive of days that has ended
    assert not overdue("2026-11-19", 1, 0, TODAY)
    assert overdue("2025-12", 31, 0, TODAY)
    assert not overdue("2025", 90, 0, TODAY)  # a year comes out once a year, however often one asks
    assert not overdue("2026-03-26", 30, 184, TODAY)
    assert not overdue("", 1, 0, TODAY)


def test_a_plan_asks_nothing_and_names_hosts_requests_and_minutes(lab: Laboratory) -> None:
    before = plan(Options((ARCHIVE, "openalex", "filings")), lab.setting())
    assert lab.replica.asked() == []
    archive, filings, openalex = sorted(before, key=lambda one: (one.source != ARCHIVE, one.source))
    assert archive.hosts == {"raw.githubusercontent.com": DAYS}
    assert archive.minutes == round(DAYS / 5 / 60, 1)
    assert (openalex.requests, openalex.at_most) == (11, 11)
    asked, most = filings.requests, filings.at_most
    assert most > asked
    told = f"filings: {asked} requests (with what they lead to at most {most})"
    assert any(line.startswith(told) for line in plan_lines(before))
    assert plan_lines(before)[-1].startswith(f"{DAYS + 11 + asked} requests (with what they lead to at most ")
    run(lab, 100)
    assert plan(Options((ARCHIVE,)), lab.setting())[0].requests == 0


@pytest.mark.parametrize("name", ["communiques", "cnipa", "filings", "github", "wikidata", "nbs_housing"])
def test_a_plan_never_asks_for_more_than_it_says(lab: Laboratory, name: str) -> None:
    (before,) = plan(Options((name,)), lab.setting())
    lab.refresh(name)
    asked = {(one.method, one.path) for one in lab.replica.asked()}
    assert len(asked) <= before.at_most
