"""Search finds everything by any of its names, in three scripts and pinyin, and shows nothing unescaped."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from dashboard.pages.search import normalized


def hits(client: FlaskClient, asked: str) -> list[str]:
    response = client.get("/en/search", query_string={"q": asked, "part": "1"})
    assert response.status_code == 200
    return re.findall(r'<li><a href="([^"]+)"', response.get_data(as_text=True))


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("Tencent", "/en/company/tencent"),
        ("腾讯", "/en/company/tencent"),
        ("騰訊", "/en/company/tencent"),
        ("tengxun", "/en/company/tencent"),
        ("tx", "/en/company/tencent"),
        ("ＢＹＤ", "/en/company/byd"),
        ("chongqing", "/en/city/chongqing"),
        ("重慶", "/en/city/chongqing"),
        ("R&D intensity", "/en/data/rd_intensity"),
        ("changzhu renkou", "/en/data/population_resident"),
        ("hukou", "/en/data/population_hukou"),
        ("黑科技", "/en/claim/dragons_overtake_giants"),
        ("hangzhou gdp 2024", "/en/explore?i=gdp&amp;e=hangzhou"),
        ("杭州GDP", "/en/explore?i=gdp&amp;e=hangzhou"),
    ],
)
def test_a_thing_is_found_by_any_of_its_names(client: FlaskClient, asked: str, first: str) -> None:
    assert hits(client, asked)[0] == first


def test_a_figure_is_the_one_of_the_year_asked_for(client: FlaskClient) -> None:
    text = client.get("/en/search?q=shenzhen+gdp+2015").get_data(as_text=True)
    assert "Shenzhen, GDP, 2015: " in text
    assert "/en/explore?i=gdp&amp;e=shenzhen" not in hits(client, "shenzhen gdp 1901")


def test_a_claim_carries_its_badge_and_a_document_its_page(client: FlaskClient) -> None:
    text = client.get("/en/search?q=overtaken").get_data(as_text=True)
    assert re.search(r'href="/en/claim/gdp_overtaken"><span class="badge \w+ plain"', text)
    found = [h for h in hits(client, "yearbook") if h.startswith("/en/document/")]
    assert found
    assert client.get(found[0]).status_code == 200


def test_initials_begin_a_name_and_pinyin_a_syllable(client: FlaskClient) -> None:
    assert "/en/data/exports" not in hits(client, "hukou")  # chu kou: the letters, not the syllables
    assert all("guangzhou" not in h for h in hits(client, "zh"))
    found = hits(client, "hang")
    assert found[0] == "/en/city/hangzhou"
    assert not {"/en/city/changde", "/en/city/shanghai", "/en/city/changsha"} & set(found)
    assert "/en/company/tencent" in hits(client, "xun")


def test_nothing_found_says_so(client: FlaskClient) -> None:
    assert hits(client, "zzzzzz") == []
    assert "Nothing found for “zzzzzz”" in client.get("/en/search?q=zzzzzz").get_data(as_text=True)
    assert hits(client, "   ") == []


def test_what_was_typed_is_escaped_and_cut(client: FlaskClient) -> None:
    asked = {"q": "<img src=x onerror=alert(1)>" + "a" * 500, "part": "1"}
    text = client.get("/en/search", query_string=asked).get_data(as_text=True)
    assert "&lt;img" in text
    assert "<img" not in text
    assert "a" * 81 not in text


@given(st.text(max_size=40))
def test_normal_is_stable(text: str) -> None:
    assert normalized(normalized(text)) == normalized(text)


def test_an_unknown_page_offers_search(client: FlaskClient) -> None:
    response = client.get("/en/nowhere")
    assert response.status_code == 404
    assert 'action="/en/search"' in response.get_data(as_text=True)
