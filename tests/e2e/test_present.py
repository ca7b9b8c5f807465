"""Presentation: controls in reach on every screen, a swipe turns the page, type that a projector can show."""

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


@pytest.mark.parametrize("size", [(390, 844), (844, 390), (1280, 720)])
def test_the_controls_are_in_reach_on_every_screen(visit: Visit, size: tuple[int, int]) -> None:
    page = None
    for figure in ["", *FIGURES[1::5]]:
        page = visit(
            f"/present/{figure}".rstrip("/"), lang="zh-Hans", page=page, width=size[0], height=size[1]
        )
        for selector in ("a[data-leave]", "a[rel=next]" if figure != FIGURES[-1] else "a[rel=prev]"):
            box = page.locator(selector).bounding_box()
            assert box["y"] + box["height"] <= size[1], (figure, selector)


def test_a_small_projector_shows_all_in_type_of_twelve_pixels(visit: Visit) -> None:
    page, small = None, {}
    for figure in FIGURES[1::4]:
        page = visit(f"/present/{figure}", lang="en", page=page, width=1280, height=720)
        height = page.evaluate("document.documentElement.scrollHeight")
        sizes = page.evaluate(SIZES)
        if height > 720 or min(sizes, default=99) < 11.9:
            small[figure] = (height, min(sizes, default=99))
    assert small == {}
