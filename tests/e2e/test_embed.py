"""An embed in somebody else's page: as high as its code says, in a sandbox, and it tells its height."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.request import urlopen

import pytest
from bs4 import BeautifulSoup

from tests.shipped import FIGURES

pytestmark = pytest.mark.e2e
Visit = Callable[..., Any]


def test_the_code_names_the_right_height(visit: Visit, server: str) -> None:
    page = None
    for n, figure in enumerate(FIGURES[1::8]):
        lang = ("en", "zh-Hans", "zh-Hant")[n % 3]
        with urlopen(f"{server}/{lang.lower()}/claim/{figure}") as answer:
            code = BeautifulSoup(answer.read(), "lxml").select("[data-embed-code]")[0].get_text()
        said = int(re.findall(r'height="(\d+)"', code)[0])
        page = visit(f"/embed/{figure}", lang=lang, width=640, height=300, page=page)
        real = page.evaluate("document.body.getBoundingClientRect().height")
        assert 0 <= said - real <= 60, (figure, lang)


def test_in_a_sandboxed_frame_it_draws_and_tells_its_height(visit: Visit, server: str) -> None:
    code = visit("/claim/gdp_overtaken").locator("[data-embed-code]").input_value()
    assert 'sandbox="allow-scripts' in code
    assert f'src="{server}/' in code
    page = visit("/glossary", width=420)
    page.route(
        "**/news.html", lambda route: route.fulfill(body=f"<p>news</p>{code}", content_type="text/html")
    )
    page.goto(f"{server}/news.html")
    frame = page.frames[1]
    frame.wait_for_selector(".drawn.narrow svg")
    frame.locator("body").evaluate("document.fonts.ready")
    real = frame.evaluate("Math.ceil(document.body.getBoundingClientRect().height)")
    page.wait_for_function("(real) => document.querySelector('iframe').height === String(real)", arg=real)
    assert f'height="{real}"' not in code  # 420 pixels wide is another height than the code's 640
    frame.locator("div.chart").hover()
    frame.wait_for_selector(".tip")  # scripts, styles and the figure's points came through the sandbox
    assert [c for c in page.watch.console if "error" in c] == []


def test_the_code_is_copied_whole(visit: Visit) -> None:
    page = visit("/claim/gdp_overtaken", permissions=["clipboard-read", "clipboard-write"])
    page.locator("[data-keep=share-gdp_overtaken] > summary").click()
    page.locator("[data-copy-area]").click()
    page.wait_for_function("document.querySelector('[data-copy-area]').textContent === 'Copied'")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("[data-embed-code]").input_value()
