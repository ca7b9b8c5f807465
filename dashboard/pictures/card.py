"""A claim as a picture to share: quote, proposition, verdict, chart; upright with a QR code, or wide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import segno

from dashboard.figures.layout import place
from dashboard.figures.record import Chart
from dashboard.figures.theme import Theme
from dashboard.pictures.column import Column
from dashboard.pictures.elements import PaintResolver, element, num
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


class _CardColumn(Column):
    """A column of a card: what stands in it has the air below it that a card wants."""

    def set(
        self, text: str, size: float, max_lines: int, role: str = "ink", *, after: float = 8, **style: Any
    ) -> None:
        self.add(
            text, size, max_lines, role, down=size, after=0.3 * size + after, **{"leading": 1.45, **style}
        )

    def claim(self, words: CardText, large: float) -> float:
        """Set quote, proposition, verdict and sentence; return where the verdict's mark stands."""
        quotes = ("“", "”") if self.lang == "en" else ("「", "」")
        self.set(words.quote.join(quotes), large, 5, serif=True, leading=1.38, after=10)
        self.set(words.proposition, 12.5, 3, "muted", after=10)
        mark = self.y + 9
        self.set(words.verdict, 15, 1, words.outcome, strong=True, indent=3 * MARK)
        self.set(words.sentence, 13, 5, after=12)
        return mark

    def chart(self, chart: Chart, bottom: float, ink: PaintResolver) -> tuple[str, list[Painted]]:
        """Set a chart's finding and measure; return its plot, which reaches down to ``bottom``."""
        self.set(chart.title, 15, 3, serif=True, leading=1.3, after=5)
        self.set(chart.subtitle, 11, 2, "muted")
        if not chart.marks:
            self.set(chart.empty, 13, 4, "muted")
            return "", []
        at = place(chart, self.width, bottom - self.y)
        return moved(plot(at, ink), self.x, self.y), painted(at, ink, self.x, self.y)


def card(chart: Chart, words: CardText, theme: Theme = "light", *, address: str = "") -> Picture:
    """Return a claim's card: upright with the QR code of ``address`` where one is given, else wide.

    ``chart`` carries its source line (:func:`dashboard.pictures.credited`).
    """
    ink, lang = PaintResolver(theme, css=False), chart.lang
    width, height = UPRIGHT if address else WIDE
    source = chart.meta.get("source", "")
    if address:
        column = _CardColumn(lang, PAD, PAD, width - 2 * PAD)
        verdict = column.claim(words, 21)
        drawn, labels = column.chart(chart, height - PAD - QR - 22, ink)
        other = _CardColumn(lang, PAD, height - PAD - QR, width - 2 * PAD - QR - 20)
        other.set(words.brand, 15, 1, serif=True, after=4)
        other.set(words.scan, 11, 2, after=4)
        other.set(source, 9.5, 3, "muted", leading=1.35)
        drawn += _code(address, width - PAD - QR, height - PAD - QR)
    else:
        other = _CardColumn(lang, PAD, PAD, 238)
        verdict = other.claim(words, 17)
        column = _CardColumn(lang, PAD + 238 + 26, PAD, width - 2 * PAD - 264)
        drawn, labels = column.chart(chart, height - PAD - 22, ink)
        column.y = height - PAD - 14
        column.set(f"{words.brand} · {source}", 9, 3, "muted", leading=1.3)
    paper = element("rect", width=width, height=height, fill=ink.role("paper"))
    mark = _shape(words.outcome, PAD + MARK, verdict, ink)
    set_texts = [Painted(label, ink.words(label)) for label in (*column.texts, *other.texts)]
    return Picture(lang, (width, height), (width, height), paper + mark + drawn, (*set_texts, *labels))


def _shape(outcome: str, x: float, y: float, ink: PaintResolver) -> str:
    paint = ink.role(outcome)
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
