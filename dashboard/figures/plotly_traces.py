"""The marks of a chart record as plotly traces and shapes; texts are annotations."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from dashboard.figures import theme as look
from dashboard.figures.record import Bars, Cells, Chart, Dots, Land, Line, Mark, Point, Rule
from dashboard.figures.theme import Theme
from dashboard.type.text import isolated

LIGHTER = 0.4
"""Opacity of a bar whose figure is not final, as in the pictures."""


def traces(chart: Chart, theme: Theme) -> Iterator[dict[str, Any]]:
    """Yield the traces of all marks.

    Neighbours of one look that say nothing on hovering become one trace, since each trace costs.
    """

    def look_of(numbered: tuple[int, Mark]) -> tuple[object, ...]:
        n, mark = numbered
        if isinstance(mark, Line) and not (mark.label or mark.markers or any(p.text for p in mark.points)):
            return mark.colour, mark.width, mark.dash
        if isinstance(mark, Dots) and not any(p.text for p in mark.points):
            return "dots", mark.hollow
        return (n,)

    for _, run in groupby(enumerate(chart.marks), key=look_of):
        marks = [mark for _, mark in run]
        match marks[0]:
            case Line():
                yield _lines([m for m in marks if isinstance(m, Line)], theme)
            case Dots():
                yield _dots([m for m in marks if isinstance(m, Dots)], theme)
            case Bars() as bars:
                yield _bars(bars, theme)
                if bars.items:
                    base, horizontal = bars.items[0].base, bars.orientation == "h"
                    ends = (base, None, base, None) if horizontal else (None, base, None, base)
                    yield _rule(Rule(*ends), chart, theme)
            case Rule() as rule:
                yield _rule(rule, chart, theme)
            case Cells() as cells if any(c.text for c in cells.items):
                # clear points answer a hover over cells, whose fill is a shape
                points = [Point(c.column, c.row, c.text, c.keys) for c in cells.items]
                marker = {"size": 22, "opacity": 0}
                yield _scatter("markers", **_points(points), marker=marker, name=cells.name)
            case Land() as land:
                yield _land(land, theme)


def _scatter(mode: str, **more: Any) -> dict[str, Any]:
    return {"type": "scatter", "mode": mode, "cliponaxis": False, **more}


def _points(points: Sequence[Point]) -> dict[str, Any]:
    """Return places and, where points say something, hover texts and observation keys, as columns."""
    if not any(p.text for p in points):
        return {
            "x": [round(p.x, 4) for p in points],
            "y": [None if p.y is None else float(f"{p.y:.6g}") for p in points],
            "hoverinfo": "skip",
        }
    return {
        "x": [p.x for p in points],
        "y": [p.y for p in points],
        "hovertext": [safe(p.text) for p in points],
        "hoverinfo": "text",
        "customdata": [list(map(list, p.keys)) for p in points],
    }


def safe(text: str) -> str:
    """Return text that plotly shows as it is: it reads labels as markup."""
    return isolated(html.escape(text, quote=False).replace("\n", "<br>"))


def _lines(marks: Sequence[Line], theme: Theme) -> dict[str, Any]:
    first = marks[0]
    points = list(first.points)
    for mark in marks[1:]:
        points += [Point(points[-1].x, None), *mark.points]
    paper = {"width": 1.0, "color": look.colour("paper", theme)}
    marker = {"size": 6.5, "color": look.colour(first.colour, theme), "line": paper}
    return _scatter(
        "lines+markers" if first.markers else "lines",
        **_points(points),
        line=_stroke(first, theme),
        connectgaps=False,
        opacity=look.line_opacity(first.colour),
        name=first.name if len(marks) == 1 else "",
        meta=first.label,
        **({"marker": marker} if first.markers else {}),
    )


def _dots(marks: Sequence[Dots], theme: Theme) -> dict[str, Any]:
    """Return points as one trace, each in its own colour and size; hollow ones are paper inside."""
    first = marks[0]
    sizes, colours = [], []
    for mark in marks:
        role = look.colour(mark.colour, theme)
        shown = role if mark.shade is None else look.cell_colour(mark.colour, mark.shade, theme)
        sizes += [mark.size_of(n) for n in range(len(mark.points))]
        colours += [shown] * len(mark.points)
    paper, own = look.colour("paper", theme), _single(colours)
    fill, rim, width = (paper, own, 1.8) if first.hollow else (own, paper, 1.0)
    return _scatter(
        "markers",
        **_points([p for mark in marks for p in mark.points]),
        marker={"opacity": 1, "size": _single(sizes), "color": fill, "line": {"width": width, "color": rim}},
        name=first.name if len(marks) == 1 else "",
    )


def _single(values: list[Any]) -> Any:
    return values[0] if len(set(values)) == 1 else values


def _stroke(mark: Line | Rule, theme: Theme) -> dict[str, Any]:
    dash = ",".join(f"{n}px" for n in look.DASHES[mark.dash].split()) or "solid"
    return {"color": look.colour(mark.colour, theme), "width": mark.width, "dash": dash}


def _rule(mark: Rule, chart: Chart, theme: Theme) -> dict[str, Any]:
    (left, right), (low, high) = chart.x.domain, chart.y.domain
    x = [left if mark.x0 is None else mark.x0, right if mark.x1 is None else mark.x1]
    y = [low if mark.y0 is None else mark.y0, high if mark.y1 is None else mark.y1]
    return _scatter("lines", x=x, y=y, line=_stroke(mark, theme), hoverinfo="skip")


def _land(mark: Land, theme: Theme) -> dict[str, Any]:
    places: list[tuple[float | None, float | None]] = []
    for ring in mark.rings:
        places += [*ring, ring[0], (None, None)]
    return _scatter(
        "lines",
        x=[x for x, _ in places],
        y=[y for _, y in places],
        fill="toself",
        fillcolor=look.colour(mark.colour, theme),
        line={"width": 0},
        hoverinfo="skip",
        cliponaxis=True,
    )


def _bars(mark: Bars, theme: Theme) -> dict[str, Any]:
    lengths, places = [b.value - b.base for b in mark.items], [b.position for b in mark.items]
    horizontal = mark.orientation == "h"
    return {
        "type": "bar",
        "orientation": mark.orientation,
        "x": lengths if horizontal else places,
        "y": places if horizontal else lengths,
        "base": [b.base for b in mark.items],
        "width": mark.thickness,
        "marker": {
            "color": [look.colour(b.colour, theme) for b in mark.items],
            "opacity": [LIGHTER if b.provisional else 1 for b in mark.items],
            "line": {"width": 0},
        },
        "hovertext": [safe(b.text or b.label) for b in mark.items],
        "hoverinfo": "text",
        "customdata": [list(map(list, b.keys)) for b in mark.items],
        "name": mark.name,
        "cliponaxis": False,
    }


def cell_shapes(mark: Cells, theme: Theme) -> Iterator[dict[str, Any]]:
    for c in mark.items:
        yield {
            "type": "rect",
            "layer": "below",
            "x0": c.column - 0.5,
            "x1": c.column + 0.5,
            "y0": c.row - 0.5,
            "y1": c.row + 0.5,
            "fillcolor": look.cell_colour(mark.ramp, c.shade, theme),
            "line": {"width": 1.5, "color": look.colour("rule" if c.shade is None else "paper", theme)},
        }
