"""A claim as a picture to share: quote, proposition, verdict, chart; upright with a QR code, or wide."""

from dataclasses import dataclass
from typing import Any

import segno

from dashboard.figures.layout import place, text_colour
from dashboard.figures.record import Chart
from dashboard.figures.theme import Theme, colour
from dashboard.pictures.elements import element, num
from dashboard.pictures.frame import Column
from dashboard.pictures.picture import Painted, Picture
from dashboard.pictures.svg import moved, painted, plot

UPRIGHT, WIDE = (540, 720), (640, 336)
"""Sizes in the card's own units: what a phone shows whole, and what other sites show of a link."""
PAD, QR, MARK = 28.0, 92.0, 7.0


@dataclass(frozen=True, slots=True)
class CardText:
    """The words of a card, in the chart's language; ``outcome`` is the colour and shape of the verdict."""

    quote: str
    proposition: str
    outcome: str
    verdict: str
    sentence: str
    scan: str
    brand: str


def card(chart: Chart, words: CardText, theme: Theme = "light", *, address: str = "") -> Picture:
    """Return the card of a credited chart: upright with the QR code of ``address``, else wide."""
    lang, source = chart.lang, chart.meta.get("source", "")
    width, height = UPRIGHT if address else WIDE
    inner = width - 2 * PAD
    if address:
        claim = column = Column(lang, PAD, PAD, inner)
        foot = Column(lang, PAD, height - PAD - QR, inner - QR - 20)
        _set(foot, words.brand, 15, 1, serif=True, after=4)
        _set(foot, words.scan, 11, 2, after=4)
        _set(foot, source, 9.5, 3, "muted", leading=1.35)
        code, bottom = _code(address, width - PAD - QR, height - PAD - QR), height - PAD - QR - 22
    else:
        claim, column = Column(lang, PAD, PAD, 238), Column(lang, PAD + 264, PAD, inner - 264)
        foot = Column(lang, PAD + 264, height - PAD - 14, inner - 264)
        _set(foot, f"{words.brand} · {source}", 9, 3, "muted", leading=1.3)
        code, bottom = "", height - PAD - 22
    quotes = ("“", "”") if lang == "en" else ("「", "」")
    _set(claim, words.quote.join(quotes), 21 if address else 17, 5, serif=True, leading=1.38, after=10)
    _set(claim, words.proposition, 12.5, 3, "muted", after=10)
    verdict = _verdict(words.outcome, PAD + MARK, claim.y + 9, theme)
    _set(claim, words.verdict, 15, 1, words.outcome, strong=True, indent=3 * MARK)
    _set(claim, words.sentence, 13, 5, after=12)
    _set(column, chart.title, 15, 3, serif=True, leading=1.3, after=5)
    _set(column, chart.subtitle, 11, 2, "muted")
    drawn, labels = "", []
    if chart.marks:
        at = place(chart, column.width, bottom - column.y)
        drawn, labels = moved(plot(at, theme), column.x, column.y), painted(at, theme, column.x, column.y)
    else:
        _set(column, chart.empty, 13, 4, "muted")
    paper = element("rect", width=width, height=height, fill=colour("paper", theme))
    labelled = [label for c in dict.fromkeys((claim, column, foot)) for label in c.texts]
    texts = [Painted(label, text_colour(label, None, theme)) for label in labelled]
    return Picture(lang, (width, height), (width, height), paper + verdict + drawn + code, (*texts, *labels))


def _set(column: Column, text: str, size: float, max_lines: int, role: str = "ink", *, after: float = 8,
         leading: float = 1.45, **style: Any) -> None:  # fmt: skip
    """Add text to a column of a card, with the air below it that a card wants."""
    column.add(text, size, max_lines, role, down=size, after=0.3 * size + after, leading=leading, **style)


def _verdict(outcome: str, x: float, y: float, theme: Theme) -> str:
    """Return the mark of a verdict, which differs in shape as well as in colour."""
    paint = colour(outcome, theme)
    if outcome == "contradicted":
        return element("rect", x=x - MARK, y=y - MARK, width=2 * MARK, height=2 * MARK, rx=2, fill=paint)
    fill = paint if outcome == "supported" else "none"
    ring = element("circle", cx=x, cy=y, r=MARK - 1, fill=fill, stroke=paint, stroke_width=2)
    half = f"M{num(x)},{num(y - MARK)}A{num(MARK)},{num(MARK)} 0 0 0 {num(x)},{num(y + MARK)}Z"
    return ring + (element("path", d=half, fill=paint) if outcome == "mixed" else "")


def _code(address: str, x: float, y: float) -> str:
    """Return the QR code of an address, dark on light in every theme: that is what readers read."""
    rows = [*segno.make(address, error="m", micro=False).matrix]
    border = 2
    cell = QR / (len(rows) + 2 * border)
    dark = "".join(
        f"M{x + (border + n) * cell:.2f},{y + (border + m) * cell:.2f}h{cell:.2f}v{cell:.2f}h-{cell:.2f}z"
        for m, row in enumerate(rows)
        for n, on in enumerate(row)
        if on
    )
    return element("rect", x=x, y=y, width=QR, height=QR, fill="#ffffff") + element(
        "path", d=dark, fill="#000000", shape_rendering="crispEdges"
    )
