"""The language of an address: in its path, and how an address without one gets there."""

from __future__ import annotations

import json
import re

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from dashboard.dataset import LANGS
from dashboard.locale import MESSAGES, messages
from dashboard.paths import TEMPLATES


@pytest.mark.parametrize(
    ("header", "there"),
    [
        ("zh-TW,zh;q=0.9", "/zh-hant/claims"),
        ("zh-HK,zh;q=0.9", "/zh-hk/claims"),
        ("zh-CN", "/zh-hans/claims"),
        ("de,en;q=0.5", "/en/claims"),
        ("", "/en/claims"),
    ],
)
def test_an_address_without_a_language_leads_to_the_browsers(
    client: FlaskClient, header: str, there: str
) -> None:
    answer = client.get("/claims", headers={"Accept-Language": header})
    assert (answer.status_code, answer.headers["Location"]) == (302, there)
    assert answer.headers["Vary"] == "Accept-Language"
    assert "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("old", "there"),
    [
        ("/?lang=zh-Hant", "/zh-hant/"),
        ("/claims?verdict=mixed&lang=en&sort=robust", "/en/claims?verdict=mixed&sort=robust"),
        (
            "/explore/?i=gdp~rd&e=a~b&t=1990..2025&lang=zh-Hans",
            "/zh-hans/explore?i=gdp~rd&e=a~b&t=1990..2025",
        ),
        (
            "/figure/gdp_overtaken.svg?lang=zh-Hant&theme=print",
            "/zh-hant/figure/gdp_overtaken.svg?theme=print",
        ),
        ("/embed/gdp_overtaken?theme=dark&lang=en", "/en/embed/gdp_overtaken?theme=dark"),
        ("/city/shenzhen/?with=a%26b&lang=en", "/en/city/shenzhen?with=a%26b"),
    ],
)
def test_an_old_address_leads_once_to_its_language(client: FlaskClient, old: str, there: str) -> None:
    answer = client.get(old, headers={"Accept-Language": "zh-CN"})
    assert (answer.status_code, answer.headers["Location"]) == (308, there)
    assert "Set-Cookie" not in answer.headers


def test_a_language_that_is_none_of_ours_is_left_to_the_browser(client: FlaskClient) -> None:
    answer = client.get("/data?lang=<b>", headers={"Accept-Language": "zh-TW"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/zh-hant/data")


def test_the_path_wins_over_everything(client: FlaskClient) -> None:
    text = client.get("/zh-hans/claims?lang=en", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert '<html lang="zh-Hans"' in text


def test_switching_keeps_the_query(client: FlaskClient) -> None:
    text = client.get("/en/claims?verdict=mixed&junk=1").get_data(as_text=True)
    assert 'href="/zh-hans/claims?verdict=mixed"' in text
    assert "junk" not in text


def test_a_page_names_itself_in_every_language(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/zh-hant/claim/gdp_overtaken").data, "lxml")
    assert soup.select_one("link[rel=canonical]")["href"] == "/zh-hant/claim/gdp_overtaken"
    others = {a["hreflang"]: a["href"] for a in soup.select("link[rel=alternate][hreflang]")}
    assert others == {lang: f"/{lang.lower()}/claim/gdp_overtaken" for lang in LANGS} | {
        "x-default": "/claim/gdp_overtaken"
    }


@pytest.mark.parametrize("lang", LANGS)
def test_every_message_that_templates_and_pages_name_exists(lang: str) -> None:
    named = set()
    for path in TEMPLATES.glob("*.html"):
        if path.name != "explore.html":
            named |= set(
                re.findall(r"""t\(["']((?:pages|claims)\.[a-z_0-9.]+)["'][,)]""", path.read_text("utf-8"))
            )
    assert named
    assert named <= set(messages(lang))  # type: ignore[arg-type]


def test_languages_have_the_same_keys_and_the_same_gaps_to_fill() -> None:
    english, simplified = (
        json.loads((MESSAGES / f"pages.{c}.json").read_text("utf-8")) for c in ("en", "zh-Hans")
    )
    assert set(english) == set(simplified)
    for key, text in english.items():
        fields = set(re.findall(r"{(\w+)}", text))
        assert fields <= set(re.findall(r"{(\w+)}", simplified[key])) | {"on"}, key
