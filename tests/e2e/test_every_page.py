"""Every kind of page in every language: it fits its screens, breaks no rule of axe, asks and complains of nothing."""
# ruff: noqa: E501  (what runs in the page reads better in long lines)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from e2e_support import PAGES, violations

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Readers:
    """A language with the colours and screens it is read in here; rules are checked on the last of the screens."""

    lang: str
    theme: str
    sizes: tuple[tuple[int, int], ...]
    checked: tuple[str, ...]
    """Pages whose rules are checked: every one, or those that have every colour and part between them."""


READERS = (
    Readers("en", "light", ((320, 900), (1440, 900)), PAGES),
    Readers("zh-Hans", "light", ((3840, 900), (390, 844)), ("/", "/explore", "/city/shenzhen", "/data/gdp")),
    Readers(
        "zh-Hant",
        "dark",
        ((2560, 900), (768, 900), (320, 256)),
        (
            "/",
            "/explore",
            "/claims",
            "/city/shenzhen",
            "/data/gdp",
            "/claim/gdp_overtaken",
            "/search?q=hangzhou",
            "/changes",
        ),
    ),
)
"""From the smallest phone to a wall, each in one language; 320 × 256 is a screen of 1280 × 1024 at 400 %."""

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


@pytest.mark.parametrize("readers", READERS, ids=lambda readers: readers.lang)
def test_every_page_fits_keeps_to_itself_and_breaks_no_rule(
    visit: Callable[..., Any], readers: Readers
) -> None:
    page, found = None, {}
    pages = (
        PAGES if readers.lang != "zh-Hant" else {*PAGES[::2], *readers.checked}
    )  # its words are as long as the Simplified
    for path in pages:
        page = visit(path, lang=readers.lang, theme=readers.theme, page=page)
        for width, height in readers.sizes:
            page.set_viewport_size({"width": width, "height": height})
            found[path, width] = _settled(page, GEOMETRY)
            if path == "/":
                found[path, width] += page.evaluate(LABELS)
        found[path, "asked or complained"] = page.watch.all
        if path in readers.checked:
            found[path, "rules"] = violations(page)
        page.watch.clear()
    assert {where: bad for where, bad in found.items() if bad} == {}
