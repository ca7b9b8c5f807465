"""With scripts off the story, the ledger and the explorer still say what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.claims import essay, evaluate
from dashboard.dataset import Dataset
from tests.conftest import FLAGS, browser_path

pytestmark = pytest.mark.e2e
Visit = Callable[..., Any]


@pytest.fixture(scope="module")
def off(browser: Any) -> Iterator[Any]:
    """A page of a Chromium whose scripts are off altogether, so that `@media (scripting: none)` holds too."""
    silent = browser.browser_type.launch(
        executable_path=browser_path(), headless=True, args=[*FLAGS, "--blink-settings=scriptEnabled=false"]
    )
    page = silent.new_context(viewport={"width": 1440, "height": 900}, java_script_enabled=False).new_page()
    page.set_default_timeout(20_000)
    yield page
    silent.close()


COUNTS = """() => Object.fromEntries([...document.querySelectorAll('.claim')].map((c) => [c.id,
  ['.chart .wide svg text', '.chart .nothing', '.figure-data table tbody tr', ".documents a[href^='http']"]
    .map((s) => c.querySelectorAll(s).length)]))"""


def open_in(visit: Visit, off: Any, path: str) -> Any:
    return visit(path, lang="en", page=off, java_script_enabled=False)


def test_story_is_there(visit: Visit, off: Any, dataset: Dataset) -> None:
    page = open_in(visit, off, "/")
    quotes = page.locator(".claim blockquote .source-words").all_inner_texts()
    assert quotes == [f"「{c.quote}」" for c in essay(dataset).claims.values()]
    assert page.locator(".claim .weighed .badge").count() == len(quotes)
    assert all(len(s) > 8 for s in page.locator(".claim .sentence").all_inner_texts())
    counted = page.evaluate(COUNTS)
    for claim, verdict in evaluate(dataset).items():
        words, nothing, rows, links = counted[claim]
        assert words or nothing, claim
        if verdict.outcome != "no_public_data":
            assert rows > 0, claim
            assert links > 0, claim
    box = page.locator("#figure-gdp_overtaken .wide svg").bounding_box()
    assert box
    assert box["height"] > 200


def test_tables_open(visit: Visit, off: Any) -> None:
    page = open_in(visit, off, "/claim/gdp_overtaken")
    table = page.locator(".figure-data table").first
    assert not table.is_visible()
    page.locator(".figure-data:has(table) > summary").first.click()
    assert table.is_visible()


def test_ledger_filters_by_query_and_by_form(visit: Visit, off: Any, dataset: Dataset) -> None:
    mixed = [c for c, v in evaluate(dataset).items() if v.outcome == "mixed"]
    page = open_in(visit, off, "/claims?verdict=mixed")
    shown = "rows => rows.filter((r) => r.checkVisibility()).map((r) => r.id.slice(4))"
    assert page.locator(".ledger tbody tr[id]").evaluate_all(shown) == mixed
    page.select_option("[data-ledger-filters] [name=verdict]", "no_public_data")
    with page.expect_navigation():
        page.locator("[data-ledger-filters] button").click()
    left = [c for c, v in evaluate(dataset).items() if v.outcome == "no_public_data"]
    assert page.locator(".ledger tbody tr[id]").evaluate_all(shown) == left


def test_explorer_shows_a_picture_and_its_form_works(visit: Visit, off: Any) -> None:
    page = open_in(visit, off, "/explore")
    assert page.locator("#stage .still.wide svg text").count() > 5
    title = page.locator("h1").inner_text()
    page.select_option("#i0", "population_resident")
    page.locator("input[name=e][value=guangzhou]").check()
    page.locator("input[name=v][value=line]").check(force=True)
    with page.expect_navigation():
        page.locator(".nojs button").click()
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["i"][0] == "population_resident"
    assert asked["v"] == ["line"]
    assert page.locator("input[name=e][value=guangzhou]").is_checked()
    assert page.locator("h1").inner_text() != title
    assert "Resident population" in page.inner_text("#subtitle")
    box = page.locator("#stage .still.wide svg").bounding_box()
    assert box
    assert box["height"] > 200


def test_languages_are_plain_links(visit: Visit, off: Any) -> None:
    page = open_in(visit, off, "/city/shenzhen")
    with page.expect_navigation():
        page.locator('a[data-lang="zh-Hant"]').click()
    assert page.locator("html").get_attribute("lang") == "zh-Hant"
    assert not page.locator("[data-theme-toggle]").is_visible(), "the theme follows the system"
    assert page.locator("html").get_attribute("lang") == "zh-Hant"


def test_an_embed_is_a_picture(visit: Visit, off: Any) -> None:
    page = open_in(visit, off, "/embed/gdp_overtaken")
    assert page.locator(".drawn.wide svg").is_visible()
