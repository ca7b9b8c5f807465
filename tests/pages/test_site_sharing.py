"""What leaves the site: citations, embeds, cards, the programming interface, the presenter's screens."""

from __future__ import annotations

import csv
import io
import json
import re
import struct
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.claims import essay
from dashboard.dataset import LANGS, Dataset
from dashboard.figures import build
from dashboard.pages.citation import Citation, bibtex, ris
from tests.shipped import FIGURES


@pytest.mark.parametrize("lang", LANGS)
def test_citations_name_title_version_and_address(client: FlaskClient, shipped: Dataset, lang: str) -> None:
    for name in ("dataset", "gdp_overtaken", "pursuit_lines"):
        text = client.get(f"/{lang.lower()}/cite/{name}.txt").get_data(as_text=True)
        assert shipped.version in text
        if name != "dataset":
            assert build(name, shipped, lang).title in text  # type: ignore[arg-type]
    assert client.get("/en/cite/gdp_overtaken.ris").get_data(as_text=True).splitlines()[0] == "TY  - DATA"
    for unknown in ("nothing.bib", "dataset.doc"):
        assert client.get(f"/en/cite/{unknown}").status_code == 404


def test_no_title_can_break_out_of_a_citation() -> None:
    hostile = Citation("x", "50% {of} \\input{a} & b\r\nER  - \r\nTY  - BOOK", "1", "2026-01-02", "/a}", "en")
    entry = bibtex(hostile)
    assert r"50\% \{of\} \textbackslash{}input\{a\} \& b" in entry
    unescaped = re.sub(r"\\[{}]", "", entry)
    assert unescaped.count("{") == unescaped.count("}")
    lines = ris(hostile).split("\r\n")
    assert [line for line in lines if line.startswith(("TY", "ER"))] == ["TY  - DATA", "ER  - "]


def test_every_chart_has_its_share_menu_with_a_picture_for_pages_without_script(
    soup: Callable[..., BeautifulSoup], shipped: Dataset
) -> None:
    menus = soup("/").select("details[data-keep^=share-]")
    assert sorted(str(d["data-keep"]).removeprefix("share-") for d in menus) == sorted(FIGURES)
    for menu in menus:
        name = str(menu["data-keep"]).removeprefix("share-")
        snippet = BeautifulSoup(menu.select("textarea")[1].get_text(), "html.parser")
        chart = build(name, shipped, "en")
        assert snippet.select_one("iframe")["title"] == chart.title  # type: ignore[index]
        assert snippet.select_one("noscript img")["alt"] == chart.alt  # type: ignore[index]
        assert f"/figure/{name}.png" in str(snippet.select_one("noscript img")["src"])  # type: ignore[index]
        assert len(menu.select(".scripted button")) == (4 if chart.marks else 2)  # no picture of nothing


@pytest.mark.parametrize(
    "path",
    [
        "/", "/claims", "/claim/gdp_overtaken", "/city", "/city/shenzhen", "/city/shenzhen?with=hangzhou",
        "/company", "/company/bandu", "/data", "/data/gdp", "/explore?i=gdp&v=bar",
    ],
)  # fmt: skip
def test_a_shared_link_has_words_and_a_picture_of_the_very_view(
    client: FlaskClient, soup: Callable[..., BeautifulSoup], path: str
) -> None:
    tree = soup(path)
    seen = {str(m["property"]): str(m["content"]) for m in tree.select("meta[property^='og:']")}
    assert seen["og:title"]
    assert seen["og:description"]
    assert len(tree.select("meta[name=description]")) == 1
    if path.startswith("/explore"):
        assert "v=bar" in seen["og:image"]
    picture = client.get(seen["og:image"])
    assert picture.status_code == 200
    assert picture.mimetype == "image/png"


def test_cards_are_drawn_in_the_size_of_links(client: FlaskClient) -> None:
    for name in ("gdp_overtaken", "pursuit_lines"):
        body = client.get(f"/en/card/{name}.png").data
        assert struct.unpack(">II", body[16:24]) == (1200, 630)


@pytest.mark.parametrize("table", ["indicators", "entities", "sources", "notes", "gaps"])
def test_each_table_answers_as_json_and_csv(client: FlaskClient, table: str) -> None:
    rows = client.get(f"/api/v1/{table}.json").get_json()[table]
    assert rows == client.get(f"/api/v1/{table}").get_json()[table]
    text = client.get(f"/api/v1/{table}.csv").data.decode("utf-8-sig")
    found = list(csv.DictReader(io.StringIO(text)))
    assert len(found) == len(rows) > 0
    assert set(found[0]) == set(rows[0])


def test_observations_come_with_what_they_mean(client: FlaskClient, shipped: Dataset) -> None:
    query = "indicator=gdp&entity=shenzhen,hangzhou&from=2015"
    told = client.get(f"/api/v1/observations.metadata.json?{query}").get_json()
    rows = client.get(f"/api/v1/observations.json?{query}").get_json()["observations"]
    assert told["total"] == len(rows)
    assert [i["indicator_id"] for i in told["indicators"]] == ["gdp"]
    assert {s["source_id"] for s in told["sources"]} == {r["source_id"] for r in rows}
    assert shipped.version in told["citation"]


def test_pages_of_observations_join_to_the_whole(client: FlaskClient) -> None:
    whole = client.get("/api/v1/observations?indicator=gdp&limit=10000").get_json()
    joined, following = [], 0
    while following is not None:
        part = client.get(f"/api/v1/observations?indicator=gdp&limit=300&offset={following}").get_json()
        joined += part["observations"]
        following = part["next"]
    assert joined == whole["observations"]
    assert len(joined) == whole["total"] > 300


def test_any_origin_may_read_and_nothing_is_sent_twice(
    client: FlaskClient, soup: Callable[..., BeautifulSoup]
) -> None:
    addresses = [str(a["href"]) for a in soup("/api/v1/").select("[aria-labelledby=routes] a")]
    assert len(addresses) > 12
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        if address.startswith("/api/"):
            assert answer.headers["Access-Control-Allow-Origin"] == "*", address
            tag = answer.headers["ETag"]
            assert client.get(address, headers={"If-None-Match": tag}).status_code == 304, address


def test_the_dataset_describes_itself_to_search_engines(
    soup: Callable[..., BeautifulSoup], client: FlaskClient, shipped: Dataset
) -> None:
    told = json.loads(soup("/data").select_one("script[type='application/ld+json']").get_text())  # type: ignore[union-attr]
    assert told["@type"] == "Dataset"
    assert told["version"] == shipped.version
    assert {d["encodingFormat"] for d in told["distribution"]} == {
        "application/zip",
        "text/csv",
        "application/json",
    }
    assert client.get("/robots.txt").get_data(as_text=True).splitlines()[-1].endswith("/sitemap.xml")


def test_screens_follow_the_essay_and_lead_on_without_script(client: FlaskClient, shipped: Dataset) -> None:
    address, seen = "/en/present", []
    while address and len(seen) < 40:
        soup = BeautifulSoup(client.get(address).data, "lxml")
        seen.append(address)
        back = soup.select_one("a[rel=prev]")
        assert (str(back["href"]) if back else "") == (seen[-2] if len(seen) > 1 else "")
        following = soup.select_one("a[rel=next]")
        address = str(following["href"]) if following else ""
    assert seen == ["/en/present", *(f"/en/present/{c}" for c in essay(shipped).claims)]
    assert client.get("/en/present/no_such").status_code == 404


def test_a_site_that_knows_its_name_writes_whole_addresses(
    shipped: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PURSUIT_PUBLIC_URL", "https://pursuit.example.org/")
    client = create_app(shipped).server.test_client()
    for path in ("/en/claim/gdp_overtaken", "/en/city/shenzhen", "/en/data"):
        soup = BeautifulSoup(client.get(path, headers={"Host": "elsewhere.example"}).data, "lxml")
        for name in ("og:url", "og:image"):
            address = str(soup.select_one(f"meta[property='{name}']")["content"])  # type: ignore[index]
            assert address.startswith("https://pursuit.example.org/"), path
        assert "elsewhere.example" not in str(soup)
    assert "<loc>https://pursuit.example.org/zh-hant/present</loc>" in client.get("/sitemap.xml").get_data(
        as_text=True
    )
