"""What the explorer's answers hold, how long they may be kept, and what is refused."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from dashboard import locale, pictures
from dashboard.app import create_app
from dashboard.dataset import LANGS, Dataset
from dashboard.explore import views
from dashboard.explore.answer import SIZES, chart_answer, form, points_answer, size_of
from dashboard.explore.parse import parse
from dashboard.explore.record import view_chart
from dashboard.explore.select import Context
from dashboard.export.workbook import workbook
from dashboard.figures.record import Line, Table
from dashboard.pages.explore_answers import version
from dashboard.site import full_number

CITIES = "shenzhen~hangzhou~suzhou~chongqing"


@pytest.fixture(scope="module")
def client(dataset: Dataset) -> Iterator[FlaskClient]:
    with create_app(dataset).server.test_client() as found:
        yield found


@pytest.fixture(scope="module")
def root(dataset: Dataset) -> str:
    return f"/explore/chart/{version(dataset)}.json"


def test_an_answer_is_kept_for_ever_under_its_version(client: FlaskClient, root: str) -> None:
    answer = client.get(f"{root}?i=gdp&e={CITIES}&lang=zh-Hans&w=680")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.json is not None
    assert answer.json["size"][0] == 680
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_another_version_leads_to_todays(client: FlaskClient, root: str) -> None:
    answer = client.get(f"/explore/chart/0000-00.json?i=gdp&e={CITIES}&lang=en")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"{root}?i=gdp&e={CITIES}&lang=en")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("i=nope", "i"), ("i=gdp&e=atlantis", "e"), ("v=pie", "v"), ("i=rd_intensity&y=log", "y"),
        ("i=rd_intensity&v=pursuit", "v"), ("lang=xx", "lang"), ("w=917", "w"), ("theme=pink", "theme"),
        ("a=1", "a"),
    ],
)  # fmt: skip
def test_a_state_that_cannot_be_is_refused_with_what_was_dropped(
    client: FlaskClient, root: str, query: str, name: str
) -> None:
    answer = client.get(f"{root}?{query}")
    assert answer.status_code == 400
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json is not None
    assert [d["name"] for d in answer.json["dropped"]] == [name]
    assert client.get(f"{root}?{answer.json['query']}&lang=en").status_code == 200


@pytest.mark.parametrize("view", views.names())
@pytest.mark.parametrize("width", SIZES)
def test_the_words_of_the_live_chart_are_those_of_the_picture(
    dataset: Dataset, view: str, width: int
) -> None:
    state, _ = parse(f"i=gdp&e={CITIES}&v={view}", dataset)
    chart = view_chart(dataset, state, "en", SIZES[width][0])
    wide, high = size_of(chart, width)
    picture = pictures.svg(chart, "css", width=wide, height=high)
    answer = chart_answer(dataset, state, "en", width, "light")
    assert answer["size"] == (wide, high)
    assert answer["labels"] in picture
    assert bool(answer["figure"]) == (view != "table")


def test_months_of_many_cities_stay_slim(dataset: Dataset) -> None:
    """Texts of points cost most of what is sent: they come with the points, when somebody points."""
    cities = dataset.entities_with("house_price_new_mom_index")[:9]
    state, _ = parse(f"i=house_price_new_mom_index&e={'~'.join(cities)}", dataset)
    answer = chart_answer(dataset, state, "en", 920, "light")
    assert len(json.dumps(answer)) < 60_000
    points = points_answer(dataset, state, "en", 920)
    drawn = sum(y is not None for trace in answer["figure"]["data"] if trace.get("line") for y in trace["y"])
    assert sum(map(len, points["series"])) >= 9 * 150
    assert drawn >= 9 * 150
    assert all(text and keys for spots in points["series"] for _, _, text, keys, _ in spots)


def test_hundreds_of_cities_are_few_traces(dataset: Dataset) -> None:
    for view in ("line", "map", "scatter"):
        state, _ = parse(f"i=gdp_first_published&e=cities&v={view}", dataset)
        assert len(state.entities) > 200
        answer = chart_answer(dataset, state, "en", 920, "light")
        assert 0 < len(answer["figure"]["data"]) < 60, view


def test_a_player_begins_where_most_have_figures_and_keeps_its_axes(dataset: Dataset) -> None:
    state, _ = parse(f"i=gdp&e={CITIES}&v=bar", dataset)
    frames = form(Context(dataset, state, "en"))["frames"]
    assert frames == sorted(frames)
    have = [dataset.points("gdp", e) for e in state.entities]
    assert sum(frames[0] in h for h in have) >= 0.8 * len(have)
    domains = {
        view_chart(dataset, parse(f"i=gdp&e={CITIES}&v={view}&at={at}", dataset)[0], "en").x.domain
        for view in ("bar", "line") for at in frames[:: len(frames) // 3]
    }  # fmt: skip
    assert len(domains) == 2  # one a view
    first = view_chart(dataset, parse(f"i=gdp&e={CITIES}&v=bar&at={frames[0]}", dataset)[0], "en")
    assert first.meta["at"] == frames[0]


def test_base_periods_say_how_many_have_them_and_lead_to_one_that_all_have(dataset: Dataset) -> None:
    six = f"{CITIES}~beijing~shanghai"
    state, _ = parse(f"i=disposable_income_per_capita&e={six}&m=index&b=2015", dataset)
    context = Context(dataset, state, "en")
    shown, found = context.selections, form(context)
    have = {e: dataset.points("disposable_income_per_capita", e) for e in state.entities}
    without = [e for e in state.entities if "2015" not in have[e]]
    if not without:
        pytest.fail("the case needs a year that some lack")
    assert list(shown[0].without_base) == without
    assert not shown[0].missing
    chart = view_chart(dataset, state, "en")
    assert "2015" in chart.notes[0]
    assert not any(n.startswith("No public figure") for n in chart.notes)
    assert found["base"]
    everybody, _ = parse(
        f"i=disposable_income_per_capita&e={six}&m=index&b={found['base']['period']}", dataset
    )
    assert not Context(dataset, everybody, "en").selections[0].without_base


@pytest.mark.parametrize("lang", LANGS)
def test_table_and_documents_come_as_markup(client: FlaskClient, dataset: Dataset, lang: str) -> None:
    page = client.get(f"/explore/data/{version(dataset)}.html?i=gdp&e={CITIES}&lang={lang}")
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert '<table class="grid">' in text
    assert '<ol class="documents">' in text


def test_a_workbook_holds_the_table_the_common_period_and_the_documents(
    client: FlaskClient, dataset: Dataset
) -> None:
    address = f"/en/explore.xlsx?i=gdp~population_resident&e={CITIES}"
    answer = client.get(address)
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(answer.data))
    chart = view_chart(dataset, parse(address.partition("?")[2], dataset)[0], "en")
    table, common, documents = (list(sheet.values) for sheet in book.worksheets)
    assert table == [chart.table.columns, *chart.table.rows]
    assert len(common) == 5
    assert all(v is not None for row in common for v in row)
    assert len(documents) == len(chart.sources) + 1
    with create_app(dataset).server.test_client() as other:  # the same bytes from another process' memory
        assert other.get(address).data == answer.data


def test_text_in_a_workbook_is_no_formula() -> None:
    made = workbook([("=1+1", Table(("=cmd|x",), (("=1+1",), (2.5,))))])
    cells = [c for row in load_workbook(io.BytesIO(made)).worksheets[0].iter_rows() for c in row]
    assert [c.data_type for c in cells] == ["s", "s", "n"]


def test_values_are_shown_as_published(dataset: Dataset, client: FlaskClient) -> None:
    """Tooltip, table and CSV give every digit of the document, whatever the unit."""
    for indicator, entity in (
        ("house_price_new_mom_index", "hangzhou"),
        ("gdp_growth_real", "shenzhen"),
        ("rd_intensity", "shenzhen"),
        ("gdp", "hangzhou"),
    ):
        query = f"i={indicator}&e={entity}"
        figures = dataset.points(indicator, entity)
        state = parse(query, dataset)[0]
        lines = [mark for mark in view_chart(dataset, state, "en").marks if isinstance(mark, Line)]
        said = {part for line in lines for p in line.points for part in p.text.split(" · ")}
        unit = dataset.indicators[indicator].unit
        assert {locale.quantity(v, unit, "en", digits=None) for v in figures.values()} <= said
        page = client.get(f"/explore/data/{version(dataset)}.html?{query}&lang=en").get_data(as_text=True)
        sheet = client.get(f"/en/explore.csv?{query}").get_data(as_text=True)
        for value in figures.values():
            assert f">{full_number(value)}<" in page
            assert float(full_number(value).replace(",", "").replace("\u2212", "-")) == value
            assert locale.plain_digits(value) in sheet


def test_a_live_map_has_its_dots(dataset: Dataset) -> None:
    state, _ = parse(f"i=gdp&e={CITIES}&v=map", dataset)
    figure = chart_answer(dataset, state, "en", 920, "light")["figure"]
    (dots,) = [t for t in figure["data"] if t["mode"] == "markers"]
    assert len(dots["x"]) == len(state.entities)
