"""The reader's own test and the guesses, in a real browser and without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from e2e_support import violations
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e
Visit = Callable[..., Any]


def test_a_slider_changes_the_verdict_and_the_address(visit: Visit, server: str) -> None:
    page = visit("/claim/gdp_overtaken/test")
    expect(page.locator("#answer .badge").first).to_have_text("Supported")
    slider = page.locator("[data-slider-of=holds]")
    slider.evaluate("(s) => { s.value = 0.2; s.dispatchEvent(new Event('input', { bubbles: true })); }")
    expect(page.locator("#answer .badge").first).to_have_text("Contradicted")
    expect(page).to_have_url(f"{server}/en/claim/gdp_overtaken/test?holds=0.2")
    assert violations(page) == []


def test_on_a_phone_the_answer_stays_in_sight_while_a_control_is_used(visit: Visit) -> None:
    page = visit("/claim/tencent_profitable/test", width=390, height=844)
    page.fill("input[name=holds]", "3")
    expect(page.locator("#answer .badge").first).to_have_text("Contradicted")
    for part in ("#answer .badge >> nth=0", "#answer .sentence", "input[name=holds]"):
        expect(page.locator(part)).to_be_in_viewport()


def test_the_test_works_without_a_script_and_is_shared_by_its_address(visit: Visit, server: str) -> None:
    page = visit("/claim/gdp_overtaken/test", java_script_enabled=False)
    page.fill("input[name=holds]", "0.2")
    page.click("button[type=submit] >> text=Run the test")
    assert page.url == f"{server}/en/claim/gdp_overtaken/test?holds=0.2"
    expect(page.locator("#answer .badge").first).to_have_text("Contradicted")


def test_a_guess_is_asked_before_the_verdict_and_counted(visit: Visit) -> None:
    page = visit("/")
    requests: list[str] = []
    page.click("[data-guess-start]")
    claim = page.locator("#gdp_overtaken")
    expect(claim.locator(".badge").first).to_be_hidden()
    page.on("request", lambda request: requests.append(request.method))
    claim.locator("[data-choose=supported]").click()
    expect(claim.locator(".badge").first).to_be_visible()
    expect(page.locator("[data-tally]")).to_contain_text("1 of your 1 guesses")
    assert "POST" not in requests
    page.reload()  # kept in the browser
    expect(page.locator("[data-tally]")).to_contain_text("1 of your 1 guesses")
    page.click("[data-guess-start]")
    expect(page.locator(".guess")).to_have_count(0)
