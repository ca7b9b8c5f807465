"""Pages in a real Chromium, each with a size, colours and a storage of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from e2e_support import NEW, OBSERVE, Watch, ready

MEDIA = ("color_scheme", "contrast", "forced_colors", "reduced_motion")
"""What a page can have of its own; other settings take a context."""


@pytest.fixture(scope="session")
def contexts(browser: Any) -> Iterator[Callable[..., Any]]:
    """Make contexts that are closed with the session."""
    made: list[Any] = []

    def make(**options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}} | options)
        context.set_default_timeout(20_000)
        context.add_init_script(OBSERVE)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture(scope="session")
def new_page(contexts: Callable[..., Any], server: str) -> Callable[..., Any]:
    """Open an empty page, with `fresh` in a context of its own, else with the cache of those before it."""
    shared: dict[str, Any] = {}

    def opened(width: int = 1440, height: int = 900, fresh: bool = False, **options: Any) -> Any:
        media = {name: options.pop(name) for name in MEDIA if name in options}
        settings = repr(sorted(options.items()))
        if fresh or settings not in shared:
            context = contexts(**options)
            context.add_init_script(NEW)
            shared.setdefault(settings, context)
        else:
            context = shared[settings]
        page = context.new_page()
        if (width, height) != (1440, 900):
            page.set_viewport_size({"width": width, "height": height})
        if media:
            page.emulate_media(**media)
        page.watch = Watch(server)
        return page.watch.on(page)

    return opened


@pytest.fixture
def visit(new_page: Callable[..., Any], server: str) -> Iterator[Callable[..., Any]]:
    """Open a path: ``visit("/claims", lang="en", theme="dark", width=390)``; ``page=`` reuses a page.

    No page may ask anything of another machine or end in an error of its scripts.
    """
    pages: list[Any] = []

    def go(
        path: str,
        *,
        lang: str = "en",
        theme: str = "",
        page: Any = None,
        anchor: str = "",
        status: int = 200,
        **options: Any,
    ) -> Any:
        if page is None:
            page = new_page(**options)
            pages.append(page)
        head, _, query = path.partition("?")
        asked = "&".join(filter(None, [query, urlencode({"theme": theme} if theme else {})]))
        address = f"/{lang.lower()}{head}{'?' * bool(asked)}{asked}{'#' * bool(anchor)}{anchor}"
        answer = page.goto(server + address)
        assert answer is None or answer.status == status, f"{head}: {answer.status}"
        if options.get("java_script_enabled", True):
            ready(page)
        return page

    yield go
    for page in pages:
        page.close()
    assert [line for page in pages for line in page.watch.faults] == []
