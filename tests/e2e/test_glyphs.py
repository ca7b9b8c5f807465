"""Every character has a face of its own, also where the system has no Chinese serif."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dashboard.paths import ASSETS
from tests.conftest import FLAGS, browser_path

pytestmark = pytest.mark.e2e


def faces(page: Any, selector: str) -> list[dict[str, Any]]:
    """The fonts Chromium really drew an element's text with."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("DOM.enable")
    cdp.send("CSS.enable")
    root = cdp.send("DOM.getDocument")["root"]["nodeId"]
    node = cdp.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    return list(cdp.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"])


def test_shipped_chinese_serif_draws_every_quote(visit: Callable[..., Any]) -> None:
    page = visit("/", lang="en")
    page.add_style_tag(content=":root:root:root *, [lang] { --head: 'Pursuit Serif TC' !important; }")
    page.evaluate(
        "Promise.all([...document.fonts].filter((f) => f.family.includes('Serif TC')).map((f) => f.load()))"
    )
    drawn: dict[str, float] = {}
    for claim in page.locator(".claim").evaluate_all("all => all.map((c) => c.id)"):
        for face in faces(page, f"#{claim} blockquote .source-words"):
            drawn[f"{face['familyName']} {face['isCustomFont']}"] = (
                drawn.get(f"{face['familyName']} {face['isCustomFont']}", 0) + face["glyphCount"]
            )
    assert all(name.endswith("True") for name in drawn), drawn
    assert sum(drawn.values()) > 400


def test_latin_text_uses_the_shipped_face(visit: Callable[..., Any]) -> None:
    page = visit("/claims", lang="en")
    assert {f["isCustomFont"] for f in faces(page, ".lead")} == {True}


@pytest.fixture(scope="module")
def poor(browser: Any, server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A page of a Chromium on a system that has no Chinese type at all."""
    where = tmp_path_factory.mktemp("fonts")
    for face in ("PursuitSans-Regular.otf", "PursuitSans-Bold.otf"):  # Latin alone
        shutil.copy(ASSETS / "fonts" / face, where)
    config = where / "fonts.conf"
    config.write_text(
        f"<fontconfig><dir>{where}</dir><cachedir>{where}/cache</cachedir></fontconfig>", "utf-8"
    )
    other = browser.browser_type.launch(
        executable_path=browser_path(), headless=True, args=FLAGS,
        env={**os.environ, "FONTCONFIG_FILE": str(config)},
    )  # fmt: skip
    page = other.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(20_000)
    yield page
    other.close()


@pytest.mark.parametrize(("lang", "family"), [("zh-Hans", "SC"), ("zh-Hant", "TC"), ("en", "SC")])
def test_a_system_without_chinese_gets_the_shipped_face(
    server: str, poor: Any, lang: str, family: str
) -> None:
    page = poor
    page.goto(f"{server}/claim/gdp_overtaken?lang={lang}")
    page.wait_for_function("() => document.documentElement.dataset.han === 'shipped'")  # found out when idle
    page.evaluate("document.fonts.ready.then(() => true)")
    page.locator("details[data-keep^=sources] summary").click()
    page.evaluate("document.fonts.ready.then(() => true)")
    drawn = faces(page, ".sentence" if lang != "en" else ".documents .meta [lang=zh]")
    assert {f["familyName"] for f in drawn if f["isCustomFont"]} >= {f"Pursuit Sans {family}"}, drawn
    assert all(f["isCustomFont"] for f in drawn), drawn


def test_a_system_with_chinese_keeps_its_own(visit: Callable[..., Any]) -> None:
    page = visit("/claims", lang="zh-Hans")
    page.evaluate("() => new Promise((done) => requestIdleCallback(() => setTimeout(done)))")
    assert page.evaluate("'han' in document.documentElement.dataset") is False
    asked = page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
    assert [a for a in asked if "PursuitSansSC" in a or "PursuitSansTC" in a] == []
