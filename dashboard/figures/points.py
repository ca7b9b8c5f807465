"""The points of a chart at their places in its picture, for keyboard and clicks."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from dashboard.figures.layout import place
from dashboard.figures.record import Bars, Cells, Chart, Dots, Line, Point

SeriesPoints = tuple[str, str, list[list[Any]]]
"""A series: its mark's name, its colour role, its points as ``[x, y, text, [key, …], value]``."""


def chart_points(chart: Chart) -> dict[str, Any]:
    """Return ``{width, height, series: [[[x, y, text, [key, …]], …], …]}``; places in px of the picture.

    A series is a line, a set of dots or bars, or a row of a heat map; its points run in reading order.
    ``text`` is what the point says (:attr:`Point.text`), a key is ``entity|indicator|period|source``. Points
    that say nothing are left out; places that all say the same are one.
    """
    width, height = chart.size
    series = series_of(chart, width, height)
    return {"width": width, "height": height, "series": [[p[:4] for p in points] for _, _, points in series]}


def series_of(chart: Chart, width: float, height: float) -> Iterator[SeriesPoints]:
    """Yield the series of a chart laid out for a size, in reading order."""
    at = place(chart, width, height)
    for name, colour, places in _series(chart):
        points = [
            [round(at.x(p.x), 1), round(at.y(p.y), 1), p.text, ["|".join(k) for k in p.keys], p.value]
            for p in places
            if p.text and p.y is not None
        ]
        runs = [list(same) for _, same in groupby(points, key=lambda p: p[2:4])]
        if runs:
            yield name, colour, [run[len(run) // 2] for run in runs]


def _series(chart: Chart) -> Iterator[tuple[str, str, list[Point]]]:
    lines: dict[str, tuple[str, list[Point]]] = {}
    for n, mark in enumerate(chart.marks):  # a line's dashed end is the same series
        if isinstance(mark, Line):
            lines.setdefault(mark.name or str(n), (mark.colour, []))[1].extend(mark.points)
    for name, (colour, points) in lines.items():
        yield name, colour, sorted(dict.fromkeys(points), key=lambda p: p.x)
    for mark in chart.marks:
        match mark:
            case Dots():
                yield mark.name, mark.colour, sorted(mark.points, key=lambda p: p.x)
            case Bars():
                bars = sorted(mark.items, key=lambda b: b.position)
                ends = [
                    (b.value, b.position) if mark.orientation == "h" else (b.position, b.value) for b in bars
                ]
                yield (
                    mark.name,
                    "",
                    [Point(*end, b.text, b.keys, b.label) for end, b in zip(ends, bars, strict=True)],
                )
            case Cells():
                cells = sorted(mark.items, key=lambda c: (c.row, c.column))
                for _, row in groupby(cells, key=lambda c: c.row):
                    yield mark.name, "", [Point(c.column, c.row, c.text, c.keys, c.label) for c in row]
