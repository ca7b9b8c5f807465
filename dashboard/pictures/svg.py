"""Chart record → SVG: the plot alone for pages, or a framed picture for files."""

from __future__ import annotations

import math

from dashboard.figures.layout import Label, Placed, place
from dashboard.figures.record import Axis, Bars, Chart
from dashboard.figures.theme import Theme
from dashboard.pictures.elements import XML_CONTROL, PaintResolver, element, num
from dashboard.pictures.frame import framed
from dashboard.pictures.marks import mark_elements
from dashboard.pictures.picture import Painted, Picture, text_groups
from dashboard.type import fonts

WITH_HALO = ("end", "point", "text", "bar")
"""Kinds of labels that may stand on drawn lines, and get a halo of paper; not what stands inside a bar."""


def svg(
    chart: Chart,
    theme: Theme = "light",
    *,
    width: int | None = None,
    height: int | None = None,
    css: bool = False,
) -> str:
    """Return the plot alone, for a page that writes title, notes and sources in HTML.

    Sizes are CSS pixels. ``css`` names colours as custom properties (``var(--shenzhen)``) and inherits the
    page's font. The same record and options give the same text.
    """
    wide, high = width or chart.size[0], height or chart.size[1]
    placed, ink = place(chart, wide, high), PaintResolver(theme, css)
    return XML_CONTROL.sub("", element(
        "svg", plot(placed, ink) + text_groups(painted(placed, ink)),
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {wide} {high}", lang=chart.lang, role="img",
        class_="chart", aria_label=chart.alt or chart.title,
        font_family=None if css else fonts.family(chart.lang),
    ))  # fmt: skip


def draw(
    chart: Chart, theme: Theme = "light", *, width: int | None = None, height: int | None = None
) -> Picture:
    """Return a chart with title, subtitle, sources, notes, date, licence and mark around its plot.

    Without a height the picture takes what its texts need; above 720 pixels everything grows with the width.
    Raises ``ValueError`` for a size too small to draw in, and :class:`dashboard.type.fonts.FontError` when a
    shipped font is missing.
    """
    frame, ink = framed(chart, width or chart.size[0], height), PaintResolver(theme, css=False)
    drawing = [
        element("rect", width=frame.width, height=frame.height, fill=ink.role("paper"), class_="paper"),
        element(
            "line", x1=frame.left, x2=frame.width - frame.left, y1=frame.rule, y2=frame.rule,
            stroke=ink.role("rule"), class_="frame",
        ),
        moved(plot(frame.placed, ink), frame.left, frame.top),
    ]  # fmt: skip
    return Picture(
        chart.lang,
        (round(frame.width * frame.zoom, 1), round(frame.height * frame.zoom, 1)),
        (frame.width, frame.height),
        "".join(drawing),
        (
            *(Painted(label, ink.words(label)) for label in frame.texts),
            *painted(frame.placed, ink, frame.left, frame.top),
        ),
        chart.title,
        chart.alt,
        frame.about(),
    )


def labels(placed: Placed) -> str:
    ink = PaintResolver("light", css=True)
    return XML_CONTROL.sub("", leaders(placed, ink) + text_groups(painted(placed, ink)))


def moved(body: str, left: float, top: float) -> str:
    return element("g", body, transform=f"translate({num(left)},{num(top)})", class_="plot")


def painted(at: Placed, ink: PaintResolver, left: float = 0.0, top: float = 0.0) -> list[Painted]:
    """Return the labels of a chart with their colours, moved by ``left`` and ``top``."""
    paper = ink.role("paper")
    return [
        Painted(
            label.moved(round(left, 1), round(top, 1)),
            ink.words(label, at),
            paper if label.kind in WITH_HALO and label.colour != "paper" else "",
        )
        for label in at.labels
    ]


def plot(at: Placed, ink: PaintResolver) -> str:
    drawn = [part for mark in at.chart.marks for part in mark_elements(mark, at, ink)]
    return "".join([_grid(at, ink) if drawn else "", *drawn, leaders(at, ink)])


def _grid(at: Placed, ink: PaintResolver) -> str:
    x, y = at.chart.x, at.chart.y
    grid = [_across(at, axis, t.value) for axis in (x, y) if axis.grid for t in axis.ticks]
    bars = next((m for _, m in at.marks(Bars) if m.items), None)
    base = _across(at, x if bars.orientation == "h" else y, bars.items[0].base) if bars else ""
    return "".join(
        element("path", d=d, class_=name, stroke=ink.role(role), fill="none")
        for d, name, role in (("".join(grid), "grid", "rule"), (base, "base", "muted"))
        if d
    )


def _across(at: Placed, axis: Axis, value: float) -> str:
    """Return the path across the plot at a value of an axis; empty outside its domain."""
    box = at.plot
    if not min(axis.domain) <= value <= max(axis.domain):
        return ""
    if axis is at.chart.x:
        return f"M{num(at.x(value))},{num(box.top)}V{num(box.bottom)}"
    return f"M{num(box.left)},{num(at.y(value))}H{num(box.right)}"


def leaders(at: Placed, ink: PaintResolver) -> str:
    """Return thin lines from points to those of their labels that had to stand away from them."""
    return "".join(
        element(
            "path", d=d, class_="leader", stroke=ink.role(label.colour), stroke_width=0.8, fill="none",
            stroke_opacity="0.6",
        )
        for label in at.labels
        if label.target and (d := _leader(label, *label.target))
    )  # fmt: skip


def _leader(label: Label, x: float, y: float) -> str:
    box = label.box
    if label.kind == "end":
        cy = (box.top + box.bottom) / 2
        away = abs(cy - y) >= box.height * 0.7 and abs(box.left - x) <= 40
        return f"M{num(x + 2)},{num(y)}L{num(box.left - 2)},{num(cy)}" if away else ""
    nx, ny = min(max(x, box.left), box.right), min(max(y, box.top), box.bottom)
    far = math.hypot(nx - x, ny - y)
    if far < 14:
        return ""
    return f"M{num(x + (nx - x) * 5 / far)},{num(y + (ny - y) * 5 / far)}L{num(nx)},{num(ny)}"
