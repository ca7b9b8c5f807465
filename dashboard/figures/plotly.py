"""Chart record → plotly figure, as a plain dict: the same places, words and colours as the picture.

Only ``scatter`` and ``bar`` traces are used (the vendored bundle has no others); cells are shapes, labels
annotations.
"""

import html
import json
import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from dashboard.figures.geometry import Label, Placed
from dashboard.figures.layout import place, text_colour
from dashboard.figures.record import Axis, Bars, Cells, Chart, Dots, Land, Line, Mark, Point, Rule
from dashboard.figures.theme import DASHES, LINE_OPACITY, Theme, cell_colour, colour
from dashboard.type import fonts
from dashboard.type.text import isolated

DEFAULTS: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("plotly_defaults.json").read_text("utf-8")
)
ALIGNED = {"start": "left", "middle": "center", "end": "right"}
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
    placed = place(chart, width or chart.size[0], height or chart.size[1])
    cells = [(mark, cell) for _, mark in placed.marks(Cells) for cell in mark.items]
    return {
        "data": list(_traces(chart, theme)),
        "layout": {
            **_frame(placed, theme),
            "shapes": [
                {
                    **DEFAULTS["shape"],
                    "x0": c.column - 0.5, "x1": c.column + 0.5, "y0": c.row - 0.5, "y1": c.row + 0.5,
                    "fillcolor": cell_colour(mark.ramp, c.shade, theme),
                    "line": {"width": 1.5, "color": colour("rule" if c.shade is None else "paper", theme)},
                }
                for mark, c in cells
            ],
            "annotations": [_annotation(label, placed, theme) for label in placed.labels] if labels else [],
        },
        "config": dict(DEFAULTS["config"]),
    }  # fmt: skip


def _frame(placed: Placed, theme: Theme) -> dict[str, Any]:
    chart, plot = placed.chart, placed.plot
    margins = {
        "l": plot.left, "r": placed.width - plot.right, "t": plot.top, "b": placed.height - plot.bottom,
    }  # fmt: skip
    ink = colour("ink", theme)
    return {
        **DEFAULTS["layout"],
        "width": int(placed.width),
        "height": int(placed.height),
        "margin": {**{side: round(v, 2) for side, v in margins.items()}, "pad": 0, "autoexpand": False},
        "font": {"family": fonts.family(chart.lang), "size": 12, "color": ink},
        "hoverlabel": {
            "bgcolor": colour("raised", theme),
            "bordercolor": colour("rule", theme),
            "font": {"color": ink, "size": 12.5},
            "align": "left",
        },
        "xaxis": _axis(chart.x, theme),
        "yaxis": _axis(chart.y, theme),
    }


def _axis(axis: Axis, theme: Theme) -> dict[str, Any]:
    """Return an axis without its words, which are labels like the others."""
    low, high = (math.log10(v) for v in axis.domain) if axis.scale == "log" else axis.domain
    return {
        **DEFAULTS["axis"],
        "type": axis.scale,
        "range": [high, low] if axis.reverse else [low, high],
        "tickvals": [t.value for t in axis.ticks],
        "showgrid": axis.grid,
        "gridcolor": colour("rule", theme),
    }


def _annotation(label: Label, placed: Placed, theme: Theme) -> dict[str, Any]:
    """Return a label as an annotation at its pixels: ``paper`` units, so that log axes need no care."""
    plot, box = placed.plot, label.box
    return {
        **DEFAULTS["annotation"],
        "x": round((label.x - plot.left) / plot.width, 6),
        "y": round(1 - ((box.top + box.bottom) / 2 - plot.top) / plot.height, 6),
        "xanchor": ALIGNED[label.anchor],
        "text": "<br>".join(map(safe, label.lines)),
        "align": ALIGNED[label.anchor],
        "name": label.kind,
        "font": {
            "size": label.size,
            "color": text_colour(label, placed, theme),
            "weight": 700 if label.strong else 400,
        },
    }


def _traces(chart: Chart, theme: Theme) -> Iterator[dict[str, Any]]:
    """Yield traces; neighbours of one look that say nothing on hovering are one, since each trace costs."""

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
                yield _scatter("markers", points, marker={"size": 22, "opacity": 0}, name=cells.name)
            case Land() as land:
                places = [place for ring in land.rings for place in (*ring, ring[0], (None, None))]
                x, y = map(list, zip(*places, strict=True))
                fill = {"fill": "toself", "fillcolor": colour("land", theme), "line": {"width": 0}}
                yield _scatter("lines", (), x=x, y=y, cliponaxis=True, **fill)


def _scatter(mode: str, points: Sequence[Point], **more: Any) -> dict[str, Any]:
    """Return a trace with, where points say something, hover texts and observation keys."""
    trace: dict[str, Any] = {"type": "scatter", "mode": mode, "cliponaxis": False}
    if any(p.text for p in points):
        trace |= {
            "x": [p.x for p in points],
            "y": [p.y for p in points],
            "hovertext": [safe(p.text) for p in points],
            "hoverinfo": "text",
            "customdata": [list(map(list, p.keys)) for p in points],
        }
    else:
        trace |= {
            "x": [round(p.x, 4) for p in points],
            "y": [None if p.y is None else float(f"{p.y:.6g}") for p in points],
            "hoverinfo": "skip",
        }
    return trace | more


def safe(text: str) -> str:
    """Return text that plotly shows as it is: it reads labels as markup."""
    return isolated(html.escape(text, quote=False).replace("\n", "<br>"))


def _lines(marks: Sequence[Line], theme: Theme) -> dict[str, Any]:
    first = marks[0]
    points = list(first.points)
    for mark in marks[1:]:
        points += [Point(points[-1].x, None), *mark.points]
    paper = {"width": 1.0, "color": colour("paper", theme)}
    marker = {"size": 6.5, "color": colour(first.colour, theme), "line": paper}
    return _scatter(
        "lines+markers" if first.markers else "lines",
        points,
        line=_stroke(first, theme),
        connectgaps=False,
        opacity=LINE_OPACITY.get(first.colour, 1.0),
        name=first.name if len(marks) == 1 else "",
        meta=first.label,
        **({"marker": marker} if first.markers else {}),
    )


def _dots(marks: Sequence[Dots], theme: Theme) -> dict[str, Any]:
    """Return points as one trace, each in its own colour and size; hollow ones are paper inside."""
    first = marks[0]
    sizes, colours = [], []
    for mark in marks:
        tint = colour(mark.colour, theme)
        tint = tint if mark.shade is None else cell_colour(mark.colour, mark.shade, theme)
        sizes += [mark.size] * len(mark.points)
        colours += [tint] * len(mark.points)
    paper, tints = colour("paper", theme), _single(colours)
    fill, rim, width = (paper, tints, 1.8) if first.hollow else (tints, paper, 1.0)
    return _scatter(
        "markers",
        [p for mark in marks for p in mark.points],
        marker={"opacity": 1, "size": _single(sizes), "color": fill, "line": {"width": width, "color": rim}},
        name=first.name if len(marks) == 1 else "",
    )


def _single(values: list[Any]) -> Any:
    return values[0] if len(set(values)) == 1 else values


def _stroke(mark: Line | Rule, theme: Theme) -> dict[str, Any]:
    dash = ",".join(f"{n}px" for n in DASHES[mark.dash].split()) or "solid"
    return {"color": colour(mark.colour, theme), "width": mark.width, "dash": dash}


def _rule(mark: Rule, chart: Chart, theme: Theme) -> dict[str, Any]:
    (left, right), (low, high) = chart.x.domain, chart.y.domain
    start = Point(left if mark.x0 is None else mark.x0, low if mark.y0 is None else mark.y0)
    end = Point(right if mark.x1 is None else mark.x1, high if mark.y1 is None else mark.y1)
    return _scatter("lines", [start, end], line=_stroke(mark, theme))


def _bars(mark: Bars, theme: Theme) -> dict[str, Any]:
    lengths, places = [b.value - b.base for b in mark.items], [b.position for b in mark.items]
    x, y = (lengths, places) if mark.orientation == "h" else (places, lengths)
    return {
        "type": "bar",
        "orientation": mark.orientation,
        "x": x,
        "y": y,
        "base": [b.base for b in mark.items],
        "width": mark.thickness,
        "marker": {
            "color": [colour(b.colour, theme) for b in mark.items],
            "opacity": [LIGHTER if b.provisional else 1 for b in mark.items],
            "line": {"width": 0},
        },
        "hovertext": [safe(b.text or b.label) for b in mark.items],
        "hoverinfo": "text",
        "customdata": [list(map(list, b.keys)) for b in mark.items],
        "name": mark.name,
        "cliponaxis": False,
    }
