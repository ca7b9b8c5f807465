"""A chart laid out for a size: the plot box, the scales in pixels, the labels."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from dashboard.figures.label_placer import Box, Label
from dashboard.figures.record import Axis, Chart

M = TypeVar("M")


@dataclass(frozen=True)
class Placed:
    """A chart laid out for a size. Pixels run right and down from the frame's top left corner."""

    chart: Chart
    width: float
    height: float
    plot: Box
    labels: tuple[Label, ...] = ()
    dropped: tuple[Label, ...] = ()

    def x(self, value: float) -> float:
        return self.plot.left + share(self.chart.x, value) * self.plot.width

    def y(self, value: float) -> float:
        return self.plot.bottom - share(self.chart.y, value) * self.plot.height

    def marks(self, kind: type[M]) -> Iterator[tuple[int, M]]:
        for n, mark in enumerate(self.chart.marks):
            if isinstance(mark, kind):
                yield n, mark

    def of(self, kind: str) -> tuple[Label, ...]:
        return tuple(label for label in self.labels if label.kind == kind)


def share(axis: Axis, value: float) -> float:
    """Return where a value lies on an axis: 0 at its start (left, bottom), 1 at its end."""
    low, high = axis.domain
    if axis.scale == "log":
        low, high, value = math.log10(low), math.log10(high), math.log10(max(value, 1e-300))
    if high == low:
        return 0.5
    part = (value - low) / (high - low)
    return 1 - part if axis.reverse else part
