"""The marks of a chart record as SVG elements, at the places that ``layout`` gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from dashboard.figures.layout import Placed
from dashboard.figures.record import Bars, Cells, Dots, Land, Line, Mark, Point, Rule
from dashboard.figures.theme import DASHES, line_opacity
from dashboard.pictures.elements import PaintResolver, element, keys, num, tooltip


def mark_elements(mark: Mark, at: Placed, ink: PaintResolver) -> Iterator[str]:
    match mark:
        case Line():
            yield from _line(mark, at, ink)
        case Bars():
            yield from _bars(mark, at, ink)
        case Dots():
            paint = ink.role(mark.colour) if mark.shade is None else ink.cell(mark.colour, mark.shade)
            for n, point in enumerate(mark.points):
                if point.y is not None:
                    yield _dot(
                        point, mark.size_of(n), paint, at, ink, _classes("dot", mark.name), mark.hollow
                    )
        case Rule():
            yield _rule(mark, at, ink)
        case Cells():
            yield from _cells(mark, at, ink)
        case Land():
            rings = [_path([(at.x(x), at.y(y)) for x, y in ring]) + "z" for ring in mark.rings if ring]
            yield element(
                "path", d="".join(rings) or "M0,0", class_="land", fill=ink.role(mark.colour),
                fill_rule="evenodd",
            )  # fmt: skip


def _line(mark: Line, at: Placed, ink: PaintResolver) -> Iterator[str]:
    runs = [list(run) for gap, run in groupby(mark.points, key=lambda p: p.y is None) if not gap]
    paint = ink.role(mark.colour)
    paths = [_path([(at.x(p.x), at.y(p.y or 0.0)) for p in run]) for run in runs if len(run) > 1]
    if paths:
        opacity = line_opacity(mark.colour)
        yield element(
            "path", d="".join(paths), class_=_classes("line", mark.name, mark.strong), fill="none",
            stroke=paint, stroke_width=mark.width, stroke_linejoin="round",
            stroke_opacity=opacity if opacity < 1 else None,
            stroke_linecap="round" if mark.dash == "solid" else "butt",
            stroke_dasharray=DASHES[mark.dash] or None,
        )  # fmt: skip
    size = 6.5 if mark.markers else mark.width * 2
    for run in runs:
        for point in run if mark.markers or len(run) == 1 else ():
            yield _dot(point, size, paint, at, ink, _classes("point", mark.name))


def _path(places: Sequence[tuple[float, float]]) -> str:
    """Return path commands through pixels, relative and to a tenth of a pixel."""
    rounded = [(round(x, 1), round(y, 1)) for x, y in places]
    steps = [f"{num(bx - ax)},{num(by - ay)}" for (ax, ay), (bx, by) in pairwise(rounded)]
    return f"M{num(rounded[0][0])},{num(rounded[0][1])}" + ("l" + " ".join(steps) if steps else "")


def _bars(mark: Bars, at: Placed, ink: PaintResolver) -> Iterator[str]:
    horizontal = mark.orientation == "h"
    along, across = (at.chart.x, at.chart.y) if horizontal else (at.chart.y, at.chart.x)
    to_along, to_across = (at.x, at.y) if horizontal else (at.y, at.x)
    low, high = sorted(along.domain)
    thick = abs(to_across(across.domain[0] + 1) - to_across(across.domain[0])) * mark.thickness
    for bar in mark.items:
        start, end = sorted(to_along(min(max(v, low), high)) for v in (bar.base, bar.value))
        side, long = to_across(bar.position) - thick / 2, max(end - start, 0.5)
        yield element(
            "rect", tooltip(bar.text), x=start if horizontal else side, y=side if horizontal else start,
            width=long if horizontal else max(thick, 0.5), height=max(thick, 0.5) if horizontal else long,
            class_=_classes("bar", mark.name), fill=ink.role(bar.colour),
            fill_opacity="0.4" if bar.provisional else None, data_key=keys(bar.keys),
        )  # fmt: skip


def _rule(mark: Rule, at: Placed, ink: PaintResolver) -> str:
    x1, y1, x2, y2 = at.ends(mark)
    return element(
        "line", x1=x1, y1=y1, x2=x2, y2=y2, class_="rule", stroke=ink.role(mark.colour),
        stroke_width=mark.width, stroke_dasharray=DASHES[mark.dash] or None,
    )  # fmt: skip


def _cells(mark: Cells, at: Placed, ink: PaintResolver) -> Iterator[str]:
    for cell in mark.items:
        x0, x1 = sorted((at.x(cell.column - 0.5), at.x(cell.column + 0.5)))
        y0, y1 = sorted((at.y(cell.row - 0.5), at.y(cell.row + 0.5)))
        yield element(
            "rect", tooltip(cell.text), x=x0 + 0.75, y=y0 + 0.75, width=x1 - x0 - 1.5, height=y1 - y0 - 1.5,
            rx=2.0, class_=_classes("cell", mark.name), fill=ink.cell(mark.ramp, cell.shade),
            stroke=ink.role("rule") if cell.shade is None else None, data_key=keys(cell.keys),
        )  # fmt: skip


def _dot(
    point: Point, size: float, paint: str, at: Placed, ink: PaintResolver, classes: str, hollow: bool = False
) -> str:
    paper = ink.role("paper")
    return element(
        "circle", tooltip(point.text), cx=at.x(point.x), cy=at.y(point.y or 0.0), r=size / 2, class_=classes,
        fill=paper if hollow else paint, stroke=paint if hollow else paper,
        stroke_width=1.8 if hollow else 1.0, data_key=keys(point.keys),
    )  # fmt: skip


def _classes(kind: str, name: str, strong: bool = False) -> str:
    """Return class names: the kind, the series (an id, so safe; anything else is dropped), ``strong``."""
    named = name if name and all(c.isalnum() or c in "_-" for c in name) else ""
    return " ".join(c for c in (kind, named, "strong" if strong else "") if c)
