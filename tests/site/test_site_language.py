"""The reader's language and theme: asked for, remembered, guessed, in this order."""

from __future__ import annotations

import json
import re

import pytest
from flask.testing import FlaskClient

from dashboard.dataset import LANGS
from dashboard.locale import MESSAGES, messages
from dashboard.locale.convert import converted
from dashboard.paths import TEMPLATES


def lang_of(client: FlaskClient, path: str, **headers: str) -> str:
    match = re.search(r'<html lang="([^"]+)"', client.get(path, headers=headers).get_data(as_text=True))
    assert match
    return match[1]


def test_the_browser_decides_where_nobody_asked(client: FlaskClient) -> None:
    for header, lang in [
        ("zh-TW,zh;q=0.9", "zh-Hant"),
        ("zh-CN", "zh-Hans"),
        ("de,en;q=0.5", "en"),
        ("", "en"),
    ]:
        assert lang_of(client, "/claims", **{"Accept-Language": header}) == lang


def test_what_was_asked_is_remembered(client: FlaskClient) -> None:
    assert lang_of(client, "/claims?lang=zh-Hant", **{"Accept-Language": "en"}) == "zh-Hant"
    assert lang_of(client, "/data", **{"Accept-Language": "en"}) == "zh-Hant"
    assert lang_of(client, "/data?lang=<b>", **{"Accept-Language": "en"}) == "zh-Hant"
    assert lang_of(client, "/data?lang=en") == "en"


def test_the_theme_is_in_the_first_response(client: FlaskClient) -> None:
    assert "data-theme" not in client.get("/claims").get_data(as_text=True)[:200]
    assert '<html lang="en" data-theme="dark">' in client.get("/claims?theme=dark").get_data(as_text=True)
    assert '<html lang="en" data-theme="dark">' in client.get("/data").get_data(as_text=True)


def test_switching_keeps_the_query(client: FlaskClient) -> None:
    text = client.get("/claims?verdict=mixed&junk=1").get_data(as_text=True)
    assert 'href="?verdict=mixed&amp;lang=zh-Hans"' in text
    assert "junk" not in text


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


def test_traditional_is_made_from_simplified() -> None:
    assert json.loads((MESSAGES / "pages.zh-Hant.json").read_text("utf-8")) == converted("pages")
