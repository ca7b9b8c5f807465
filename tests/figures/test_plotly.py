"""The plotly figure says what the record says, where the picture says it, with two kinds of trace."""

from __future__ import annotations

import json
from dataclasses import replace

import plotly.graph_objects as go
import pytest

from dashboard.dataset import Dataset
from dashboard.figures import build
from dashboard.figures import theme as look
from dashboard.figures.layout import place, text_colour
from dashboard.figures.plotly import LIGHTER, safe, to_plotly
from dashboard.figures.record import (
    Axis,
    Bar,
    Bars,
    Cell,
    Cells,
    Chart,
    Dots,
    Land,
    Line,
    Point,
    Rule,
    Table,
    Tick,
)
from tests.shipped import FIGURES

KEY = ("shenzhen", "gdp", "2024", "source")


def chart(*marks: object, log: bool = False) -> Chart:
    y = Axis((1.0, 100.0), (Tick(1, "1"), Tick(10, "10")), "log" if log else "linear")
    return Chart("test", "en", "Title", "Subtitle", Axis((2000.0, 2020.0), (Tick(2000, "2000"),)), y,
                 marks, "alt", Table((), ()))  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize("figure_id", FIGURES)
def test_every_figure_is_valid_plotly_and_plain_json(figure_id: str, shipped: Dataset) -> None:
    for form, theme in (("wide", "light"), ("narrow", "dark")):
        record = build(figure_id, shipped, "zh-Hans", form)  # type: ignore[arg-type]
        figure = to_plotly(record, theme)  # type: ignore[arg-type]
        go.Figure(figure["data"], figure["layout"])
        assert {t["type"] for t in figure["data"]} <= {"scatter", "bar"}
        text = json.dumps(figure, allow_nan=False)
        assert "http" not in text
        assert figure["config"]["showSendToCloud"] is False


def test_points_keep_places_words_and_documents() -> None:
    line = Line(
        (Point(2000, 5, "one", (KEY,)), Point(2010, None), Point(2020, 7, "a < b", (KEY,))), "hangzhou"
    )
    trace = to_plotly(chart(line))["data"][0]
    assert trace["x"] == [2000, 2010, 2020]
    assert trace["y"] == [5, None, 7]
    assert trace["connectgaps"] is False
    assert trace["hovertext"] == ["one", "", "a &lt; b"]
    assert trace["customdata"] == [[list(KEY)], [], [list(KEY)]]
    assert trace["line"]["color"] == look.colour("hangzhou")
    assert trace["line"]["dash"] == "solid"


def test_dashes_are_the_pictures_own() -> None:
    trace = to_plotly(chart(Line((Point(2000, 1), Point(2001, 2)), "quiet", dash="dash")))["data"][0]
    assert trace["line"]["dash"] == "6px,4px"


def test_labels_stand_where_the_layout_puts_them(shipped: Dataset) -> None:
    for figure_id in ("gdp_overtaken", "not_same_magnitude", "all_round_champion"):
        record = build(figure_id, shipped, "en")
        high = record.height or 360
        figure, placed = to_plotly(record, "dark"), place(record, 640, high)
        notes = figure["layout"]["annotations"]
        assert len(notes) == len(placed.labels)
        margin = figure["layout"]["margin"]
        wide = 640 - margin["l"] - margin["r"]
        tall = high - margin["t"] - margin["b"]
        for note, label in zip(notes, placed.labels, strict=True):
            assert margin["l"] + note["x"] * wide == pytest.approx(label.x, abs=0.1)
            middle = (label.box.top + label.box.bottom) / 2
            assert margin["t"] + (1 - note["y"]) * tall == pytest.approx(middle, abs=0.1)
            assert note["font"]["color"] == text_colour(label, placed, "dark")


def test_bars_go_from_base_to_value() -> None:
    bars = Bars(
        (Bar(0, 30, 10, "shenzhen", "30", "hover", (KEY,)), Bar(1, 5, 10, "hangzhou", provisional=True))
    )
    trace = to_plotly(chart(bars))["data"][0]
    assert trace["type"] == "bar"
    assert trace["x"] == [20, -5]
    assert trace["base"] == [10, 10]
    assert trace["y"] == [0, 1]
    assert trace["marker"]["color"] == [look.colour("shenzhen"), look.colour("hangzhou")]
    assert trace["marker"]["opacity"] == [1, LIGHTER]
    assert trace["customdata"][0] == [list(KEY)]


def test_a_log_axis_has_its_range_in_decades_and_may_be_turned() -> None:
    record = chart(Dots((Point(2000, 10),), "ink"), log=True)
    axis = to_plotly(record)["layout"]["yaxis"]
    assert axis["type"] == "log"
    assert axis["range"] == pytest.approx([0, 2])
    assert axis["tickvals"] == [1, 10]


def test_an_open_rule_ends_at_the_edges() -> None:
    trace = to_plotly(chart(Rule(None, 50, None, 50)))["data"][0]
    assert (trace["x"], trace["y"]) == ([2000, 2020], [50, 50])


def test_cells_are_shapes_with_clear_points_over_them() -> None:
    cells = Cells((Cell(0, 0, 1.0, "1", "best", (KEY,)), Cell(1, 0, None)))
    figure = to_plotly(chart(cells))
    shapes = figure["layout"]["shapes"]
    assert [s["fillcolor"] for s in shapes] == [
        look.cell_colour("shenzhen", 1.0), look.cell_colour("shenzhen", None),
    ]  # fmt: skip
    assert (shapes[0]["x0"], shapes[0]["x1"]) == (-0.5, 0.5)
    assert figure["data"][0]["marker"]["opacity"] == 0
    assert figure["data"][0]["customdata"] == [[list(KEY)], []]


def test_land_is_a_filled_scatter_of_separate_rings() -> None:
    trace = to_plotly(chart(Land((((0, 0), (1, 0), (1, 1)), ((3, 3), (4, 3), (4, 4))))))["data"][0]
    assert trace["fill"] == "toself"
    assert trace["x"] == [0, 1, 1, 0, None, 3, 4, 4, 3, None]


def test_markup_in_data_stays_text() -> None:
    assert safe("<b>&\n") == "&lt;b&gt;&amp;<br>"


def test_the_figure_has_the_size_asked_for_and_no_toolbar() -> None:
    figure = to_plotly(chart(), "light", 500, 300)
    assert (figure["layout"]["width"], figure["layout"]["height"]) == (500, 300)
    assert figure["config"]["displayModeBar"] is False
    assert figure["layout"]["showlegend"] is False


def test_each_script_gets_its_own_glyphs() -> None:
    for lang, region in (("zh-Hans", "SC"), ("zh-Hant", "TC")):
        assert region in to_plotly(replace(chart(), lang=lang))["layout"]["font"]["family"]
