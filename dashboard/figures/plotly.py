"""Chart record → plotly figure, as a plain dict: the same places, words and colours as the picture.

Only ``scatter`` and ``bar`` traces are used (the vendored bundle has no others); land is a filled scatter,
cells are shapes. Nothing is formatted here: ticks, labels and hover texts come with the record, and the
labels stand where :func:`dashboard.figures.layout.place` puts them, as in the picture.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, cast

from dashboard.dataset import Lang
from dashboard.figures import theme as look
from dashboard.figures.layout import Label, Placed, place, text_colour
from dashboard.figures.record import (
    FORMS,
    Area,
    Axis,
    Bars,
    Cells,
    Chart,
    Dots,
    Land,
    Line,
    Mark,
    ObservationKey,
    Point,
    Rule,
    Symbol,
)
from dashboard.figures.theme import Theme
from dashboard.type import fonts
from dashboard.type.text import RIGHT_TO_LEFT

CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "responsive": False,
    "showSendToCloud": False,  # plotly.js 4 would offer an upload to a third party
    "scrollZoom": False,
}
SYMBOLS: dict[str, str] = {
    "circle": "circle",
    "square": "square",
    "diamond": "diamond",
    "triangle": "triangle-up",
    "ring": "circle",
    "cross": "x-thin",
}
TALLER = 1.2
"""plotly.js draws a triangle flatter than the picture does; so many times the size has its area."""
CLEAR = "rgba(0,0,0,0)"
LIGHTER = 0.4
"""Opacity of a bar whose figure is not final, as in the pictures."""


def to_plotly(
    chart: Chart,
    theme: Theme = "light",
    width: int | None = None,
    height: int | None = None,
    *,
    labels: bool = True,
) -> dict[str, Any]:
    """Return ``{"data", "layout", "config"}`` for plotly.js; ``width`` and ``height`` in CSS pixels.

    Without a size the form's own is used; without ``labels`` the words are left to who draws them above.
    """
    default_width, default_height = FORMS[chart.form]
    wide = width or default_width
    high = height or chart.height or default_height
    placed = place(chart, wide, high)
    data: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    for mark in _joined(chart.marks):
        if isinstance(mark, Cells):
            shapes += _cell_shapes(mark, theme)
        data += [_many_dots(mark, theme)] if isinstance(mark, tuple) else _traces(mark, chart, theme)
    return {
        "data": data,
        "layout": _layout(chart, placed, theme, wide, high, shapes, labels=labels),
        "config": dict(CONFIG),
    }


def _joined(marks: Sequence[Mark]) -> Iterable[Mark | tuple[Dots, ...]]:
    """Yield marks; neighbours of one look that say nothing together, since each trace costs.

    Lines become one with gaps, points a tuple.
    """

    def look_of(mark: Mark) -> tuple[object, ...] | None:
        if isinstance(mark, Line) and not (mark.label or mark.markers or any(p.text for p in mark.points)):
            return "line", mark.colour, mark.width, mark.dash
        if isinstance(mark, Dots) and not any(p.text for p in mark.points):
            return "dots", mark.symbol
        return None

    for shared, run in groupby(marks, key=look_of):
        found = list(run)
        lines = [m for m in found if isinstance(m, Line)]
        dots = tuple(m for m in found if isinstance(m, Dots))
        if shared is None or len(found) == 1:
            yield from found
        elif dots:
            yield dots
        else:
            points = [p for line in lines for p in (*line.points, Point(line.points[-1].x, None))]
            yield replace(lines[0], points=tuple(points), name="")


def _many_dots(many: tuple[Dots, ...], theme: Theme) -> dict[str, Any]:
    """Return points of one symbol, each in its own colour and size, as one trace."""
    traces = [_dots(mark, theme) for mark in many]
    sizes = [t["marker"]["size"] for t in traces]
    lines = [t["marker"]["line"] for t in traces]
    counts = [len(mark.points) for mark in many]

    def each(values: Iterable[Any]) -> list[Any]:
        return [
            v
            for value, n in zip(values, counts, strict=True)
            for v in (value if isinstance(value, list) else [value] * n)
        ]

    return _scatter(
        "markers",
        **_said([p for mark in many for p in mark.points]),
        marker={
            **traces[0]["marker"],
            "size": each(sizes),
            "color": each(t["marker"]["color"] for t in traces),
            "line": {"width": lines[0]["width"], "color": each(line["color"] for line in lines)},
        },
    )


def font_stack(lang: str) -> str:
    """Return the CSS fonts of a language: the pictures' own list, so that measured widths hold."""
    return fonts.family(cast(Lang, lang))


def _layout(
    chart: Chart,
    placed: Placed,
    theme: Theme,
    width: int,
    height: int,
    shapes: list[dict[str, Any]],
    *,
    labels: bool,
) -> dict[str, Any]:
    return {
        "width": width,
        "height": height,
        "autosize": False,
        "margin": {**{k: round(v, 2) for k, v in placed.margins.items()}, "pad": 0, "autoexpand": False},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "showlegend": False,
        "hovermode": "closest",
        "hoverdistance": 24,
        "dragmode": False,
        "barmode": "overlay",
        "font": {"family": font_stack(chart.lang), "size": 12, "color": look.colour("ink", theme)},
        "hoverlabel": {
            "bgcolor": look.colour("raised", theme),
            "bordercolor": look.colour("rule", theme),
            "font": {"color": look.colour("ink", theme), "size": 12.5},
            "align": "left",
        },
        "xaxis": _axis(chart.x, theme),
        "yaxis": _axis(chart.y, theme),
        "shapes": shapes,
        "annotations": [_annotation(label, placed, theme) for label in placed.labels] if labels else [],
    }


def _axis(axis: Axis, theme: Theme) -> dict[str, Any]:
    """Return an axis without its words: ticks are labels of ``placed``, so that none collides."""
    log = axis.scale == "log"
    low, high = (math.log10(v) for v in axis.domain) if log else axis.domain
    return {
        "type": "log" if log else "linear",
        "range": [high, low] if axis.reverse else [low, high],
        "autorange": False,
        "fixedrange": True,
        "tickmode": "array",
        "tickvals": [t.value for t in axis.ticks],
        "ticktext": [safe(t.label) for t in axis.ticks],
        "showticklabels": False,
        "ticks": "",
        "showgrid": axis.grid,
        "gridcolor": look.colour("rule", theme),
        "gridwidth": 1,
        "zeroline": False,
        "showline": False,
        "automargin": False,
        "layer": "below traces",
    }


def _annotation(label: Label, placed: Placed, theme: Theme) -> dict[str, Any]:
    """Return a label as an annotation at its pixels: ``paper`` units, so that log axes need no care."""
    plot, box = placed.plot, label.box
    return {
        "xref": "paper",
        "yref": "paper",
        "x": round((label.x - plot.left) / plot.width, 6),
        "y": round(1 - ((box.top + box.bottom) / 2 - plot.top) / plot.height, 6),
        "xanchor": {"start": "left", "middle": "center", "end": "right"}[label.anchor],
        "yanchor": "middle",
        "text": "<br>".join(map(safe, label.lines)),
        "showarrow": False,
        "align": {"start": "left", "middle": "center", "end": "right"}[label.anchor],
        "borderpad": 0,
        "captureevents": False,
        "name": label.kind,
        "font": {
            "size": label.size,
            "color": text_colour(label, placed, theme),
            "weight": 700 if label.strong else 400,
        },
    }


# -- marks ----------------------------------------------------------------------------------------------


def _traces(mark: object, chart: Chart, theme: Theme) -> Iterable[dict[str, Any]]:
    match mark:
        case Line():
            yield _line(mark, theme)
        case Area():
            ring = [*mark.upper, *reversed(mark.lower)]
            yield _filled([(p.x, p.y) for p in ring if p.y is not None], mark.colour, mark.opacity, theme)
        case Bars():
            yield _bars(mark, theme)
            if mark.items:
                base = mark.items[0].base
                at = (base, None, base, None) if mark.orientation == "h" else (None, base, None, base)
                yield _rule(Rule(*at), chart, theme)
        case Dots():
            yield _dots(mark, theme)
        case Rule():
            yield _rule(mark, chart, theme)
        case Cells():
            if any(c.text for c in mark.items):
                yield _cells(mark, theme)
        case Land():
            places: list[tuple[float | None, float | None]] = []
            for ring_ in mark.rings:
                places += [*ring_, ring_[0], (None, None)]
            yield _filled(places, mark.colour, 1.0, theme)
        case _:  # texts are annotations
            return


def _scatter(mode: str, **more: Any) -> dict[str, Any]:
    return {"type": "scatter", "mode": mode, "showlegend": False, "cliponaxis": False, **more}


def _said(points: Sequence[Point]) -> dict[str, Any]:
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
        "customdata": [keys(p.keys) for p in points],
    }


def keys(of: Sequence[ObservationKey]) -> list[list[str]]:
    """Return observation keys as JSON-ready lists: entity, indicator, period, source."""
    return [list(k) for k in of]


def safe(text: str) -> str:
    """Return text that plotly shows as it is: it reads labels as markup.

    Words written from the right are isolated (Unicode Standard Annex 9): digits after them stay there.
    """
    escaped = html.escape(text, quote=False).replace("\n", "<br>")
    return escaped if escaped.isascii() else RIGHT_TO_LEFT.sub("\u2068\\g<0>\u2069", escaped)


def _line(mark: Line, theme: Theme) -> dict[str, Any]:
    colour = look.colour(mark.colour, theme)
    dash = look.DASHES[mark.dash]
    trace = _scatter(
        "lines+markers" if mark.markers else "lines",
        **_said(mark.points),
        line={
            "color": colour,
            "width": mark.width,
            "dash": ",".join(f"{n}px" for n in dash.split()) or "solid",
        },
        connectgaps=False,
        name=mark.name,
        meta=mark.label,
    )
    if mark.markers:
        trace["marker"] = {"size": 6.5, **_marker(mark.symbol, mark.colour, theme)}
    return trace


def _filled(
    places: Sequence[tuple[float | None, float | None]], role: str, opacity: float, theme: Theme
) -> dict[str, Any]:
    return _scatter(
        "lines",
        x=[x for x, _ in places],
        y=[y for _, y in places],
        fill="toself",
        fillcolor=rgba(look.colour(role, theme), opacity),
        line={"width": 0, "color": CLEAR},
        hoverinfo="skip",
        cliponaxis=True,
    )


def _bars(mark: Bars, theme: Theme) -> dict[str, Any]:
    lying = mark.orientation == "h"
    lengths = [b.value - b.base for b in mark.items]
    places = [b.position for b in mark.items]
    colours = [look.colour(b.colour, theme) for b in mark.items]
    return {
        "type": "bar",
        "orientation": mark.orientation,
        "x": lengths if lying else places,
        "y": places if lying else lengths,
        "base": [b.base for b in mark.items],
        "width": mark.thickness,
        "marker": {
            "color": colours,
            "opacity": [1 if b.pattern == "solid" else LIGHTER for b in mark.items],
            "line": {"width": 0},
        },
        "hovertext": [safe(b.text or b.label) for b in mark.items],
        "hoverinfo": "text",
        "textposition": "none",
        "customdata": [keys(b.keys) for b in mark.items],
        "name": mark.name,
        "showlegend": False,
        "cliponaxis": False,
    }


def _dots(mark: Dots, theme: Theme) -> dict[str, Any]:
    grown = TALLER if mark.symbol == "triangle" else 1
    return _scatter(
        "markers",
        **_said(mark.points),
        marker={
            "size": [size * grown for size in mark.sizes] or mark.size * grown,
            "opacity": 1,
            **_marker(mark.symbol, mark.colour, theme, mark.shade),
        },
        name=mark.name,
    )


def _marker(symbol: Symbol, role: str, theme: Theme, shade: float | None = None) -> dict[str, Any]:
    """Return a marker as the picture draws it: a paper rim; a ring is paper inside; a cross two strokes."""
    colour, paper = look.colour(role, theme), look.colour("paper", theme)
    if shade is not None:
        colour = look.cell_colour(role, shade, theme)
    rim = {"ring": (1.8, colour), "cross": (2.0, colour)}.get(symbol, (1.0, paper))
    return {
        "symbol": SYMBOLS[symbol],
        "color": paper if symbol == "ring" else colour,
        "line": {"width": rim[0], "color": rim[1]},
    }


def _rule(mark: Rule, chart: Chart, theme: Theme) -> dict[str, Any]:
    (left, right), (low, high) = chart.x.domain, chart.y.domain
    ends = [
        (left if mark.x0 is None else mark.x0, low if mark.y0 is None else mark.y0),
        (right if mark.x1 is None else mark.x1, high if mark.y1 is None else mark.y1),
    ]
    dash = look.DASHES[mark.dash]
    return _scatter(
        "lines",
        x=[x for x, _ in ends],
        y=[y for _, y in ends],
        line={
            "color": look.colour(mark.colour, theme),
            "width": mark.width,
            "dash": ",".join(f"{n}px" for n in dash.split()) or "solid",
        },
        hoverinfo="skip",
    )


def _cell_shapes(mark: Cells, theme: Theme) -> list[dict[str, Any]]:
    return [
        {
            "type": "rect",
            "layer": "below",
            "x0": c.column - 0.5,
            "x1": c.column + 0.5,
            "y0": c.row - 0.5,
            "y1": c.row + 0.5,
            "fillcolor": look.cell_colour(mark.ramp, c.shade, theme),
            "line": {"width": 1.5, "color": look.colour("rule" if c.shade is None else "paper", theme)},
        }
        for c in mark.items
    ]


def _cells(mark: Cells, theme: Theme) -> dict[str, Any]:
    """Return the clear points that answer a hover over cells, whose fill is a shape."""
    points = [Point(c.column, c.row, c.text, c.keys) for c in mark.items]
    return _scatter("markers", **_said(points), marker={"size": 22, "opacity": 0}, name=mark.name)


def rgba(colour: str, opacity: float) -> str:
    """Return ``#RRGGBB`` with an opacity, as CSS."""
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
