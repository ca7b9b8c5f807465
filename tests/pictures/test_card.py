"""A claim's card: every word that matters, its verdict's shape, a QR code of its address."""

from __future__ import annotations

import re

import pytest
import segno

from dashboard.dataset import LANGS, Dataset, Lang
from dashboard.figures import build
from dashboard.pictures import credited, png
from dashboard.pictures.card import CardText, card

ADDRESS = "https://example.org/en/claim/gdp_overtaken"


def said(outcome: str = "supported", quote: str = "Has it overtaken? No.") -> CardText:
    return CardText(quote, "What is tested", outcome, "Verdict", "In 2025 it was 59.4%.", "Scan", "Pursuit")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("address", ["", ADDRESS])
def test_quote_proposition_verdict_and_chart_are_on_it(dataset: Dataset, lang: Lang, address: str) -> None:
    chart = credited(build("gdp_overtaken", dataset, lang, "narrow"), dataset)
    drawn = card(chart, said(), address=address).svg()
    for words in ("Has it overtaken?", "What is tested", "Verdict", "59.4%", chart.title[:4], "Pursuit"):
        assert words in drawn
    assert 'class="grid"' in drawn
    wide, high = (int(re.findall(rf'{side}="(\d+)"', drawn)[0]) for side in ("width", "height"))
    assert (wide, high) == ((540, 720) if address else (640, 336))


def test_the_code_is_the_addresss_own(dataset: Dataset) -> None:
    drawn = card(build("gdp_overtaken", dataset, "en", "narrow"), said(), address=ADDRESS).svg()
    cells = re.findall(r'<path d="([^"]+)" fill="#000000" shape-rendering', drawn)[0].count("z")
    assert cells == sum(map(sum, segno.make(ADDRESS, error="m", micro=False).matrix))


def test_verdicts_differ_in_shape_not_only_in_colour(dataset: Dataset) -> None:
    chart = build("gdp_overtaken", dataset, "en", "narrow")
    outcomes = ("supported", "contradicted", "mixed", "no_public_data")
    shapes = {re.sub(r"#[0-9a-f]{6}", "", card(chart, said(o)).svg()) for o in outcomes}
    assert len(shapes) == len(outcomes)


def test_words_are_escaped_and_drawn(dataset: Dataset) -> None:
    chart = credited(build("gdp_overtaken", dataset, "en", "narrow"), dataset)
    drawn = card(chart, said(quote='<script>&"' + "long words " * 60), address=ADDRESS)
    assert "<script>" not in drawn.svg()
    assert png(drawn, scale=1).startswith(b"\x89PNG")
