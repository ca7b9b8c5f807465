"""GitHub and Hugging Face: every page the Link header names, none elsewhere, plain words at a limit."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from etl_support import Conversation, FakeClock, serving
from source_support import CONTRACTS, context, snapshot, values

from etl.collect import fetch_all
from etl.errors import FetchError, ShapeError
from etl.http import Fetcher
from etl.network import Limits
from etl.options import RunEnvironment
from etl.sources.base import Source
from etl.sources.organisations import GitHub, HuggingFace

RECORDED = json.loads((CONTRACTS / "github" / "org_repos.json").read_text("utf-8"))
EXCHANGE = json.loads((CONTRACTS / "github" / "org_repos_headers.json").read_text("utf-8"))
LIMITED = json.loads((CONTRACTS / "github" / "rate_limit_headers.json").read_text("utf-8"))
TOKEN = {"GITHUB_TOKEN": "t0k3n-of-mine"}
REPOSITORY = {"full_name": "deepseek-ai/x", "fork": False, "stargazers_count": 3}


def online(source: Source, root: Path, base: str, only: str, **env: str) -> tuple[Fetcher, Callable[[], Any]]:
    env = {f"PURSUIT_BASE_URL_{source.id.upper()}": base, **env}
    setting = {"PURSUIT_CACHE": str(root), **env}
    run = RunEnvironment(env=setting, clock=FakeClock(), limits=Limits(attempts=3, read=5))
    fetcher = Fetcher(source, run)
    return fetcher, lambda: fetch_all(source, context(only=[only], env=env), fetcher)[0]


def json_page(rows: Any, **headers: str) -> Callable[[Conversation], None]:
    return lambda c: c.answer(200, json.dumps(rows).encode(), Content_Type="application/json", **headers)


def test_the_recorded_link_leads_to_the_next_page(tmp_path: Path) -> None:
    link = EXCHANGE["headers"]["Link"]
    assert "/organizations/337792/repos?page=2" in link  # as GitHub wrote it: another path than was asked
    first = json_page(RECORDED, Link=link, ETag=EXCHANGE["headers"]["Etag"])
    with serving(first, json_page([REPOSITORY])) as server:
        _, run = online(GitHub(), tmp_path, server.base, "deepseek", **TOKEN)
        given = run()
        lines = [c.line.split()[1] for c in server.asked]
        assert [c.header("Authorization") for c in server.asked] == ["Bearer t0k3n-of-mine"] * 2
    assert lines == ["/orgs/deepseek-ai/repos?per_page=100&type=public", "/organizations/337792/repos?page=2"]
    own = {one["full_name"]: one["stargazers_count"] for one in RECORDED if not one["fork"]}
    found = values(GitHub().parse(given, context()))
    assert found["deepseek", "github_repositories", "2026-11-22"] == str(len(own) + 1)
    assert found["deepseek", "github_stars_total", "2026-11-22"] == str(sum(own.values()) + 3)
    assert b"t0k3n" not in b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    offline = Fetcher(GitHub(), RunEnvironment(env={"PURSUIT_CACHE": str(tmp_path)}), offline=True)
    again, _ = fetch_all(GitHub(), context(only=["deepseek"]), offline)
    assert [one.body for one in again] == [one.body for one in given]


def test_a_link_that_a_mirror_rewrote_to_itself_is_followed(tmp_path: Path) -> None:
    def first(c: Conversation) -> None:
        json_page([REPOSITORY], Link=f'<{server.base}/organizations/1/repos?page=2>; rel="next"')(c)

    with serving(first, json_page([REPOSITORY | {"full_name": "a/y"}])) as server:
        _, run = online(GitHub(), tmp_path, server.base, "deepseek")
        assert len(run()) == 2


@pytest.mark.parametrize(
    "target", ["https://evil.example/repos", "http://169.254.169.254/latest", "file:///etc/passwd", "//x.y/z"]
)
def test_a_link_elsewhere_is_refused(tmp_path: Path, target: str) -> None:
    with serving(json_page([REPOSITORY], Link=f'<{target}>; rel="next"')) as server:
        _, run = online(GitHub(), tmp_path, server.base, "deepseek", **TOKEN)
        with pytest.raises(FetchError):
            run()
        assert len(server.asked) == 1


def test_links_in_a_circle_and_without_end_stop(tmp_path: Path) -> None:
    circle = '<https://api.github.com/orgs/deepseek-ai/repos?per_page=100&type=public>; rel="next"'
    with serving(json_page([REPOSITORY], Link=circle)) as server:
        _, run = online(GitHub(), tmp_path, server.base, "deepseek")
        assert len(run()) == 1

    def endless(c: Conversation) -> None:
        address = f"https://api.github.com/organizations/1/repos?page={len(server.asked)}"
        json_page([REPOSITORY], Link=f'<{address}>; rel="next"')(c)

    with serving(endless) as server:
        _, run = online(GitHub(), tmp_path / "other", server.base, "deepseek")
        with pytest.raises(ShapeError, match="more than 30 pages"):
            run()


def capped_problems(status: int, **more: str) -> Callable[[Conversation], None]:
    headers = LIMITED["headers"] | {"X-RateLimit-Remaining": "0", "X-RateLimit-Limit": "60"} | more
    body = json.dumps({"message": "API rate limit exceeded for 203.0.113.7."}).encode()
    given = {name.replace("-", "_"): value for name, value in headers.items()}
    return lambda c: c.answer(status, body, **given)


@pytest.mark.parametrize("status", [403, 429])
def test_a_spent_allowance_is_one_clear_line(tmp_path: Path, status: int) -> None:
    # 1684195041, as recorded, is long before the clock's 2026; a limit that ends later is not waited for
    with serving(capped_problems(status, **{"X-RateLimit-Reset": "1795346541"})) as server:
        _, run = online(GitHub(), tmp_path, server.base, "deepseek")
        with pytest.raises(FetchError) as caught:
            run()
        assert len(server.asked) == 1
    line = caught.value.line()
    assert line == (
        f"github: HTTP {status}, rate limit of 60 used up until 2026-11-22T11:22:21Z: "
        "https://api.github.com/orgs/deepseek-ai/repos?per_page=100&type=public; "
        "try again after 2026-11-22T11:22:21Z, or set GITHUB_TOKEN, which raises the limit"
    )


def test_a_limit_among_an_organisation_s_pages_leaves_the_whole_ones(tmp_path: Path) -> None:
    link = '<https://api.github.com/organizations/2/repos?page=2>; rel="next"'
    pages = json_page([REPOSITORY]), json_page([REPOSITORY], Link=link)
    with serving(*pages, capped_problems(403, **{"X-RateLimit-Reset": "1795346541"})) as server:
        env = {"PURSUIT_BASE_URL_GITHUB": server.base, "PURSUIT_CACHE": str(tmp_path)}
        run = RunEnvironment(env=env, clock=FakeClock(), limits=Limits(attempts=1))
        given, missing = fetch_all(GitHub(), context(env=env), Fetcher(GitHub(), run))
    first = next(iter(context().ids("github")))
    assert [one.request.key for one in given] == [f"{first}/01"]
    assert "rate limit of 60 used up" in missing[0]


def test_with_a_token_the_line_does_not_ask_for_one(tmp_path: Path) -> None:
    with serving(capped_problems(403)) as server:
        _, run = online(GitHub(), tmp_path, server.base, "deepseek", **TOKEN)
        with pytest.raises(FetchError) as caught:
            run()
    assert "until 2023-05-15T23:57:21Z" in caught.value.line()  # the recorded time
    assert "GITHUB_TOKEN" not in caught.value.line()


def test_the_second_limit_names_its_wait(tmp_path: Path) -> None:
    with serving(lambda c: c.answer(403, b"{}", Retry_After="90")) as server:
        _, run = online(GitHub(), tmp_path, server.base, "deepseek")
        with pytest.raises(FetchError, match="rate limit used up for 90 s"):
            run()


def test_a_window_in_the_ratelimit_header_is_waited_for(tmp_path: Path) -> None:
    with serving(lambda c: c.answer(429, RateLimit='"api";r=0;t=37'), json_page([])) as server:
        fetcher, run = online(HuggingFace(), tmp_path, server.base, "deepseek")
        run()
    assert isinstance(fetcher.clock, FakeClock)
    assert 37.0 in fetcher.clock.slept


def test_models_of_all_pages_are_summed(tmp_path: Path) -> None:
    link = '<https://huggingface.co/api/models?author=deepseek-ai&limit=1000&cursor=abc>; rel="next"'
    pages = [{"id": "deepseek-ai/a", "likes": 2, "downloads": 5}], [{"id": "deepseek-ai/b", "likes": 3}]
    with serving(json_page(pages[0], Link=link), json_page(pages[1])) as server:
        _, run = online(HuggingFace(), tmp_path, server.base, "deepseek")
        given = run()
        assert "cursor=abc" in server.asked[1].line
    parsed = HuggingFace().parse(given, context())
    assert {name: value for (_, name, _), value in values(parsed).items()} == {
        "huggingface_models": "2",
        "huggingface_likes": "5",
    }
    unfinished = HuggingFace().parse(given[:1], context())
    assert unfinished.observations.empty
    assert "incomplete" in unfinished.notes[0]


def test_an_organisation_is_summed_up_without_forks() -> None:
    parsed = GitHub().parse([snapshot(RECORDED, "deepseek-ai/01")], context())
    own = [one for one in RECORDED if not one["fork"]]
    assert len(own) > 0
    found = {name: int(value) for (_, name, day), value in values(parsed).items() if day == "2026-11-22"}
    assert found == {
        "github_repositories": len(own),
        "github_stars_total": sum(o["stargazers_count"] for o in own),
    }
    (note,) = parsed.notes
    assert note.startswith("no such organisation, or not asked, which is not zero: ")


def test_no_model_is_no_zero() -> None:
    empty = HuggingFace().parse([snapshot([], "deepseek-ai")], context())
    assert empty.observations.empty
    assert "not taken for zero" in empty.notes[0]


@pytest.mark.parametrize(
    ("collector", "key", "body", "says"),
    [
        (GitHub(), "deepseek-ai/01", {"message": "API rate limit exceeded"}, "API rate limit exceeded"),
        (GitHub(), "deepseek-ai/01", "<html>503</html>", "HTML instead of JSON"),
        (GitHub(), "deepseek-ai/01", [REPOSITORY | {"stargazers_count": "3"}], "is str"),
        (GitHub(), "deepseek-ai/01", [{"full_name": "a/b"}], "is missing"),
        (HuggingFace(), "deepseek-ai", {"error": "Rate limited"}, "Rate limited"),
        (HuggingFace(), "deepseek-ai", [{"modelId": "deepseek-ai/a"}], "'id' is missing"),
        (HuggingFace(), "deepseek-ai", [{"id": "other/a"}], "not of deepseek-ai"),
        (HuggingFace(), "deepseek-ai", [{"id": "deepseek-ai/a", "likes": None}], "'likes' is null"),
    ],
)
def test_drift_is_refused_by_name(collector: Source, key: str, body: Any, says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        collector.parse([snapshot(body, key)], context())
