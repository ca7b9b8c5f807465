"""PNG and PDF: right size, same bytes in another process, fonts inside, text to copy, metadata along."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pictures import sample
from PIL import Image
from pypdf import PdfReader

from dashboard.dataset import LANGS
from dashboard.figures.geometry import Label
from dashboard.figures.record import Anchor
from dashboard.pictures import PictureError, draw, png
from dashboard.pictures.elements import text_element
from dashboard.pictures.pdf import pdf
from dashboard.pictures.picture import Painted, Picture
from dashboard.pictures.shaping import shaped
from dashboard.type import fonts

TESTS = Path(__file__).resolve().parent.parent
DIGEST = """
import hashlib
from dashboard.pictures import draw, png
from dashboard.pictures.pdf import pdf
from pictures import sample
picture = draw(sample.gdp("zh-Hant"))
files = picture.svg(embed_fonts=True).encode(), png(picture), pdf(picture)
print([hashlib.sha256(b).hexdigest() for b in files])
"""


@pytest.mark.parametrize("scale", [1, 2, 0.5])
def test_a_png_has_scale_dots_to_a_pixel(scale: float) -> None:
    picture = Image.open(io.BytesIO(png(draw(sample.gdp(), width=1600, height=900), scale=scale)))
    assert picture.size == (round(1600 * scale), round(900 * scale))


@pytest.mark.parametrize("name", sample.ALL)
def test_a_png_shows_ink_on_paper(name: str) -> None:
    picture = Image.open(io.BytesIO(png(draw(sample.ALL[name](), "dark"), scale=1))).convert("RGB")
    colours = picture.getcolors(1 << 20)
    assert colours is not None
    assert len(colours) > 8
    assert max(colours)[1] == (0x16, 0x17, 0x1A), "the paper of the dark theme is most of it"


def test_a_png_carries_what_it_is() -> None:
    chart = replace(sample.gdp("zh-Hans"), meta=sample.META)
    picture = Image.open(io.BytesIO(png(draw(chart))))
    picture.load()
    text = picture.text  # type: ignore[attr-defined]
    assert text["Title"] == chart.title
    assert text["Source"] == sample.META["source"]
    assert text["Dataset"] == sample.META["version"]
    assert text["Copyright"] == sample.META["licence"]
    assert picture.info["dpi"][0] == pytest.approx(192, abs=0.5)


def test_other_processes_draw_the_same_bytes() -> None:
    run = [
        subprocess.run(
            [sys.executable, "-c", DIGEST], cwd=TESTS.parent, capture_output=True, text=True, check=True,
            env={"PYTHONPATH": f"{TESTS.parent}:{TESTS}", "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert run[0] == run[1]
    picture = draw(sample.gdp("zh-Hant"))
    files = picture.svg(embed_fonts=True).encode(), png(picture), pdf(picture)
    here = [hashlib.sha256(b).hexdigest() for b in files]
    assert str(here) == run[0].strip()


@pytest.mark.parametrize("lang", LANGS)
def test_a_pdf_gives_its_text_once_and_embeds_its_fonts(lang: str) -> None:
    chart = replace(sample.gdp(lang), meta=sample.META)
    reader = PdfReader(io.BytesIO(pdf(draw(chart))))
    page = reader.pages[0]
    text = page.extract_text()
    flat = "".join(text.split())
    assert "".join(chart.title.split()) in flat
    label = next(m.label for m in chart.marks if getattr(m, "label", ""))
    assert flat.count("".join(label.split())) == 1, "a rim around a label must not double its text"
    found = [f["/DescendantFonts"][0].get_object() for f in fonts_of(page)]
    assert found
    for font in found:
        assert {"/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"].get_object())
        assert "Pursuit" in font["/BaseFont"]


def fonts_of(page: object) -> list[dict]:  # type: ignore[type-arg]
    """Every font resource of a page, forms inside forms included."""
    out: list[dict] = []  # type: ignore[type-arg]

    def look(resources: dict) -> None:  # type: ignore[type-arg]
        out.extend(f.get_object() for f in resources.get("/Font", {}).get_object().values()) if resources.get(
            "/Font"
        ) else None
        for form in (resources.get("/XObject") or {}).values():
            if inner := form.get_object().get("/Resources"):
                look(inner.get_object())

    look(page["/Resources"].get_object())  # type: ignore[index]
    return out


def test_a_pdf_says_what_it_is_and_fills_its_paper() -> None:
    chart = replace(sample.gdp("zh-Hans"), meta=sample.META)
    reader = PdfReader(io.BytesIO(pdf(draw(chart, width=1123, height=794))), strict=True)
    assert reader.metadata is not None
    assert reader.metadata.title == chart.title
    assert sample.META["version"] in str(reader.metadata["/Keywords"])
    assert reader.trailer["/Root"]["/Lang"] == "zh-Hans"
    box = reader.pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx((841.9, 595.3), abs=0.6)


@pytest.mark.parametrize("scale", [0, -1, 50, float("nan")])
def test_a_senseless_scale_is_refused(scale: float) -> None:
    with pytest.raises(PictureError, match="scale"):
        png(draw(sample.gdp()), scale=scale)


def test_a_missing_font_stops_with_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    picture = draw(sample.gdp())
    real = fonts.face
    monkeypatch.setattr(fonts, "face", lambda name: real(name, tmp_path))
    with pytest.raises(fonts.FontError, match=r"Pursuit[A-Za-z]+-"):
        png(picture)


@pytest.mark.parametrize("name", ["𠮷野𬇕镇", "🚗汽车城", "مدينة"])
def test_a_character_without_a_glyph_is_named_and_stays_itself_in_a_pdf(name: str) -> None:
    chart = replace(sample.gdp("en"), title=f"{name} 1,609 and {name[::-1]}")
    picture = draw(chart)
    assert any(f"{c} (U+{ord(c):04X})" in line for line in picture.missing_glyphs() for c in name[:1])
    text = PdfReader(io.BytesIO(pdf(picture))).pages[0].extract_text()
    assert "1,609 and" in text
    assert all(c in text for c in name)
    assert draw(sample.gdp("en")).missing_glyphs() == []


def label(*lines: str, anchor: Anchor = "start") -> Label:
    return Label("text", lines, 50, 9, anchor, 12, "ink", "en")


def test_digits_beside_a_name_written_from_the_right_keep_their_order() -> None:
    """In pictures the name runs from the right, what follows it does not; SVG leaves it to the browser."""
    glyphs = shaped("مدينة 1,609", "en", False, False)
    assert "".join(g.text for g in glyphs) == "مدينة"[::-1] + " 1,609"
    assert [g.number for g in glyphs][-5:] == [g.number for g in shaped("1,609", "en", False, False)]
    words = text_element(label("مدينة المثال 1,609 & more"))
    assert '<tspan unicode-bidi="isolate">مدينة المثال</tspan> 1,609 &amp; more' in words


def test_characters_that_are_not_seen_stay_in_the_text_and_draw_nothing() -> None:
    glyphs = shaped("👩\u200d🚀\ufe0f", "en", False, False)
    assert [g.text for g in glyphs] == ["👩\u200d", "🚀\ufe0f"]


def test_a_space_between_lines_is_copied_and_takes_no_room() -> None:
    words = Painted(label("ab", "c", anchor="end"), "#000000")
    first, second = Picture("en", (100, 100), (100, 100), "", (words,)).lines()
    assert "".join(g.text for g in first.glyphs) == "ab "
    assert first.x == pytest.approx(50 - fonts.width("ab", 12, "en"), abs=0.5)
    assert second.y > first.y


def test_a_missing_glyph_is_measured_as_it_is_drawn() -> None:
    glyphs = shaped("𠮷𠮷a", "en", False, False)
    assert sum(g.advance for g in glyphs) == pytest.approx(fonts.ems("𠮷𠮷a", "en"))
