"""The shipped fonts show every text of the product, measure what is drawn, and say when they are gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from pictures import sample

from dashboard.dataset import LANGS, Dataset, Lang
from dashboard.figures import build
from dashboard.paths import FONTS, data_dir
from dashboard.pictures import draw, png
from dashboard.type import fonts
from dashboard.type.fonts import FontError
from tests.shipped import FIGURES
from tools import font_coverage as coverage


@pytest.mark.parametrize("lang", LANGS)
def test_every_text_of_messages_and_tables_has_its_glyphs(lang: Lang) -> None:
    lacking = {}
    for where, text in coverage.texts(data_dir()):
        if gone := coverage.missing(text, lang):
            lacking[where] = gone
    assert not lacking, "rebuild the fonts: python -m tools.fonts"


@pytest.mark.parametrize("lang", LANGS)
def test_every_figure_has_its_glyphs(dataset: Dataset, lang: Lang) -> None:
    lacking = {}
    for figure in FIGURES:
        chart = build(figure, dataset, lang)
        texts = f"{chart.title}{chart.subtitle}{chart.empty}{''.join(chart.notes)}"
        if gone := coverage.missing(texts, lang):
            lacking[figure] = gone
    assert not lacking, "rebuild the fonts: python -m tools.fonts"


def test_a_glyph_that_does_not_ship_is_named() -> None:
    assert coverage.missing("深圳龘a龘𠮷", "zh-Hans") == "龘𠮷"
    assert coverage.missing("Shenzhen’s — “gap” 2,103 × ≈ →", "en") == ""


def test_traditional_and_simplified_glyphs_differ() -> None:
    """The same character is drawn as each region writes it: 骨 turns its inner corner the other way."""
    one, two = (
        png(draw(sample.titled("骨", lang)), scale=4)  # same words, other face
        for lang in ("zh-Hans", "zh-Hant")
    )
    assert one != two


def test_english_quotation_marks_are_as_wide_as_english_wants() -> None:
    assert fonts.width("’", 100, "en") < 40
    assert fonts.width("’", 100, "zh-Hans") == 100
    assert fonts.width("深", 100, "en") == 100, "hanzi come from the next face"


def test_bold_is_wider_and_width_grows_with_size() -> None:
    assert fonts.width("Shenzhen", 12, "en", strong=True) > fonts.width("Shenzhen", 12, "en")
    assert fonts.width("Shenzhen", 24, "en") == pytest.approx(2 * fonts.width("Shenzhen", 12, "en"))


def test_a_missing_font_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(FontError, match=r"^font Nothing\.otf is missing in .*python -m tools\.fonts`$"):
        fonts.face("Nothing", tmp_path)
    (tmp_path / "Broken.otf").write_bytes(b"not a font")
    with pytest.raises(FontError, match=r"^font Broken\.otf cannot be read .*reinstall"):
        fonts.face("Broken", tmp_path)


def test_the_licence_ships_beside_the_fonts() -> None:
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text("utf-8")
