"""Nothing from an address or from the data reaches a page, a header or a file unescaped."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from dashboard.app import create_app
from dashboard.dataset import Dataset
from dashboard.links import web_address
from dashboard.pages import errors
from dashboard.safe_csv import neutral, table
from dashboard.site import Site

EVIL = "<script>alert(1)</script>\"'&"


@pytest.mark.parametrize(
    "path",
    ["/{}", "/en/{}", "/en/claim/{}", "/en/city/{}", "/en/data/{}", "/en/embed/{}", "/en/figure/{}.png",
     "/en/claims?verdict={}", "/?lang={}", "/en/?theme={}", "/en/city/shenzhen?with={}",
     "/api/v1/observations?entity={}", "/assets/{}", "/data/table/{}.csv"],
)  # fmt: skip
def test_an_address_is_never_echoed_raw(client: FlaskClient, path: str) -> None:
    response = client.get(path.format(EVIL.replace("/", "%2F").replace("?", "%3F").replace("&", "%26")))
    if "json" not in response.mimetype:
        assert "<script>alert" not in response.get_data(as_text=True)
    assert "alert" not in str(response.headers)


@given(
    st.text(max_size=60),
    st.sampled_from(["entity", "indicator", "from", "to", "limit", "offset", "key", "status"]),
)
def test_any_filter_is_answered_or_refused_with_a_line(wsgi: object, value: str, name: str) -> None:
    client = wsgi.test_client()  # type: ignore[attr-defined]
    response = client.get("/api/v1/observations", query_string={name: value, "limit": "1"} | {name: value})
    assert response.status_code in (200, 400)
    if response.status_code == 400:
        assert "\n" not in response.get_json()["error"]


def test_hostile_data_is_shown_as_text(shipped: Dataset) -> None:
    source = replace(
        next(iter(shipped.sources.values())), title=EVIL, publisher=EVIL, url="javascript:alert(1)"
    )
    frame = shipped.table.frame
    mine = frame[frame["indicator_id"].isin(["gdp"])].assign(source_id=source.source_id)
    indicators = {
        **shipped.indicators,
        "gdp": replace(shipped.indicators["gdp"], name_en=EVIL, definition_en=EVIL),
    }
    entities = {**shipped.entities, "shenzhen": replace(shipped.entities["shenzhen"], name_en=EVIL)}
    hostile = Dataset.from_frames(
        entities=entities.values(), indicators=indicators.values(), sources=[source],
        observations=pd.DataFrame(mine), essay=shipped.essay,
        version="x",
    )  # fmt: skip
    client = create_app(hostile).server.test_client()
    for path in (
        "/",
        "/claims",
        "/city/shenzhen",
        "/data",
        "/data/gdp",
        "/claim/gdp_overtaken",
        "/embed/gdp_overtaken",
    ):
        answer = client.get(f"/en{path}")
        assert answer.status_code == 200, path
        text = answer.get_data(as_text=True)
        assert "<script>alert" not in text, path
        assert 'href="javascript' not in text, path


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("http://tjj.sh.gov.cn/x", "http://tjj.sh.gov.cn/x"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https://user:secret@example.org/", ""),
        ('https://example.org/"onclick=', ""),
        ("//example.org", ""),
        ("https://[::1", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_become_links(url: str, expected: str) -> None:
    assert web_address(url) == expected


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd", "-2+3", "@sum", "\tx", "\r=x", "＝1", "＋a", "－a", "＠a", "  =1"]
)
def test_formulas_are_neutralised(cell: str) -> None:
    assert neutral(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-5.2", "+3", "-1e9", "深圳", "a=b", "", -5.2, None, 3])
def test_numbers_and_plain_text_stay(cell: object) -> None:
    assert neutral(cell) == cell


def test_a_csv_opens_in_chinese() -> None:
    assert table(["年"], [["=x"], [None], [-1.5]]).decode("utf-8") == '\ufeff年\n\'=x\n""\n-1.5\n'


def test_json_ld_cannot_end_its_script(site: Site) -> None:
    written = site.env.from_string("{{ x|tojson }}").render(x={"name": "</script><img src=x>深圳"})
    assert "</script><" not in written
    assert "深圳" in written


def test_observations_are_those_asked_for(client: FlaskClient) -> None:
    body = client.get(
        "/api/v1/observations?entity=shenzhen&indicator=gdp&from=2020&to=2022&preferred=1"
    ).get_json()
    rows = body["observations"]
    assert [r["period"] for r in rows] == ["2020", "2021", "2022"]
    assert {(r["entity_id"], r["indicator_id"]) for r in rows} == {("shenzhen", "gdp")}
    first = client.get("/api/v1/observations?indicator=gdp&limit=5").get_json()
    second = client.get(f"/api/v1/observations?indicator=gdp&limit=5&offset={first['next']}").get_json()
    keys = [(*tuple(r.values())[:3], r["source_id"]) for r in first["observations"] + second["observations"]]
    assert len(set(keys)) == 10
    row = rows[0]
    key = "|".join((row["entity_id"], row["indicator_id"], row["period"], row["source_id"]))
    found = client.get("/api/v1/observations", query_string={"key": key, "lang": "en"}).get_json()[
        "observations"
    ]
    assert found[0]["value"] == row["value"]
    assert found[0]["source"]["url"].startswith(("https://", "http://"))
    assert "did you mean “shenzhen”" in client.get("/api/v1/observations?entity=shenzen").get_json()["error"]


@pytest.mark.parametrize(
    "path",
    ["/explore/anything", "/en/explore/anything", "/dash/", "/dash/anything", "/dash/assets/x.css",
     "/dash/_dash-component-suites/x/y", "/dash/_dash-component-suites/dash/no_such.js",
     "/dash/_reload-hash"],
)  # fmt: skip
def test_an_unknown_path_of_dash_or_the_explorer_is_a_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("body", ["{}", '{"output": "x' + "y" * 100_000 + '"}', "[" * 50_000, "null", "\x00"])
def test_dash_answers_what_is_sent_to_it_with_a_4xx_and_no_trace(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, body: str
) -> None:
    answer = client.post("/dash/_dash-update-component", data=body, content_type="application/json")
    assert 400 <= answer.status_code < 500
    assert caplog.records == []


def test_neither_path_nor_fault_writes_lines_of_the_log(
    wsgi: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    forged = "2026-01-01 FORGED \x1b[31m"
    with wsgi.test_request_context(f"/en/x%0a{forged}"):
        errors.unexpected(ValueError(f"a\n{forged}" + "b" * 10**6))
    (line,) = caplog.records
    said = line.getMessage().splitlines()
    assert all(s.startswith("  | ") for s in said[1:])
    assert "\x1b" not in line.getMessage()
    assert len(line.getMessage()) < 20_000
