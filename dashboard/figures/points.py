"""The points of a chart at their places in its picture, for keyboard and clicks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from dashboard.figures.layout import place
from dashboard.figures.record import Bars, Cells, Chart, Dots, Line, ObservationKey, Point

SeriesPoints = tuple[str, str, list[list[Any]]]
"""A series: its mark's name, its colour role, its points as ``[x, y, text, [key, …], value]``."""
Place = tuple[float, float, str, tuple[ObservationKey, ...], str]
"""A point on the chart's own axes: where, words, what it stands on, its value alone."""


def chart_points(chart: Chart) -> dict[str, Any]:
    """Return ``{width, height, series: [[[x, y, text, [key, …]], …], …]}``; places in px of the picture.

    A series is a line, a set of dots or bars, or a row of a heat map; its points run in reading order.
    ``text`` is what the point says (:attr:`Point.text`), a key is ``entity|indicator|period|source``. Points
    that say nothing are left out; places that all say the same are one.
    """
    width, height = chart.size
    found = [] if chart.empty and not chart.marks else series_of(chart, width, height)
    return {"width": width, "height": height, "series": [[p[:4] for p in points] for _, _, points in found]}


def series_of(chart: Chart, width: float, height: float) -> Iterator[SeriesPoints]:
    """Yield the series of a chart laid out for a size, in reading order."""
    at = place(chart, width, height)
    for name, colour, places in _series(chart):
        points = [
            [round(at.x(x), 1), round(at.y(y), 1), text, ["|".join(k) for k in keys], value]
            for x, y, text, keys, value in places
            if text
        ]
        runs = [list(same) for _, same in groupby(points, key=lambda p: p[2:4])]
        if runs:
            yield name, colour, [run[len(run) // 2] for run in runs]


def _series(chart: Chart) -> Iterator[tuple[str, str, list[Place]]]:
    lines: dict[str, tuple[str, list[Place]]] = {}
    for n, mark in enumerate(chart.marks):  # a line's dashed end is the same series
        if isinstance(mark, Line):
            lines.setdefault(mark.name or str(n), (mark.colour, []))[1].extend(_places(mark.points))
    for name, (colour, places) in lines.items():
        yield name, colour, sorted(dict.fromkeys(places), key=lambda p: p[0])
    for mark in chart.marks:
        match mark:
            case Dots():
                yield mark.name, mark.colour, sorted(_places(mark.points), key=lambda p: p[0])
            case Bars():
                horizontal = mark.orientation == "h"
                bars = sorted(mark.items, key=lambda b: b.position)
                ends = [(b.value, b.position) if horizontal else (b.position, b.value) for b in bars]
                words = [(b.text, b.keys, b.label) for b in bars]
                yield mark.name, "", [(*end, *rest) for end, rest in zip(ends, words, strict=True)]
            case Cells():
                cells = sorted(mark.items, key=lambda c: (c.row, c.column))
                for _, row in groupby(cells, key=lambda c: c.row):
                    yield mark.name, "", [(c.column, c.row, c.text, c.keys, c.label) for c in row]


def _places(points: Iterable[Point]) -> list[Place]:
    return [(p.x, p.y, p.text, p.keys, p.value) for p in points if p.y is not None]
