"""The rules of axe in states that no address names: parts that are open, a reader's own colours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from e2e_support import COLOURS, ONLY_COLOURS, POINT, violations

pytestmark = pytest.mark.e2e
Visit = Callable[..., Any]


@pytest.mark.parametrize("path", ["/explore", "/claims", "/claim/gdp_overtaken"])
def test_in_the_readers_own_colours(visit: Visit, path: str) -> None:
    page, found = visit(path, lang="zh-Hans"), {}
    for name in ("more contrast", "more contrast, dark", "forced colours"):
        page.emulate_media(**COLOURS[name])
        found[name] = violations(page, ONLY_COLOURS)
    assert {name: bad for name, bad in found.items() if bad} == {}


def test_with_everything_open(visit: Visit) -> None:
    page = visit("/claim/gdp_overtaken", theme="light")
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.mouse.move(*page.evaluate(POINT, "gdp_overtaken"))
    page.wait_for_selector(".tip")
    page.locator(".sentence a[data-docs]").first.click()
    assert violations(page) == []
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert violations(page, ONLY_COLOURS) == []


@pytest.mark.parametrize("path", ["/claim/gdp_overtaken", "/present/gdp_overtaken"])
def test_with_the_document_panel_open(visit: Visit, path: str) -> None:
    page = visit(path, theme="dark")
    page.locator("div.chart").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".ring")
    page.keyboard.press("Enter")
    page.wait_for_selector(".panel li")
    assert violations(page) == []


@pytest.mark.parametrize("query", ["v=table", "i=nowhere"])
def test_the_explorer_in_other_states(visit: Visit, query: str) -> None:
    assert violations(visit(f"/explore?{query}")) == []
