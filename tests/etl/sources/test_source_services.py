"""Research counts, and the services that are off by default; what every source must name."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from etl_support import FakeClock, serving
from source_support import CONTRACTS, answered, context, snapshot, values

from etl.addresses import Addresses
from etl.collect import fetch_all
from etl.errors import FetchError
from etl.http import Fetcher
from etl.registry import known
from etl.snapshots import SnapshotStore
from etl.sources import eastmoney, gdelt, nbs_city, openalex
from etl.sources.base import Request, ShapeError, Source


def recorded(path: str) -> bytes:
    return (CONTRACTS / path).read_bytes()


def test_research_counts_leave_the_running_year_out() -> None:
    body = json.loads(recorded("openalex/institution_I123534392.json"))
    found = values(openalex.SOURCE.parse([snapshot(body, "soochow_university")], context(date(2026, 11, 22))))
    years = {period for _, _, period in found}
    assert "2026" not in years
    assert found["soochow_university", "openalex_works", "2025"] == "3131"
    with pytest.raises(ShapeError, match="about"):
        openalex.SOURCE.parse([snapshot(body, "sustech")], context())


def a_result(name: str, **other: Any) -> dict[str, Any]:
    """One entry of a list of institutions, as the recorded institution is written."""
    body: dict[str, Any] = json.loads(recorded("openalex/institution_I123534392.json"))
    china = {
        "country_code": "CN",
        "type": "company",
        "display_name_alternatives": [],
        "display_name_acronyms": [],
    }
    return body | china | {"display_name": name} | other


@pytest.mark.parametrize(
    ("results", "taken"),
    [
        ([a_result("Tencent (China)")], True),
        ([a_result("Tencent")], True),
        ([a_result("Tencent Holdings (China)", display_name_alternatives=["TENCENT"])], True),
        ([a_result("Tencent (United States)", country_code="US"), a_result("Tencent (China)")], True),
        ([a_result("Tencent (United States)", country_code="US")], False),
        ([a_result("Tencent AI Lab (China)")], False),
        ([a_result("Tencent", type="education")], False),
        ([a_result("Tencent (China)"), a_result("Tencent", id="https://openalex.org/I2")], False),
        ([a_result("Tencent (China)", counts_by_year=[])], False),
        ([], False),
    ],
)  # fmt: skip
def test_an_institution_is_taken_by_name_only_where_kind_and_country_agree(
    results: list[dict[str, Any]], taken: bool
) -> None:
    (asked,) = openalex.SOURCE.requests(context(env={"OPENALEX_API_KEY": "k"}, only=["tencent"]))
    assert asked.params["search"] == "Tencent"
    parsed = openalex.SOURCE.parse([snapshot({"meta": {}, "results": results}, "tencent")], context())
    assert (("tencent", "openalex_works", "2025") in values(parsed)) is taken
    assert ("tencent" in " ".join(parsed.notes)) is not taken


def test_without_a_key_institutions_are_read_by_id_and_with_one_it_is_secret() -> None:
    free = list(openalex.SOURCE.requests(context(env={"OPENALEX_API_KEY": " \n"})))
    assert {one.key for one in free} == set(context().ids("ror").values())
    assert not any("api_key" in one.params for one in free)
    (one,) = openalex.SOURCE.requests(context(env={"OPENALEX_API_KEY": "k\n"}, only=["sustech"]))
    assert one.params["api_key"] == "k"
    assert one.secret_params == ("api_key",)


def test_news_volume_is_a_measured_series_or_nothing() -> None:
    line = {
        "timeline": [{"series": "Volume Intensity", "data": [{"date": "20260708T000000Z", "value": 0.2}]}]
    }
    assert list(values(gdelt.SOURCE.parse([snapshot(line, "shenzhen")], context())).values()) == ["0.2"]
    nothing = gdelt.SOURCE.parse([snapshot({}, "shenzhen")], context())
    assert nothing.observations.empty
    assert any("no time line" in note for note in nothing.notes)


def time_line(day: str) -> dict[str, Any]:
    return {"timeline": [{"series": "Volume Intensity", "data": [{"date": f"{day}T000000Z", "value": 0.2}]}]}


def test_a_throttled_news_service_gives_what_it_gave_and_is_asked_no_more(tmp_path: Path) -> None:
    refusal = (CONTRACTS / "gdelt" / "rate_limited.txt").read_bytes()
    answer = lambda c: c.answer(200, json.dumps(time_line("20260708")).encode(), Content_Type="text/json")  # noqa: E731
    throttled = lambda c: c.answer(200, refusal, Content_Type="text/plain")  # noqa: E731
    env = {}
    with serving(answer, throttled) as server:
        env["PURSUIT_BASE_URL_GDELT"] = server.base
        fetcher = Fetcher(gdelt.SOURCE, SnapshotStore(tmp_path), env, clock=FakeClock())
        given, lacking = fetch_all(gdelt.SOURCE, context(), fetcher)
        assert len(server.asked) == 2
        assert len(lacking) == 1
    parsed = gdelt.SOURCE.parse(given, context())
    assert list(values(parsed)) == [("deepseek", "news_volume_gdelt", "2026-07-08")]
    assert parsed.notes == ["refused or not asked, not measured: hangzhou, shenzhen, unitree"]
    with serving(throttled) as server:
        env["PURSUIT_BASE_URL_GDELT"] = server.base
        fetcher = Fetcher(gdelt.SOURCE, SnapshotStore(tmp_path / "other"), env, clock=FakeClock())
        with pytest.raises(FetchError, match="text/plain"):
            fetch_all(gdelt.SOURCE, context(), fetcher)


def test_the_entity_whose_news_end_first_is_asked_for_first(tmp_path: Path) -> None:
    days = {"shenzhen": "20260708", "hangzhou": "20260601", "unitree": "20260709"}
    parsed = gdelt.SOURCE.parse([snapshot(time_line(d), e) for e, d in days.items()], context())
    (tmp_path / "observations").mkdir()
    parsed.observations.to_csv(tmp_path / "observations" / "attention.csv", index=False)
    asked, _ = answered(gdelt.SOURCE, context(data_dir=tmp_path), lambda request: time_line("20260710"))
    assert [one.key for one in asked] == ["deepseek", "hangzhou", "shenzhen", "unitree"]


def test_an_odd_answer_leaves_the_other_entities_measured() -> None:
    given = [snapshot(time_line("20260708"), "shenzhen"), snapshot({"articles": []}, "hangzhou")]
    parsed = gdelt.SOURCE.parse(given, context())
    assert list(values(parsed).values()) == ["0.2"]
    assert any("list of articles" in error for error in parsed.errors)


def test_only_the_years_end_is_read_of_a_mainland_company() -> None:
    rows = [
        {
            "SECUCODE": "002594.SZ",
            "REPORT_DATE": f"{day} 00:00:00",
            "TOTALOPERATEREVE": 10.5,
            "PARENTNETPROFIT": None,
        }
        for day in ("2024-12-31", "2024-09-30")
    ]
    body = {"success": True, "message": "ok", "result": {"data": rows}}
    found = values(eastmoney.SOURCE.parse([snapshot(body, "byd-002594.SZ")], context()))
    assert found == {("byd", "revenue", "2024"): "10.5"}


CATALOGUE = "28d936104e304aa191e338eb82b6dc09"


def test_city_library_finds_indicators_by_name_and_converts_units() -> None:
    listing = json.loads(recorded("nbs_city/indicators.json"))["response"]
    listing["data"]["list"].append({"i_showname": "地区生产总值 (亿元) ", "_id": "a" * 32})
    data = {
        "success": True,
        "data": [
            {
                "code": "2025YY",
                "values": [
                    {"i_showname": "地区生产总值 (亿元) ", "value": "38731.8", "da": "440300000000"},
                    {"i_showname": "地区生产总值 (亿元) ", "value": "", "da": "330100000000"},
                ],
            }
        ],
    }

    def found_anew(request: Request) -> Any:
        if request.url.endswith("queryIndexTreeAsync"):
            return {"data": [{"_id": CATALOGUE if request.params["pid"] else "0" * 32,
                              "isLeaf": bool(request.params["pid"])}]}  # fmt: skip
        if request.method == "POST" and json.loads(request.body or b"")["cid"] != CATALOGUE:
            return {"success": True, "data": []}
        return data if request.method == "POST" else listing

    asked, given = answered(nbs_city.SOURCE, context(), found_anew)
    assert json.loads(asked[-1].body or b"")["indicatorIds"] == ["a" * 32]
    found = nbs_city.SOURCE.parse(given, context())
    assert {key: float(value) for key, value in values(found).items()} == {
        ("shenzhen", "gdp", "2025"): 3873180000000
    }


def test_an_answer_without_figures_is_no_refusal() -> None:
    nothing = {"success": True, "state": 20000, "message": "成功", "data": None}
    with pytest.raises(ShapeError, match="the library has no root"):  # none of the known: the tree is walked
        answered(nbs_city.SOURCE, context(), lambda request: nothing if request.body else None)


ROOT, ACCOUNTS, PEOPLE, RESIDENTS = (letter * 32 for letter in "0123")
TREE = {
    "": [{"_id": ROOT, "name": "主要城市年度数据", "isLeaf": False}],
    ROOT: [
        {"_id": ACCOUNTS, "name": "国民经济核算", "isLeaf": True},
        {"_id": PEOPLE, "name": "人口", "isLeaf": False},
    ],
    PEOPLE: [
        {"_id": RESIDENTS, "name": "常住人口", "isLeaf": True},
        {"_id": ROOT, "name": "a way back to the root", "isLeaf": False},
    ],
}
SHOWN = {ACCOUNTS: "地区生产总值(当年价格) (亿元) ", RESIDENTS: "常住人口 (万人)"}


def library(request: Request) -> Any:
    if request.url.endswith("queryIndexTreeAsync"):
        assert request.params["code"] == "8"
        return {"success": True, "state": 20000, "data": TREE[request.params["pid"]]}
    if request.method == "POST" and json.loads(request.body or b"")["cid"] not in SHOWN:
        return None  # the ids of before a relaunch
    if request.method == "GET":
        row = {"_id": request.params["cid"][:31] + "a", "i_showname": SHOWN[request.params["cid"]]}
        return {"success": True, "data": {"total": 1, "list": [row]}}
    asked = json.loads(request.body or b"")
    assert asked["rootId"] == ROOT
    cells = [
        {"i_showname": SHOWN[asked["cid"]], "value": value, "da": area}
        for value, area in (("1798.95", "440300000000"), ("1262.4", "330100"), ("9", "999900000000"))
    ]
    return {"success": True, "data": [{"code": "2024YY", "name": "2024年", "values": cells}]}


def test_city_library_is_walked_to_its_leaves_where_none_is_named() -> None:
    asked, given = answered(nbs_city.SOURCE, context(), library)
    assert [one.key for one in asked if one.key.startswith("tree")] == [
        "tree-root", f"tree-{ROOT}", f"tree-{PEOPLE}",
    ]  # fmt: skip
    found = values(nbs_city.SOURCE.parse(given, context()))
    assert {key: float(value) for key, value in found.items()} == {
        ("shenzhen", "gdp", "2024"): 179895000000,
        ("hangzhou", "gdp", "2024"): 126240000000,
        ("shenzhen", "population_resident", "2024"): 17989500,
        ("hangzhou", "population_resident", "2024"): 12624000,
    }


def test_a_city_library_without_the_indicators_is_a_failure_and_not_an_empty_success() -> None:
    def other(request: Request) -> Any:
        found = library(request)
        if request.method == "GET" and "cid" in request.params:
            return {"success": True, "data": None}
        return found

    _, given = answered(nbs_city.SOURCE, context(), other)
    with pytest.raises(ShapeError, match="no catalogue has an indicator"):
        nbs_city.SOURCE.parse(given, context())
    with pytest.raises(ShapeError, match="no root"):
        answered(nbs_city.SOURCE, context(), lambda request: {"success": True, "data": []})
    with pytest.raises(ShapeError, match="系统异常"):
        answered(nbs_city.SOURCE, context(), lambda request: {"success": False, "message": "系统异常"})


def ok(rows: Any) -> dict[str, Any]:
    return {"success": True, "result": {"data": rows}}


@pytest.mark.parametrize(
    ("collector", "key", "body", "says"),
    [
        (
            openalex.SOURCE,
            "sustech",
            {"error": "Rate limit", "message": "Insufficient budget"},
            "Insufficient",
        ),
        (
            openalex.SOURCE,
            "sustech",
            {"ror": "x/049tv2d57", "id": "I1", "display_name": "S"},
            "'counts_by_year' is missing",
        ),
        (
            openalex.SOURCE,
            "sustech",
            {"ror": "x/049tv2d57", "id": "I1", "display_name": "S", "counts_by_year": []},
            "is empty",
        ),
        (gdelt.SOURCE, "shenzhen", recorded("gdelt/rate_limited.txt"), "text instead of JSON"),
        (gdelt.SOURCE, "shenzhen", recorded("gdelt/artlist_live.json"), "list of articles"),
        (gdelt.SOURCE, "shenzhen", {"timeline": [{"data": [{"date": "x", "value": 1}]}]}, "no day"),
        (eastmoney.SOURCE, "byd-002594.SZ", {"success": False, "result": None, "message": "空"}, "空"),
        (eastmoney.SOURCE, "byd-002594.SZ", ok([]), "no report"),
        (eastmoney.SOURCE, "byd-002594.SZ", ok([{"SECUCODE": "000001.SZ"}]), "000001"),
        (nbs_city.SOURCE, f"{CATALOGUE}-values", {"success": False, "message": "系统异常"}, "系统异常"),
        (nbs_city.SOURCE, f"{CATALOGUE}-values", "<html>UrlACL</html>", "HTML instead of JSON"),
    ],
)
def test_drift_is_refused_by_name(collector: Source, key: str, body: Any, says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        collector.parse([snapshot(body, key)], context())


@pytest.mark.parametrize("name", [name for name in known() if name not in {"curated", "city_yearbook"}])
def test_every_source_names_https_hosts_a_title_and_a_cadence(name: str) -> None:
    one = known()[name]
    assert one.title
    assert one.cadence_days > 0
    assert 0 < one.rate_per_second <= 10
    assert one.on_by_default == (name not in {"gdelt"})
    env = {"OPENALEX_API_KEY": "k"}
    first = next(iter(one.requests(context(env=env))))
    assert first.url.startswith("https://")
    assert Addresses.of(name, one.hosts, {}).public(first.url) == first.url
