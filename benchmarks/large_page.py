# ruff: noqa: E501 (embedded scripts read better unbroken)
"""The site over a large dataset: start, memory of each process, pages, and the explorer with 200 series.

    python benchmarks/large_dataset.py FOLDER && python benchmarks/large_page.py FOLDER [--workers 2]

Memory is the proportional set size (what a process has alone, and its share of what it shares), read from
/proc after every page was asked for, so Linux only. Interactions as in web.py.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from web import BROWSER, CHART, FIRST, FLAGS, MARKS, PLOTLY, WATCH, serve

PAGES = ("/en/", "/en/claims", "/en/city", "/en/data", "/en/city/shenzhen", "/en/data/measure_000", "/en/explore",
         "/api/v1/observations?indicator=measure_000&limit=10000", "/sitemap.xml")  # fmt: skip
SEARCHES = ("州", "陽", "long", "Ning", "longlin")


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    ask.add_argument("folder", type=Path, help="a dataset of large_dataset.py")
    ask.add_argument("--workers", type=int, default=2)
    ask.add_argument("--samples", type=int, default=12)
    given = ask.parse_args()
    began = time.monotonic()
    process, address = serve("--data", str(given.folder.resolve()), "--workers", str(given.workers))
    try:
        print(f"answers after {time.monotonic() - began:.1f} s")
        base = address.split("/en/explore")[0]
        for path in PAGES:
            for _ in range(2 * given.workers):  # every worker makes it once
                took, size = fetch(base + path)
            print(f"{path:56} {took * 1000:7.1f} ms again, {size / 1000:7.1f} kB")
        browser(base, given.samples)
        for pid, pss, rss in memory(process.pid):
            print(f"process {pid}: {pss} MiB proportional, {rss} MiB resident")
    finally:
        process.terminate()
        process.wait(30)


def fetch(url: str) -> tuple[float, int]:
    """Return seconds and compressed bytes of an answer."""
    began = time.perf_counter()
    request = urllib.request.Request(url, headers={"Accept-Encoding": "br", "Accept-Language": "en"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
        size = len(answer.read())
    return time.perf_counter() - began, size


def browser(base: str, samples: int) -> None:
    """Print when the first chart stands, and how long the explorer takes with hundreds of cities."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=BROWSER, headless=True, args=FLAGS)
        page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.add_init_script(f"({FIRST})({json.dumps([MARKS, PLOTLY])})")
        wire: list[float] = []
        cdp = page.context.new_cdp_session(page)
        cdp.send("Network.enable")
        cdp.on("Network.loadingFinished", lambda e: wire.append(e["encodedDataLength"]))
        page.goto(f"{base}/en/explore?i=measure_000", wait_until="commit")
        page.wait_for_selector("#stage[data-ready]")
        seen = page.evaluate("__b")
        print(
            f"first chart {seen['first']:.0f} ms, plotly's {seen['plotly']:.0f} ms, {sum(wire) / 1000:.0f} kB until all is ready"
        )
        taken = [page.evaluate(SEARCH, text) for text in SEARCHES for _ in range(3)]
        found = page.evaluate("document.querySelectorAll('#entities li.hit').length")
        print(
            f"search among {page.locator('#entities li').count()}: {spread(taken)} ({found} for {SEARCHES[-1]!r})"
        )
        page.evaluate(SEARCH, "")
        page.locator("#more").click()
        print(f"tab stops in the whole list: {page.evaluate(STOPS)}")
        page.goto(f"{base}/explore?i=measure_000&e={'~'.join(two_hundred(page))}")
        page.wait_for_selector("#stage[data-ready]")
        page.wait_for_function("() => !!document.querySelector('#graph .js-plotly-plot .scatterlayer')")
        print(f"address of 200 cities: {len(page.url)} characters")
        page.evaluate(f"({WATCH})({json.dumps(CHART)})")
        for name, selectors in STEPS.items():
            print(f"200 × 50, {name:12} {spread(interact(page, selectors, samples))}")
        chromium.close()


SEARCH = """text => new Promise(done => { const box = document.querySelector('#entity-search'), t = performance.now();
  box.value = text; box.dispatchEvent(new Event('input', {bubbles: true}));
  document.querySelector('#entities').getBoundingClientRect(); requestAnimationFrame(() => done(performance.now() - t)); })"""
STOPS = (
    "[...document.querySelectorAll('#entities input')].filter(i => i.offsetParent && i.tabIndex >= 0).length"
)
STEPS = {
    "log axis": ["#explore input[name=y][value=log]", "#explore input[name=y][value=linear]"],
    "index": ["input[name=m][value=index]", "input[name=m][value=value]"],
    "ranking": ["input[name=v][value=bar]", "input[name=v][value=line]"],
}


def two_hundred(page: Any) -> list[str]:
    """Return the ids of 200 synthetic cities as the page lists them."""
    ids: list[str] = page.evaluate("[...document.querySelectorAll('#entities li')].map(li => li.dataset.id)")
    return [i for i in ids if re.search(r"_\d{3}$", i)][:200]


def interact(page: Any, selectors: list[str], samples: int) -> list[float]:
    """Return milliseconds from the input event to the last change of the chart."""
    taken = []
    for n in range(samples + 2):
        page.evaluate("() => { __w.t0 = __w.last = null; __w.armed = true; }")
        page.locator(selectors[n % len(selectors)]).last.check(force=True)
        page.wait_for_function("() => __w.last && performance.now() - __w.last > 250")
        taken.append(page.evaluate("__w.last - __w.t0"))
    return taken[2:]


def spread(taken: list[float]) -> str:
    """Return median and 95th percentile in words."""
    ranked = sorted(taken)
    return f"p50 {ranked[len(ranked) // 2]:.0f} ms, p95 {ranked[int(0.95 * (len(ranked) - 1))]:.0f} ms"


def memory(pid: int) -> list[tuple[int, int, int]]:
    """Return (process, proportional MiB, resident MiB) of a process and its children."""
    pids = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        pids += map(int, task.read_text().split())
    out = []
    for one in pids:
        text = Path(f"/proc/{one}/smaps_rollup").read_text()
        sizes = [int(re.search(rf"^{name}:\s+(\d+)", text, re.M)[1]) // 1024 for name in ("Pss", "Rss")]  # type: ignore[index]
        out.append((one, sizes[0], sizes[1]))
    return out


if __name__ == "__main__":
    main()
