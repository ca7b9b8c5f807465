"""What changed: verdicts, corrections, revisions and documents, as a page, a feed and a ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.claims.history import Step
from dashboard.dataset import LANGS, Dataset, Revision
from dashboard.locale import has
from dashboard.pages.glossary import METHOD, TERMS

ATOM = "{http://www.w3.org/2005/Atom}"
HEAD = ",".join(f.name for f in fields(Step)) + "\n"


@pytest.fixture
def changed(shipped: Dataset, tmp_path: Path) -> FlaskClient:
    """A dataset with a verdict that changed, a correction and a revision."""
    (tmp_path / "verdicts.csv").write_text(
        HEAD
        + "2026-01-05,a,gdp_overtaken,supported,,shenzhen,gdp,2024,1\n"
        + "2026-03-01,b,gdp_overtaken,mixed,supported,shenzhen,gdp,2025,3000000000000.0\n",
        encoding="utf-8",
    )
    rows = [
        ["2026-03-02", "hangzhou", "gdp", "2023", "x", "100000000", "200000000", "curated: changed"],
        ["2026-03-02", "suzhou", "gdp", "2022", "x", "1", "2", "worldbank: revised"],
        ["2026-03-02", "suzhou", "gdp", "2023", "x", "1", "", "worldbank: no longer there"],
        ["2026-03-02", "<b>", "gdp", "2023", "x", "1", "2", "unknown entity"],
    ]
    dataset = replace(shipped, directory=tmp_path, revisions=[Revision(*row) for row in rows])
    return create_app(dataset).server.test_client()


def test_the_page_shows_what_changed_since_a_day(changed: FlaskClient) -> None:
    text = changed.get("/en/changes?since=2026-03-01").get_data(as_text=True)
    assert "Was: Supported. Now: Mixed." in text
    assert "Hangzhou, GDP: we corrected our figure" in text
    assert "2023: CNY 100 million → CNY 200 million" in text
    assert (
        text.count("the publisher revised its figure") == 1
    )  # two years of one series are one piece of news
    later = changed.get("/en/changes?since=2026-03-02").get_data(as_text=True)
    assert "Was: Supported" not in later
    assert "Nothing has changed since" in changed.get("/en/changes?since=2999-01-01").get_data(as_text=True)


@pytest.mark.parametrize("since", ["yesterday", "2026-99-99", "<script>", "2026-3-1"])
def test_a_day_that_is_none_shows_everything(changed: FlaskClient, since: str) -> None:
    response = changed.get("/en/changes", query_string={"since": since})
    assert response.status_code == 200
    assert "Was: Supported" in response.get_data(as_text=True)
    assert "<script>" not in response.get_data(as_text=True).replace('<script type="module"', "")


def test_the_feed_is_atom_with_ids_that_stay(changed: FlaskClient) -> None:
    response = changed.get("/en/feed.xml")
    assert response.mimetype == "application/atom+xml"
    feed = ET.fromstring(response.data)  # noqa: S314  (our own)
    assert feed.tag == f"{ATOM}feed"
    assert all(feed.find(f"{ATOM}{name}") is not None for name in ("id", "title", "updated", "author"))
    entries = feed.findall(f"{ATOM}entry")
    ids = [e.findtext(f"{ATOM}id") for e in entries]
    assert len(set(ids)) == len(ids)
    assert all(i and i.startswith("urn:uuid:") for i in ids)
    assert {c.get("term") for e in entries for c in e.findall(f"{ATOM}category")} >= {
        "verdict", "correction", "revision", "document",
    }  # fmt: skip
    days = [e.findtext(f"{ATOM}updated") for e in entries]
    assert days == sorted(days, reverse=True)  # type: ignore[type-var]
    chinese = ET.fromstring(changed.get("/zh-hans/feed.xml").data)  # noqa: S314
    assert [e.findtext(f"{ATOM}id") for e in chinese.findall(f"{ATOM}entry")] == ids


def test_corrections_say_where_to_write(
    changed: FlaskClient, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, shipped: Dataset
) -> None:
    text = changed.get("/en/corrections").get_data(as_text=True)
    assert "we corrected our figure" in text
    assert "revised its figure" not in text
    assert "gives no address" in text
    monkeypatch.setenv("PURSUIT_CONTACT", "data@example.org")
    told = create_app(shipped).server.test_client().get("/en/corrections").get_data(as_text=True)
    assert 'href="mailto:data@example.org"' in told


@pytest.mark.parametrize(("name", "terms"), [("glossary", TERMS), ("method", METHOD)])
def test_every_term_is_explained_in_every_language(
    page: Callable[..., str], name: str, terms: tuple[str, ...]
) -> None:
    for lang in LANGS:
        assert all(has(f"{name}.{t}.{part}", lang) for t in terms for part in ("term", "text"))
        text = page(f"/{name}", lang)
        assert [t for t in terms if f'id="{t}"' not in text] == []
