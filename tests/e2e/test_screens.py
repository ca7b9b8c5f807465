"""From a small phone to a wall: nothing sticks out, is cut or jumps; nothing complains or asks another host."""
# ruff: noqa: E501  (what runs in the page reads better in long lines)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from e2e_support import LANGS, PAGES, POINT

pytestmark = pytest.mark.e2e
Visit = Callable[..., Any]
WIDTHS = {"en": (360, 1440), "zh-Hans": (390, 3840), "zh-Hant": (768, 2560)}
"""From the smallest phone to a wall, each in one language."""

GEOMETRY = """() => {
  const wide = innerWidth + 1, out = [];
  const name = (e) => `${e.tagName.toLowerCase()}${e.id ? '#' + e.id : ''}.${e.getAttribute('class') || ''} ${(e.textContent || '').trim().slice(0, 40)}`;
  if (document.documentElement.scrollWidth > innerWidth) out.push(`page scrolls sideways: ${document.documentElement.scrollWidth}`);
  const contained = (e) => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
    const s = getComputedStyle(p); if (s.overflowX !== 'visible') return p.getBoundingClientRect().right <= wide; } return false; };
  for (const e of document.querySelectorAll('body *')) {
    if (e.closest('.vh, .skip, .hint, #js-plotly-tester') || !e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) continue;
    if (e.ownerSVGElement && e.tagName !== 'text') continue;
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    if ((box.right > wide || box.left < -1) && !contained(e)) out.push(`sticks out: ${name(e)} ${Math.round(box.left)}..${Math.round(box.right)}`);
    if (e.namespaceURI.endsWith('svg') || e.matches('select, textarea, input')) continue;
    const s = getComputedStyle(e);
    if (s.overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1 && e.textContent.trim()) out.push(`cut: ${name(e)}`);
    if (s.overflowY === 'hidden' && e.scrollHeight > e.clientHeight + 2 && e.textContent.trim()) out.push(`cut below: ${name(e)}`);
  }
  const top = [...document.querySelectorAll('header.top a, header.top button')].map((e) => [name(e), e.getBoundingClientRect()]);
  top.forEach(([a, p], i) => top.slice(i + 1).forEach(([b, q]) => {
    if (p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 1 && q.top < p.bottom - 1) out.push(`overlap: ${a} / ${b}`);
  }));
  return out.slice(0, 8);
}"""

LABELS = """() => {
  const out = [];
  for (const svg of document.querySelectorAll('.drawn > svg')) {
    if (!svg.checkVisibility()) continue;
    const figure = svg.closest('[data-figure]').dataset.figure;
    const words = [...svg.querySelectorAll('text')].map((t) => [t.textContent, t.getBoundingClientRect()]).filter(([w, b]) => w.trim() && b.width);
    words.forEach(([a, p], i) => {
      if (p.right > innerWidth + 1 || p.left < -1) out.push(`${figure}: "${a}" leaves the screen`);
      for (const [b, q] of words.slice(i + 1)) {
        const across = Math.min(p.right, q.right) - Math.max(p.left, q.left), down = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
        if (a !== b && across > 2 && down > 0.45 * Math.min(p.height, q.height)) out.push(`${figure}: "${a}" on "${b}"`);
      }
    });
  }
  return out;
}"""


def _settled(page: Any, check: str) -> Any:
    """What a check finds once a live chart has had some frames to follow the window's new width."""
    for _ in range(20):
        bad = page.evaluate(check)
        if not bad:
            break
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return bad


@pytest.mark.parametrize("lang", LANGS)
def test_every_page_fits_every_screen_and_keeps_to_itself(visit: Visit, lang: str) -> None:
    page, found = None, {}
    for path in PAGES if lang != "zh-Hant" else PAGES[::2]:  # its words are as long as the Simplified
        page = visit(path, lang=lang, page=page)
        for width in WIDTHS[lang]:
            page.set_viewport_size({"width": width, "height": 900})
            bad = _settled(page, GEOMETRY)
            if bad:
                found[f"{path} {width}"] = bad
        if page.watch.all:
            found[path] = list(page.watch.all)
            for kept in (page.watch.strangers, page.watch.console, page.watch.failed):
                kept.clear()
    assert found == {}


def test_a_missing_page_says_so_and_asks_nobody(visit: Visit) -> None:
    page = visit("/claim/nowhere", status=404)
    assert page.watch.strangers == []
    assert page.locator("main a[href*='/claim/']").count() > 0
    assert [f for f in page.watch.failed if "/claim/nowhere" not in f] == []


@pytest.mark.parametrize("lang", LANGS)
def test_no_two_words_of_a_chart_lie_on_each_other(visit: Visit, lang: str) -> None:
    page = visit("/", lang=lang)
    found = {}
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        bad = page.evaluate(LABELS)
        if bad:
            found[width] = bad
    assert found == {}


@pytest.mark.parametrize(
    ("path", "width"),
    [(p, 390) for p in ("/", "/explore", "/city/shenzhen")] + [("/", 1440), ("/explore", 1440)],
)
def test_nothing_jumps_while_it_loads(visit: Visit, path: str, width: int) -> None:
    page = visit(path, lang="zh-Hans", width=width)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("window.__shift") < 0.05, page.evaluate("window.__shifted")
    page.close()


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
    plain = visit("/claims")
    assert plain.evaluate(colour, ".lead") != plain.evaluate(colour, "h1")


def test_forced_colours_keep_the_verdicts_apart(visit: Visit) -> None:
    page = visit("/claims", forced_colors="active")
    looks = page.evaluate("""() => Object.fromEntries(['supported', 'contradicted', 'mixed', 'no_public_data'].map((o) => {
      const s = getComputedStyle(document.querySelector(`.ledger .${o} > .shape`));
      return [o, [s.backgroundImage, s.backgroundColor, s.borderRadius, s.borderTopWidth].join(' ')];
    }))""")
    assert len(set(looks.values())) == 4, looks
