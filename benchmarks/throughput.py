# ruff: noqa: E501 (tables and examples read better unbroken)
"""Readers a second: what one server process sustains of page views with an interaction, beside a peer.

    python benchmarks/throughput.py                              # `pursuit serve --workers 1`, shipped dataset
    python benchmarks/throughput.py --peer http://127.0.0.1:8101/ --peer-do 'text=log'

A real Chromium opens the page twice in one profile and makes one interaction; what it asks of the server
is recorded: everything (a first visit), and what its cache does not answer (a later visit). wrk then sends
the same requests, headers and bodies included, in the same order on 8 connections. Views a second are
requests a second over requests a view. Both servers are driven alike, one after the other, in rounds.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))

from web import BROWSER, FLAGS, PLOTLY, serve

LUA = """
local requests = {%s}
local at = 0
request = function() at = at %% #requests + 1; return requests[at] end
local lost = 0
response = function(status) if status >= 400 then lost = lost + 1 end end
"""
KEPT_HEADERS = ("accept", "accept-encoding", "accept-language", "content-type", "if-none-match", "cookie")


def main() -> None:
    """Record, drive, print; ``--json`` keeps the numbers."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    ask.add_argument("--url", help="our page where it is served already (by one process); else it is started")
    ask.add_argument(
        "--do", default="#explore input[name=y][value=log]", help="the interaction: what to click"
    )
    ask.add_argument("--peer", help="the peer's page, served already by one process")
    ask.add_argument("--peer-do", default="text=log")
    ask.add_argument("--seconds", type=int, default=5)
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--json", type=Path)
    given = ask.parse_args()
    if not shutil.which("wrk"):
        sys.exit("throughput.py: wrk is not installed; it is in the package manager of most systems")
    process, url = (None, given.url) if given.url else serve("--workers", "1")
    try:
        pages = {"pursuit": (url, given.do)} | ({"peer": (given.peer, given.peer_do)} if given.peer else {})
        visits = {name: record(*page) for name, page in pages.items()}
        found: dict[str, Any] = {
            name: {visit: {"requests": len(sent), "views": []} for visit, sent in kinds.items()}
            for name, kinds in visits.items()
        }
        for turn in range(given.rounds):
            for name in pages if turn % 2 == 0 else reversed(pages):
                for visit, sent in visits[name].items():
                    rate = drive(pages[name][0], sent, given.seconds)
                    found[name][visit]["views"].append(round(rate / len(sent), 1))
    finally:
        if process:
            process.terminate()
            process.wait(30)
    report(found)
    if given.json:
        given.json.write_text(json.dumps(found, indent=1), "utf-8")


def record(url: str, click: str) -> dict[str, list[dict[str, Any]]]:
    """Return the requests of a first and of a later visit, each with one interaction."""
    from playwright.sync_api import sync_playwright

    out: dict[str, list[dict[str, Any]]] = {}
    with sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=BROWSER, headless=True, args=FLAGS)
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        cdp = context.new_cdp_session(page)
        cdp.send("Network.enable")
        sent: dict[str, dict[str, Any]] = {}
        headers: dict[str, dict[str, str]] = {}
        cached: set[str] = set()

        def asked(event: dict[str, Any]) -> None:
            request = event["request"]
            if urlsplit(request["url"]).netloc == urlsplit(url).netloc:
                sent[event["requestId"]] = request

        def answered(event: dict[str, Any]) -> None:
            if event["response"].get("fromDiskCache"):
                cached.add(event["requestId"])

        cdp.on("Network.requestWillBeSent", asked)
        cdp.on("Network.requestWillBeSentExtraInfo", lambda e: headers.update({e["requestId"]: e["headers"]}))
        cdp.on("Network.requestServedFromCache", lambda e: cached.add(e["requestId"]))
        cdp.on("Network.responseReceived", answered)
        for visit in ("first", "later"):
            for known in (sent, headers, cached):
                known.clear()
            page.goto(url)
            page.wait_for_selector(PLOTLY, state="attached")
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(1500)  # what loads when the browser is idle
            page.locator(click).first.click(force=True)
            page.wait_for_timeout(1500)
            out[visit] = [
                {
                    "method": request["method"],
                    "path": _path(request["url"]),
                    "body": request.get("postData", ""),
                    "headers": {
                        k: v
                        for k, v in {**request["headers"], **headers.get(number, {})}.items()
                        if k.lower() in KEPT_HEADERS
                    },
                }
                for number, request in sent.items()
                if number not in cached
            ]
            page.goto("about:blank")
        chromium.close()
    return out


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def drive(url: str, sent: list[dict[str, Any]], seconds: int, connections: int = 8) -> float:
    """Send the requests in turn for some seconds; return requests a second, all of them answered well."""
    host = urlsplit(url).netloc
    written = []
    for one in sent:
        lines = [f"{one['method']} {one['path']} HTTP/1.1", f"Host: {host}"]
        lines += [f"{k}: {v}" for k, v in one["headers"].items()]
        body = one["body"].encode()
        if body:
            lines.append(f"Content-Length: {len(body)}")
        written.append(_lua("\r\n".join(lines).encode() + b"\r\n\r\n" + body))
    with tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="ascii") as script:
        script.write(LUA % ",".join(written))
        script.flush()
        command = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{seconds}s",
            "--timeout",
            "20s",
            "-s",
            script.name,
            url,
        ]
        answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    if lost := re.search(r"Non-2xx or 3xx responses: (\d+)", answer):
        raise SystemExit(f"{url}: {lost[1]} requests failed; the numbers would mean nothing")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", answer)
    if not rate:
        raise SystemExit(f"{url}: wrk said nothing of a rate:\n{answer}")
    return float(rate[1])


def _lua(raw: bytes) -> str:
    """Return bytes as a Lua string."""
    return '"' + "".join(f"\\{byte:03d}" for byte in raw) + '"'


def report(found: dict[str, Any]) -> None:
    """Print a line a server and visit, and how many times the peer's."""
    medians = {
        (name, visit): statistics.median(row["views"])
        for name, kinds in found.items()
        for visit, row in kinds.items()
    }
    for (name, visit), views in medians.items():
        peer = medians.get(("peer", visit))
        times = f"  {views / peer:6.1f} × the peer" if peer and name != "peer" else ""
        row = found[name][visit]
        print(
            f"{name:8} {visit:6} visit  {row['requests']:3} requests  {views:8.1f} views/s  {row['views']}{times}"
        )


if __name__ == "__main__":
    main()
