"""The marks of a chart record as SVG elements, at the places that ``layout`` gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from dashboard.figures.layout import Placed
from dashboard.figures.record import (
    Axis,
    Bar,
    Bars,
    Cell,
    Cells,
    Dots,
    Land,
    Line,
    Mark,
    Point,
    Rule,
    Symbol,
)
from dashboard.figures.theme import DASHES, line_opacity
from dashboard.pictures.elements import PaintResolver, element, keys, num, tip


def draw(mark: Mark, at: Placed, ink: PaintResolver, clip: str) -> Iterator[str]:
    """Yield the elements of a mark; texts are drawn with the labels."""
    match mark:
        case Line():
            yield from _line(mark, at, ink, clip)
        case Bars():
            yield from _bars(mark, at, ink)
        case Dots():
            for n, point in enumerate(mark.points):
                if point.y is not None:
                    paint = ink.role(mark.colour) if mark.shade is None else ink.cell(mark.colour, mark.shade)
                    yield _symbol(point, mark.symbol, mark.size_of(n), paint, at, ink, mark.name, "dot")
        case Rule():
            yield _rule(mark, at, ink)
        case Cells():
            for cell in mark.items:
                yield _cell(cell, mark, at, ink)
        case Land():
            yield _land(mark, at, ink, clip)


def _inside(axis: Axis, value: float) -> bool:
    low, high = sorted(axis.domain)
    slack = (high - low) * 1e-6
    return low - slack <= value <= high + slack


def _clip(points: Iterable[Point], at: Placed, clip: str) -> str | None:
    """Return the clip path's reference when a point lies outside the axes."""
    chart = at.chart
    outside = (p.y is not None and not (_inside(chart.x, p.x) and _inside(chart.y, p.y)) for p in points)
    return f"url(#{clip})" if any(outside) else None


def _runs(points: Sequence[Point]) -> Iterator[list[Point]]:
    """Yield the pieces of a line between gaps."""
    run: list[Point] = []
    for point in points:
        if point.y is not None:
            run.append(point)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _path(places: Sequence[tuple[float, float]]) -> str:
    """Return path commands through pixels, relative and to a tenth of a pixel."""
    rounded = [(round(x, 1), round(y, 1)) for x, y in places]
    out = [f"M{num(rounded[0][0])},{num(rounded[0][1])}"]
    if len(rounded) > 1:
        steps = [f"{num(bx - ax)},{num(by - ay)}" for (ax, ay), (bx, by) in pairwise(rounded)]
        out.append("l" + " ".join(steps))
    return "".join(out)


def _places(points: Iterable[Point], at: Placed) -> list[tuple[float, float]]:
    return [(at.x(p.x), at.y(p.y)) for p in points if p.y is not None]


def _line(mark: Line, at: Placed, ink: PaintResolver, clip: str) -> Iterator[str]:
    runs = list(_runs(mark.points))
    paths = [_path(_places(run, at)) for run in runs if len(run) > 1]
    if paths:
        yield element(
            "path", d="".join(paths), class_=_classes("line", mark.name, mark.strong), fill="none",
            stroke=ink.role(mark.colour), stroke_width=mark.width, stroke_linejoin="round",
            stroke_opacity=opacity if (opacity := line_opacity(mark.colour)) < 1 else None,
            stroke_linecap="round" if mark.dash == "solid" else "butt",
            stroke_dasharray=DASHES[mark.dash] or None, clip_path=_clip(mark.points, at, clip),
        )  # fmt: skip
    lone = [run[0] for run in runs if len(run) == 1]
    for point in [p for p in mark.points if p.y is not None] if mark.markers else lone:
        size = 6.5 if mark.markers else mark.width * 2
        yield _symbol(point, mark.symbol, size, ink.role(mark.colour), at, ink, mark.name, "point")


def _clamped(axis: Axis, value: float) -> float:
    low, high = sorted(axis.domain)
    return min(max(value, low), high)


def _bars(mark: Bars, at: Placed, ink: PaintResolver) -> Iterator[str]:
    lying = mark.orientation == "h"
    along, across = (at.chart.x, at.chart.y) if lying else (at.chart.y, at.chart.x)
    to_along, to_across = (at.x, at.y) if lying else (at.y, at.x)
    half = abs(to_across(across.domain[0] + 1) - to_across(across.domain[0])) * mark.thickness / 2
    for bar in mark.items:
        ends = sorted(to_along(_clamped(along, v)) for v in (bar.base, bar.value))
        middle = to_across(bar.position)
        x, y = (ends[0], middle - half) if lying else (middle - half, ends[0])
        wide, high = (ends[1] - ends[0], 2 * half) if lying else (2 * half, ends[1] - ends[0])
        yield _bar(bar, mark.name, x, y, wide, high, ink)


def _bar(bar: Bar, name: str, x: float, y: float, wide: float, high: float, ink: PaintResolver) -> str:
    paint = ink.role(bar.colour)
    solid = bar.pattern == "solid"
    return element(
        "rect", tip(bar.text), x=x, y=y, width=max(wide, 0.5), height=max(high, 0.5),
        class_=_classes("bar", name), fill=paint, fill_opacity=None if solid else "0.4",
        data_key=keys(bar.keys),
    )  # fmt: skip


def _rule(mark: Rule, at: Placed, ink: PaintResolver) -> str:
    plot = at.plot
    return element(
        "line",
        x1=plot.left if mark.x0 is None else at.x(mark.x0),
        y1=plot.bottom if mark.y0 is None else at.y(mark.y0),
        x2=plot.right if mark.x1 is None else at.x(mark.x1),
        y2=plot.top if mark.y1 is None else at.y(mark.y1),
        class_="rule", stroke=ink.role(mark.colour), stroke_width=mark.width,
        stroke_dasharray=DASHES[mark.dash] or None,
    )  # fmt: skip


def _cell(cell: Cell, mark: Cells, at: Placed, ink: PaintResolver) -> str:
    x0, x1 = sorted((at.x(cell.column - 0.5), at.x(cell.column + 0.5)))
    y0, y1 = sorted((at.y(cell.row - 0.5), at.y(cell.row + 0.5)))
    return element(
        "rect", tip(cell.text), x=x0 + 0.75, y=y0 + 0.75, width=x1 - x0 - 1.5, height=y1 - y0 - 1.5, rx=2.0,
        class_=_classes("cell", mark.name), fill=ink.cell(mark.ramp, cell.shade),
        stroke=ink.role("rule") if cell.shade is None else None, data_key=keys(cell.keys),
    )  # fmt: skip


def _land(mark: Land, at: Placed, ink: PaintResolver, clip: str) -> str:
    rings = [_path([(at.x(x), at.y(y)) for x, y in ring]) + "z" for ring in mark.rings if ring]
    return element(
        "path", d="".join(rings) or "M0,0", class_="land", fill=ink.role(mark.colour), fill_rule="evenodd",
        clip_path=f"url(#{clip})",
    )  # fmt: skip


def _symbol(
    point: Point,
    symbol: Symbol,
    size: float,
    paint: str,
    at: Placed,
    ink: PaintResolver,
    name: str,
    kind: str,
) -> str:
    """Return a marker ``size`` pixels across; all have about the area of the circle, and a paper rim."""
    x, y, r = at.x(point.x), at.y(point.y or 0.0), size / 2
    paper = ink.role("paper")
    body, cls, key = tip(point.text), _classes(kind, name), keys(point.keys)
    if symbol in ("circle", "ring"):
        ring = symbol == "ring"
        return element(
            "circle", body, cx=x, cy=y, r=r, class_=cls, fill=paper if ring else paint,
            stroke=paint if ring else paper, stroke_width=1.8 if ring else 1.0, data_key=key,
        )  # fmt: skip
    if symbol == "cross":
        a = num(r * 0.85)
        b = num(r * 1.7)
        d = f"M{num(x)},{num(y)}m-{a},-{a}l{b},{b}m0,-{b}l-{b},{b}"
        return element(
            "path", body, d=d, class_=cls, fill="none", stroke=paint, stroke_width=2.0, data_key=key
        )
    corners = {
        "square": [(-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)],
        "diamond": [(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)],
        "triangle": [(0, -1.25), (1.2, 0.9), (-1.2, 0.9)],
    }[symbol]
    d = "M" + "L".join(f"{num(x + dx * r)},{num(y + dy * r)}" for dx, dy in corners) + "z"
    return element("path", body, d=d, class_=cls, fill=paint, stroke=paper, stroke_width=1.0, data_key=key)


def _classes(kind: str, name: str, strong: bool = False) -> str:
    """Return class names: the kind, the series (an id, so safe; anything else is dropped), ``strong``."""
    named = name if name and all(c.isalnum() or c in "_-" for c in name) else ""
    return " ".join(c for c in (kind, named, "strong" if strong else "") if c)
