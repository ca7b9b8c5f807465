"""What every answer carries: a strict policy, entity tags, compression, the cache's rules."""

from __future__ import annotations

import gzip
import re
from urllib.parse import urljoin

import brotli
import pytest
from flask.testing import FlaskClient

from dashboard.site import Site


@pytest.mark.parametrize(
    "path", ["/en/", "/zh-hans/claims", "/data", "/api/v1/metadata", "/nowhere", "/assets/css/site.css"]
)
def test_the_policy_allows_nothing_but_ourselves(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(p.strip().split(" ", 1) for p in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'self'"
    assert policy["base-uri"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Cross-Origin-Opener-Policy" not in headers  # it would cost every arrival a new process


def test_only_embeds_may_be_framed_by_others(client: FlaskClient) -> None:
    embed = client.get("/en/embed/gdp_overtaken").headers
    assert "frame-ancestors *" in embed["Content-Security-Policy"]
    assert "X-Frame-Options" not in embed
    assert client.get("/en/claim/gdp_overtaken").headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_explorer_allows_dash_by_hash_alone(client: FlaskClient) -> None:
    policy = client.get("/en/explore").headers["Content-Security-Policy"]
    assert re.search(r"script-src 'self'( 'sha256-[A-Za-z0-9+/=]+')+;", policy)
    assert "unsafe-eval" not in policy
    assert policy.count("unsafe-inline") == 1


def test_assets_are_named_by_content_and_kept_for_ever(client: FlaskClient, site: Site) -> None:
    url = site.assets.get("css/site.css").url
    kept = client.get(url)
    assert "immutable" in kept.headers["Cache-Control"]
    outdated = re.sub(r"\.[0-9a-f]{10}\.", ".0123456789.", url)
    assert client.get(outdated).headers["Cache-Control"] == "no-cache"
    assert client.get("/assets/css/site.css").data == kept.data
    assert client.get("/assets/../app.py").status_code == 404


def test_styles_name_their_fonts_by_content(client: FlaskClient, site: Site) -> None:
    css = client.get(site.assets.get("css/site.css").url).get_data(as_text=True)
    assert "@import" not in css
    fonts = re.findall(r'url\("([^"]+\.(?:woff2|otf))"\)', css)
    assert fonts
    for font in fonts:
        there = urljoin(site.assets.get("css/site.css").url, font)
        assert "immutable" in client.get(there).headers["Cache-Control"]


@pytest.mark.parametrize(
    ("accept", "unpack"), [("br", brotli.decompress), ("gzip, deflate", gzip.decompress)]
)
def test_pages_are_compressed_as_the_client_takes_them(
    client: FlaskClient, accept: str, unpack: object
) -> None:
    packed = client.get("/en/claims", headers={"Accept-Encoding": accept})
    assert packed.headers["Content-Encoding"] == accept.split(",")[0]
    assert unpack(packed.data) == client.get("/en/claims").data  # type: ignore[operator]


def test_a_refused_encoding_is_not_used(client: FlaskClient) -> None:
    response = client.get("/en/claims", headers={"Accept-Encoding": "br;q=0, gzip;q=0"})
    assert "Content-Encoding" not in response.headers


def test_an_unchanged_page_is_a_304(client: FlaskClient) -> None:
    tag = client.get("/en/claims").headers["ETag"]
    assert client.get("/en/claims", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/zh-hans/claims", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/en/", "/zh-hans/explore", "/en/figure/gdp_overtaken.svg", "/api/v1/claims"]
)
def test_an_answer_is_the_same_for_every_reader(client: FlaskClient, path: str) -> None:
    """Whatever a browser asks or remembers: a shared cache may hand one reader's page to the next."""
    plain = client.get(path)
    asked = client.get(path, headers={"Accept-Language": "zh-TW", "Cookie": "lang=zh-Hant; theme=dark"})
    assert asked.data == plain.data
    assert plain.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in plain.headers


def test_the_api_is_readable_from_any_origin_and_only_read(client: FlaskClient) -> None:
    assert client.get("/api/v1/indicators").headers["Access-Control-Allow-Origin"] == "*"
    refused = client.post("/api/v1/indicators")
    assert refused.status_code == 405
    assert refused.get_json()["error"]
