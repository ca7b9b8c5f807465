"""WCAG 2.2 A and AA and best practice by axe: every page, and the states in which parts are open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from e2e_support import COLOURS as READERS_COLOURS
from e2e_support import PAGES, POINT, REPEATED

pytestmark = pytest.mark.e2e
Visit = Callable[..., Any]
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": LEVELS, "resultTypes": ["violations"]}
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
SOME = (
    "/",
    "/explore",
    "/claims",
    "/city/shenzhen",
    "/data/gdp",
    "/claim/gdp_overtaken",
    "/search?q=hangzhou",
    "/changes",
)
"""Pages that have every colour and part between them."""
axe = Axe()


def violations(page: Any, options: dict[str, Any]) -> list[str]:
    """What breaks a rule; of many claims and rows of one form only the first few are measured."""
    page.evaluate("(repeated) => document.querySelectorAll(repeated).forEach((e) => e.remove())", REPEATED)
    found = axe.run(page, options=options).response["violations"]
    return [f"{v['id']}: {n['target']} {n['html'][:120]}" for v in found for n in v["nodes"][:3]]


def over(visit: Visit, paths: tuple[str, ...], options: dict[str, Any], **how: Any) -> dict[str, list[str]]:
    """Every violation by page."""
    page, found = None, {}
    for path in paths:
        page = visit(path, page=page, **how)
        bad = violations(page, options)
        if bad:
            found[path] = bad
    return found


def test_every_page_in_light(visit: Visit) -> None:
    assert over(visit, PAGES, RULES, lang="en", theme="light") == {}


def test_on_a_phone(visit: Visit) -> None:
    paths = ("/", "/explore", "/city/shenzhen?with=hangzhou", "/data/gdp")
    assert over(visit, paths, RULES, width=390, lang="zh-Hans") == {}


def test_in_dark_in_chinese_at_four_hundred_per_cent(visit: Visit) -> None:
    assert over(visit, SOME, RULES, width=320, height=256, lang="zh-Hant", theme="dark") == {}


@pytest.mark.parametrize("colours", ["more contrast", "more contrast, dark", "forced colours"])
def test_in_the_readers_own_colours(visit: Visit, colours: str) -> None:
    paths = ("/explore", "/claims", "/claim/gdp_overtaken")
    assert over(visit, paths, COLOURS, lang="zh-Hans", **READERS_COLOURS[colours]) == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_with_everything_open(visit: Visit, theme: str) -> None:
    page = visit("/claim/gdp_overtaken", theme=theme)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.mouse.move(*page.evaluate(POINT, "gdp_overtaken"))
    page.wait_for_selector(".tip")
    page.locator(".sentence a[data-docs]").first.click()
    assert violations(page, RULES) == []


def test_with_the_document_panel_open(visit: Visit) -> None:
    page = visit("/claim/gdp_overtaken")
    page.mouse.click(*page.evaluate(POINT, "gdp_overtaken"))
    page.wait_for_selector(".panel li")
    assert violations(page, RULES) == []


def test_the_explorer_in_other_states(visit: Visit) -> None:
    assert over(visit, ("/explore?v=table", "/explore?i=nowhere"), RULES) == {}
