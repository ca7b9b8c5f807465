"""The frozen site: whole on a plain file server, wherever it lies there, and the same as the served one."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from dashboard.app import create_app
from dashboard.dataset import Dataset
from dashboard.freeze import freeze
from tests.addresses import addresses
from tests.conftest import DATA

CITIES = ["shenzhen", "hangzhou", "suzhou", "chongqing"]
INDICATORS = ["gdp", "population_resident"]
CLAIMS = ["gdp_overtaken", "hangzhou_chases", "past_pursuers", "not_surpass"]
LANGS = ("en", "zh-Hant")


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The shipped dataset, cut to what a test has time for."""
    home = tmp_path_factory.mktemp("few") / "data"
    shutil.copytree(DATA, home, ignore=shutil.ignore_patterns("observations", "curated"))
    frames = [pd.read_csv(p, dtype=str, keep_default_na=False) for p in (DATA / "observations").glob("*.csv")]
    rows = pd.concat(frames)
    rows = rows[rows["entity_id"].isin(CITIES) & rows["indicator_id"].isin(INDICATORS)]
    (home / "observations").mkdir()
    rows.to_csv(home / "observations" / "economy.csv", index=False)
    for table, keep in (
        ("sources", lambda t: t["source_id"].isin(rows["source_id"])),
        (
            "entities",
            lambda t: t["group"].ne("") | ~t["kind"].isin(["city", "company"]) | t["entity_id"].isin(CITIES),
        ),
    ):
        frame = pd.read_csv(DATA / f"{table}.csv", dtype=str, keep_default_na=False)
        frame[keep(frame)].to_csv(home / f"{table}.csv", index=False)
    for path in (home / "essay" / "claims").glob("*.toml"):
        if path.stem not in CLAIMS:
            path.unlink()
    for table in ("notes", "gaps", "events", "keywords", "groups", "external_ids", "verdicts", "revisions"):
        path = home / f"{table}.csv"
        if path.exists():
            pd.read_csv(path, dtype=str).head(0).to_csv(path, index=False)
    return Dataset.load(home)


@pytest.fixture(scope="module")
def client(few: Dataset) -> FlaskClient:
    return create_app(few).server.test_client()


@pytest.fixture(scope="module")
def frozen(few: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("www") / "pursuit"
    done = freeze(few, out, LANGS)
    assert done.missing == []
    assert done.files > 50
    return out


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def served(frozen: Path) -> Iterator[str]:
    """A plain file server, the site below a path: there no address may hold at the root alone."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(frozen.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{frozen.name}/"
    server.shutdown()
    server.server_close()


def test_every_link_leads_to_a_file_and_none_leaves_the_site(served: str) -> None:
    seen: set[str] = set()
    waiting = [urljoin(served, f"{lang.lower()}/index.html") for lang in LANGS] + [
        urljoin(served, "index.html")
    ]
    host = urlsplit(served).netloc
    while waiting:
        at = waiting.pop()
        if at in seen or urlsplit(at).netloc != host:  # documents elsewhere are links, not requests
            continue
        seen.add(at)
        assert at.startswith(served)
        with urlopen(at, timeout=30) as answer:
            kind, body = answer.headers.get_content_type(), answer.read()
        if kind == "text/html" and "/figure/" not in at:
            waiting += [urljoin(at, there).partition("#")[0] for there in addresses(body.decode("utf-8"))]
    kinds = (
        "explore-",
        "/card/",
        "/figure/",
        "/cite/",
        "feed.xml",
        "/data/gdp.html",
        "pursuit.zip",
        "/city/",
    )
    assert {k for k in kinds if not any(k in a for a in seen)} == set()


@pytest.mark.parametrize("path", ["/en/", "/zh-hant/claim/gdp_overtaken", "/en/city/shenzhen"])
def test_a_frozen_page_says_what_the_served_one_says(client: FlaskClient, frozen: Path, path: str) -> None:
    file = frozen / (path.strip("/") + ("/index.html" if path.endswith("/") else ".html"))
    answer = client.get(path)
    ours, theirs = (BeautifulSoup(t, "lxml") for t in (file.read_text("utf-8"), answer.text))
    for soup in (ours, theirs):
        only_served = (
            "dialog, .search-open, form.filters, .export, [href*='/figure/'][href$='.html'], [href$='.zip']"
        )
        for tag in soup.select(f"script, textarea, .languages, [data-citation], {only_served}"):
            tag.decompose()
    note = ours.select_one("footer p:last-child")
    assert note is not None
    note.decompose()
    assert " ".join(ours.body.get_text().split()) == " ".join(theirs.body.get_text().split())  # type: ignore[union-attr]
    assert [str(s) for s in ours.select("figure svg")] == [str(s) for s in theirs.select("figure svg")]


def test_tables_are_whole(few: Dataset, frozen: Path) -> None:
    rows = (frozen / "api" / "v1" / "observations.csv").read_text("utf-8-sig").splitlines()
    assert len(rows) == len(few.table) + 1
    assert (frozen / "api" / "v1" / "entities.json").exists()


def test_an_explorer_view_says_what_only_the_served_site_does(frozen: Path) -> None:
    page = BeautifulSoup((frozen / "en" / "explore.html").read_text("utf-8"), "lxml")
    assert page.select(".controls, #range, .tabs, #sheet, [role=application], #_dash-config") == []
    anchors = {str(a["href"])[1:] for a in page.select("a[href^='#']")} - {""}
    assert anchors == {str(tag["id"]) for tag in page.select("[id]")} & anchors
    assert page.select_one("#stage svg")
    assert "frozen copy" in page.footer.get_text()  # type: ignore[union-attr]


def test_an_explorer_view_has_the_width_of_the_page(served: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{served}en/explore.html")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        stage, line = (page.locator(css).bounding_box() for css in ("#stage", "footer p:last-child"))
        assert stage
        assert line
        assert (stage["x"], stage["width"]) == pytest.approx((line["x"], line["width"]), abs=1)
    page.close()


def test_it_writes_over_nothing(few: Dataset, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    with pytest.raises(FileExistsError, match="is not empty"):
        freeze(few, tmp_path)
