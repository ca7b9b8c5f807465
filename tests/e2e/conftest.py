"""Pages in a real Chromium, each in a context of its own (own storage, own size)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from e2e_support import OBSERVE, Watch, ready


@pytest.fixture(scope="module")
def contexts(browser: Any) -> Iterator[Callable[..., Any]]:
    """Make contexts that are closed when the module's tests are through."""
    made: list[Any] = []

    def make(**options: Any) -> Any:
        options.setdefault("viewport", {"width": 1440, "height": 900})
        context = browser.new_context(**options)
        context.set_default_timeout(20_000)
        context.add_init_script(OBSERVE)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture(scope="module")
def visit(contexts: Callable[..., Any], server: str) -> Callable[..., Any]:
    """Open a path: ``visit("/claims", lang="en", theme="dark", width=390)``; ``page=`` reuses a page."""

    def go(
        path: str,
        *,
        lang: str = "en",
        theme: str = "",
        width: int = 1440,
        height: int = 900,
        page: Any = None,
        anchor: str = "",
        status: int = 200,
        **options: Any,
    ) -> Any:
        if page is None:
            page = contexts(viewport={"width": width, "height": height}, **options).new_page()
            page.watch = Watch(server)
            page.watch.on(page)
        head, _, query = path.partition("?")
        asked = "&".join(filter(None, [query, urlencode({"theme": theme} if theme else {})]))
        answer = page.goto(f"{server}/{lang.lower()}{head}?{asked}{'#' + anchor if anchor else ''}")
        assert answer is None or answer.status == status, f"{head}: {answer.status}"
        if options.get("java_script_enabled", True):
            ready(page)
        return page

    return go
