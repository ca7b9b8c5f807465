"""Readers without a mouse, without plotly, before a projector, on paper: the pages in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytestmark = pytest.mark.e2e


@pytest.fixture
def visit(browser: Any, server: str) -> Iterator[Any]:
    """Return a function that opens a path in a context of its own; the console has to stay empty."""
    contexts, complaints = [], []

    def opened(path: str, **options: Any) -> Any:
        context = browser.new_context(
            **{"locale": "en", "viewport": {"width": 1440, "height": 900}} | options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.goto(server + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints


def test_a_chart_is_walked_by_key_and_leads_to_documents_without_plotly(visit: Any) -> None:
    page = visit("/embed/gdp_overtaken")
    page.context.route("**/vendor/plotly*", lambda route: route.abort())
    page.reload()
    chart = page.locator("div.chart")
    assert chart.get_attribute("role") == "application"
    assert "Arrow keys" in chart.get_attribute("aria-label")
    chart.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".ring circle")
    said = []
    for key in ("End", "ArrowLeft", "Home", "ArrowDown"):
        page.keyboard.press(key)
        said.append(page.locator("#say").inner_text())
    assert len(set(said)) == 4
    assert all("CNY" in words for words in said)
    assert "Shenzhen" in "".join(said)
    assert "Hangzhou" in "".join(said)
    page.keyboard.press("Enter")
    page.wait_for_selector(".panel .documents a[href^='http']")
    panel = page.locator(".panel").inner_text()
    assert "Location:" in panel
    assert "Licence:" in panel
    page.keyboard.press("Escape")
    assert page.locator(".panel").count() == 0
    assert page.evaluate("document.activeElement.className") == "chart"
    page.keyboard.press("Escape")
    assert page.locator(".ring").count() == 0


def test_a_small_line_is_walked_shown_said_and_clicked(visit: Any) -> None:
    page = visit("/city/shenzhen?with=hangzhou")
    spark = page.locator(".card .spark").first
    assert spark.get_attribute("role") == "application"
    assert "rose from" in spark.get_attribute("aria-label")
    spark.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector(".spark .tip")
    said = []
    for key in ("ArrowLeft", "Home", "ArrowDown"):
        page.keyboard.press(key)
        said.append(page.locator("#say").inner_text().strip())
        assert page.locator(".spark .tip").inner_text().strip() == said[-1]  # seen as well as heard
    assert len(set(said)) == 3
    assert all("GDP" in words and "CNY" in words for words in said)
    assert "Hangzhou" in said[-1]
    page.keyboard.press("Enter")
    page.wait_for_selector(".panel .documents a[href^='http']")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.classList.contains('spark')")
    page.keyboard.press("Escape")
    assert page.locator(".spark .ring").count() == 0
    spark.hover()
    page.wait_for_selector(".spark .tip")
    spark.click()
    page.wait_for_selector(".panel .documents a[href^='http']")


def test_the_choice_of_script_is_kept_from_page_to_page(visit: Any) -> None:
    page = visit("/claims?lang=zh-Hans")
    converted, original = (page.locator(f".ledger .{kind}").first for kind in ("converted", "original"))
    assert (converted.is_visible(), original.is_visible()) == (True, False)
    page.locator("#original-script").check()
    assert (converted.is_visible(), original.is_visible()) == (False, True)
    page.goto(page.url.replace("/claims", "/city/shenzhen"))
    page.wait_for_selector(".quotes .original >> visible=true")
    assert page.locator(".quotes .converted >> visible=true").count() == 0
    page.locator("a[data-lang=zh-Hant]").click()
    page.wait_for_selector("html[lang=zh-Hant]")
    assert page.locator(".quotes [lang=zh-Hant] >> visible=true").count() > 0


def test_a_click_on_the_servers_picture_leads_to_documents(visit: Any) -> None:
    page = visit("/embed/gdp_overtaken", contrast="more")
    place = page.evaluate(
        """async (address) => { const box = document.querySelector('.drawn.wide');
        const found = await (await fetch(address)).json();
        const [x, y] = found.series[0].at(-1), m = box.querySelector('svg').getScreenCTM();
        return [m.a * x + m.e, m.d * y + m.f]; }""",
        "/api/v1/figures/gdp_overtaken.points.json?lang=en&form=wide",
    )
    page.mouse.click(place[0] + 4, place[1] - 4)
    page.wait_for_selector(".panel .documents a[href^='http']")


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (3840, 2160)])
def test_one_claim_fills_one_screen(visit: Any, width: int, height: int) -> None:
    page = visit("/present", viewport={"width": width, "height": height})
    screens = 32 if width == 1280 else 6  # the narrowest has the least room: there every screen is looked at
    for n in range(screens):
        fits = page.evaluate(
            """() => { const foot = document.querySelector('.steps').getBoundingClientRect();
            const parts = [...document.querySelectorAll('.words > *, figcaption, .chart, .from')]
              .map((e) => e.getBoundingClientRect());
            return foot.bottom <= innerHeight + 1 && document.documentElement.scrollWidth <= innerWidth
              && parts.every((b) => b.top >= 0 && b.bottom <= foot.top + 1 && b.right <= innerWidth); }"""
        )
        assert fits, page.url
        if n + 1 < screens:
            following = page.locator("a[rel=next]").get_attribute("href")
            page.keyboard.press("ArrowRight" if n % 2 else "PageDown")
            page.wait_for_url(f"**{following}")
    page.keyboard.press("Escape")
    page.wait_for_url("**/#*")


@pytest.mark.parametrize("path", ["/", "/claims", "/present/gdp_overtaken", "/data", "/embed/gdp_overtaken"])
def test_at_four_hundred_percent_nothing_scrolls_sideways(visit: Any, path: str) -> None:
    page = visit(path, viewport={"width": 320, "height": 256})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_accessibility_rules_hold_while_reading(browser: Any, server: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for path in ("/present/gdp_overtaken", "/claim/gdp_overtaken"):
        context = browser.new_context(bypass_csp=True, color_scheme="dark", locale="en")
        page = context.new_page()
        page.goto(server + path)
        page.locator("div.chart").first.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_selector(".ring")
        page.keyboard.press("Enter")
        page.wait_for_selector(".panel")
        found = Axe().run(page).response["violations"]
        context.close()
        assert not [(v["id"], v["nodes"][0]["html"]) for v in found], path
