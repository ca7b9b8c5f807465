"""Search finds everything by any of its names, in three scripts and pinyin, and shows nothing unescaped."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from dashboard.pages.search import normal


def hits(client: FlaskClient, asked: str, lang: str = "en") -> list[str]:
    response = client.get("/search", query_string={"q": asked, "part": "1", "lang": lang})
    assert response.status_code == 200
    return re.findall(r'<li><a href="([^"]+)"', response.get_data(as_text=True))


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("Tencent", "/company/tencent"),
        ("腾讯", "/company/tencent"),
        ("騰訊", "/company/tencent"),
        ("tengxun", "/company/tencent"),
        ("tx", "/company/tencent"),
        ("ＢＹＤ", "/company/byd"),
        ("chongqing", "/city/chongqing"),
        ("重慶", "/city/chongqing"),
        ("R&D intensity", "/data/rd_intensity"),
        ("changzhu renkou", "/data/population_resident"),
        ("hukou", "/data/population_hukou"),
        ("黑科技", "/claim/dragons_overtake_giants"),
        ("hangzhou gdp 2024", "/explore?i=gdp&amp;e=hangzhou"),
        ("杭州GDP", "/explore?i=gdp&amp;e=hangzhou"),
    ],
)
def test_a_thing_is_found_by_any_of_its_names(client: FlaskClient, asked: str, first: str) -> None:
    assert hits(client, asked)[0] == first


def test_a_figure_is_the_one_of_the_year_asked_for(client: FlaskClient) -> None:
    text = client.get("/search?q=shenzhen+gdp+2015&lang=en").get_data(as_text=True)
    assert "Shenzhen: GDP, 2015" in text
    assert "/explore?i=gdp&amp;e=shenzhen" not in hits(client, "shenzhen gdp 1901")


def test_a_claim_carries_its_badge_and_a_document_its_page(client: FlaskClient) -> None:
    text = client.get("/search?q=overtaken&lang=en").get_data(as_text=True)
    assert re.search(r'href="/claim/gdp_overtaken"><span class="badge \w+ plain"', text)
    found = [h for h in hits(client, "yearbook") if h.startswith("/document/")]
    assert found
    assert client.get(found[0]).status_code == 200


def test_initials_begin_a_name_and_pinyin_a_syllable(client: FlaskClient) -> None:
    assert "/data/exports" not in hits(client, "hukou")  # chu kou: the letters, not the syllables
    assert all("guangzhou" not in h for h in hits(client, "zh"))


def test_nothing_found_says_so(client: FlaskClient) -> None:
    assert hits(client, "zzzzzz") == []
    assert "Nothing found for “zzzzzz”" in client.get("/search?q=zzzzzz&lang=en").get_data(as_text=True)
    assert hits(client, "   ") == []


def test_what_was_typed_is_escaped_and_cut(client: FlaskClient) -> None:
    asked = {"q": "<img src=x onerror=alert(1)>" + "a" * 500, "part": "1"}
    text = client.get("/search", query_string=asked).get_data(as_text=True)
    assert "&lt;img" in text
    assert "<img" not in text
    assert "a" * 81 not in text


@given(st.text(max_size=40))
def test_normal_is_stable(text: str) -> None:
    assert normal(normal(text)) == normal(text)


def test_an_unknown_page_offers_search(client: FlaskClient) -> None:
    response = client.get("/nowhere?lang=en")
    assert response.status_code == 404
    assert 'action="/search"' in response.get_data(as_text=True)
