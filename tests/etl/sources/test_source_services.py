"""Research counts, and the services that are off by default; what every source must name."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from etl_support import FakeClock, serving
from source_support import CONTRACTS, answered, context, snapshot, values

from etl.collect import fetch_all
from etl.errors import FetchError
from etl.http import Addresses, Fetcher
from etl.options import RunEnvironment, known
from etl.sources import eastmoney, gdelt, nbs_city, openalex
from etl.sources.base import ShapeError, Source


def recorded(path: str) -> bytes:
    return (CONTRACTS / path).read_bytes()


def test_research_counts_leave_the_running_year_out() -> None:
    body = json.loads(recorded("openalex/institution_I123534392.json"))
    asked = body | {"ror": "https://ror.org/049tv2d57"}
    found = values(openalex.OpenAlex().parse([snapshot(asked, "sustech")], context(date(2026, 11, 22))))
    years = {period for _, _, period in found}
    assert "2026" not in years
    assert found["sustech", "openalex_works", "2025"] == "3131"
    with pytest.raises(ShapeError, match="about"):
        openalex.OpenAlex().parse([snapshot(body, "sustech")], context())


def test_without_a_key_institutions_are_read_by_id_and_with_one_it_is_secret() -> None:
    free = list(openalex.OpenAlex().requests(context(env={"OPENALEX_API_KEY": " \n"})))
    assert {one.key for one in free} == set(context().ids("ror").values())
    assert not any("api_key" in one.params for one in free)
    (one,) = openalex.OpenAlex().requests(context(env={"OPENALEX_API_KEY": "k\n"}, only=["sustech"]))
    assert one.params["api_key"] == "k"
    assert one.secret_params == ("api_key",)


def test_news_volume_is_a_measured_series_or_nothing() -> None:
    line = {
        "timeline": [{"series": "Volume Intensity", "data": [{"date": "20260708T000000Z", "value": 0.2}]}]
    }
    assert list(values(gdelt.Gdelt().parse([snapshot(line, "shenzhen")], context())).values()) == ["0.2"]
    nothing = gdelt.Gdelt().parse([snapshot({}, "shenzhen")], context())
    assert nothing.observations.empty
    assert any("no time line" in note for note in nothing.notes)


def time_line(day: str) -> dict[str, Any]:
    return {"timeline": [{"series": "Volume Intensity", "data": [{"date": f"{day}T000000Z", "value": 0.2}]}]}


def test_a_throttled_news_service_gives_what_it_gave_and_is_asked_no_more(tmp_path: Path) -> None:
    refusal = (CONTRACTS / "gdelt" / "rate_limited.txt").read_bytes()
    answer = lambda c: c.answer(200, json.dumps(time_line("20260708")).encode(), Content_Type="text/json")  # noqa: E731
    throttled = lambda c: c.answer(200, refusal, Content_Type="text/plain")  # noqa: E731
    env = {"PURSUIT_CACHE": str(tmp_path)}
    with serving(answer, throttled) as server:
        env["PURSUIT_BASE_URL_GDELT"] = server.base
        fetcher = Fetcher(gdelt.Gdelt(), RunEnvironment(env=env, clock=FakeClock()))
        given, lacking = fetch_all(gdelt.Gdelt(), context(), fetcher)
        assert len(server.asked) == 2
        assert len(lacking) == 1
    parsed = gdelt.Gdelt().parse(given, context())
    assert list(values(parsed)) == [("deepseek", "news_volume_gdelt", "2026-07-08")]
    assert parsed.notes == ["refused or not asked, not measured: hangzhou, shenzhen, unitree"]
    with serving(throttled) as server:
        env["PURSUIT_BASE_URL_GDELT"] = server.base
        env["PURSUIT_CACHE"] = str(tmp_path / "other")
        fetcher = Fetcher(gdelt.Gdelt(), RunEnvironment(env=env, clock=FakeClock()))
        with pytest.raises(FetchError, match="text/plain"):
            fetch_all(gdelt.Gdelt(), context(), fetcher)


def test_the_entity_whose_news_end_first_is_asked_for_first(tmp_path: Path) -> None:
    days = {"shenzhen": "20260708", "hangzhou": "20260601", "unitree": "20260709"}
    parsed = gdelt.Gdelt().parse([snapshot(time_line(d), e) for e, d in days.items()], context())
    (tmp_path / "observations").mkdir()
    parsed.observations.to_csv(tmp_path / "observations" / "attention.csv", index=False)
    asked, _ = answered(gdelt.Gdelt(), context(data_dir=tmp_path), lambda request: time_line("20260710"))
    assert [one.key for one in asked] == ["deepseek", "hangzhou", "shenzhen", "unitree"]


def test_an_odd_answer_leaves_the_other_entities_measured() -> None:
    given = [snapshot(time_line("20260708"), "shenzhen"), snapshot({"articles": []}, "hangzhou")]
    parsed = gdelt.Gdelt().parse(given, context())
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
    found = values(eastmoney.Eastmoney().parse([snapshot(body, "byd-002594.SZ")], context()))
    assert found == {("byd", "revenue", "2024"): "10.5"}


CATALOGUE = "28d936104e304aa191e338eb82b6dc09"


def city_values(*cells: tuple[str, str, str]) -> dict[str, Any]:
    values = [{"i_showname": name, "value": value, "da": area} for name, value, area in cells]
    return {"success": True, "data": [{"code": "2024YY", "name": "2024年", "values": values}]}


def test_city_library_is_asked_for_every_city_by_post_and_read_by_the_names_it_shows() -> None:
    gdp, residents = "地区生产总值(当年价格) (亿元) ", "常住人口 (万人)"
    answers = [
        city_values((gdp, "1798.95", "440300000000"), (gdp, "1262.4", "330100"), (gdp, "9", "999900000000")),
        city_values((residents, "1798.95", "440300000000"), (residents, "", "330100000000")),
    ]
    asked, given = answered(
        nbs_city.NbsCity(), context(), lambda request: answers.pop() if answers else {"data": None}
    )
    bodies = [json.loads(one.body or b"") for one in asked]
    assert all(one.method == "POST" for one in asked)
    assert all({"440300000000", "330100000000"} <= {a["value"] for a in body["das"]} for body in bodies)
    found = values(nbs_city.NbsCity().parse(given, context()))
    assert {key: float(value) for key, value in found.items()} == {
        ("shenzhen", "gdp", "2024"): 179895000000,
        ("hangzhou", "gdp", "2024"): 126240000000,
        ("shenzhen", "population_resident", "2024"): 17989500,
    }


def test_recorded_city_library_grouped_by_area_is_read() -> None:
    parsed = nbs_city.NbsCity().parse(
        [snapshot(recorded("nbs_city/esData_gdp_2024.json"), CATALOGUE)], context()
    )
    found = {entity: float(value) for (entity, _, year), value in values(parsed).items() if year == "2024"}
    assert (found["beijing"], found["tianjin"]) == (4967020000000, 1793130000000)
    assert "tangshan" not in found  # an empty text is no figure


def test_a_city_library_without_the_indicators_is_a_failure_and_not_an_empty_success() -> None:
    nothing = {"success": True, "state": 20000, "message": "成功", "data": None}
    other = city_values(("粮食产量 (万吨)", "1", "440300000000"))
    for body in (nothing, other):
        with pytest.raises(ShapeError, match=r"no catalogue has an indicator.*nbs_city_ids\.csv"):
            nbs_city.NbsCity().parse([snapshot(body, CATALOGUE)], context())


def ok(rows: Any) -> dict[str, Any]:
    return {"success": True, "result": {"data": rows}}


@pytest.mark.parametrize(
    ("collector", "key", "body", "says"),
    [
        (
            openalex.OpenAlex(),
            "sustech",
            {"error": "Rate limit", "message": "Insufficient budget"},
            "Insufficient",
        ),
        (
            openalex.OpenAlex(),
            "sustech",
            {"ror": "x/049tv2d57", "id": "I1", "display_name": "S"},
            "'counts_by_year' is missing",
        ),
        (
            openalex.OpenAlex(),
            "sustech",
            {"ror": "x/049tv2d57", "id": "I1", "display_name": "S", "counts_by_year": []},
            "is empty",
        ),
        (gdelt.Gdelt(), "shenzhen", recorded("gdelt/rate_limited.txt"), "text instead of JSON"),
        (gdelt.Gdelt(), "shenzhen", recorded("gdelt/artlist_live.json"), "list of articles"),
        (gdelt.Gdelt(), "shenzhen", {"timeline": [{"data": [{"date": "x", "value": 1}]}]}, "no day"),
        (eastmoney.Eastmoney(), "byd-002594.SZ", {"success": False, "result": None, "message": "空"}, "空"),
        (eastmoney.Eastmoney(), "byd-002594.SZ", ok([]), "no report"),
        (eastmoney.Eastmoney(), "byd-002594.SZ", ok([{"SECUCODE": "000001.SZ"}]), "000001"),
        (nbs_city.NbsCity(), CATALOGUE, {"success": False, "message": "系统异常"}, "系统异常"),
        (nbs_city.NbsCity(), CATALOGUE, "<html>UrlACL</html>", "HTML instead of JSON"),
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
    first = next(iter(one.requests(context())))
    assert first.url.startswith("https://")
    assert Addresses(name, one.hosts, {}).public(first.url) == first.url
