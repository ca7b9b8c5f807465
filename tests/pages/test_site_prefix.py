"""The site below somebody's path: no address leaves it, and only trusted proxies are believed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client, TestResponse

from dashboard.app import create_app
from dashboard.dataset import Dataset
from dashboard.proxies import (
    ProxyMiddleware,
    parse_networks,
    parse_prefix,
)
from tests.addresses import addresses

PREFIX = "/somebody/pursuit"
KINDS = re.compile(
    r"/(?:claim|city|company|present|embed|document|table|figure|card|cite|poster)/|\?|/data/\w+$"
)
"""Addresses of which one of each kind is followed."""
OF_A_KIND = 1


def named(answer: TestResponse, at: str) -> Iterator[str]:
    """Every address on this host that an answer names, whole."""
    if answer.location:
        yield urljoin(at, answer.location)
    if answer.mimetype == "text/css":
        yield from (urljoin(at, a) for a in re.findall(r'url\("([^"]+)"\)', answer.text) if a[:5] != "data:")
    if answer.mimetype != "text/html":
        return
    for address in addresses(answer.text):
        there = urljoin(at, address)
        if there.startswith("http://localhost/"):
            yield there.partition("#")[0]
    for block in html.document_fromstring(answer.text).xpath("//script[@type='application/json']/text()"):
        yield from (urljoin(at, a) for a in re.findall(r'"(/[\w./~-]+\.\w+)"', str(block)))


def crawl(client: Any, start: str) -> dict[str, int]:
    """Follow every link, of each kind a few; return each address with its status."""
    seen: dict[str, int] = {}
    kinds: dict[str, int] = {}
    waiting = [start]
    while waiting:
        at = waiting.pop()
        path = urlsplit(at).path
        kind = re.sub(r"/zh-\w+(?=/)", "/en", path)
        kind = re.sub(r"[^/]+$", path.rpartition(".")[2] if "." in path else "", kind) + "?" * ("?" in at)
        kinds[kind] = kinds.get(kind, 0) + 1
        if at in seen or (KINDS.search(at) and kinds[kind] > OF_A_KIND):
            continue
        answer = client.get(at)
        seen[at] = answer.status_code
        waiting += named(answer, at)
    return seen


@pytest.fixture(scope="module")
def mounted(wsgi: Flask) -> Client:
    return Client(DispatcherMiddleware(Flask("somebody's"), {PREFIX: wsgi}))


def test_no_address_leaves_the_path_it_is_served_below(mounted: Client) -> None:
    seen = crawl(mounted, f"http://localhost{PREFIX}/")
    assert {a: s for a, s in seen.items() if s >= 400} == {}
    assert [a for a in seen if not urlsplit(a).path.startswith(f"{PREFIX}/")] == []
    kinds = {"/explore", "/feed.xml", "/assets/", "/dash/", "/api/v1/", "/card/", "/figure/", "/data/table/"}
    assert {k for k in kinds if not any(k in a for a in seen)} == set()


def test_scripts_and_machines_are_told_the_path(mounted: Client) -> None:
    soup = BeautifulSoup(mounted.get(f"{PREFIX}/en/explore").text, "lxml")
    assert soup.select_one("html")["data-root"] == PREFIX  # type: ignore[index]
    told = json.loads(soup.select_one("#_dash-config").get_text())  # type: ignore[union-attr]
    assert told["requests_pathname_prefix"] == f"{PREFIX}/dash/"
    assert mounted.get("/claims").status_code == 404
    assert f"<loc>http://localhost{PREFIX}/en/claims</loc>" in mounted.get(f"{PREFIX}/sitemap.xml").text


@pytest.fixture(scope="module")
def below(shipped: Dataset) -> Iterator[FlaskClient]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PURSUIT_PREFIX", "/pursuit/")
        patch.setenv("PURSUIT_TRUSTED_PROXIES", "10.0.0.0/8, ::1")
        yield create_app(shipped).server.test_client()


@pytest.mark.parametrize("asked", ["/pursuit/claims", "/claims"])
def test_a_proxy_may_keep_the_path_or_take_it_off(below: FlaskClient, asked: str) -> None:
    assert below.get(asked, headers={"Accept-Language": "en"}).location == "/pursuit/en/claims"


SAID = {
    "X-Forwarded-Prefix": "/elsewhere",
    "X-Forwarded-Host": "pursuit.example",
    "X-Forwarded-Proto": "https",
}


@pytest.mark.parametrize(
    ("peer", "there"),
    [
        ("10.1.2.3", "https://pursuit.example/elsewhere/en/claims"),
        ("::1", "https://pursuit.example/elsewhere/en/claims"),
        ("127.0.0.1", "http://localhost/pursuit/en/claims"),
        ("", "http://localhost/pursuit/en/claims"),
    ],
)
def test_what_is_forwarded_counts_from_trusted_proxies_alone(
    below: FlaskClient, peer: str, there: str
) -> None:
    answer = below.get("/sitemap.xml", headers=SAID, environ_overrides={"REMOTE_ADDR": peer})
    assert f"<loc>{there}</loc>" in answer.text
    forwarded = below.get(
        "/sitemap.xml", headers={"Forwarded": "host=evil.example"}, environ_overrides={"REMOTE_ADDR": peer}
    )
    assert "evil" not in forwarded.text


@pytest.mark.parametrize(
    "prefix", ["//evil.example", "/a/../b", "javascript:x", '/"><script>', "/a%0d%0ab", ""]
)
def test_a_forwarded_path_that_is_none_is_left_aside(below: FlaskClient, prefix: str) -> None:
    headers = {"X-Forwarded-Prefix": prefix, "Accept-Language": "en"}
    answer = below.get("/claims", headers=headers, environ_overrides={"REMOTE_ADDR": "10.0.0.1"})
    assert answer.location == "/pursuit/en/claims"


@pytest.mark.parametrize("text", ["pursuit", "//host", "/a b", "/a/../b", "/é"])
def test_a_prefix_that_is_no_path_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ValueError, match="is not a path such as"):
        parse_prefix(text)


def test_proxies_are_named_by_address() -> None:
    assert [str(n) for n in parse_networks("127.0.0.1, 10.0.0.0/8")] == ["127.0.0.1/32", "10.0.0.0/8"]
    with pytest.raises(ValueError, match="name addresses"):
        parse_networks("nginx")
    assert ProxyMiddleware(None).trusted == ()
