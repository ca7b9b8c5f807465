"""SVG: each mark where layout says, files complete, pages themable, nothing in unescaped."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from pictures import sample

from dashboard.dataset import LANGS
from dashboard.figures.geometry import Label
from dashboard.figures.layout import place
from dashboard.figures.record import Bars, Cells, Chart, Dots, Line
from dashboard.figures.theme import PALETTE, THEMES, colour
from dashboard.pictures import draw, svg
from dashboard.pictures.elements import text_element

NS = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>\"'&\x00\x0b]]>"


def parsed(chart: Chart, *, framed: bool = False) -> ET.Element:
    return ET.fromstring(draw(chart).svg() if framed else svg(chart))  # noqa: S314 - our own text


def of_class(root: ET.Element, name: str) -> list[ET.Element]:
    drawn = (e for e in root.iter() if not e.tag.endswith("}g"))
    return [e for e in drawn if name in e.get("class", "").split()]


def walk(path: str) -> list[tuple[float, float]]:
    """Absolute places of our relative paths."""
    x, y = map(float, path[1:].partition("l")[0].split(","))
    out = [(x, y)]
    for step in path.partition("l")[2].split():
        dx, dy = map(float, step.split(","))
        x, y = x + dx, y + dy
        out.append((x, y))
    return out


def test_a_line_runs_through_its_points() -> None:
    chart = sample.gdp()
    at = place(chart, 640, 360)
    drawn = of_class(parsed(chart), "line")
    lines = [m for m in chart.marks if isinstance(m, Line)]
    assert len(drawn) == len(lines)
    for element, mark in zip(drawn, lines, strict=True):
        places = walk(element.get("d", ""))
        for (x, y), point in zip(places, mark.points, strict=True):
            assert point.y is not None
            assert (x, y) == (pytest.approx(at.x(point.x), abs=0.15), pytest.approx(at.y(point.y), abs=0.15))
        assert element.get("stroke") == colour(mark.colour)
        assert (element.get("stroke-dasharray") is None) == (mark.dash == "solid")


def test_a_gap_in_the_figures_is_a_gap_in_the_line() -> None:
    chart = sample.gapped()
    (element,) = of_class(parsed(chart), "line")
    assert element.get("d", "").count("M") == 2
    assert len(of_class(parsed(chart), "point")) == 1, "a lone figure between gaps is a point"


@pytest.mark.parametrize("orientation", ["h", "v"])
def test_bars_reach_from_base_to_value(orientation: str) -> None:
    chart = sample.bars(orientation=orientation)
    at = place(chart, 640, 360)
    mark = next(m for m in chart.marks if isinstance(m, Bars))
    for element, bar in zip(of_class(parsed(chart), "bar"), mark.items, strict=True):
        x, y, w, h = (float(element.get(k, "")) for k in ("x", "y", "width", "height"))
        along, across = ((x, x + w), (y, y + h)) if orientation == "h" else ((y, y + h), (x, x + w))
        to, of = (at.x, at.y) if orientation == "h" else (at.y, at.x)
        assert along == pytest.approx(sorted((to(bar.base), to(bar.value))), abs=0.2)
        assert sum(across) / 2 == pytest.approx(of(bar.position), abs=0.2)
    lighter = [e.get("fill-opacity") for e in of_class(parsed(chart), "bar")]
    assert lighter == [None, None, "0.4", None][: len(lighter)]


def test_dots_and_fields_stand_at_their_values_and_say_what_they_rest_on() -> None:
    chart = sample.lands()
    at = place(chart, 640, 360)
    for mark in (m for m in chart.marks if isinstance(m, Dots)):
        (element,) = of_class(parsed(chart), mark.name)
        d = element.get("d")
        x, y = (float(element.get("cx", "0")), float(element.get("cy", "0"))) if d is None else centre(d)
        assert (x, y) == pytest.approx((at.x(mark.points[0].x), at.y(mark.points[0].y or 0)), abs=0.2)
    heat = sample.heat()
    at = place(heat, 640, 360)
    cells = next(m for m in heat.marks if isinstance(m, Cells))
    for element, cell in zip(of_class(parsed(heat), "cell"), cells.items, strict=True):
        x = float(element.get("x", "")) + float(element.get("width", "")) / 2
        assert x == pytest.approx(at.x(cell.column), abs=0.2)
        assert element.get("data-key") == ("|".join(cell.keys[0]) if cell.keys else None)
    assert any(c.keys for c in cells.items)


def centre(path: str) -> tuple[float, float]:
    corners = [tuple(map(float, p.split(","))) for p in re.split("[MLz]", path) if p]
    return sum(c[0] for c in corners) / len(corners), sum(c[1] for c in corners) / len(corners)


@pytest.mark.parametrize("name", sample.ALL)
def test_labels_stand_where_layout_says(name: str) -> None:
    chart = sample.ALL[name]()
    at = place(chart, 640, 360)
    drawn = {
        (round(float(t.get("x", "")), 1), round(float(t.get("y", "")), 1)): "".join(t.itertext())
        for t in parsed(chart).iter(f"{NS}text")
    }
    assert len(drawn) == len(at.labels)
    for label in at.labels:
        near = min(drawn, key=lambda p: abs(p[0] - label.x) + abs(p[1] - label.y))
        assert near == pytest.approx((label.x, label.y), abs=0.15)
        assert drawn[near].replace(" ", "") == "".join(label.lines).replace(" ", "")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("theme", THEMES)
def test_a_file_says_all_about_itself(lang: str, theme: str) -> None:
    chart = replace(sample.gdp(lang), meta=sample.META)
    root = ET.fromstring(draw(chart, theme).svg())  # type: ignore[arg-type]  # noqa: S314
    text = " ".join("".join(t.itertext()) for t in root.iter(f"{NS}text")).replace("\u00a0", " ")
    assert root.get("lang") == lang
    assert root.findtext(f"{NS}title") == chart.title
    assert root.findtext(f"{NS}desc") == chart.alt
    for said in (*sample.META.values(), "Pursuit"):
        assert said in text
    flat = text.replace(" ", "")
    assert chart.title.replace(" ", "") in flat
    assert chart.notes[0].replace(" ", "") in flat
    assert colour("paper", theme) in draw(chart, theme).svg()  # type: ignore[arg-type]


def test_a_page_leaves_colours_and_fonts_to_css() -> None:
    text = svg(sample.heat(), "css")
    assert not re.search("#[0-9A-Fa-f]{6}", text)
    assert "font-family" not in text
    assert set(re.findall(r"var\(--([a-z_]+)\)", text)) <= set(PALETTE["light"])
    root = ET.fromstring(text)  # noqa: S314
    assert root.get("role") == "img"
    assert root.get("aria-label") == sample.heat().alt
    assert root.get("viewBox") == "0 0 640 360"
    assert root.get("width") is None


def test_hostile_words_stay_words() -> None:
    for chart in (sample.gdp("en"), sample.crowd(), sample.heat(), sample.nothing()):
        bad = sample.everywhere(chart, HOSTILE)
        for frame in (True, False):
            root = parsed(bad, framed=frame)
            assert not list(root.iter(f"{NS}script"))
            assert not [a for e in root.iter() for a in e.attrib if a.startswith("on")]


def test_a_colour_role_from_nowhere_cannot_write_css() -> None:
    chart = sample.recoloured("x);}</style><script>")
    for paint in ("css", "light"):
        assert "script" not in svg(chart, paint)


@pytest.mark.parametrize(
    ("width", "height"), [(640, None), (1600, 900), (1080, 1080), (1123, 794), (358, None)]
)
def test_a_picture_has_the_size_asked_for(width: int, height: int | None) -> None:
    root = ET.fromstring(draw(sample.gdp("en"), width=width, height=height).svg())  # noqa: S314
    assert float(root.get("width", "")) == pytest.approx(width, abs=0.1)
    if height:
        assert float(root.get("height", "")) == pytest.approx(height, abs=0.1)
    else:
        assert float(root.get("height", "")) > 360


def test_nothing_in_a_picture_leaves_its_frame() -> None:
    for name, build in sample.ALL.items():
        root = ET.fromstring(draw(replace(build(), meta=sample.META), width=1600, height=900).svg())  # noqa: S314
        high = float(root.get("viewBox", "").split()[3])
        for group in root.findall(f"{NS}g"):
            for text in group.findall(f"{NS}text"):
                lines = len(text.findall(f"{NS}tspan"))
                last = float(text.get("y", "")) + lines * float(group.get("font-size", "")) * 1.42
                assert 0 < last < high, (name, "".join(text.itertext()))


def test_a_picture_too_small_for_its_words_is_refused() -> None:
    with pytest.raises(ValueError, match="leave no room"):
        draw(sample.gdp("en"), width=300, height=140)


def test_embedded_fonts_carry_the_glyphs_in_use_and_no_others() -> None:
    import base64
    import io

    from fontTools.ttLib import TTFont

    chart = sample.gdp("zh-Hans")
    text = draw(chart).svg(embed_fonts=True)
    faces = re.findall(
        r"font-family:'([^']+)';font-weight:(\d+);src:url\(data:font/otf;base64,([^)]+)\)", text
    )
    assert {f[0] for f in faces} >= {"Noto Sans CJK SC", "Noto Serif CJK SC"}
    shown: set[int] = set()
    for _, _, data in faces:
        shown |= set(TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap())
    assert set(map(ord, chart.title)) <= shown
    assert len(shown) < 120
    assert len(text) < 90_000


@pytest.mark.parametrize(("lines", "anchor", "copied"), [
    (["of the fifth", "economic census"], "start", "of the fifth economic census"),
    (["第五次全国", "经济普查"], "start", "第五次全国经济普查"),
    (["Shenzhen–", "Shanwei"], "start", "Shenzhen–Shanwei"),
    (["largest in", "Beijing"], "end", "largest in Beijing"),
])  # fmt: skip
def test_copied_words_stay_apart(lines: list[str], anchor: str, copied: str) -> None:
    text = text_element(Label("text", tuple(lines), 0, 0, anchor, 12, "ink", "en"))  # type: ignore[arg-type]
    assert re.sub(r"<[^>]*>", "", text) == copied
