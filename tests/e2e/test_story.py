"""The story as a reader meets it: quotes, verdicts, charts, documents, keys, language, theme."""
# ruff: noqa: E501  (what runs in the page reads better in long lines)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from e2e_support import POINT

from dashboard.claims import essay, evaluate
from dashboard.dataset import Dataset

pytestmark = pytest.mark.e2e
Visit = Callable[..., Any]

CLAIMS = """() => [...document.querySelectorAll('.claim')].map((c) => ({
  id: c.id,
  outcome: c.dataset.outcome,
  quote: c.querySelector('blockquote [lang=zh-Hant]').textContent,
  seen: [...c.querySelectorAll('blockquote p')].some((p) => p.checkVisibility()),
  badge: c.querySelector('.weighed .badge').innerText.trim(),
  shape: c.querySelector('.weighed .badge .shape').getBoundingClientRect().width,
  sentence: c.querySelector('.sentence').innerText.trim(),
  finding: c.querySelector('.finding').innerText.trim(),
  pictures: [...c.querySelectorAll('.chart svg')].filter((s) => s.checkVisibility() && s.getBoundingClientRect().height > 80).length,
  nothing: c.querySelector('.chart .nothing')?.innerText || '',
  links: [...c.querySelectorAll('.documents a.title')].map((a) => a.href),
}))"""


@pytest.mark.parametrize("lang", ["en", "zh-Hans", "zh-Hant"])
def test_every_claim_is_complete(visit: Visit, dataset: Dataset, lang: str) -> None:
    shown = visit("/", lang=lang).evaluate(CLAIMS)
    quotes = [c.quote for c in essay(dataset).claims.values()]
    assert [c["quote"] for c in shown] == [f"「{q}」" for q in quotes]
    assert all(c["seen"] for c in shown)
    verdicts = evaluate(dataset)
    assert [c["id"] for c in shown] == list(verdicts)
    words = {
        outcome: {c["badge"] for c in shown if c["outcome"] == outcome}
        for outcome in {c["outcome"] for c in shown}
    }
    assert all(len(said) == 1 for said in words.values()), words
    assert len(set.union(*words.values())) == len(words), "two outcomes share a word"
    for claim in shown:
        who = claim["id"]
        assert claim["outcome"] == verdicts[who].outcome, who
        assert claim["shape"] >= 8, who
        assert len(claim["sentence"]) > 8, who
        assert claim["finding"], who
        assert claim["pictures"] == 1 or claim["nothing"], who
        assert all(link.startswith(("https://", "http://")) for link in claim["links"]), who
        if claim["outcome"] != "no_public_data":
            assert claim["links"], f"{who} has no document"


def test_details_open_by_keyboard_and_a_number_leads_to_its_documents(visit: Visit) -> None:
    story = visit("/", lang="zh-Hans")
    details = story.locator("#gdp_overtaken .more details").first
    details.locator("summary").focus()
    story.keyboard.press("Enter")
    assert details.evaluate("d => d.open")
    assert details.locator(".inside").is_visible()
    story.keyboard.press("Space")
    assert not details.evaluate("d => d.open")
    claim = story.locator("#gdp_overtaken")
    claim.locator(".sentence a[data-docs]").first.click()
    assert claim.locator(".documents a.title").first.is_visible()
    assert claim.locator(".documents a.title").first.get_attribute("href").startswith("https://")


def test_another_language_opens_at_the_same_place(visit: Visit) -> None:
    page = visit("/", lang="zh-Hans")
    headings = (
        "() => [...document.querySelectorAll('h1, h2.chapter, .eyebrow, .finding')].map((h) => h.innerText)"
    )
    place = "() => document.getElementById('says-gdp_overtaken').getBoundingClientRect().top"
    before = page.evaluate(headings)
    page.evaluate("document.getElementById('says-gdp_overtaken').scrollIntoView()")
    top = page.evaluate(place)
    box = page.locator('a[data-lang="en"]').bounding_box()
    page.mouse.click(box["x"] + 5, box["y"] + 5)  # a locator's click would scroll first
    page.wait_for_function(
        "() => document.documentElement.lang === 'en' && document.readyState === 'complete'"
    )
    assert abs(page.evaluate(place) - top) < 3, "the page jumped"
    after = page.evaluate(headings)
    assert len(after) == len(before)
    assert [a for a, b in zip(after, before, strict=True) if a == b] == []
    assert page.evaluate("document.activeElement.dataset.lang") == "en"
    page.reload()
    assert page.evaluate(headings) == after, "what script put in place is not what the server sends"
    assert page.watch.all == []


def test_the_chart_that_is_read_on_a_phone_stays_when_the_language_changes(visit: Visit) -> None:
    page, part = visit("/", lang="zh-Hans", width=390), "figure-gdp_overtaken"
    page.evaluate("id => document.getElementById(id).scrollIntoView()", part)
    top = "id => document.getElementById(id).getBoundingClientRect().top"
    before = page.evaluate(top, part)
    page.evaluate("document.querySelector('a[data-lang=en]').click()")
    page.wait_for_function(
        "() => document.documentElement.lang === 'en' && document.readyState === 'complete'"
    )
    assert abs(page.evaluate(top, part) - before) < 3


def test_theme_is_remembered(visit: Visit, server: str) -> None:
    page = visit("/claims", lang="en")
    paper = "() => getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.locator("[data-theme-toggle]").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark", "the address undid the choice"
    page.goto(f"{server}/claims")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate(paper) == dark
    page.locator("[data-theme-toggle]").click()
    assert page.evaluate(paper) == light


def test_a_ledger_row_opens_to_the_whole_claim(visit: Visit, dataset: Dataset) -> None:
    page = visit("/claims", lang="en")
    rest = page.locator("#row-gdp_overtaken + .rest")
    rest.locator("summary").first.click()
    rest.locator(".figure svg:visible").first.wait_for()
    rest.locator('[data-keep="sources-gdp_overtaken"] > summary').click()
    assert rest.locator(".documents a.title").first.is_visible()
    assert rest.locator(".alternatives tbody tr").count() >= 3
    page.select_option("[name=sort]", "robust")
    page.select_option("[name=verdict]", "mixed")
    page.wait_for_url("**/claims?verdict=mixed&sort=robust")
    mixed = {f"row-{i}" for i, v in evaluate(dataset).items() if v.outcome == "mixed"}
    rows = page.locator(".ledger > tbody > tr[id]")
    assert set(rows.evaluate_all("all => all.map((r) => r.id)")) == mixed
    assert str(len(mixed)) in page.locator("[data-ledger-count]").inner_text()
    assert page.watch.all == []
    page.reload()
    assert page.locator(".ledger > tbody > tr[id]:visible").count() == len(mixed)


HASH = "location.hash"
"""Asked of the page itself: what the driver knows of its address comes a moment later."""


def test_j_and_k_go_from_claim_to_claim(visit: Visit, dataset: Dataset) -> None:
    """A face that comes in late under the walk moves the claims; the key still means the next one from here."""
    page = visit("/")
    first, second, third = list(evaluate(dataset))[:3]
    for key, reached in (("j", first), ("j", second), ("j", third), ("k", second)):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.id") == reached
        page.wait_for_function(
            "id => Math.abs(document.getElementById(id).getBoundingClientRect().top) < 160", arg=reached
        )
    assert page.evaluate(HASH) == f"#{second}"
    push = "(by) => { document.querySelector('.summary, main > :first-child').style.marginTop = `${by}px`; }"
    for by in (-250, 250):
        page.evaluate("document.documentElement.style.overflowAnchor = 'none'")
        page.evaluate(push, by)
        page.keyboard.press("k")
        assert page.evaluate(HASH) == f"#{first}"
        page.keyboard.press("j")
        assert page.evaluate(HASH) == f"#{second}"
    page.evaluate("document.getElementById('gdp_overtaken').scrollIntoView()")
    page.mouse.move(600, 450)
    page.mouse.wheel(0, 5)  # who scrolled walks on from where he is
    page.keyboard.press("k")
    page.wait_for_function("() => location.hash === '#firms_moving'")


def test_a_deep_link_goes_to_a_claim_whose_points_lead_to_their_documents(visit: Visit) -> None:
    page = visit("/", anchor="gdp_overtaken")
    top = page.evaluate("document.getElementById('gdp_overtaken').getBoundingClientRect().top")
    assert -5 <= top <= 160
    assert page.locator("#gdp_overtaken blockquote").is_visible()
    page.wait_for_selector('[data-rail="gdp_overtaken"][aria-current]', state="attached")
    page.locator("#figure-gdp_overtaken").scroll_into_view_if_needed()
    shift = page.evaluate("window.__shift")
    page.mouse.move(*page.evaluate(POINT, "gdp_overtaken"))
    tip = page.locator("#figure-gdp_overtaken .tip")
    tip.wait_for()
    assert any(c.isdigit() for c in tip.inner_text())
    page.mouse.move(5, 5)
    tip.wait_for(state="detached")
    assert page.evaluate("window.__shift") - shift < 0.01, "pointing moves nothing"
    page.mouse.click(*page.evaluate(POINT, "gdp_overtaken"))
    panel = page.locator(".panel[role=dialog]")
    panel.wait_for()
    link = panel.locator("a.title").first
    assert link.inner_text().strip()
    assert link.get_attribute("href").startswith("https://")
    said = panel.locator("li").first.locator("> .meta").all_inner_texts()
    assert len(said) >= 2, said
    assert any(c.isdigit() for c in said[0]), said
    assert ";" in said[1], "issuer, kind of source, where it was read"
    page.keyboard.press("Escape")
    assert panel.count() == 0
    assert page.watch.all == []
