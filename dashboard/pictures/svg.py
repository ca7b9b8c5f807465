"""Chart record → SVG, as text: for pages (plot alone, CSS colours) and for files (framed, complete)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast
from xml.sax.saxutils import escape

from dashboard.dataset import Lang
from dashboard.figures.layout import Label, Placed, place
from dashboard.figures.record import FORMS, Bars, Chart
from dashboard.figures.theme import Theme
from dashboard.pictures.elements import PaintResolver, element, num, text_element
from dashboard.pictures.embed import font_faces
from dashboard.pictures.frame import Frame, framed
from dashboard.pictures.marks import draw
from dashboard.type import fonts

WITH_HALO = ("end", "point", "text", "bar")
"""Kinds of labels that may stand on drawn lines, and get a halo of paper; not what stands inside a bar."""
XML_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def svg(
    chart: Chart,
    theme: Theme = "light",
    *,
    width: int | None = None,
    height: int | None = None,
    frame: bool = True,
    css: bool = False,
    embed_fonts: bool = False,
) -> str:
    """Return a chart as SVG; the same record and options give the same text.

    ``frame`` puts title, subtitle, sources, notes, date, licence and mark around the plot, for files;
    without it there is the plot alone and pages write the rest in HTML. ``css`` names colours as custom
    properties (``var(--shenzhen)``) and inherits the page's font. ``embed_fonts`` carries the glyphs in
    use as OpenType. Sizes are CSS pixels; a framed picture without a height takes what its texts need, and
    above 720 pixels everything grows with it. Raises ``ValueError`` for a size too small to draw in, and
    :class:`dashboard.type.fonts.FontError` when a shipped font is missing.
    """
    wide = width or FORMS[chart.form][0]
    if frame:
        return _file(framed(chart, wide, height), theme, embed_fonts)
    high = height or chart.height or FORMS[chart.form][1]
    return _page(chart, wide, high, PaintResolver(theme, css))


def _page(chart: Chart, width: int, height: int, ink: PaintResolver) -> str:
    """Return the plot alone: scales with its container, says what it is."""
    placed = place(chart, width, height)
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {width} {height}",
        "lang": chart.lang,
        "role": "img",
        "class": "chart",
        "aria-label": chart.alt or chart.title,
    }
    if not ink.css:
        attributes["font-family"] = fonts.family(cast(Lang, chart.lang))
    return _clean(element("svg", plot(placed, ink), **attributes))


def _file(frame: Frame, theme: Theme, embed_fonts: bool) -> str:
    """Return a complete picture: title and description for software, the frame, the plot."""
    chart, ink = frame.chart, PaintResolver(theme, css=False)
    lang = cast(Lang, chart.lang)
    inner = plot(frame.placed, ink, standalone=True)
    body = [
        f"<title>{escape(chart.title)}</title>",
        f"<desc>{escape(chart.alt)}</desc>" if chart.alt else "",
        frame.metadata(),
    ]
    drawn = [
        element("rect", width=frame.width, height=frame.height, fill=ink.role("paper"), class_="paper"),
        *frame.elements(ink),
        element("g", inner, transform=f"translate({num(frame.left)},{num(frame.top)})", class_="plot"),
    ]
    if embed_fonts:
        body.append(f"<style>{font_faces(frame.runs(), lang)}</style>")
    return _clean(
        element(
            "svg",
            "".join(body + drawn),
            xmlns="http://www.w3.org/2000/svg",
            width=num(frame.width * frame.zoom),
            height=num(frame.height * frame.zoom),
            viewBox=f"0 0 {num(frame.width)} {num(frame.height)}",
            lang=chart.lang,
            role="img",
            font_family=fonts.family(lang),
        )
    )


def labels(placed: Placed) -> str:
    """Return every word of a chart with its leaders, as SVG in the page's colours."""
    ink = PaintResolver("light", css=True)
    leaders = "".join(_leader(label, ink) for label in placed.labels if label.target)
    return _clean(leaders + "".join(_labels(placed, ink, standalone=False)))


def plot(placed: Placed, ink: PaintResolver, *, standalone: bool = False) -> str:
    """Return everything inside the frame: grid, marks, leaders, labels; texts above all marks.

    ``standalone`` is for a file of its own, which programs open that know less of SVG than browsers do.
    """
    return "".join(_plot(placed, ink, standalone))


def _plot(at: Placed, ink: PaintResolver, standalone: bool) -> Iterator[str]:
    chart = at.chart
    clip = re.sub(r"[^A-Za-z0-9_-]", "-", f"clip-{chart.id}-{chart.form}-{at.width:.0f}")
    body = "".join(part for mark in chart.marks for part in draw(mark, at, ink, clip))
    if f"url(#{clip})" in body:
        box = at.plot
        edge = element("rect", x=box.left, y=box.top, width=box.width, height=box.height)
        yield element("clipPath", edge, id=clip)
    if chart.marks:
        yield _grid(at, ink)
    yield body
    yield "".join(_leader(label, ink) for label in at.labels if label.target)
    yield from _labels(at, ink, standalone)


def _grid(at: Placed, ink: PaintResolver) -> str:
    """Return the grid as one path, and the base line of bars."""
    chart, box = at.chart, at.plot
    lines = []
    for axis, down in ((chart.x, True), (chart.y, False)):
        low, high = sorted(axis.domain)
        for tick in axis.ticks:
            if axis.grid and low <= tick.value <= high:
                lines.append(
                    f"M{num(at.x(tick.value))},{num(box.top)}V{num(box.bottom)}"
                    if down
                    else f"M{num(box.left)},{num(at.y(tick.value))}H{num(box.right)}"
                )
    out = ""
    if lines:
        out = element("path", d="".join(lines), class_="grid", stroke=ink.role("rule"), fill="none")
    for mark in chart.marks:
        if isinstance(mark, Bars) and mark.items:
            lying = mark.orientation == "h"
            axis, base = (chart.x if lying else chart.y), mark.items[0].base
            if min(axis.domain) <= base <= max(axis.domain):
                d = (
                    f"M{num(at.x(base))},{num(box.top)}V{num(box.bottom)}"
                    if lying
                    else f"M{num(box.left)},{num(at.y(base))}H{num(box.right)}"
                )
                out += element("path", d=d, class_="base", stroke=ink.role("muted"), fill="none")
            break
    return out


def _leader(label: Label, ink: PaintResolver) -> str:
    """Return a thin line from a point to its label, when the label had to stand away from it."""
    assert label.target is not None  # noqa: S101 - for the type checker; callers choose labels with a target
    (x, y), box = label.target, label.box
    if label.kind == "end":
        cy = (box.top + box.bottom) / 2
        if abs(cy - y) < box.height * 0.7 or abs(box.left - x) > 40:
            return ""
        d = f"M{num(x + 2)},{num(y)}L{num(box.left - 2)},{num(cy)}"
    else:
        nx, ny = min(max(x, box.left), box.right), min(max(y, box.top), box.bottom)
        far = ((nx - x) ** 2 + (ny - y) ** 2) ** 0.5
        if far < 14:
            return ""
        d = f"M{num(x + (nx - x) * 5 / far)},{num(y + (ny - y) * 5 / far)}L{num(nx)},{num(ny)}"
    return element(
        "path", d=d, class_="leader", stroke=ink.role(label.colour), stroke_width=0.8, fill="none",
        stroke_opacity="0.6",
    )  # fmt: skip


def _labels(at: Placed, ink: PaintResolver, standalone: bool) -> Iterator[str]:
    """Yield the labels, grouped by what they have in common, which keeps pages small.

    A halo is the words drawn once more, below, as a line; LibreOffice would draw ``paint-order`` the wrong
    way round and hide the words, but pages have no ids to spare for hundreds of such groups.
    """
    groups: dict[tuple[str, str, str, str, bool, bool], list[Label]] = {}
    for label in at.labels:
        halo = label.kind in WITH_HALO and label.colour != "paper"
        shared = (label.kind, ink.label(label, at), label.anchor, num(label.size), label.strong, halo)
        groups.setdefault(shared, []).append(label)
    stroke = {"stroke": ink.role("paper"), "stroke_width": "3", "stroke_linejoin": "round"}
    for n, ((kind, paint, anchor, size, strong, halo), labels) in enumerate(groups.items()):
        texts = "".join(text_element(b.lines, b.x, b.y, b.size) for b in labels)
        if halo and standalone:
            below = element("use", href=f"#words-{n}", class_="halo", fill="none", **stroke)
            texts = below + element("g", texts, id=f"words-{n}")
        yield element(
            "g", texts, class_=kind, fill=paint, font_size=size,
            text_anchor=None if anchor == "start" else anchor, font_weight="700" if strong else None,
            **(stroke | {"paint_order": "stroke"} if halo and not standalone else {}),
        )  # fmt: skip


def _clean(text: str) -> str:
    """Return the picture without characters that XML forbids."""
    return XML_CONTROL.sub("", text)
