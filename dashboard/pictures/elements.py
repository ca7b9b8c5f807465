"""SVG elements as text, escaped and rounded: words, and the marks of a chart record."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby, pairwise
from xml.sax.saxutils import escape, quoteattr

from dashboard.figures.geometry import Label, Placed
from dashboard.figures.record import Bar, Bars, Cell, Cells, Dots, Land, Line, Mark, Point, Rule
from dashboard.figures.theme import DASHES, LINE_OPACITY, Paint, cell_colour, colour
from dashboard.type.text import RIGHT_TO_LEFT

XML_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML forbids."""


def num(value: float) -> str:
    """Return a coordinate to a tenth of a pixel, as short as it goes."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def element(name: str, body: str = "", /, **attributes: str | float | None) -> str:
    """Return an element; ``None`` leaves an attribute out, ``_`` in names becomes ``-``; values escaped."""
    parts = [name]
    for key, value in attributes.items():
        if value is not None:
            quoted = f'"{num(value)}"' if isinstance(value, (int, float)) else quoteattr(value)
            parts.append(f"{_attribute(key)}={quoted}")
    head = " ".join(parts)
    return f"<{head}>{body}</{name}>" if body else f"<{head}/>"


@cache
def _attribute(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def text_element(label: Label) -> str:
    """Return words as real text, one ``tspan`` a line after the first.

    The space that ended a line has no width where lines are not set from their start, which it would move.
    """
    gap = " " if label.anchor == "start" else '<tspan font-size="0"> </tspan>'
    parts = [_isolated(line.rstrip(" ")) + gap * line.endswith(" ") for line in label.copied]
    down = num(label.size * label.leading)
    body = parts[0] + "".join(f'<tspan x="{num(label.x)}" dy="{down}">{part}</tspan>' for part in parts[1:])
    return element("text", body, x=label.x, y=label.y)


def _isolated(line: str) -> str:
    """Return a line escaped, words written from the right isolated, so that digits after them stay there."""
    escaped = escape(line)
    if escaped.isascii():
        return escaped
    return RIGHT_TO_LEFT.sub(r'<tspan unicode-bidi="isolate">\g<0></tspan>', escaped)


def _shape(name: str, of: Bar | Cell | Point, /, **attributes: str | float | None) -> str:
    """Return an element that says its text on hovering, and on a click leads to what it stands on."""
    title = f"<title>{escape(of.text)}</title>" if of.text else ""
    keys = " ".join("|".join(key) for key in of.keys) or None
    return element(name, title, **attributes, data_key=keys)


def mark_elements(mark: Mark, at: Placed, paint: Paint) -> Iterator[str]:
    match mark:
        case Line():
            yield from _line(mark, at, paint)
        case Bars():
            yield from _bars(mark, at, paint)
        case Dots():
            tint = colour(mark.colour, paint)
            tint = tint if mark.shade is None else cell_colour(mark.colour, mark.shade, paint)
            for point in mark.points:
                if point.y is not None:
                    yield _dot(point, mark.size, tint, at, paint, _classes("dot", mark.name), mark.hollow)
        case Rule():
            x1, y1, x2, y2 = at.ends(mark)
            yield element(
                "line", x1=x1, y1=y1, x2=x2, y2=y2, class_="rule", stroke=colour(mark.colour, paint),
                stroke_width=mark.width, stroke_dasharray=DASHES[mark.dash] or None,
            )  # fmt: skip
        case Cells():
            wide, high = abs(at.x(1) - at.x(0)) - 1.5, abs(at.y(1) - at.y(0)) - 1.5
            for cell in mark.items:
                yield _shape(
                    "rect", cell, x=at.x(cell.column) - wide / 2, y=at.y(cell.row) - high / 2, width=wide,
                    height=high, rx=2.0, class_=_classes("cell", mark.name),
                    fill=cell_colour(mark.ramp, cell.shade, paint),
                    stroke=colour("rule", paint) if cell.shade is None else None,
                )  # fmt: skip
        case Land():
            rings = [_path([(at.x(x), at.y(y)) for x, y in ring]) + "z" for ring in mark.rings]
            yield element(
                "path", d="".join(rings), class_="land", fill=colour("land", paint),
                fill_rule="evenodd",
            )  # fmt: skip


def _line(mark: Line, at: Placed, paint: Paint) -> Iterator[str]:
    runs = [list(run) for gap, run in groupby(mark.points, key=lambda p: p.y is None) if not gap]
    tint = colour(mark.colour, paint)
    paths = [_path([(at.x(p.x), at.y(p.y or 0.0)) for p in run]) for run in runs if len(run) > 1]
    if paths:
        yield element(
            "path", d="".join(paths), class_=_classes("line", mark.name), fill="none",
            stroke=tint, stroke_width=mark.width, stroke_linejoin="round",
            stroke_opacity=LINE_OPACITY.get(mark.colour),
            stroke_linecap="round" if mark.dash == "solid" else "butt",
            stroke_dasharray=DASHES[mark.dash] or None,
        )  # fmt: skip
    size = 6.5 if mark.markers else mark.width * 2
    for run in runs:
        for point in run if mark.markers or len(run) == 1 else ():
            yield _dot(point, size, tint, at, paint, _classes("point", mark.name))


def _path(places: Sequence[tuple[float, float]]) -> str:
    rounded = [(round(x, 1), round(y, 1)) for x, y in places]
    steps = [f"{num(bx - ax)},{num(by - ay)}" for (ax, ay), (bx, by) in pairwise(rounded)]
    return f"M{num(rounded[0][0])},{num(rounded[0][1])}" + ("l" + " ".join(steps) if steps else "")


def _bars(mark: Bars, at: Placed, paint: Paint) -> Iterator[str]:
    horizontal = mark.orientation == "h"
    along, across = (at.chart.x, at.chart.y) if horizontal else (at.chart.y, at.chart.x)
    to_along, to_across = (at.x, at.y) if horizontal else (at.y, at.x)
    low, high = sorted(along.domain)
    thick = abs(to_across(across.domain[0] + 1) - to_across(across.domain[0])) * mark.thickness
    for bar in mark.items:
        start, end = sorted(to_along(min(max(v, low), high)) for v in (bar.base, bar.value))
        side, long = to_across(bar.position) - thick / 2, max(end - start, 0.5)
        yield _shape(
            "rect", bar, x=start if horizontal else side, y=side if horizontal else start,
            width=long if horizontal else max(thick, 0.5), height=max(thick, 0.5) if horizontal else long,
            class_=_classes("bar", mark.name), fill=colour(bar.colour, paint),
            fill_opacity="0.4" if bar.provisional else None,
        )  # fmt: skip


def _dot(
    point: Point, size: float, tint: str, at: Placed, paint: Paint, classes: str, hollow: bool = False
) -> str:
    paper = colour("paper", paint)
    return _shape(
        "circle", point, cx=at.x(point.x), cy=at.y(point.y or 0.0), r=size / 2, class_=classes,
        fill=paper if hollow else tint, stroke=tint if hollow else paper,
        stroke_width=1.8 if hollow else 1.0,
    )  # fmt: skip


def _classes(kind: str, name: str) -> str:
    """Return class names: the kind and the series (an id, so safe; anything else is dropped)."""
    return f"{kind} {name}" if name and all(c.isalnum() or c in "_-" for c in name) else kind
