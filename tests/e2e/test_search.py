"""The search box: opened by a key, walked by arrows, closed by Escape; clean for a screen reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.e2e
Visit = Callable[..., Any]


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('href') ?? document.activeElement.tagName"))


@pytest.mark.parametrize("path", ["/claims", "/explore"])
def test_a_walk_by_keyboard(visit: Visit, path: str) -> None:
    page = visit(path, lang="en")
    page.keyboard.press("/")
    page.keyboard.type("tengxun")
    page.wait_for_selector("#search [data-results] a")
    assert focused(page) == "INPUT"
    page.keyboard.press("ArrowDown")
    assert focused(page).endswith("/company/tencent")
    page.keyboard.press("ArrowUp")
    assert focused(page) == "INPUT"
    page.keyboard.press("Enter")
    page.wait_for_url("**/company/tencent*")
    assert page.watch.all == []


def test_the_last_link_shows_every_result_and_escape_closes(visit: Visit) -> None:
    page = visit("/claims", lang="zh-Hans")
    page.locator("[data-search]").click()
    page.keyboard.type("房价")
    page.wait_for_selector("#search [data-results] a")
    violations = (
        Axe().run(page, context="#search", options={"resultTypes": ["violations"]}).response["violations"]
    )
    assert [v["id"] for v in violations] == []
    page.keyboard.press("Escape")
    assert not page.locator("#search").is_visible()
    page.keyboard.press("/")
    page.locator("#search a[href*='/search?q=']").click()
    page.wait_for_url("**/search?q=*")
    assert page.locator(".results a").count() > 3


def test_the_slash_is_a_letter_where_one_writes(visit: Visit) -> None:
    page = visit("/search", lang="en")
    page.locator("main input[name=q]").fill("")
    page.keyboard.type("R/D")
    assert page.locator("main input[name=q]").input_value() == "R/D"
    assert not page.locator("#search").is_visible()


def test_search_needs_no_script(visit: Visit) -> None:
    page = visit("/search?q=byd", lang="en", java_script_enabled=False)
    assert page.locator(".results a[href$='/company/byd']").count() == 1


def test_the_last_visit_is_offered_by_the_browser_alone(visit: Visit) -> None:
    page = visit("/glossary", lang="en")
    page.evaluate("localStorage.setItem('visits', JSON.stringify(['2026-01-02']))")
    visit("/changes", lang="en", page=page)
    link = page.locator("[data-last-visit]")
    assert link.is_visible()
    assert "since=2026-01-02" in str(link.get_attribute("href"))


def test_a_damaged_last_visit_counts_as_none(visit: Visit) -> None:
    page = visit("/glossary", lang="en")
    page.evaluate("localStorage.setItem('visits', '{')")
    visit("/changes", lang="en", page=page)
    assert not page.locator("[data-last-visit]").is_visible()
    page.keyboard.press("/")
    page.wait_for_selector("#search[open]")
