"""Pages in a real Chromium, each with a size, colours and a storage of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from e2e_support import OBSERVE, Watch, ready

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
def idle() -> dict[str, list[Any]]:
    """Pages that no test uses now, by their context's settings: to open one costs more than a visit."""
    return defaultdict(list)


@pytest.fixture
def new_page(
    contexts: Callable[..., Any], idle: dict[str, list[Any]], server: str
) -> Iterator[Callable[..., Any]]:
    """Hand out a page whose storage is empty, with ``fresh`` one whose cache is empty too.

    No page may ask anything of another machine or end in an error of its scripts.
    """
    taken: list[tuple[str, Any]] = []

    def hand_out(width: int = 1440, height: int = 900, fresh: bool = False, **options: Any) -> Any:
        media = {name: options.pop(name, "null") for name in MEDIA}
        settings = repr(sorted(options.items()))
        if fresh or not idle[settings]:
            page = contexts(**options).new_page()
            page.watch = Watch(server)
            page.watch.on(page)
        else:
            page = idle[settings].pop()
            page.mouse.move(0, 0)
            page.evaluate("() => { try { localStorage.clear(); sessionStorage.clear(); } catch {} }")
            page.watch.clear()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(**media)
        taken.append((settings, page))
        return page

    yield hand_out
    for settings, page in taken:
        page.unroute_all()
        idle[settings].append(page)
    assert [line for _, page in taken for line in page.watch.faults] == []


@pytest.fixture
def visit(new_page: Callable[..., Any], server: str) -> Callable[..., Any]:
    """Open a path: ``visit("/claims", lang="en", theme="dark", width=390)``; ``page=`` goes on in a page."""

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
        page = page or new_page(**options)
        head, _, query = path.partition("?")
        asked = "&".join(filter(None, [query, urlencode({"theme": theme} if theme else {})]))
        address = f"/{lang.lower()}{head}{'?' * bool(asked)}{asked}{'#' * bool(anchor)}{anchor}"
        if page.url == server + address:
            page.goto("about:blank")  # else an anchor would only scroll
        answer = page.goto(server + address)
        assert answer is None or answer.status == status, f"{head}: {answer.status}"
        if options.get("java_script_enabled", True):
            ready(page)
        return page

    return go
