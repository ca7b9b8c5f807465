"""From a small phone to a wall: nothing jumps or moves for who wants no motion; nothing is told by colour alone."""
# ruff: noqa: E501  (what runs in the page reads better in long lines)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from e2e_support import POINT

pytestmark = pytest.mark.e2e
Visit = Callable[..., Any]


def test_a_missing_page_says_so_and_asks_nobody(visit: Visit) -> None:
    page = visit("/claim/nowhere", status=404)
    assert page.watch.strangers == []
    assert page.locator("main a[href*='/claim/']").count() > 0
    assert [f for f in page.watch.failed if "/claim/nowhere" not in f] == []


@pytest.mark.parametrize(
    ("path", "width"),
    [(p, 390) for p in ("/", "/explore", "/city/shenzhen")] + [("/", 1440), ("/explore", 1440)],
)
def test_nothing_jumps_while_it_loads(visit: Visit, path: str, width: int) -> None:
    page = visit(path, lang="zh-Hans", width=width, fresh=True)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("window.__shift") < 0.05, page.evaluate("window.__shifted")


def test_nothing_jumps_when_a_chart_is_touched_on_a_phone(visit: Visit) -> None:
    page = visit("/", width=390, has_touch=True, is_mobile=True, anchor="gdp_overtaken")
    drawn = page.locator("#figure-gdp_overtaken .drawn.narrow")
    drawn.scroll_into_view_if_needed()
    before = page.evaluate("window.__shift")
    page.touchscreen.tap(*page.evaluate(POINT, "gdp_overtaken"))
    page.wait_for_selector(".panel li")
    assert page.evaluate("window.__shift") - before < 0.05


def test_nothing_moves_for_a_reader_who_wants_no_motion(visit: Visit) -> None:
    moving = """() => [...document.querySelectorAll('*')].filter((e) => { const s = getComputedStyle(e);
      return s.transitionDuration.split(', ').some((d) => parseFloat(d) > 0.01) || s.animationName !== 'none' || s.scrollBehavior === 'smooth'; })
      .map((e) => e.tagName + '.' + e.getAttribute('class')).slice(0, 5)"""
    page = visit("/claim/gdp_overtaken", reduced_motion="reduce")
    page.locator(".drawn.wide").hover()
    page.wait_for_selector(".tip")
    assert page.evaluate(moving) == []
    for path in ("/", "/explore", "/claims"):
        page = visit(path, page=page)
        assert page.evaluate(moving) == []


def test_more_contrast_leaves_nothing_pale(visit: Visit) -> None:
    colour = "(s) => getComputedStyle(document.querySelector(s)).color"
    page = visit("/claims", contrast="more")
    assert page.evaluate(colour, ".lead") == page.evaluate(colour, "h1")
    page.emulate_media(contrast="no-preference")
    assert page.evaluate(colour, ".lead") != page.evaluate(colour, "h1")


def test_forced_colours_keep_the_verdicts_apart(visit: Visit) -> None:
    page = visit("/claims", forced_colors="active")
    looks = page.evaluate("""() => Object.fromEntries(['supported', 'contradicted', 'mixed', 'no_public_data'].map((o) => {
      const s = getComputedStyle(document.querySelector(`.ledger .${o} > .shape`));
      return [o, [s.backgroundImage, s.backgroundColor, s.borderRadius, s.borderTopWidth].join(' ')];
    }))""")
    assert len(set(looks.values())) == 4, looks
