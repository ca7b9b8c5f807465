"""WCAG 2.2 A and AA by axe on every page × language × colours × screen: ``python benchmarks/axe.py``.

Starts the dashboard unless ``--base`` names one that runs; prints one line a page and a total; exit code 1
where a rule is broken. ``--only /data`` takes one page. The test suite (``tests/e2e/test_every_page.py``)
covers some of these; this covers them all.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.conftest import FLAGS, browser_path
from tests.e2e.e2e_support import COLOURS, LANGS, MATRIX, ONLY_COLOURS, REPEATED, SCREENS

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = {"runOnly": LEVELS, "resultTypes": ["violations"]}


@contextmanager
def served() -> Iterator[str]:
    """Serve the shipped dataset on a free port while the block runs."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{s.getsockname()[1]}"
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "dashboard.cli", "serve", "--port", base.rpartition(":")[2], "--workers", "1"]
    )
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{base}/healthz", timeout=5).read()  # noqa: S310
                break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=20)


def over(page: Any, base: str, path: str, lang: str) -> dict[str, list[str]]:
    """Return the violations of a page in one language, by colours and screen."""
    found: dict[str, list[str]] = {}
    page.goto(f"{base}/{lang.lower()}{path}")
    if page.locator("#explore").count():
        page.wait_for_selector("#stage.hydrated, #stage[hidden]", state="attached")
    page.evaluate("document.fonts.ready.then(() => true)")
    for screen, (width, height) in SCREENS.items():
        page.set_viewport_size({"width": width, "height": height})
        for colours, media in COLOURS.items():
            page.emulate_media(**media)
            page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            once = not found
            rules = RULES if colours == "light" else ONLY_COLOURS
            rest = None if once else {"exclude": [REPEATED]}
            broken = Axe().run(page, context=rest, options=rules).response["violations"]
            found[f"{colours} {screen}"] = [
                f"{v['id']}: {n['target']} {n['html'][:110]}" for v in broken for n in v["nodes"][:3]
            ]
    return found


def matrix(base: str, pages: tuple[str, ...]) -> int:
    """Print the table; return the number of violations."""
    states = bad = 0
    print(f"{'page':32} {'states':>6} {'violations':>10}")
    with sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=browser_path(), headless=True, args=FLAGS)
        for path in pages:
            page = chromium.new_context(bypass_csp=True).new_page()
            found = {f"{lang} {k}": v for lang in LANGS for k, v in over(page, base, path, lang).items()}
            page.context.close()
            broken = sum(len(v) for v in found.values())
            states, bad = states + len(found), bad + broken
            print(f"{path:32} {len(found):6} {broken:10}", flush=True)
            for state, lines in found.items():
                for line in lines:
                    print(f"    {state}: {line}", flush=True)
        chromium.close()
    print(f"{'all':32} {states:6} {bad:10}")
    return bad


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", help="a running dashboard")
    parser.add_argument("--only", action="append", help="this page only (repeatable)")
    asked = parser.parse_args()
    pages = tuple(asked.only or MATRIX)
    if asked.base:
        return 1 if matrix(asked.base, pages) else 0
    with served() as base:
        return 1 if matrix(base, pages) else 0


if __name__ == "__main__":
    sys.exit(main())
