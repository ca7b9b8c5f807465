"""The pages in a real Chromium: nothing leaves the machine, nothing jumps, everything works by key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.shipped import FIGURES

pytestmark = pytest.mark.e2e
HASH = "location.hash"
"""Asked of the page itself: what the driver knows of its address comes a moment later."""


@pytest.fixture
def visit(browser: Any, server: str) -> Iterator[Any]:
    """Return a function that opens a path; at the end the console is empty and every request was local."""
    contexts, complaints = [], []

    def opened(
        path: str, *, lang: str = "en", width: int = 1440, height: int = 900, script: bool = True
    ) -> Any:
        context = browser.new_context(
            locale=lang, viewport={"width": width, "height": height}, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.on(
            "request", lambda r: None if r.url.startswith((server, "data:")) else complaints.append(r.url)
        )
        page.goto(server + path)
        if script:
            page.evaluate("document.fonts.ready.then(() => true)")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints


def test_the_story_is_whole_without_script(visit: Any) -> None:
    page = visit("/", script=False)
    assert page.locator("section.claim").count() == len(FIGURES) - 1
    assert page.locator("#figure-pursuit_lines .drawn.wide svg").is_visible()
    page.locator("#gdp_overtaken details[data-keep^=how-] summary").click()
    assert page.locator("#gdp_overtaken .measured").is_visible()
    with page.expect_navigation():
        page.locator("a[data-lang=zh-Hant]").click()
    assert page.locator("html").get_attribute("lang") == "zh-Hant"
    assert not page.locator("[data-theme-toggle]").is_visible()


def test_what_arrives_late_does_not_turn_the_keys_around(visit: Any) -> None:
    """A face that comes in under the walk moves the claims; the key still means the next one from here."""
    page = visit("/")
    push = "(by) => { document.querySelector('.summary, main > :first-child').style.marginTop = `${by}px`; }"
    page.keyboard.press("j")
    page.keyboard.press("j")
    for by in (-250, 250):
        page.evaluate("document.documentElement.style.overflowAnchor = 'none'")
        page.evaluate(push, by)
        page.keyboard.press("k")
        assert page.evaluate(HASH) == "#spring_festival_distance"
        page.keyboard.press("j")
        assert page.evaluate(HASH) == "#born_in_shenzhen"


def test_who_scrolled_walks_on_from_where_he_is(visit: Any) -> None:
    page = visit("/")
    page.keyboard.press("j")
    page.evaluate("document.getElementById('gdp_overtaken').scrollIntoView()")
    page.mouse.move(600, 450)
    page.mouse.wheel(0, 5)
    page.keyboard.press("k")
    page.wait_for_function("() => location.hash === '#firms_moving'")


def test_the_ledger_filters_in_place_as_its_address_says(visit: Any) -> None:
    page = visit("/claims")
    page.locator("select[name=verdict]").select_option("mixed")
    page.wait_for_url("**/claims?verdict=mixed")
    shown = page.locator(".ledger tbody tr:visible").count()
    assert 0 < shown < len(FIGURES) - 1
    page.reload()
    assert page.locator(".ledger tbody tr:visible").count() == shown
