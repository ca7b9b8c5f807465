"""What is laid out, in pixels that run right and down from the frame's top left corner."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, TypeVar

from dashboard.dataset import Lang
from dashboard.figures.record import Anchor, Axis, Chart, Rule
from dashboard.type import fonts

LEADING = 1.25
ASCENT, DESCENT = 0.88, 0.2
"""What a line of text takes above and below its baseline, in ems (hanzi reach 0.88 and −0.12)."""
TICK, LABEL, SMALL = 11.0, 12.0, 10.0
"""Type sizes in pixels: axis ticks, labels of series and points, the smallest still legible."""
GAP = 8.0
"""Between a mark and its label, and least between two tick labels."""
EDGE = 2.0
"""Nothing comes nearer to the frame than this."""
MAX_SHARE = 0.36
"""What a label beside a line or point may take of the frame's width before it wraps."""
M = TypeVar("M")


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def moved(self, dx: float, dy: float) -> "Box":
        return Box(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)

    def touches(self, other: "Box") -> bool:
        """Return whether the two share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def inside(self, other: "Box") -> bool:
        """Return whether this lies within ``other`` (to a thousandth of a pixel)."""
        across = min(self.left - other.left, other.right - self.right)
        return min(across, self.top - other.top, other.bottom - self.bottom) >= -1e-3


@dataclass(frozen=True)
class Label:
    """Words at a place: ``x`` by ``anchor``, ``y`` the baseline of the first line."""

    kind: str
    """Tick (``tick-x``, ``tick-y``), axis title (``title-x``, ``title-y``), ``end``, ``text``, ``bar``,
    ``cell``, ``point`` or ``empty``."""
    lines: tuple[str, ...]
    x: float
    y: float
    anchor: Anchor
    size: float
    colour: str
    lang: Lang
    strong: bool = False
    mark: int = -1
    """Index of the mark it belongs to in ``chart.marks``; −1 for an axis."""
    item: int = 0
    """Index of the bar or cell."""
    target: tuple[float, float] | None = None
    """The point it names, when it stands beside one."""
    serif: bool = False
    leading: float = LEADING

    @property
    def copied(self) -> tuple[str, ...]:
        """The lines as they are copied: each with the space that ended it, if one did."""
        return tuple(
            line + " " * (bool(line and after) and _is_spaced(line[-1], after[0]))
            for line, after in pairwise([*self.lines, ""])
        )

    @cached_property
    def box(self) -> Box:
        wide = max(
            (fonts.width(t, self.size, self.lang, strong=self.strong, serif=self.serif) for t in self.lines),
            default=0.0,
        )
        left = self.x - {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        deep = (len(self.lines) - 1) * self.size * self.leading
        return Box(left, self.y - ASCENT * self.size, left + wide, self.y + deep + DESCENT * self.size)

    def moved(self, dx: float, dy: float) -> "Label":
        return replace(self, x=self.x + dx, y=self.y + dy)

    def centred_on(self, cy: float) -> "Label":
        deep = (len(self.lines) - 1) * self.size * self.leading
        return replace(self, y=cy - deep / 2 + (ASCENT - DESCENT) / 2 * self.size)

    def moved_into(self, frame: Box) -> "Label":
        """Return it shifted by as little as brings it into ``frame``; left and top win when too large."""
        box = self.box
        dx = max(frame.left - box.left, min(0.0, frame.right - box.right))
        dy = max(frame.top - box.top, min(0.0, frame.bottom - box.bottom))
        return self.moved(dx, dy) if dx or dy else self


def _is_spaced(last: str, first: str) -> bool:
    return last not in "-–/" and last < "\u2e80" and first < "\u2e80"


@dataclass(frozen=True)
class Placed:
    """A chart laid out for a size."""

    chart: Chart
    width: float
    height: float
    plot: Box
    labels: tuple[Label, ...] = ()

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
        return ((n, mark) for n, mark in enumerate(self.chart.marks) if isinstance(mark, kind))


def share(axis: Axis, value: float) -> float:
    """Return where a value lies on an axis: 0 at its start (left, bottom), 1 at its end."""
    low, high = axis.domain
    if axis.scale == "log":
        low, high, value = math.log10(low), math.log10(high), math.log10(max(value, 1e-300))
    part = (value - low) / (high - low)
    return 1 - part if axis.reverse else part
