"""Star rankings: the companies' repositories by owner, the overall list first, absence is not zero."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from source_support import CONTRACTS, answered, context, snapshot, values

from etl.sources.base import ShapeError
from etl.sources.github_ranking import AI, SUM
from etl.sources.github_ranking import GENERAL as SOURCE

DAY = "2025-02-26"
HEAD = "rank,item,repo_name,stars,forks,language,repo_url,username"
FIRST = "1,top-100-stars,x,5,1,C,https://github.com/o/x,o"


def csv(*rows: str, head: str = HEAD) -> str:
    return "\n".join((head, *rows))


def parse(body: str | bytes) -> dict[tuple[str, str, str], str]:
    return values(SOURCE.parse([snapshot(body, DAY, kind="text/plain")], context()))


def test_recorded_day_gives_the_published_figures() -> None:
    found = parse((CONTRACTS / "github_ranking" / f"{DAY}.csv").read_bytes())
    assert (
        found["deepseek", "github_stars_deepseek_v3", DAY] == "88997"
    )  # the overall list, not 88999 of Python
    assert found["deepseek", "github_stars_deepseek_r1", DAY] == "82329"
    assert found["tencent", "github_stars_ncnn", DAY] == "21011"
    assert found["deepseek", "github_stars_rank_overall_deepseek_v3", DAY] == "80"
    assert found["deepseek", "github_stars_rank_overall_deepseek_r1", DAY] == "91"
    assert ("deepseek", "github_stars_deepseek_coder", DAY) not in found


def test_columns_in_another_order_and_unknown_ones_are_fine() -> None:
    body = csv(
        "https://github.com/o/x,5,x,top-100-stars,1,?",
        "https://github.com/DeepSeek-AI/DeepSeek-V3,１２３,DeepSeek-V3,Python,9,?",
        head="repo_url,stars,repo_name,item,rank,new_column",
    )
    assert parse(body) == {("deepseek", "github_stars_deepseek_v3", DAY): "123"}


def test_a_doubted_repository_is_marked_and_an_unknown_one_said() -> None:
    parsed = SOURCE.parse(
        [
            snapshot(
                csv(
                    FIRST,
                    "2,Python,deepseek-harness,182000,1,TS,https://github.com/deepseek-ai/deepseek-harness,deepseek-ai",
                    "3,Python,brand-new,7,1,C,https://github.com/Tencent/brand-new,Tencent",
                ),
                DAY,
            )
        ],
        context(),
    )
    assert parsed.observations["status"].tolist() == ["doubtful"]
    assert parsed.notes == ["without an indicator of their own, left out: Tencent/brand-new"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("404: Not Found", "no column"),
        ("<html></html>", "no column"),
        ("", "no column"),
        (csv(FIRST, head=HEAD.replace("stars", "stargazers")), "no column stars"),
        (csv("1,Python,x,5,1,C,https://github.com/o/x,o"), "no list top-100-stars"),
        (csv(FIRST, "2,C,ncnn,many,1,C,https://github.com/Tencent/ncnn,Tencent"), "stars of Tencent/ncnn"),
        (csv(FIRST, "2,C,ncnn,,1,C,https://github.com/Tencent/ncnn,Tencent"), "stars of Tencent/ncnn"),
        (csv(FIRST, "0,C,ncnn,5,1,C,https://github.com/Tencent/ncnn,Tencent"), "rank of Tencent/ncnn"),
    ],
)
def test_drift_is_refused_by_name(body: str, says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        parse(body)


def test_newest_day_and_the_first_day_there_is_of_missed_months_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "observations").mkdir()
    (tmp_path / "observations" / "attention.csv").write_text(
        "entity_id,indicator_id,period,value,source_id,status,note,locator\n"
        + "".join(
            f"tencent,github_stars_ncnn,2025-{month:02}-01,1,x,final,,\n" for month in range(3, 13)
            if month != 9
        ),
        encoding="utf-8",
    )  # fmt: skip
    ctx = context(date(2026, 3, 20), tmp_path)
    missing = {"2026-02-01", "2026-02-02", "2026-03-18", "2026-03-19"}
    asked, _ = answered(SOURCE, ctx, lambda request: None if request.key in missing else "x")
    assert [request.key for request in asked] == [
        "2026-03-19", "2026-03-18", "2026-03-17", "2026-03-01", "2026-02-01", "2026-02-02", "2026-02-03",
        "2026-01-01", "2025-09-01",
    ]  # fmt: skip  # 2025-09: a first fill that a limit cut short


def test_recorded_list_of_ai_repositories_gives_each_makers_sum() -> None:
    day = "2026-08-22"
    body = (CONTRACTS / "github_ranking" / f"ai_{day}.csv").read_bytes()
    parsed = AI.parse([snapshot(body, day, kind="text/plain")], context())
    assert {key[0]: int(value) for key, value in values(parsed).items()} == {
        "deepseek": 324542, "alibaba": 251684, "baidu": 123084, "bytedance": 150909, "tencent": 31188,
        "huawei": 4418, "zhipu": 4413,
    }  # fmt: skip
    assert set(parsed.observations["indicator_id"]) == {SUM}
    assert "13 repositories of deepseek-ai, each counted once" in set(parsed.observations["locator"])
