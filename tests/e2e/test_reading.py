"""A chart read by keys, by touch of its picture and without plotly; the choice of script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytestmark = pytest.mark.e2e
Visit = Callable[..., Any]


def spoken(page: Any, *keys: str) -> Iterator[str]:
    """Yield what is said after each key."""
    for key in keys:
        page.keyboard.press(key)
        yield page.locator("#say").inner_text().strip()


def test_a_chart_is_walked_by_key_and_leads_to_documents_without_plotly(visit: Visit) -> None:
    page = visit("/glossary")
    page.route("**/vendor/plotly*", lambda route: route.abort())
    visit("/embed/gdp_overtaken", page=page)
    chart = page.locator("div.chart")
    assert chart.get_attribute("role") == "application"
    assert "Arrow keys" in chart.get_attribute("aria-label")
    chart.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".ring circle")
    said = list(spoken(page, "End", "ArrowLeft", "Home", "ArrowDown"))
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


def test_a_small_line_is_walked_shown_said_and_clicked(visit: Visit) -> None:
    page = visit("/city/shenzhen?with=hangzhou")
    spark = page.locator(".card .spark").first
    assert spark.get_attribute("role") == "application"
    assert "rose from" in spark.get_attribute("aria-label")
    spark.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector(".spark .tip")
    said = []
    for words in spoken(page, "ArrowLeft", "Home", "ArrowDown"):
        assert page.locator(".spark .tip").inner_text().strip() == words  # seen as well as heard
        said.append(words)
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


def test_the_choice_of_script_is_kept_from_page_to_page(visit: Visit) -> None:
    page = visit("/claims", lang="zh-Hans")
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


def test_a_click_on_the_servers_picture_leads_to_documents(visit: Visit) -> None:
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
