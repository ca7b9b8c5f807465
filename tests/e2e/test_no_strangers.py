"""Nothing on any page asks another host, complains, fails, or breaks the content policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.e2e


def test_making_every_chart_live_keeps_to_itself(visit: Callable[..., Any]) -> None:
    page = visit("/", lang="en")
    figures = page.locator(".claim [data-figure]:has(.drawn)").evaluate_all(
        "all => all.map((f) => f.dataset.figure)"
    )
    assert len(figures) > 20
    for figure in figures:
        page.locator(f"#figure-{figure}").evaluate(
            "f => f.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))"
        )
        page.wait_for_selector(f"#figure-{figure} .drawn.replaced .main-svg", state="attached")
    assert page.watch.all == []


def test_a_missing_page_says_so_and_asks_nobody(visit: Callable[..., Any]) -> None:
    page = visit("/claim/nowhere", status=404)
    assert page.watch.strangers == []
    assert page.locator("main a[href*='/claim/']").count() > 0
    assert [f for f in page.watch.failed if "/claim/nowhere" not in f] == []
