"""Every address answers, and an unknown one says so in one line with the nearest names."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboard.claims import essay
from dashboard.dataset import LANGS, Dataset
from dashboard.export import FORMATS, export
from dashboard.figures.theme import THEMES
from dashboard.pages.catalogue import LISTED
from tests.shipped import FIGURES

PAGES = [
    "/", "/claims", "/claim/gdp_overtaken", "/city", "/company", "/city/shenzhen",
    "/city/shenzhen?with=hangzhou",
    "/company/tencent", "/company/nutribite", "/data", "/data/gdp", "/api/v1/", "/embed/gdp_overtaken",
]  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_in_every_language(client: FlaskClient, path: str, lang: str) -> None:
    response = client.get(f"/{lang.lower()}{path}", headers={"Accept-Language": "fr, zh-TW;q=0.5"})
    assert response.status_code == 200
    assert response.headers["Content-Language"] == lang
    assert f'<html lang="{lang}"' in response.get_data(as_text=True)


def test_profiles_and_indicators_answer(client: FlaskClient, shipped: Dataset) -> None:
    of_kind = {
        kind: [i for i, e in shipped.entities.items() if e.kind == kind] for kind in ("city", "company")
    }
    paths = [f"/en/company/{i}" for i in of_kind["company"]]
    paths += [f"/en/city/{i}" for i in of_kind["city"][::20]]  # 300 of one form
    paths += [f"/en/data/{i}" for i in list(shipped.indicators)[::12]]
    assert {p: client.get(p).status_code for p in paths} == dict.fromkeys(paths, 200)


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/en/claim/gdp_overtakn", "/en/claim/gdp_overtaken"),
        ("/en/city/shenzen", "/en/city/shenzhen"),
        ("/zh-hans/company/tencnet", "/zh-hans/company/tencent"),
        ("/en/data/gdpp", "/en/data/gdp"),
        ("/en/embed/pursuit_line", "/en/figure/pursuit_lines.svg"),
        ("/en/figure/pursuit_lines.jpg", "/en/figure/pursuit_lines.png"),
    ],
)
def test_an_unknown_name_is_a_404_that_names_the_nearest(client: FlaskClient, path: str, near: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert f'href="{near}"' in response.get_data(as_text=True)


def test_a_company_is_not_a_city(client: FlaskClient) -> None:
    assert client.get("/en/city/tencent").status_code == 404


def test_healthz(client: FlaskClient, shipped: Dataset) -> None:
    response = client.get("/healthz")
    body = response.get_json()
    assert body["status"] == "ok"
    assert body["dataset_version"] == shipped.version
    assert body["observations"] == len(shipped.table)
    assert isinstance(body["age_days"], int)
    assert response.headers["Cache-Control"] == "no-store"


def test_the_sitemap_names_every_claim_once(client: FlaskClient, shipped: Dataset) -> None:
    text = client.get("/sitemap.xml").get_data(as_text=True)
    assert all(
        text.count(f"/{lang.lower()}/claim/{c}</loc>") == 1 for c in essay(shipped).claims for lang in LANGS
    )
    assert "Sitemap" in client.get("/robots.txt").get_data(as_text=True)


@pytest.mark.parametrize(("ext", "start"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_figures_as_files(client: FlaskClient, ext: str, start: bytes) -> None:
    response = client.get(f"/zh-hans/figure/pursuit_lines.{ext}?theme=print")
    assert response.data.startswith(start)
    assert f"pursuit_lines.zh-Hans.print.{ext}" in response.headers["Content-Disposition"]


def test_figures_by_address_are_the_command_lines_files(
    client: FlaskClient, shipped: Dataset, tmp_path: Path
) -> None:
    """Byte for byte, in every format."""
    report = export(shipped, ["gdp_overtaken"], FORMATS, ["zh-Hant"], tmp_path, themes=["print"])
    assert not report.failed
    for name in report.written:
        ext = name.rpartition(".")[2]
        response = client.get(f"/zh-hant/figure/gdp_overtaken.{ext}?theme=print")
        assert response.data == (tmp_path / name).read_bytes(), ext


def test_explorer_files_come_in_every_theme(client: FlaskClient) -> None:
    bodies = {client.get(f"/en/explore/figure.svg?i=gdp&theme={t}").data for t in (*THEMES, "blue")}
    assert len(bodies) == len(THEMES), "an unknown theme is the light one"


def test_the_figures_listed_are_those_built(client: FlaskClient) -> None:
    listed = client.get("/api/v1/figures").get_json()["figures"]
    assert sorted(f["id"] for f in listed) == sorted(FIGURES)
    assert all(f["title"] for f in listed)


def test_a_figure_for_plotly(client: FlaskClient) -> None:
    body = json.loads(client.get("/api/v1/figures/gdp_overtaken.json?lang=en&form=narrow&theme=dark").data)
    assert {"data", "layout", "config", "alt"} <= set(body)
    assert {t["type"] for t in body["data"]} <= {"scatter", "bar"}
    assert body["config"]["showSendToCloud"] is False


def test_no_table_outside_the_dataset_can_be_had(client: FlaskClient) -> None:
    for name in ("../pyproject.toml", "curated/gdp", "..%2f..%2fetc%2fpasswd", "essay/../entities"):
        assert client.get(f"/data/table/{name}.csv").status_code == 404


def test_an_indicator_of_all_cities_lists_some_and_links_the_rest(client: FlaskClient) -> None:
    page = client.get("/en/data/gdp_first_published").get_data(as_text=True)
    table = "/api/v1/observations.csv?indicator=gdp_first_published"
    rows = csv.DictReader(io.StringIO(client.get(table).get_data().decode("utf-8-sig")))
    entities = {row["entity_id"] for row in rows}
    assert page.count('<th scope="row">') == LISTED
    assert f"The figures of all {len(entities)} as CSV" in page
