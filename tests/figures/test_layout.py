"""Layout's promises: no label leaves the frame or touches another, whatever the chart; same in, same out."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pictures import sample

from dashboard.figures.geometry import Box, Label, Placed
from dashboard.figures.label_placer import spread
from dashboard.figures.layout import legible, place, text_colour
from dashboard.figures.record import (
    Axis,
    Bar,
    Bars,
    Cell,
    Cells,
    Chart,
    Dots,
    Line,
    Mark,
    Point,
    Rule,
    Table,
    Text,
    Tick,
)
from dashboard.figures.theme import PALETTE, Theme, cell_colour, colour, contrast, luminance
from dashboard.type import fonts
from dashboard.type.text import pieces, shorten, wrap

SIZES = ((640, 360), (358, 330), (1200, 500))
WORDS = st.sampled_from(
    [
        "深圳 3.87 万亿",
        "杭州",
        "Shenzhen CNY 3.87 trillion",
        "Game Science (2014)",
        "人均地区生产总值（常住人口）",
        "x",
        "",
        "重慶 1,853",
    ]
)
VALUES = st.floats(-50, 150, allow_nan=False)
POINTS = st.lists(st.tuples(st.floats(0, 100), st.one_of(st.none(), VALUES)), min_size=1, max_size=12)


def check(placed: Placed) -> None:
    """Assert the two promises."""
    frame = Box(0, 0, placed.width, placed.height)
    for label in placed.labels:
        assert label.box.inside(frame), (label.kind, label.lines, label.box)
    for a, b in combinations(placed.labels, 2):
        assert not a.box.touches(b.box), (a.kind, a.lines, b.kind, b.lines)


def of(placed: Placed, kind: str) -> list[Label]:
    return [label for label in placed.labels if label.kind == kind]


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """Draw a chart of random marks, some outside the axes."""
    marks: list[Mark] = []
    for n in range(draw(st.integers(0, 8))):
        points = tuple(Point(x, y) for x, y in draw(POINTS))
        marks.append(Line(points, "shenzhen", draw(WORDS), strong=draw(st.booleans()), name=f"s{n}"))
    for _ in range(draw(st.integers(0, 3))):
        points = tuple(Point(x, y) for x, y in draw(POINTS))
        labels = tuple(draw(st.lists(WORDS, max_size=len(points))))
        marks.append(Dots(points, "hangzhou", labels, size=draw(st.floats(3, 30))))
    for _ in range(draw(st.integers(0, 3))):
        anchor = draw(st.sampled_from(["start", "middle", "end"]))
        marks.append(Text(draw(st.floats(-20, 120)), draw(VALUES), draw(WORDS), anchor=anchor))
    if draw(st.booleans()):
        items = tuple(
            Bar(x, y, 0, "quiet", draw(WORDS))
            for x, y in draw(st.lists(st.tuples(st.integers(0, 6), VALUES), max_size=8))
        )
        marks.append(Bars(items, draw(st.sampled_from(["h", "v"]))))
    if draw(st.booleans()):
        marks.append(Cells(tuple(Cell(c, r, 0.5, draw(WORDS)) for c in range(4) for r in range(3))))
    low = draw(st.floats(-60, 60))
    y_ticks = tuple(Tick(v, draw(WORDS)) for v in sorted(draw(st.sets(st.integers(-50, 150), max_size=14))))
    x_ticks = tuple(Tick(v, str(v)) for v in sorted(draw(st.sets(st.integers(0, 100), max_size=40))))
    return Chart(
        id="random", lang=draw(st.sampled_from(["zh-Hans", "zh-Hant", "en"])), title="t", subtitle="s",
        x=Axis((1, 100), x_ticks, draw(st.sampled_from(["linear", "log"])), reverse=draw(st.booleans()),
               category=draw(st.booleans()), title=draw(WORDS)),
        y=Axis((low, low + draw(st.floats(1, 200))), y_ticks, reverse=draw(st.booleans()),
               category=draw(st.booleans()), title=draw(WORDS)),
        marks=tuple(marks), alt="a", table=Table((), ()), equal=draw(st.booleans()),
    )  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(charts(), st.sampled_from(SIZES))
def test_no_label_leaves_the_frame_or_touches_another(chart: Chart, size: tuple[int, int]) -> None:
    check(place(chart, *size))


@pytest.mark.parametrize("name", sample.ALL)
@pytest.mark.parametrize("size", SIZES)
def test_samples_keep_every_label_that_matters(name: str, size: tuple[int, int]) -> None:
    chart = sample.ALL[name]()
    placed = place(chart, *size)
    check(placed)
    ends = sum(isinstance(m, Line) and bool(m.label) for m in chart.marks)
    assert len(of(placed, "end")) == ends
    bars = sum(bool(b.label) for m in chart.marks if isinstance(m, Bars) for b in m.items)
    assert len(of(placed, "bar")) == bars


def test_the_same_chart_is_laid_out_the_same() -> None:
    one, two = place(sample.crowd(), 640, 360), place(sample.crowd(), 640, 360)
    assert one.labels == two.labels
    assert one.plot == two.plot


def test_scales_put_domain_ends_at_the_plots_edges() -> None:
    placed = place(sample.ladder(), 640, 360)
    assert placed.x(1e8) == pytest.approx(placed.plot.left)
    assert placed.x(1e12) == pytest.approx(placed.plot.right)
    assert placed.x(1e10) == pytest.approx((placed.plot.left + placed.plot.right) / 2)
    assert placed.y(0) < placed.y(5), "a reversed axis has its start on top"
    assert placed.plot.inside(Box(0, 0, 640, 360))


def test_a_map_has_one_unit_on_both_axes() -> None:
    placed = place(sample.lands(), 640, 360)
    assert placed.x(1) - placed.x(0) == pytest.approx(placed.y(0) - placed.y(1))


def test_ticks_thin_out_rather_than_touch() -> None:
    axis = Axis((2000, 2025), tuple(Tick(y, str(y)) for y in range(2000, 2026)))
    chart = Chart(
        "t",
        "en",
        "t",
        "s",
        axis,
        Axis((0, 1)),
        (Line((Point(2000, 0), Point(2025, 1)), "ink"),),
        "a",
        Table((), ()),
    )
    kept = [label.lines[0] for label in of(place(chart, 358, 330), "tick-x")]
    assert 3 < len(kept) < 26
    assert kept[0] == "2000"
    years = [int(t) for t in kept]
    assert len({b - a for a, b in pairwise(years)}) == 1


def test_an_end_label_stands_beside_its_last_figure() -> None:
    placed = place(sample.gdp("en"), 640, 360)
    label = next(b for b in of(placed, "end") if placed.chart.marks[b.mark].name == "shenzhen")
    assert label.target is not None
    assert abs((label.box.top + label.box.bottom) / 2 - label.target[1]) < 1
    assert 0 < label.box.left - placed.plot.right < 20


@given(st.lists(st.floats(0, 1), min_size=2, max_size=7), st.sampled_from(SIZES))
@settings(max_examples=40)
def test_labels_at_line_ends_stand_in_the_order_of_their_points(
    values: list[float], size: tuple[int, int]
) -> None:
    """Also where several end near the axis, whose words are in the way, and one far above."""
    marks = tuple(
        Line((Point(0, 0.0), Point(10, v)), "ink", label=f"{n} CNY {v:.2f} trillion", name=f"s{n}")
        for n, v in enumerate([*values, 30.0])
    )
    x = Axis((0, 10), tuple(Tick(t, str(2000 + t)) for t in range(0, 11, 5)))
    chart = replace(sample.gdp("en"), marks=marks, x=x, y=Axis((0, 31), (Tick(0, "0"), Tick(30, "30"))))
    labels = [b for b in of(place(chart, *size), "end") if b.target]
    for a, b in combinations(labels, 2):
        if a.target and b.target and abs(a.target[1] - b.target[1]) > 1:
            assert (a.target[1] < b.target[1]) == (a.box.top < b.box.top)


def test_labels_keep_off_points_where_there_is_room() -> None:
    placed = place(sample.lands(), 640, 360)
    for label in of(placed, "point"):
        assert label.target is not None
        x, y = label.target
        assert not label.box.touches(Box(x - 4, y - 4, x + 4, y + 4))


@pytest.mark.parametrize("size", [(100, 300), (640, 40)])
def test_a_size_without_room_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="at least 120 × 80"):
        place(sample.gdp(), *size)


def test_a_logarithmic_axis_from_zero_is_refused() -> None:
    chart = Chart("t", "en", "t", "s", Axis((0, 10), scale="log"), Axis((0, 1)), (), "a", Table((), ()))
    with pytest.raises(ValueError, match="logarithmic x axis"):
        place(chart, 640, 360)


def test_words_in_fields_stand_out_from_their_ground() -> None:
    placed = place(sample.heat(), 640, 360)
    colours = {label.lines[0]: text_colour(label, placed, "light") for label in of(placed, "cell")}
    assert colours["1"] != colours["8"], "ink on the palest field, paper on the darkest"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_in_fields_of_a_page_are_legible_in_either_theme(theme: Theme) -> None:
    placed = place(sample.heat(), 640, 360)
    cells = next(mark for _, mark in placed.marks(Cells))
    for label in of(placed, "cell"):
        light, dark = re.findall(r"var\(--(\w+)\)", text_colour(label, placed, "css"))
        words = colour(light if theme == "light" else dark, theme)
        assert contrast(words, cell_colour(cells.ramp, cells.items[label.item].shade, theme)) > 3.8


def make(y: float, mark: int, strong: bool = False) -> Label:
    return Label("end", ("x",), 0, y, "start", 10, "ink", "en", strong=strong, mark=mark)


@given(st.lists(st.integers(0, 300), min_size=1, max_size=15))
def test_spread_keeps_order_and_moves_nothing_that_is_free(wanted: list[int]) -> None:
    labels = [make(y, n) for n, y in enumerate(wanted)]
    out = spread(labels, 0, 400)
    assert [b.mark for b in out] == [b.mark for b in sorted(labels, key=lambda b: (b.y, b.mark))]
    assert all(b.box.top >= a.box.bottom - 1e-6 for a, b in pairwise(out))
    if len(wanted) == 1 and 10 < wanted[0] < 300:
        assert out[0].y == pytest.approx(wanted[0])


def test_spread_leaves_out_the_plain_before_the_strong() -> None:
    kept = spread([make(10, 0, strong=True), make(12, 1), make(14, 2)], 0, 24)
    assert [b.mark for b in kept] == [0, 1]


@given(st.text(alphabet="深圳杭州，。“”（）abc 0123.万亿元%", max_size=60), st.floats(30, 300))
def test_wrapping_loses_no_character_and_keeps_to_its_width(text: str, width: float) -> None:
    lines = wrap(text, width, 12, "zh-Hans")
    kept = "".join("".join(lines).split())
    whole = "".join(text.split())
    assert kept == whole or "…" in kept
    assert all(fonts.width(line, 12, "zh-Hans") <= width + 0.01 for line in lines)
    balanced = wrap(text, width, 12, "zh-Hans", balanced=True)
    assert len(balanced) == len(lines)


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("2025 年为 1.57 万亿元。", "1.57 万亿元。"),
        ("他说（“深圳”）后", "（“深"),
        ("ranks no. 201 in 2025", "no. 201 "),
        ("a CNY 1.57 trillion gap", "CNY 1.57 trillion "),
        ("rose since Jan 2011 by 107%", "Jan 2011 "),
        ("counted on 22 August 2026 here", "22 August 2026 "),
    ],
)
def test_what_belongs_together_stays_on_a_line(text: str, together: str) -> None:
    assert any(p.startswith(together) or together in p for p in pieces(text)), pieces(text)


def test_an_english_number_holds_on_to_its_unit_alone() -> None:
    assert pieces("between 2000 and 2005 here") == ("between ", "2000 ", "and ", "2005 ", "here")


def test_names_are_not_broken_between_lines() -> None:
    text = "最年轻的大象大疆（2006）早于最年长的小龙群核科技（2011）；大疆营收是宇树科技的 10.6 倍"
    for width in range(150, 420, 6):
        for lines in (
            wrap(text, width, 20, "zh-Hans", unbroken=["群核科技", "宇树科技"]),
            wrap(text, width, 20, "zh-Hans", balanced=True, unbroken=["群核科技", "宇树科技"]),
        ):
            for name in ("群核科技", "宇树科技"):
                assert any(name in line for line in lines), lines


def test_no_last_line_is_a_word_alone() -> None:
    text = "World rank of the city’s innovation cluster (WIPO), first on top, logarithmic axis; "
    text += "clusters cross city borders"
    last = wrap(text, 596, 12.5, "en")[-1]
    assert last != "borders"
    assert fonts.width(last, 12.5, "en") >= 0.25 * 596
    assert wrap("short", 596, 12.5, "en") == ["short"]


def test_a_title_breaks_at_a_stop_rather_than_in_brackets() -> None:
    title = "The youngest elephant, DJI (2006), is older than the oldest dragon, Manycore Tech (2011)"
    for width in range(350, 640, 10):
        lines = wrap(title, width, 20, "en", serif=True, balanced=True)
        assert not any(line.startswith("(") for line in lines), lines
    row = wrap("独角兽企业数（中国独角兽企业研究报告） 2024", 190, 12, "zh-Hans", balanced=True)
    assert row == ["独角兽企业数", "（中国独角兽企业研究报告）2024"], "and no hole after the bracket"


def test_a_bars_label_stands_past_a_rule_that_would_cut_its_beginning() -> None:
    bar = Bars((Bar(0, 1.4, 0, "shenzhen", "1.4 (2023)"), Bar(1, 8.0, 0, "shenzhen", "8 (2017)")))
    chart = replace(
        sample.plain((bar, Rule(2, None, 2, None, dash="dot"))),
        x=Axis((0, 50)),
        y=Axis((-0.5, 1.5), reverse=True),
    )
    placed = place(chart, 640, 200)
    first, second = of(placed, "bar")
    assert first.box.left > placed.x(2) + 2
    assert second.box.left == pytest.approx(placed.x(8) + 6)


def test_words_stand_beside_a_level_rule_not_on_it() -> None:
    """A line's end a little under a rule, and a peak's words that would lie across it."""
    points = tuple(Point(x, 9.6) for x in range(7))
    marks = (
        Line(points, "quiet", "Wages 97%"),
        Rule(None, 10, None, 10),
        Text(3, 9.6, "peak", anchor="middle", dy=-6),
    )
    placed = place(replace(sample.plain(marks), y=Axis((0, 12))), 640, 220)
    at = placed.y(10)
    for label in (*of(placed, "end"), *of(placed, "text")):
        assert label.box.top >= at or label.box.bottom <= at, label
    assert of(placed, "end")[0].box.top >= at, "on its line's side"


@pytest.mark.parametrize("role", sorted(PALETTE["print"]))
def test_words_on_paper_are_dark_enough_to_read(role: str) -> None:
    if role in ("paper", "raised"):
        return
    one, ground = luminance(legible(role, "print")), luminance(PALETTE["print"]["paper"])
    assert (ground + 0.05) / (one + 0.05) >= 4.5


def test_no_line_starts_with_a_closing_mark() -> None:
    for width in range(20, 200, 7):
        for line in wrap(
            "差距从未缩到零，2025 年为 1.57 万亿元；深圳（“大象”）仍领先。", width, 12, "zh-Hans"
        ):
            assert line[0] not in "，；。）”"


def test_shortening_ends_in_an_ellipsis_within_the_width() -> None:
    cut = shorten("A rather long name of a place", 80, 12, "en")
    assert cut.endswith("…")
    assert fonts.width(cut, 12, "en") <= 80
    assert shorten("short", 80, 12, "en") == "short"
