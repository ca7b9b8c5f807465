"""Chart record → SVG: the plot alone for pages, or a framed picture for files."""

import math

from dashboard.figures.geometry import Label, Placed
from dashboard.figures.layout import place, text_colour
from dashboard.figures.record import Axis, Bars, Chart, Dots, Mark
from dashboard.figures.theme import Paint, Theme, colour
from dashboard.pictures.elements import XML_CONTROL, element, mark_elements, num
from dashboard.pictures.frame import framed
from dashboard.pictures.picture import Painted, Picture, text_groups
from dashboard.type import fonts

WITH_HALO = ("end", "point", "text", "bar")
"""Kinds of labels that may stand on drawn lines, and get a halo of paper; not what stands inside a bar."""


def svg(
    chart: Chart,
    paint: Paint = "light",
    *,
    width: int | None = None,
    height: int | None = None,
) -> str:
    """Return the plot alone, for a page that writes title, notes and sources in HTML.

    With ``css`` for a theme colours are custom properties (``var(--shenzhen)``) and the font is the page's.
    """
    wide, high = width or chart.size[0], height or chart.size[1]
    placed = place(chart, wide, high)
    return XML_CONTROL.sub("", element(
        "svg", plot(placed, paint) + text_groups(painted(placed, paint)),
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {wide} {high}", lang=chart.lang, role="img",
        class_="chart", aria_label=chart.alt or chart.title,
        font_family=None if paint == "css" else fonts.family(chart.lang),
    ))  # fmt: skip


def draw(
    chart: Chart, theme: Theme = "light", *, width: int | None = None, height: int | None = None
) -> Picture:
    """Return a chart with title, subtitle, sources, notes, date, licence and mark around its plot.

    Without a height the picture takes what its texts need. Raises ``ValueError`` for a size too small to draw
    in, and :class:`dashboard.type.fonts.FontError` when a shipped font is missing.
    """
    frame = framed(chart, width or chart.size[0], height)
    paper = element(
        "rect", width=frame.width, height=frame.height, fill=colour("paper", theme), class_="paper"
    )
    y = frame.top + frame.room + 10
    rule = element(
        "line", x1=frame.left, x2=frame.width - frame.left, y1=y, y2=y, stroke=colour("rule", theme),
        class_="frame",
    )  # fmt: skip
    about = {
        "dc:title": chart.title,
        "dc:description": chart.subtitle,
        "dc:source": chart.meta.get("source", ""),
        "dc:date": chart.meta.get("date", ""),
        "dc:identifier": chart.id,
        "dcterms:isVersionOf": chart.meta.get("version", ""),
        "dc:rights": chart.meta.get("licence", ""),
        "dc:language": chart.lang,
        "dc:creator": "Pursuit",
    }
    texts = [Painted(label, text_colour(label, None, theme)) for label in frame.texts]
    return Picture(
        chart.lang,
        (round(frame.width * frame.zoom, 1), round(frame.height * frame.zoom, 1)),
        (frame.width, frame.height),
        paper + rule + moved(plot(frame.placed, theme), frame.left, frame.top),
        (*texts, *painted(frame.placed, theme, frame.left, frame.top)),
        chart.alt,
        {term: value for term, value in about.items() if value},
    )


def labels(placed: Placed) -> str:
    return XML_CONTROL.sub("", leaders(placed, "css") + text_groups(painted(placed, "css")))


def moved(body: str, left: float, top: float) -> str:
    return element("g", body, transform=f"translate({num(left)},{num(top)})", class_="plot")


def painted(at: Placed, paint: Paint, left: float = 0.0, top: float = 0.0) -> list[Painted]:
    """Return the labels of a chart with their colours, moved by ``left`` and ``top``."""
    paper = colour("paper", paint)
    halos = [paper if b.kind in WITH_HALO and b.colour != "paper" else "" for b in at.labels]
    return [
        Painted(label.moved(round(left, 1), round(top, 1)), text_colour(label, at, paint), halo)
        for label, halo in zip(at.labels, halos, strict=True)
    ]


def plot(at: Placed, paint: Paint) -> str:
    drawn = [part for mark in at.chart.marks for part in mark_elements(mark, at, paint)]
    return "".join([_grid(at, paint) if drawn else "", *drawn, leaders(at, paint)])


def _grid(at: Placed, paint: Paint) -> str:
    x, y = at.chart.x, at.chart.y
    grid = [_across(at, axis, t.value) for axis in (x, y) if axis.grid for t in axis.ticks]
    bars = next((m for _, m in at.marks(Bars) if m.items), None)
    base = _across(at, x if bars.orientation == "h" else y, bars.items[0].base) if bars else ""
    return "".join(
        element("path", d=d, class_=name, stroke=colour(role, paint), fill="none")
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


def leaders(at: Placed, paint: Paint) -> str:
    """Return thin lines from points to those of their labels that had to stand away from them."""
    return "".join(
        element(
            "path", d=d, class_="leader", stroke=colour(label.colour, paint), stroke_width=0.8, fill="none",
            stroke_opacity="0.6",
        )
        for label in at.labels
        if label.target and (d := _leader(label, *label.target, at.chart.marks[label.mark]))
    )  # fmt: skip


def _leader(label: Label, x: float, y: float, mark: Mark) -> str:
    box, near = label.box, mark.size / 2 if isinstance(mark, Dots) else 5.0
    nx, ny = min(max(x, box.left), box.right), min(max(y, box.top), box.bottom)
    far = math.hypot(nx - x, ny - y)
    if far < near + 9:
        return ""
    dx, dy = (nx - x) * near / far, (ny - y) * near / far
    return f"M{num(x + dx)},{num(y + dy)}L{num(nx)},{num(ny)}"
