# ruff: noqa: E501 (embedded scripts and tables read better unbroken)
"""How long a reader waits: first chart, bytes and interactions of any page, in a real Chromium over CDP.

    python benchmarks/web.py                       # starts `pursuit serve` on the shipped dataset
    python benchmarks/web.py --beside floor=http://127.0.0.1:8106/   # another page's first chart, turn and turn about
    python benchmarks/web.py --cpu 4 --mbit 10       # a slow telephone

First chart: from navigation to the first frame after a mark is there (the server's picture counts: it is
what the reader sees), cold (empty cache) and warm. Interaction: from the input event to the last change in
the chart's DOM that can be seen (not a class that Dash sets and takes back), followed by quiet. Bytes are those on the wire until the first chart. ``cpu``: processor
time of the page's main thread until plotly's first mark, which a busy machine does not change much.
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Any

BROWSER = shutil.which("chromium") or shutil.which("chromium-headless-shell")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]  # fmt: skip
MARKS = "#stage .still svg path, #stage .still svg line, .scatterlayer .js-line, .plot .point"
PLOTLY = ".scatterlayer .js-line, .plot .point, .barlayer .point"
CHART = "#graph, #words"
FIRST = """sel => { window.__b = {cls: 0}; const t = () => {
  const seen = s => [...document.querySelectorAll(s)].some(e => { const r = e.getBoundingClientRect(); return r.width + r.height > 0; });
  if (!__b.first && seen(sel[0])) requestAnimationFrame(() => setTimeout(() => { __b.first ??= performance.now(); }));
  if (!__b.plotly && seen(sel[1])) requestAnimationFrame(() => setTimeout(() => { __b.plotly ??= performance.now(); }));
  requestAnimationFrame(t); }; requestAnimationFrame(t);
  new PerformanceObserver(l => { for (const e of l.getEntries()) if (!e.hadRecentInput) __b.cls += e.value; }).observe({type: 'layout-shift', buffered: true}); }"""
WATCH = """sel => { const w = window.__w = {t0: null, last: null};
  const seen = new MutationObserver(() => { if (w.t0 !== null) w.last = performance.now(); });
  for (const e of document.querySelectorAll(sel)) seen.observe(e, {subtree: true, childList: true, characterData: true,
    attributeFilter: ['d', 'transform', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'width', 'height', 'points', 'style', 'fill', 'stroke']});
  for (const e of ['pointerdown', 'keydown', 'change']) addEventListener(e, () => { if (w.armed) { w.t0 = performance.now(); w.armed = false; } }, true); }"""
STEPS: dict[str, list[str]] = {
    "log axis": ["click:#explore input[name=y][value=log]", "click:#explore input[name=y][value=linear]"],
    "index": ["click:input[name=m][value=index]", "click:input[name=m][value=value]"],
    "ranking": ["click:input[name=v][value=bar]", "click:input[name=v][value=line]"],
    "entity": ["click:input[name=e][value=guangzhou]"],
    "range": ["press:#high|ArrowLeft", "press:#high|ArrowRight"],
    "indicator": [
        "choose:#i0-find|#i0-list [data-value=population_resident]",
        "choose:#i0-find|#i0-list [data-value=gdp]",
    ],
}
"""Turn and turn about, so that each undoes the one before."""


def main() -> None:
    """Measure and print; ``--json`` keeps the numbers."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    ask.add_argument("--url", help="an address that is already served; else the shipped dataset is")
    ask.add_argument("--beside", action="append", default=[], metavar="NAME=ADDRESS")
    ask.add_argument("--runs", type=int, default=7)
    ask.add_argument("--cpu", type=float, default=1, help="slow the processor down so many times")
    ask.add_argument("--mbit", type=float, default=0, help="limit the line to so many Mbit/s, 40 ms away")
    ask.add_argument("--json", help="write the numbers to this file")
    given = ask.parse_args()
    process, url = (None, given.url) if given.url else serve()
    try:
        beside = dict(pair.split("=", 1) for pair in given.beside)
        found = measure(url, given.runs, beside, given.cpu, given.mbit)
    finally:
        if process:
            process.terminate()
            process.wait(20)
    for name, values in found.items():
        print(f"{name:24} {values}")
    if given.json:
        with open(given.json, "w", encoding="utf-8") as out:  # noqa: PTH123
            json.dump(found, out, indent=1)


def serve(*options: str) -> tuple[subprocess.Popen[bytes], str]:
    """Start ``pursuit serve`` with ``options`` on a free port; return it and the explorer's address."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    command = [sys.executable, "-m", "dashboard.cli", "serve", "--port", str(port), *options]
    process = subprocess.Popen(command)  # noqa: S603
    until = time.monotonic() + 600  # a large dataset on a busy machine takes its time
    while True:
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            sys.exit(f"the server did not start (exit code {process.returncode})")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).read()
            break
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    entities = "shenzhen~hangzhou~suzhou~chongqing~beijing~shanghai"
    return process, f"http://127.0.0.1:{port}/en/explore?i=gdp&e={entities}"


def measure(url: str, runs: int, beside: dict[str, str], cpu: float, mbit: float) -> dict[str, Any]:
    """Return medians (and 95th percentiles of interactions) in ms, bytes in kB."""
    from playwright.sync_api import sync_playwright

    taken: dict[str, dict[str, list[float]]] = {}
    with sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=BROWSER, headless=True, args=FLAGS)
        for _ in range(runs):
            for name, address in {"": url, **beside}.items():
                for visit, values in arrivals(chromium, address, cpu, mbit).items():
                    kept = taken.setdefault(f"{name} {visit}".strip(), {})
                    for key, value in values.items():
                        kept.setdefault(key, []).append(value)
        out: dict[str, Any] = {
            n: {k: round(statistics.median(v), 3 if k == "cls" else 1) for k, v in values.items()}
            for n, values in taken.items()
        }
        out.update(interactions(chromium, url, runs * 4, cpu))
        chromium.close()
    return out


def arrivals(chromium: Any, url: str, cpu: float, mbit: float) -> dict[str, dict[str, float]]:
    """Return what a first visit and one with a filled cache take."""
    out = {}
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(f"({FIRST})({json.dumps([MARKS, PLOTLY])})")
    wire: list[float] = []
    cdp = context.new_cdp_session(page)
    cdp.send("Network.enable")
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    if cpu > 1:
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": cpu})
    if mbit:
        line = {
            "offline": False,
            "latency": 40,
            "downloadThroughput": mbit * 125_000,
            "uploadThroughput": mbit * 62_500,
        }
        cdp.send("Network.emulateNetworkConditions", line)
    cdp.on("Network.loadingFinished", lambda e: wire.append(e["encodedDataLength"]))

    def worked() -> float:
        found = cdp.send("Performance.getMetrics")["metrics"]
        return 1000 * next(float(m["value"]) for m in found if m["name"] == "TaskDuration")

    for visit in ("cold", "warm"):
        wire.clear()
        begun = worked() if visit == "warm" else 0.0
        page.goto(url, wait_until="commit")
        page.wait_for_function("() => window.__b && __b.first", timeout=60_000)
        before_first = sum(wire) / 1000
        page.wait_for_function("() => __b.plotly", timeout=60_000)
        used = worked() - begun
        page.wait_for_timeout(1500)
        seen = page.evaluate("__b")
        out[visit] = {
            "first": seen["first"],
            "plotly": seen["plotly"],
            "cpu": used,
            "kB": before_first,
            "cls": seen["cls"],
        }
        page.goto("about:blank")
    context.close()
    return out


def interactions(chromium: Any, url: str, samples: int, cpu: float) -> dict[str, Any]:
    """Return p50 and p95 of each step in ms, and how many requests all its turns made."""
    page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(url)
    page.wait_for_selector("#stage[data-ready]")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2000)
    if cpu > 1:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": cpu})
    page.evaluate(f"({WATCH})({json.dumps(CHART)})")
    out = {}
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name, steps in STEPS.items():
        taken = []
        asked.clear()
        for n in range(samples):
            how, _, what = steps[n % len(steps)].partition(":")
            selector, _, value = what.partition("|")
            if how == "press":
                page.focus(selector)
            elif how == "choose":
                page.click(selector)
                page.hover(value)
            page.evaluate("() => { __w.t0 = __w.last = null; __w.armed = true; }")
            if how == "choose":
                page.click(value)
            elif how == "press":
                page.keyboard.press(value)
            else:  # without the pointer's way there, which is not the page's time
                page.evaluate(
                    "s => { __w.t0 = performance.now(); __w.armed = false; document.querySelector(s).click(); }",
                    selector,
                )
            page.wait_for_function("() => __w.last && performance.now() - __w.last > 200")
            taken.append(page.evaluate("__w.last - __w.t0"))
        taken = sorted(taken[2:])
        out[name] = {
            "p50": round(statistics.median(taken), 1),
            "p95": round(taken[int(0.95 * (len(taken) - 1))], 1),
            "requests": len(asked),
        }
    return out


if __name__ == "__main__":
    main()
