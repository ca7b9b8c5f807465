"""Every plotted point leads to its document: the points readers walk, through the interface the pages use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from dashboard import locale
from dashboard.dataset import LANGS, Dataset
from dashboard.explore import views
from dashboard.explore.parse import parse
from dashboard.explore.presets import presets
from dashboard.explore.record import view_chart
from dashboard.figures import build
from dashboard.figures.points import chart_points
from dashboard.figures.record import FORMS, Bars, Cells, Chart, Dots, Line
from dashboard.pages import spark
from tests.shipped import FIGURES

KEYS_A_REQUEST = 40
NOTHING_PUBLIC = "no public figure"
"""What a field of a chart says that stands for a missing figure: it has no document to lead to."""


def plotted(chart: Chart) -> Iterator[tuple[str, tuple[tuple[str, str, str, str], ...]]]:
    """Every point that a chart draws: what it says, what it rests on."""
    for mark in chart.marks:
        if isinstance(mark, (Line, Dots)):
            yield from ((p.text, p.keys) for p in mark.points if p.y is not None)
        elif isinstance(mark, (Bars, Cells)):
            yield from ((p.text, p.keys) for p in mark.items)


def resolved(client: FlaskClient, shipped: Dataset, keys: Iterable[str]) -> int:
    """Check that each key leads to a document, a place in it, its tier, licence and day; return how many."""
    every = list(dict.fromkeys(keys))
    for some in (every[n : n + KEYS_A_REQUEST] for n in range(0, len(every), KEYS_A_REQUEST)):
        found = client.get("/api/v1/observations", query_string=[("key", k) for k in some]).get_json()
        by_key = {
            "|".join(o[c] for c in ("entity_id", "indicator_id", "period", "source_id")): o
            for o in found["observations"]
        }
        assert by_key.keys() == set(some)
        for key, o in by_key.items():
            assert re.match(r"https?://[^/]+|$", o["source"]["url"]), key  # a document may have left the web
            assert o["source"]["title"].strip(), key
            assert o["locator"].strip(), key
            assert any(o["locator"] in line for line in o["about"]), key
            assert o["source"]["tier"] in ("official", "reference", "press"), key
            assert o["source"]["licence"], key
            computed = shipped.sources[o["source_id"]].collector == "derived"  # by us, fetched from nowhere
            assert computed or re.fullmatch(r"\d{4}-\d\d-\d\d", o["source"]["retrieved"]), key
    return len(every)


def test_every_plotted_point_resolves_to_a_document_and_a_place_in_it(
    client: FlaskClient, shipped: Dataset
) -> None:
    charts = [build(i, shipped, "en", form) for i in FIGURES for form in FORMS]
    for _, query in presets(shipped):
        base = re.sub(r"(^|&)v=\w+", "", query)
        states = [parse(f"{base}&v={view}", shipped)[0] for view in views.names() if view != "table"]
        charts += [view_chart(shipped, state, "en") for state in states]
    keys: dict[str, None] = {}
    for chart in charts:
        for text, found in plotted(chart):
            assert found or not text or NOTHING_PUBLIC in text, f"{chart.id}: {text} stands on nothing"
            keys |= dict.fromkeys("|".join(key) for key in found)
    assert resolved(client, shipped, keys) > 500


def sparklines(page: BeautifulSoup) -> Iterator[tuple[str, Tag]]:
    """Address of the points and picture of every sparkline on a page."""
    for small in page.select("[data-points]"):
        picture = small.select_one("svg")
        assert picture is not None
        yield str(small["data-points"]), picture


def dots(picture: str) -> set[tuple[float, float]]:
    """Where a sparkline's picture has its points."""
    return {(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", picture)}


def test_every_point_of_every_sparkline_is_walked_and_resolves(client: FlaskClient, shipped: Dataset) -> None:
    keys: list[str] = []
    cities = {*shipped.group("first_tier"), "hangzhou", "sichuan", "lhasa"}  # not all 300
    some = {e.entity_id for e in shipped.entities.values() if e.kind == "company"} | cities
    for i, indicator in shipped.indicators.items():
        for entity_id in some.intersection(shipped.entities_with(i)):
            entity = shipped.entities[entity_id]
            picture = spark.sparkline(shipped, indicator, [entity], "en", doubtful=True)
            if picture is None:
                continue
            lines = spark.series_of(shipped, indicator, [entity], "en", doubtful=True)
            points = [p for series in spark.points(shipped, lines, "en")["series"] for p in series]
            drawn = {place for _, _, runs in picture.strokes for run in runs for place in run}
            assert drawn == {(x, y) for x, y, *_ in points}, picture.points
            assert all(text and found for _, _, text, found in points), picture.points
            keys += [key for *_, found in points for key in found]
    every = sorted(set(keys))
    assert len(every) > 3000
    assert resolved(client, shipped, every[::5]) > 600


@pytest.mark.parametrize(
    "path", ["/city/shenzhen?with=hangzhou", "/company/byd", "/city", "/company", "/data/gdp"]
)
def test_pages_name_the_points_they_draw(
    client: FlaskClient, soup: Callable[..., BeautifulSoup], path: str
) -> None:
    found = list(sparklines(soup(path)))
    assert len(found) > 4
    for address, picture in found:
        points = [p for series in client.get(address).get_json()["series"] for p in series]
        assert dots(str(picture)) == {(x, y) for x, y, *_ in points}, address
        assert str(picture["aria-label"]).strip(), address


def test_a_sparkline_breaks_where_a_year_is_missing(
    soup: Callable[..., BeautifulSoup], shipped: Dataset
) -> None:
    for address, picture in sparklines(soup("/city/shenzhen")):
        indicator = parse_qs(urlsplit(address).query)["indicator"][0]
        years = [int(o.period) for o in shipped.series(indicator, "shenzhen") if len(o.period) == 4]
        if len(years) == len(shipped.series(indicator, "shenzhen")):
            runs = 1 + sum(b > a + 1 for a, b in pairwise(years))
            lines = [str(p["d"]) for p in picture.select("path[d*='L']")]
            dots = [d for p in picture.select("path")[:-1] if "L" not in (d := str(p["d"]))]
            assert sum(d.count("M") for d in lines + dots) == runs, indicator


@pytest.mark.parametrize(
    "query", ["", "indicator=gdp", "indicator=gdp,revenue&entity=shenzhen", "indicator=nothing&entity=byd"]
)
def test_a_sparkline_of_nothing_is_one_clear_line(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/v1/sparkline.json?{query}")
    assert answer.status_code == 400
    assert len(answer.get_json()["error"].splitlines()) == 1


def test_what_a_collector_fetched_shows_the_hash_of_its_bytes(client: FlaskClient, shipped: Dataset) -> None:
    for o in shipped.all_of("gdp", "shenzhen"):
        found = client.get("/api/v1/observations", query_string={"key": "|".join(o.key)}).get_json()
        sha256 = shipped.sources[o.source_id].sha256
        lines = [line for line in found["observations"][0]["about"] if line.startswith("sha256")]
        assert lines == ([f"sha256 {sha256}"] if sha256 else [])


@pytest.mark.parametrize("form", FORMS)
def test_the_walk_reaches_every_point_that_says_something(shipped: Dataset, form: str) -> None:
    for figure_id in FIGURES:
        chart = build(figure_id, shipped, "en", form)  # type: ignore[arg-type]
        walk = chart_points(chart)
        walked = [point for series in walk["series"] for point in series]
        assert {(text, *keys) for _, _, text, keys in walked} == {
            (text, *("|".join(k) for k in keys)) for text, keys in plotted(chart) if text
        }, figure_id
        for x, y, *_ in walked:
            assert 0 <= x <= walk["width"], figure_id
            assert 0 <= y <= walk["height"], figure_id


@pytest.mark.parametrize("lang", LANGS)
def test_pages_get_the_points_in_their_language(client: FlaskClient, lang: str) -> None:
    found = client.get(f"/api/v1/figures/gdp_overtaken.points.json?lang={lang}&form=wide").get_json()
    words = " ".join(text for series in found["series"] for _, _, text, _ in series)
    assert ("Shenzhen" if lang == "en" else "深圳") in words
    assert locale.period("2024", lang) in words  # type: ignore[arg-type]
    assert client.get("/api/v1/figures/no_such.points.json").status_code == 404
