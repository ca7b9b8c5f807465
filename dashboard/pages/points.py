"""The points of a chart where they stand in its picture: what keys and clicks walk without plotly."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from dashboard.figures.layout import Placed, place
from dashboard.figures.record import Bars, Cells, Chart, Dots, Line, ObservationKey
from dashboard.pages.figureview import size_of

Spot = tuple[float, float, str, tuple[ObservationKey, ...]]


def walkable(chart: Chart) -> dict[str, Any]:
    """Return ``{width, height, series: [[[x, y, text, [key, …]], …], …]}``; places in px of the picture.

    A series is a line, a set of dots or bars, or a row of a heat map; its points run in reading order.
    ``text`` is what the point says (:attr:`Point.text`), a key is ``entity|indicator|period|source``. Points
    that say nothing are left out: there is nothing to walk to; places that all say the same are one.
    """
    width, height = size_of(chart)
    if chart.empty and not chart.marks:
        return {"width": width, "height": height, "series": []}
    at = place(chart, width, height)
    series = [[_plain(spot) for spot in _told_once(spots) if spot[2]] for spots in _series(chart, at)]
    return {"width": width, "height": height, "series": [s for s in series if s]}


def _told_once(spots: Iterable[Spot]) -> Iterable[Spot]:
    for _, same in groupby(spots, key=lambda s: s[2:]):
        every = list(same)
        yield every[len(every) // 2]


def _plain(spot: Spot) -> list[Any]:
    x, y, text, keys = spot
    return [round(x, 1), round(y, 1), text, ["|".join(k) for k in keys]]


def _series(chart: Chart, at: Placed) -> Iterable[list[Spot]]:
    lines: dict[str, list[Spot]] = {}
    for n, mark in enumerate(chart.marks):  # a line's dashed end is the same series
        if isinstance(mark, Line):
            places = [(at.x(p.x), at.y(p.y), p.text, p.keys) for p in mark.points if p.y is not None]
            lines.setdefault(mark.name or str(n), []).extend(places)
    yield from (sorted(dict.fromkeys(spots), key=lambda s: s[0]) for spots in lines.values())
    for mark in chart.marks:
        match mark:
            case Dots():
                yield [
                    (at.x(p.x), at.y(p.y), p.text, p.keys)
                    for p in sorted(mark.points, key=lambda p: p.x)
                    if p.y is not None
                ]
            case Bars():
                lying = mark.orientation == "h"
                yield [
                    (at.x(b.value), at.y(b.position), b.text, b.keys)
                    if lying
                    else (at.x(b.position), at.y(b.value), b.text, b.keys)
                    for b in sorted(mark.items, key=lambda b: b.position)
                ]
            case Cells():
                rows = sorted({c.row for c in mark.items})
                for row in rows:
                    cells = sorted((c for c in mark.items if c.row == row), key=lambda c: c.column)
                    yield [(at.x(c.column), at.y(c.row), c.text, c.keys) for c in cells]
