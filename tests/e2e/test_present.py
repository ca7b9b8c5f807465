"""Presentation: controls in reach on every screen, a swipe turns the page, type that a projector can show."""
# ruff: noqa: E501  (what runs in the page reads better in long lines)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.shipped import FIGURES

pytestmark = pytest.mark.e2e
Visit = Callable[..., Any]
SWIPE = """([from, to]) => {
  const at = (x) => [new Touch({ identifier: 1, target: document.body, clientX: x, clientY: 300 })];
  const tell = (kind, touches, changedTouches) =>
    document.body.dispatchEvent(new TouchEvent(kind, { touches, changedTouches, bubbles: true }));
  tell("touchstart", at(from), at(from));
  tell("touchend", [], at(to));
}"""
SIZES = """() => [...document.querySelectorAll(".drawn.wide svg text")].map((text) => {
  const svg = text.ownerSVGElement;
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  return parseFloat(getComputedStyle(text).fontSize) * scale;
})"""


def test_a_swipe_turns_the_page(visit: Visit) -> None:
    page = visit("/present", width=390, height=844, has_touch=True)
    page.evaluate(SWIPE, [300, 280])  # too short: a tap
    page.evaluate(SWIPE, [320, 80])
    page.wait_for_url("**/present/*")
    page.evaluate(SWIPE, [80, 320])
    page.wait_for_url("**/present")


FITS = """() => {
  const foot = document.querySelector('.steps').getBoundingClientRect();
  const parts = [...document.querySelectorAll('.words > *, figcaption, .chart, .from')].map((e) => e.getBoundingClientRect());
  return foot.bottom <= innerHeight + 1 && document.documentElement.scrollWidth <= innerWidth
    && parts.every((b) => b.top >= 0 && b.bottom <= foot.top + 1 && b.right <= innerWidth);
}"""


def test_one_claim_fills_a_small_projector_in_type_of_twelve_pixels(visit: Visit) -> None:
    """It has the least room: every claim is looked at."""
    page, small = visit("/present", width=1280, height=720), {}
    for n in range(len(FIGURES)):
        sizes = page.evaluate(SIZES)
        if not page.evaluate(FITS) or min(sizes, default=99) < 11.9:
            small[page.url] = sizes
        if n + 1 < len(FIGURES):
            following = page.locator("a[rel=next]").get_attribute("href")
            page.keyboard.press("ArrowRight" if n % 2 else "PageDown")
            page.wait_for_url(f"**{following}")
    assert small == {}
    page.keyboard.press("Escape")
    page.wait_for_url("**/#*")


def test_the_controls_are_in_reach_on_every_screen(visit: Visit) -> None:
    page = None
    for figure in ["", *FIGURES[1::5]]:
        page = visit(f"/present/{figure}".rstrip("/"), lang="zh-Hans", page=page)
        for width, height in ((390, 844), (844, 390), (3840, 2160)):
            page.set_viewport_size({"width": width, "height": height})
            for selector in ("a[data-leave]", "a[rel=next]" if figure != FIGURES[-1] else "a[rel=prev]"):
                box = page.locator(selector).bounding_box()
                assert box["y"] + box["height"] <= height, (figure, selector)
        assert page.evaluate(FITS), figure
