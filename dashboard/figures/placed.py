"""A chart laid out for a size: the plot box, the scales in pixels, the labels."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from dashboard.figures.label_placer import Box, Label
from dashboard.figures.record import Axis, Chart, Rule

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

    def ends(self, rule: Rule) -> tuple[float, float, float, float]:
        """Return the pixels (x0, y0, x1, y1) of a rule, which ends at the plot's edge where it is open."""
        box = self.plot
        return (
            box.left if rule.x0 is None else self.x(rule.x0),
            box.bottom if rule.y0 is None else self.y(rule.y0),
            box.right if rule.x1 is None else self.x(rule.x1),
            box.top if rule.y1 is None else self.y(rule.y1),
        )

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
