"""A reader with a keyboard alone: the order of stops, and each one seen."""
# ruff: noqa: E501  (what runs in the page reads better in long lines)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.shipped import FIGURES

pytestmark = pytest.mark.e2e

HERE = """() => {
  const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
  const inner = e.matches('input[type=radio], input[type=range]') && e.nextElementSibling ? getComputedStyle(e.nextElementSibling) : s;
  return {
    what: e.dataset.lang ? `lang ${e.dataset.lang}` : e.matches('[data-theme-toggle]') ? 'theme' : e.matches('[data-search]') ? 'search' : e.matches('.skip') ? 'skip'
      : e.matches('.brand') ? 'brand' : e.closest('.sections') ? `nav ${new URL(e.href).pathname}` : e.closest('.rail') ? 'rail'
      : e.matches('.claim .more summary') ? `details ${e.closest('.claim').id}` : e.tagName,
    outlined: [s, inner].some((x) => x.outlineStyle !== 'none' && parseFloat(x.outlineWidth) >= 2),
    seen: b.width > 0 && b.height > 0 && b.bottom > 0 && b.top < innerHeight && b.right > 0,
    under: b.bottom <= document.querySelector('header.top').offsetHeight && !e.closest('header.top, .skip'),
    range: e.type === 'range' ? e.id : '',
  };
}"""


def walk(page: Any, until: Callable[[dict[str, Any]], bool], most: int = 120) -> list[dict[str, Any]]:
    stops = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(HERE))
        if until(stops[-1]):
            return stops
    raise AssertionError(f"not reached in {most} stops: {[s['what'] for s in stops]}")


def test_stops_come_in_order_and_are_seen(visit: Callable[..., Any]) -> None:
    page = visit("/")
    stops = walk(page, lambda s: s["what"].startswith("details"))
    order = [s["what"] for s in stops]
    assert order[:14] == [
        "skip", "brand",
        "nav /en/", "nav /en/explore", "nav /en/claims", "nav /en/city", "nav /en/company", "nav /en/data",
        "search", "lang zh-Hans", "lang zh-Hant", "lang zh-HK", "lang en", "theme",
    ]  # fmt: skip
    assert order.count("rail") == len(FIGURES) - 1
    assert order[-1] == "details spring_festival_distance"
    assert [s for s in stops if not (s["outlined"] and s["seen"]) or s["under"]] == []
    page.keyboard.press("Enter")
    assert page.locator("#spring_festival_distance .more details").first.evaluate("d => d.open")


def test_skip_link_leads_past_the_header(visit: Callable[..., Any]) -> None:
    page = visit("/claims")
    page.keyboard.press("Tab")
    assert page.evaluate(HERE)["what"] == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("path", ["/explore", "/claims", "/city/shenzhen"])
def test_every_stop_of_a_page_is_seen(visit: Callable[..., Any], path: str) -> None:
    page = visit(path)
    stops = []
    for _ in range(45):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(HERE))
    stops = [s for s in stops if s["what"] != "BODY"]  # past the last stop the browser's own frame is next
    assert len(stops) > 20
    for slider in {s["range"] for s in stops} - {
        ""
    }:  # its outline is on the thumb, which has no style to ask for
        page.locator(f"#{slider}").focus()
        held = page.locator(f"#{slider}").screenshot()
        page.locator(f"#{slider}").blur()
        assert page.locator(f"#{slider}").screenshot() != held, slider
    stops = [s for s in stops if not s["range"]]
    assert [s for s in stops if not (s["outlined"] and s["seen"]) or s["under"]] == []


def test_language_and_theme_answer_to_keys(visit: Callable[..., Any]) -> None:
    page = visit("/claims")
    page.locator('a[data-lang="zh-Hant"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.documentElement.lang === 'zh-Hant'")
    assert page.evaluate("document.activeElement.dataset.lang") == "zh-Hant", "focus was lost"
    page.locator("[data-theme-toggle]").focus()
    page.keyboard.press("Space")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("document.activeElement.hasAttribute('data-theme-toggle')")
