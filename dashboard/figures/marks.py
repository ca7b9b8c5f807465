"""Marks that several story charts share: lines with preliminary years, columns."""

from itertools import pairwise

from dashboard.figures.chart_context import ChartContext
from dashboard.figures.record import Bars, Line, Point
from dashboard.figures.series import Series, is_gap


def line(context: ChartContext, series: Series, label: str = "") -> list[Line]:
    """Return a series as lines: preliminary years dashed, a missing year a gap, the label at the end."""
    gaps = [is_gap(a.period, b.period) for a, b in pairwise(series.data)]
    runs: list[tuple[bool, list[Point]]] = []
    for n, datum in enumerate(series.data):
        point = context.point(series, datum)
        if n and gaps[n - 1]:
            runs[-1][1].append(Point((runs[-1][1][-1].x + point.x) / 2, None))
        if not runs or runs[-1][0] != datum.provisional:
            runs.append((datum.provisional, runs[-1][1][-1:] if runs else []))
        runs[-1][1].append(point)
    # a figure between two gaps is a point: a line cannot show it
    alone = any(before and after for before, after in pairwise([True, *gaps, True]))
    return [
        Line(
            points=tuple(points),
            colour=series.colour,
            label=label if n == len(runs) - 1 else "",
            width=2.6 if series.strong else 1.7,
            dash="dash" if provisional else "solid",
            strong=series.strong,
            markers=alone or (any(gaps) and len(series.data) < 10) or len(series.data) < 3,
            name=series.id,
        )
        for n, (provisional, points) in enumerate(runs)
    ]


def row_height(rows: int, each: float, least: float = 240) -> int:
    return round(max(least, rows * each + 56))


def columns(context: ChartContext, series: Series, labels: dict[str, str]) -> Bars:
    bars = []
    for d in series.data:
        colour = "contradicted" if d.value < 0 else series.colour
        bars.append(context.bar(series, d, d.x, colour, labels.get(d.period, "")))
    return Bars(tuple(bars), "v", 0.7, name=series.id)
