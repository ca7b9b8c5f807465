"""Marks that several story charts share: lines with preliminary years, columns."""

from __future__ import annotations

from itertools import pairwise

from dashboard.figures.chart_context import ChartContext
from dashboard.figures.record import Bars, Dots, Line, Point
from dashboard.figures.series import Datum, Series

GAPS = {4: 1.01, 7: 0.26, 10: 0.012}
"""The longest step, in years, that still joins two points, by the length of the period (day, month, year)."""


def line(context: ChartContext, series: Series, label: str = "") -> list[Line | Dots]:
    """Return a series as lines: preliminary years dashed, a missing year a gap, the label at the end."""
    runs: list[tuple[bool, list[Point]]] = []
    previous: Datum | None = None
    broken = False
    for datum in series.data:
        point = context.point(series, datum)
        gap = previous is not None and datum.x - previous.x > GAPS.get(len(datum.period), 1.01)
        broken = broken or gap
        if runs and gap:
            runs[-1][1].append(Point((runs[-1][1][-1].x + point.x) / 2, None))
        if not runs or runs[-1][0] != datum.provisional:
            joint = [] if gap or not runs else [runs[-1][1][-1]]
            runs.append((datum.provisional, [*joint, point]))
        else:
            runs[-1][1].append(point)
        previous = datum
    dots = (broken and len(series.data) < 10) or len(series.data) < 3
    drawn: list[Line | Dots] = [
        Line(
            points=tuple(points),
            colour=series.colour,
            label=label if n == len(runs) - 1 else "",
            width=2.6 if series.strong else 1.7,
            dash="dash" if provisional else "solid",
            strong=series.strong,
            markers=dots,
            name=series.id,
        )
        for n, (provisional, points) in enumerate(runs)
    ]
    alone = [] if dots else [context.point(series, d) for d in _isolated(series)]
    if alone:
        drawn.append(Dots(tuple(alone), series.colour, size=6, name=f"{series.id}:alone"))
    return drawn


def _isolated(series: Series) -> list[Datum]:
    """Return the data with a gap, or nothing, on both sides: a line cannot show them."""
    xs = [d.x for d in series.data]
    steps = [b - a > GAPS.get(len(series.first.period), 1.01) for a, b in pairwise(xs)]
    around = [True, *steps, True]
    return [d for d, before, after in zip(series.data, around, around[1:], strict=False) if before and after]


def row_height(rows: int, each: float, least: float = 240) -> int:
    """Return the height in CSS pixels that ``rows`` need; never below the form's own minimum."""
    return round(max(least, rows * each + 56))


def columns(context: ChartContext, series: Series, labels: dict[str, str]) -> Bars:
    """Return vertical bars, one a period at its own place in time; ``labels`` by period."""
    bars = [
        context.bar(
            series, d, d.x, "contradicted" if d.value < 0 else series.colour, labels.get(d.period, "")
        )
        for d in series.data
    ]
    return Bars(tuple(bars), "v", 0.7, name=series.id)
