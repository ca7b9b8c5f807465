"""A claim as a picture to send on: quote, proposition, verdict, chart; upright with a QR code, or wide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import segno

from dashboard.dataset import Lang
from dashboard.figures.layout import place
from dashboard.figures.record import Chart
from dashboard.figures.theme import Theme
from dashboard.pictures.elements import PaintResolver, element, num, text_element
from dashboard.pictures.svg import plot
from dashboard.type import fonts
from dashboard.type.text import wrap

UPRIGHT, WIDE = (540, 720), (640, 336)
"""Sizes in the card's own units: what a phone shows whole, and what other sites show of a link."""
PAD, QR, MARK = 28.0, 92.0, 7.0


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a card, in the chart's language; ``outcome`` is the colour and shape of the verdict."""

    quote: str
    proposition: str
    outcome: str
    verdict: str
    sentence: str
    scan: str
    brand: str


class _Column:
    """Words set one under another from ``y`` on."""

    def __init__(self, lang: Lang, ink: PaintResolver, x: float, y: float, width: float) -> None:
        self.lang, self.ink, self.x, self.y, self.width = lang, ink, x, y, width
        self.parts: list[str] = []

    def text(
        self, words: str, size: float, most: int, role: str = "ink", *, serif: bool = False,
        strong: bool = False, leading: float = 1.45, indent: float = 0, after: float = 8,
    ) -> None:  # fmt: skip
        """Set words in at most so many lines; what does not fit ends in an ellipsis."""
        lines = wrap(words, self.width - indent, size, self.lang, strong=strong, serif=serif, max_lines=most)
        if not lines:
            return
        self.y += size
        family = fonts.family(self.lang, serif=True) if serif else None
        weight = "700" if strong else None
        self.parts.append(
            text_element(
                lines, self.x + indent, self.y, size, leading, font_size=f"{size:g}",
                fill=self.ink.role(role), font_weight=weight, font_family=family,
            )
        )  # fmt: skip
        self.y += (len(lines) - 1) * size * leading + 0.3 * size + after

    def claim(self, said: Said, large: float) -> None:
        """Set quote, proposition, verdict and sentence."""
        marks = ("“", "”") if self.lang == "en" else ("「", "」")
        self.text(said.quote.join(marks), large, 5, serif=True, strong=True, leading=1.38, after=10)
        self.text(said.proposition, 12.5, 3, "muted", after=10)
        self.parts.append(_shape(said.outcome, self.x + MARK, self.y + 9, self.ink))
        self.text(said.verdict, 15, 1, said.outcome, strong=True, indent=3 * MARK, after=8)
        self.text(said.sentence, 13, 5, after=12)

    def chart(self, chart: Chart, bottom: float) -> None:
        """Set a chart's finding, measure and plot, the plot down to ``bottom``."""
        self.text(chart.title, 15, 3, serif=True, strong=True, leading=1.3, after=5)
        self.text(chart.subtitle, 11, 2, "muted", after=8)
        if chart.marks:
            drawn = plot(place(chart, self.width, bottom - self.y), self.ink, alone=True)
            self.parts.append(element("g", drawn, transform=f"translate({num(self.x)},{num(self.y)})"))
        else:
            self.text(chart.empty, 13, 4, "muted")
        self.y = bottom


def card(chart: Chart, said: Said, theme: Theme = "light", *, address: str = "") -> str:
    """Return a claim's card as SVG: upright with the QR code of ``address`` where one is given, else wide.

    ``chart`` carries its source line (:func:`dashboard.pictures.credited`).
    """
    ink, lang = PaintResolver(theme, css=False), cast(Lang, chart.lang)
    width, height = UPRIGHT if address else WIDE
    source = chart.meta.get("source", "")
    if address:
        column = _Column(lang, ink, PAD, PAD, width - 2 * PAD)
        column.claim(said, 21)
        column.chart(chart, height - PAD - QR - 22)
        foot = _Column(lang, ink, PAD, height - PAD - QR, width - 2 * PAD - QR - 20)
        foot.text(said.brand, 15, 1, serif=True, strong=True, after=4)
        foot.text(said.scan, 11, 2, after=4)
        foot.text(source, 9.5, 3, "muted", leading=1.35)
        parts = [*column.parts, *foot.parts, _code(address, width - PAD - QR, height - PAD - QR)]
    else:
        left = _Column(lang, ink, PAD, PAD, 238)
        left.claim(said, 17)
        right = _Column(lang, ink, PAD + 238 + 26, PAD, width - 2 * PAD - 264)
        right.chart(chart, height - PAD - 22)
        right.y += 8
        right.text(f"{said.brand} · {source}", 8.5, 2, "muted", leading=1.3)
        parts = [*left.parts, *right.parts]
    paper = element("rect", width=width, height=height, fill=ink.role("paper"))
    return element(
        "svg", paper + "".join(parts), xmlns="http://www.w3.org/2000/svg", width=width, height=height,
        viewBox=f"0 0 {width} {height}", lang=lang, font_family=fonts.family(lang),
    )  # fmt: skip


def _shape(outcome: str, x: float, y: float, ink: PaintResolver) -> str:
    """Return the mark of a verdict, as on the pages: full, square, half, ring."""
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
