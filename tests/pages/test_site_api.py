"""The programming interface refuses what it cannot follow, in one line that any origin can read."""

from __future__ import annotations

import csv
import io

import pytest
from flask.testing import FlaskClient

from dashboard.dataset import LANGS, Dataset
from dashboard.pages.query import bounds

OBSERVATIONS = "/api/v1/observations"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("entity=shenzen", "No entity is called “shenzen”; did you mean “shenzhen”?"),
        ("indicators=gdp", "no parameter “indicators” here; did you mean “indicator”?"),
        ("foo=bar", "no parameter “foo” here."),
        ("from=banana", "from must be a period"),
        ("to=2024-13", "to must be a period"),
        ("from=2024-Q5", "from must be a period"),
        ("limit=-1", "limit must be a whole number from 0 to 10000"),
        ("limit=10001", "limit must be a whole number from 0 to 10000"),
        ("limit=٣", "limit must be a whole number"),
        ("offset=1e9", "offset must be a whole number"),
        ("preferred=maybe", "preferred is 1 or 0"),
        ("key=a|b|c", "entity|indicator|period|source"),
        ("status=great%0d%0aX-Evil:1", "No status is called “great X-Evil:1”"),
    ],
)
@pytest.mark.parametrize("path", [OBSERVATIONS, f"{OBSERVATIONS}.csv", f"{OBSERVATIONS}.metadata.json"])
def test_what_cannot_be_followed_is_refused_in_one_line(
    client: FlaskClient, path: str, query: str, words: str
) -> None:
    answer = client.get(f"{path}?{query}", headers={"Accept-Language": "en"})
    assert answer.status_code == 400
    assert answer.mimetype == "application/json"
    assert words in answer.get_json()["error"]
    assert len(answer.get_json()["error"].splitlines()) == 1


def test_it_refuses_in_the_language_asked_for(client: FlaskClient) -> None:
    said = {lang: client.get(f"{OBSERVATIONS}?limit=x&lang={lang}") for lang in LANGS}
    assert len({answer.get_json()["error"] for answer in said.values()}) >= 3
    assert {answer.headers["Content-Language"] for answer in said.values()} == set(LANGS)


@pytest.mark.parametrize(
    "path",
    [OBSERVATIONS, f"{OBSERVATIONS}?limit=x", "/api/v1/nothing", "/api/v1/figures/nothing.json",
     "/en/figure/nothing.svg", "/en/figure/pursuit_lines.json", "/en/cite/dataset.bib",
     "/figure/pursuit_lines.svg", "/en/explore/figure.svg", "/assets/css/site.css",
     "/data/table/entities.csv", "/data/table/nothing.csv"],
)  # fmt: skip
def test_any_origin_may_read_answers_and_refusals(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in headers["Access-Control-Expose-Headers"]
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Credentials" not in headers


def test_a_browser_that_asks_first_may_ask_for_what_changed(client: FlaskClient) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Headers": "if-none-match"}
    headers = client.options(OBSERVATIONS, headers=asked).headers
    assert "If-None-Match" in headers["Access-Control-Allow-Headers"]
    assert headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "path", ["/en/", "/en/claims", "/en/city/shenzhen", "/en/explore", "/en/nothing", "/claims"]
)
def test_pages_are_not_open_to_other_origins(client: FlaskClient, path: str) -> None:
    assert "Access-Control-Allow-Origin" not in client.get(path).headers


def test_periods_lie_whole_within_from_and_to(client: FlaskClient, shipped: Dataset) -> None:
    def periods(query: str) -> set[str]:
        rows = client.get(f"{OBSERVATIONS}?limit=10000&{query}").get_json()["observations"]
        return {r["period"] for r in rows}

    every = set(shipped.table.frame["period"].astype(str))
    assert {len(p) for p in every} >= {4, 7, 10}
    assert any("Q" in p for p in every)
    for start, end in (("2024", "2024"), ("2024-Q2", "2024-Q3"), ("2024-07", "2025-02-10")):
        inside = {p for p in every if bounds(p)[0] >= bounds(start)[0] and bounds(p)[1] <= bounds(end)[1]}
        assert periods(f"from={start}&to={end}") == inside != set()
    assert "2024" not in periods("from=2024-Q2&to=2024-Q3")
    assert {p[:4] for p in periods("from=2024&to=2024")} == {"2024"}


def test_the_csv_is_whole_unless_a_part_is_asked_for(client: FlaskClient) -> None:
    def rows(query: str) -> list[dict[str, str]]:
        text = client.get(f"{OBSERVATIONS}.csv?indicator=gdp{query}").get_data(as_text=True)
        return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))

    every = rows("")
    assert len(every) == client.get(f"{OBSERVATIONS}?indicator=gdp&limit=0").get_json()["total"]
    assert rows("&limit=5&offset=3") == every[3:8]
    one = every[7]
    key = "|".join(one[c] for c in ("entity_id", "indicator_id", "period", "source_id"))
    assert rows(f"&key={key}") == [one]


def test_pages_follow_one_another_to_the_end(client: FlaskClient) -> None:
    seen, at = [], 0
    while at is not None:
        body = client.get(f"{OBSERVATIONS}?indicator=gdp&limit=100&offset={at}").get_json()
        seen += [tuple(o.values()) for o in body["observations"]]
        at = body["next"]
    assert len(seen) == len(set(seen)) == body["total"]
    assert client.get(f"{OBSERVATIONS}?limit=0").get_json()["next"] is None


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/en/claims/", "/en/claims"),
        ("/en/city/shenzhen/?with=hangzhou", "/en/city/shenzhen?with=hangzhou"),
        ("/zh-hant/data/", "/zh-hant/data"),
    ],
)
def test_a_slash_too_many_leads_to_the_page(client: FlaskClient, path: str, there: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (308, there)


@pytest.mark.parametrize("path", ["//example.org/", "/\\example.org/", "/nothing/", "/en/"])
def test_it_leads_nowhere_else(client: FlaskClient, path: str) -> None:
    answer = client.get("/en/", environ_overrides={"PATH_INFO": path})
    assert answer.status_code == (200 if path == "/en/" else 404)
    assert "Location" not in answer.headers


@pytest.mark.parametrize("host", ['"><script>', "a b", "example.org/x", "example.org@evil.example"])
@pytest.mark.parametrize("path", ["/sitemap.xml", "/robots.txt"])
def test_a_host_that_is_none_is_refused(client: FlaskClient, path: str, host: str) -> None:
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "<script>" not in answer.get_data(as_text=True)
