"""Boxes, labels, and the placer that keeps labels apart: the geometry under ``layout``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from dashboard.dataset import Lang
from dashboard.figures.record import Anchor
from dashboard.type import fonts

LEADING = 1.25
ASCENT, DESCENT = 0.88, 0.2
"""What a line of text takes above and below its baseline, in ems (hanzi reach 0.88 and −0.12)."""
CELL = 8.0
BAND = 24.0


class Box(NamedTuple):
    """A rectangle in pixels, y downwards."""

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

    @classmethod
    def around(cls, place: tuple[float, float], r: float) -> Box:
        x, y = place
        return cls(x - r, y - r, x + r, y + r)

    def touches(self, other: Box) -> bool:
        """Return whether the two share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def inside(self, other: Box) -> bool:
        """Return whether this lies within ``other`` (to a thousandth of a pixel)."""
        across = min(self.left - other.left, other.right - self.right)
        return min(across, self.top - other.top, other.bottom - self.bottom) >= -1e-3


class Candidate(NamedTuple):
    """A place for a label, as a shift of its first one; the least ``bias`` plus crossings wins."""

    dx: float
    dy: float
    bias: float = 0.0


@dataclass(frozen=True)
class Label:
    """Words at a place: ``x`` by ``anchor``, ``y`` the baseline of the first line, both in pixels."""

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
    """Index of the tick, point, bar or cell."""
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

    @property
    def text(self) -> str:
        return "".join(self.copied)

    @cached_property
    def box(self) -> Box:
        wide = max(
            (fonts.width(t, self.size, self.lang, strong=self.strong, serif=self.serif) for t in self.lines),
            default=0.0,
        )
        left = self.x - {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        deep = (len(self.lines) - 1) * self.size * self.leading
        return Box(left, self.y - ASCENT * self.size, left + wide, self.y + deep + DESCENT * self.size)

    def moved(self, dx: float, dy: float) -> Label:
        return replace(self, x=self.x + dx, y=self.y + dy)

    def centred_on(self, cy: float) -> Label:
        deep = (len(self.lines) - 1) * self.size * self.leading
        return replace(self, y=cy - deep / 2 + (ASCENT - DESCENT) / 2 * self.size)

    def moved_into(self, frame: Box) -> Label:
        """Return it shifted by as little as brings it into ``frame``; left and top win when too large."""
        box = self.box
        dx = max(frame.left - box.left, min(0.0, frame.right - box.right))
        dy = max(frame.top - box.top, min(0.0, frame.bottom - box.bottom))
        return self.moved(dx, dy) if dx or dy else self


def _is_spaced(last: str, first: str) -> bool:
    return last not in "-–/" and last < "\u2e80" and first < "\u2e80"


@dataclass
class LabelPlacer:
    """Places labels in a frame: never on one another, and off what is drawn where there is room."""

    frame: Box
    labels: list[Label] = field(default_factory=list)
    dropped: list[Label] = field(default_factory=list)
    markers: list[Box] = field(default_factory=list)
    """Markers, which a label covers only when there is no other place for it."""
    rules: list[Box] = field(default_factory=list)
    """Straight rules, beside which a label rather stands."""
    _drawn: set[tuple[int, int]] = field(default_factory=set)
    _bands: dict[int, list[Box]] = field(default_factory=dict)
    """The boxes of labels by the bands of :data:`BAND` pixels that they reach into."""

    def free(self, box: Box) -> bool:
        return box.inside(self.frame) and not any(
            box.touches(other) for band in _bands(box) for other in self._bands.get(band, ())
        )

    def try_place(self, label: Label, *, report: bool = True) -> bool:
        """Place the label if its place is free; else note it as dropped (when ``report``)."""
        if not any(label.lines):
            return False
        if self.free(label.box):
            self._take(label)
            return True
        if report:
            self.dropped.append(label)
        return False

    def place_best(self, label: Label, candidates: Sequence[Candidate], *, crossing: float) -> bool:
        """Place the label at the best free candidate.

        Best is the least bias, plus ``crossing`` for each drawn cell that the label would cover.
        """
        best: tuple[float, Candidate] | None = None
        box = label.box
        for candidate in candidates:
            if best is not None and candidate.bias >= best[0]:
                continue
            dx, dy, cost = candidate
            there = Box(box.left + dx, box.top + dy, box.right + dx, box.bottom + dy)
            if not self.free(there):
                continue
            cost += crossing * self._crossed(there) if crossing else 0.0
            cost += 20.0 * sum(there.touches(p) for p in self.markers)
            cost += 6.0 * sum(there.touches(r) for r in self.rules)
            if best is None or cost < best[0]:
                best = (cost, candidate)
        if best is None:
            self.dropped.append(label)
            return False
        self._take(label.moved(best[1].dx, best[1].dy))
        return True

    def add_paths(self, paths: Iterable[Sequence[tuple[float, float]]]) -> None:
        """Remember drawn paths (pixels), so that labels can keep off them."""
        for path in paths:
            self._drawn.update((int(x // CELL), int(y // CELL)) for x, y in path[:1])
            for (ax, ay), (bx, by) in pairwise(path):
                steps = min(2000, max(1, math.ceil(max(abs(bx - ax), abs(by - ay)) / (CELL / 2))))
                for s in range(1, steps + 1):
                    x, y = ax + (bx - ax) * s / steps, ay + (by - ay) * s / steps
                    self._drawn.add((int(x // CELL), int(y // CELL)))

    def _take(self, label: Label) -> None:
        self.labels.append(label)
        for band in _bands(label.box):
            self._bands.setdefault(band, []).append(label.box)

    def _crossed(self, box: Box) -> int:
        columns = range(int(box.left // CELL), int(box.right // CELL) + 1)
        rows = range(int((box.top + 2) // CELL), int((box.bottom - 2) // CELL) + 1)
        return sum((c, r) in self._drawn for c in columns for r in rows)


def _bands(box: Box) -> range:
    return range(int(box.top // BAND), int(box.bottom // BAND) + 1)


def spread(
    labels: list[Label], top: float, bottom: float, dropped: list[Label], gap: float = 0.0
) -> list[Label]:
    """Return labels moved up or down as little as keeps them apart, in the order of their targets.

    Between two there are ``gap`` pixels, where there is room for that.

    The sum of squared shifts is least (pooled neighbours stand around their common mean, as in isotonic
    regression by pool adjacent violators). Labels that do not fit between ``top`` and ``bottom`` are
    dropped: the plain ones before the strong, the later before the earlier.
    """
    kept = sorted(labels, key=lambda b: (b.box.top + b.box.bottom, b.mark))
    while kept and sum(b.box.height for b in kept) > bottom - top:
        weakest = max(kept, key=lambda b: (not b.strong, b.mark))
        kept.remove(weakest)
        dropped.append(weakest)
    if sum(b.box.height + gap for b in kept) > bottom - top:
        gap = 0.0
    # each block: [first label, number of labels, total height, sum of (wanted top − height above it)]
    blocks: list[list[float]] = []
    for n, label in enumerate(kept):
        blocks.append([n, 1, label.box.height + gap, label.box.top - gap / 2])
        while len(blocks) > 1 and _start(blocks[-2], top, bottom) + blocks[-2][2] > _start(
            blocks[-1], top, bottom
        ):
            last = blocks.pop()
            into = blocks[-1]
            into[3] += last[3] - last[1] * into[2]
            into[1] += last[1]
            into[2] += last[2]
    out: list[Label] = []
    for block in blocks:
        y = _start(block, top, bottom)
        for label in kept[int(block[0]) : int(block[0] + block[1])]:
            out.append(label.moved(0, y + gap / 2 - label.box.top))
            y += label.box.height + gap
    return out


def _start(block: list[float], top: float, bottom: float) -> float:
    """Return the top of a block of labels: the mean of what they want, kept within bounds."""
    return min(max(block[3] / block[1], top), bottom - block[2])
