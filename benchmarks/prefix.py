"""The whole site behind a real nginx below a path: every address that a page names is asked for.

``python benchmarks/prefix.py`` needs nginx. It crawls twice: the server told its prefix (``--prefix``, the
path passed on), and the prefix from a trusted proxy (``X-Forwarded-Prefix``, the path taken off). Prints
what was asked, what answered 4xx or 5xx, and what left the path; exit 1 where anything did. Of the
explorer's views and of pictures, a few of each page's are followed in English; pages all, in every language.
"""

from __future__ import annotations

import http.client
import re
import sys
import time
from collections import Counter
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))

from nginx_replicas import ROOT, Replica, nginx

PREFIX = "/pursuit"
IN_HTML = re.compile(
    r'(?:href|src|action|poster|content|data-(?!export)[\w-]+)="((?:https?://127\.0\.0\.1[^"]*|/[^"]*|\.{1,2}/[^"]*))"'
)
IN_DATA = re.compile(r'"(/[\w./~-]+\.\w+(?:\?[^"\s]*)?)"')
IN_STYLE = re.compile(r"""(?:url\(|from |import )["']([./][^"')]+)["']""")
IN_XML = re.compile(r"<(?:loc|id)>([^<]+)<|href=\"([^\"]+)\"")
FEW = re.compile(r"\?|\.(?:png|pdf|svg|zip|html|csv|json|xlsx|bib|ris|txt)$")
"""Views and files: a few of each kind are followed, one of each page's otherwise."""
FEW_OF_A_KIND = 4
DASH = ("_dash-layout", "_dash-dependencies")
UNKNOWN = (
    "/nowhere",
    "/en/nowhere",
    "/en/city/nowhere",
    "/dash/nowhere",
    "/en/explore/nowhere",
    "/assets/no.js",
)


def kind_of(path: str, query: str) -> str:
    """Return what sort of address it is: its folders, its ending, whether it has a query."""
    folder, _, name = path.rpartition("/")
    ending = name.rpartition(".")[2] if "." in name else ""
    shape = re.sub(r"(?<=/)zh-\w+(?=/)", "en", folder)
    return f"{shape}/*.{ending}?{'&'.join(sorted(p.split('=')[0] for p in query.split('&')))}"


def named(kind: str, body: str, at: str) -> set[str]:
    """Return every address that an answer names, whole."""
    found: list[str] = []
    if kind == "text/html":
        found = [unescape(a) for a in IN_HTML.findall(body)]
        for block in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', body, re.S):
            found += IN_DATA.findall(block)
    elif kind in ("text/css", "text/javascript"):
        found = IN_STYLE.findall(body)
    elif kind.endswith("xml") and kind != "image/svg+xml":
        found = [unescape(a or b) for a, b in IN_XML.findall(body)]
    return {urljoin(at, a).partition("#")[0] for a in found}


def crawl(address: str) -> tuple[Counter[str], list[str], list[str]]:
    """Return how many of each kind were asked, which failed, and which lie outside the path."""
    host = urlsplit(address).netloc
    connection = http.client.HTTPConnection(host, timeout=60)
    asked: Counter[str] = Counter()
    failed, outside = [], []
    start = [f"{PREFIX}/", f"{PREFIX}/sitemap.xml", f"{PREFIX}/healthz", f"{PREFIX}/robots.txt"]
    start += [f"{PREFIX}/dash/{name}" for name in DASH] + [f"{PREFIX}/claims", f"{PREFIX}/?lang=zh-Hant"]
    waiting = [f"{address}{path}" for path in start]
    known = set(waiting)
    while waiting:
        at = waiting.pop()
        parts = urlsplit(at)
        kind = kind_of(parts.path, parts.query)
        if FEW.search(at) and asked[kind] >= FEW_OF_A_KIND:
            continue
        asked[kind] += 1
        for attempt in range(5):  # a full queue of pictures says when to come again
            connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""))
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 503:
                break
            time.sleep(1 + attempt)
        if answer.status >= 400:
            failed.append(f"{answer.status} {at}")
        kind_of_answer = answer.headers.get_content_type()
        found = named(kind_of_answer, body.decode("utf-8", "replace"), at)
        if location := answer.headers.get("Location"):
            found.add(urljoin(at, location))
        for there in found:
            there_parts = urlsplit(there)
            if there_parts.netloc == host and not f"{there_parts.path}/".startswith(f"{PREFIX}/"):
                outside.append(f"{there} named by {at}")
            elif there_parts.netloc == host and there not in known:
                known.add(there)
                waiting.append(there)
    for path in UNKNOWN:
        connection.request("GET", PREFIX + path)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 404:
            failed.append(f"{answer.status} instead of 404 {path}")
    connection.request(
        "POST", f"{PREFIX}/dash/_dash-update-component", b"{}", {"Content-Type": "application/json"}
    )
    answer = connection.getresponse()
    answer.read()
    if not 400 <= answer.status < 500:
        failed.append(f"{answer.status} to a POST of Dash's")
    return asked, failed, sorted(set(outside))


def report(name: str, address: str) -> bool:
    """Crawl and print; return whether nothing failed and nothing left the path."""
    began = time.monotonic()
    asked, failed, outside = crawl(address)
    print(
        f"{name}: {asked.total()} addresses of {len(asked)} kinds in {time.monotonic() - began:.0f} s; "
        f"{len(failed)} failed, {len(outside)} outside {PREFIX}"
    )
    for line in [*failed[:20], *outside[:20]]:
        print("   ", line[:150])
    return not failed and not outside


def main() -> None:
    """Crawl behind both kinds of proxy."""
    location, passed = "    location / {\n        proxy_pass http://pursuit;", f"    location {PREFIX}/ {{\n"
    kept = ((location, f"{passed}        proxy_pass http://pursuit;"),)
    stripped = (
        (location, f"{passed}        proxy_pass http://pursuit/;"),
        ('X-Forwarded-Prefix ""', f"X-Forwarded-Prefix {PREFIX}"),
    )
    fine = []
    for name, options, changes in (
        ("--prefix", ("--prefix", PREFIX), kept),
        ("X-Forwarded-Prefix", (), stripped),
    ):
        replica = Replica(ROOT / "data", *options, PURSUIT_TRUSTED_PROXIES="127.0.0.1")
        try:
            with nginx([replica], changes=changes, path=f"{PREFIX}/healthz") as address:
                fine.append(report(name, address))
        finally:
            replica.stop()
    sys.exit(0 if all(fine) else 1)


if __name__ == "__main__":
    main()
