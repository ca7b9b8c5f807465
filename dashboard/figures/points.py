"""The points of a chart where they stand in its picture: what keys and clicks walk without plotly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from dashboard.figures.layout import Placed, place
from dashboard.figures.record import FORMS, Bars, Cells, Chart, Dots, Line, ObservationKey, Point


class Spot(NamedTuple):
    """A point at its pixel: what it says, what it stands on, its value alone."""

    x: float
    y: float
    text: str
    keys: tuple[ObservationKey, ...]
    value: str


Walk = tuple[str, str, list[list[Any]]]
"""A series: its mark's name, its colour role, its spots as ``[x, y, text, [key, …], value]``."""


def size_of(chart: Chart) -> tuple[int, int]:
    """Return a chart's width and height in CSS pixels."""
    width, height = FORMS[chart.form]
    return width, chart.height or height


def walkable(chart: Chart) -> dict[str, Any]:
    """Return ``{width, height, series: [[[x, y, text, [key, …]], …], …]}``; places in px of the picture.

    A series is a line, a set of dots or bars, or a row of a heat map; its points run in reading order.
    ``text`` is what the point says (:attr:`Point.text`), a key is ``entity|indicator|period|source``. Points
    that say nothing are left out: there is nothing to walk to; places that all say the same are one.
    """
    width, height = size_of(chart)
    found = [] if chart.empty and not chart.marks else series_of(chart, width, height)
    return {"width": width, "height": height, "series": [[s[:4] for s in spots] for _, _, spots in found]}


def series_of(chart: Chart, width: float, height: float) -> Iterator[Walk]:
    """Yield the series of a chart laid out for a size, in the order in which they are walked."""
    for name, colour, spots in _series(chart, place(chart, width, height)):
        plain = [_plain(spot) for spot in _told_once(spots) if spot.text]
        if plain:
            yield name, colour, plain


def _told_once(spots: Iterable[Spot]) -> Iterable[Spot]:
    for _, same in groupby(spots, key=lambda s: (s.text, s.keys)):
        every = list(same)
        yield every[len(every) // 2]


def _plain(spot: Spot) -> list[Any]:
    return [round(spot.x, 1), round(spot.y, 1), spot.text, ["|".join(k) for k in spot.keys], spot.value]


def _series(chart: Chart, at: Placed) -> Iterator[tuple[str, str, list[Spot]]]:
    def spot(p: Point) -> Spot:
        return Spot(at.x(p.x), at.y(p.y or 0.0), p.text, p.keys, p.value)

    lines: dict[str, tuple[str, list[Spot]]] = {}
    for n, mark in enumerate(chart.marks):  # a line's dashed end is the same series
        if isinstance(mark, Line):
            _, spots = lines.setdefault(mark.name or str(n), (mark.colour, []))
            spots.extend(spot(p) for p in mark.points if p.y is not None)
    for name, (colour, spots) in lines.items():
        yield name, colour, sorted(dict.fromkeys(spots), key=lambda s: s.x)
    for mark in chart.marks:
        match mark:
            case Dots():
                shown = sorted((p for p in mark.points if p.y is not None), key=lambda p: p.x)
                yield mark.name, mark.colour, [spot(p) for p in shown]
            case Bars():
                lying = mark.orientation == "h"
                bars = sorted(mark.items, key=lambda b: b.position)
                places = [(b.value, b.position) if lying else (b.position, b.value) for b in bars]
                yield (
                    mark.name,
                    "",
                    [
                        Spot(at.x(x), at.y(y), b.text, b.keys, b.label)
                        for b, (x, y) in zip(bars, places, strict=True)
                    ],
                )
            case Cells():
                for row in sorted({c.row for c in mark.items}):
                    cells = sorted((c for c in mark.items if c.row == row), key=lambda c: c.column)
                    yield (
                        mark.name,
                        "",
                        [Spot(at.x(c.column), at.y(c.row), c.text, c.keys, c.label) for c in cells],
                    )
