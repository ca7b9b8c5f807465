"""Labels of a chart's marks, each at the best place that is free: in the frame, and never on one another."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from statistics import fmean

from dashboard.dataset import Lang
from dashboard.figures.geometry import EDGE, GAP, LABEL, MAX_SHARE, SMALL, TICK, Box, Label, Placed
from dashboard.figures.record import Anchor, Bars, Cells, Chart, Dots, Line, Rule, Text
from dashboard.type.text import wrap

APART = 2.0
"""Pixels between the labels of neighbouring lines' ends, so that they read as lines of their own."""
BACKGROUND = 1.0
"""Lines no wider stand in the background: words may cross them, as they may rules in the grid's colour."""
CELL, BAND = 8.0, 24.0
"""Pixels of the grids in which drawn lines and placed labels are looked up."""
ON_MARKER, ON_LEVEL, ON_UPRIGHT, ON_LINE = 20.0, 12.0, 0.7, 1.0
"""Cost of each marker and rule that a label covers, and of each cell of the grid with a line in it."""

Shift = tuple[float, float, float]
"""Pixels right and down from a label's first place, and what it costs to stand there."""
DIRECTIONS = ((1, 0), (0, -1), (-1, 0), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1))


def around(wide: float, high: float, radii: Sequence[float]) -> list[Shift]:
    """Return shifts that bring a box of half a width and height to all sides of a point, cheapest first."""
    out: list[Shift] = []
    for r in radii:
        for n, (dx, dy) in enumerate(DIRECTIONS):
            away = 0.7 * r if dx and dy else r
            out.append((dx * (wide + away), dy * (high + away), r / 8 + n / 20))
    return out


STAY: list[Shift] = [(0, 0, 0)]
NEAR_END = STAY + [(0, sign * d, d / 8) for d in range(2, 13, 2) for sign in (1, -1)]
"""Shifts of a label at a line's end: less than its height, so that it does not pass a neighbour's."""
NEAR_TEXT: list[Shift] = [(0, 0, -1), *around(0, 0, (6, 12, 20, 30, 44, 60, 80, 110, 150, 200))]


class LabelPlacer:
    """Places labels in a chart's frame, off what is drawn there if there is room."""

    def __init__(self, at: Placed) -> None:
        edge = 3 * EDGE if at.chart.equal else EDGE  # a map has no axes between its labels and the edge
        self.frame = Box(edge, edge, at.width - edge, at.height - edge)
        self.labels: list[Label] = []
        self._bands: dict[int, list[Box]] = defaultdict(list)
        self._obstacles = [*_obstacles(at)]
        self._lines = _line_cells(at)

    def place(self, *forms: Label, shifts: Sequence[Shift] = STAY) -> None:
        """Place the first of a label's forms that has a free place, at the cheapest; else leave it out."""
        for label in forms:
            best, least = None, math.inf
            for dx, dy, cost in shifts:
                if cost >= least:
                    break
                box = label.box.moved(dx, dy)
                if self._free(box):
                    whole = cost + (self._covered(box) if len(shifts) > 1 else 0.0)
                    best, least = ((dx, dy), whole) if whole < least else (best, least)
            if best:
                self.labels.append(label.moved(*best) if best != (0, 0) else label)
                for band in _bands(self.labels[-1].box):
                    self._bands[band].append(self.labels[-1].box)
                return

    def _free(self, box: Box) -> bool:
        return box.inside(self.frame) and not any(
            box.touches(other) for band in _bands(box) for other in self._bands.get(band, ())
        )

    def _covered(self, box: Box) -> float:
        columns = range(int(box.left // CELL), int(box.right // CELL) + 1)
        rows = range(int((box.top + 2) // CELL), int((box.bottom - 2) // CELL) + 1)
        crossed = sum((c, r) in self._lines for c in columns for r in rows) if self._lines else 0
        return ON_LINE * crossed + sum(cost for cost, other in self._obstacles if box.touches(other))


def _bands(box: Box) -> range:
    return range(int(box.top // BAND), int(box.bottom // BAND) + 1)


def _obstacles(at: Placed) -> Iterator[tuple[float, Box]]:
    """Yield markers, and level and upright rules a pixel around, each with the cost of covering it."""
    for _, mark in at.marks(Dots):
        for p in mark.points:
            if p.y is not None:
                x, y, r = at.x(p.x), at.y(p.y), mark.size / 2 + 1
                yield ON_MARKER, Box(x - r, y - r, x + r, y + r)
    for _, rule in at.marks(Rule):
        x0, y0, x1, y1 = at.ends(rule)
        if rule.colour != "rule" and (x0 == x1 or y0 == y1):
            cost = ON_LEVEL if y0 == y1 else ON_UPRIGHT
            yield cost, Box(min(x0, x1) - 1, min(y0, y1) - 1, max(x0, x1) + 1, max(y0, y1) + 1)


def _line_cells(at: Placed) -> set[tuple[int, int]]:
    cells = set()
    for mark in (line for _, line in at.marks(Line) if line.width > BACKGROUND):
        places = [None if p.y is None else (at.x(p.x), at.y(p.y)) for p in mark.points]
        for start, end in pairwise(places):
            if start and end:
                (x, y), dx, dy = start, end[0] - start[0], end[1] - start[1]
                steps = min(2000, math.ceil(max(abs(dx), abs(dy)) / (CELL / 2)) or 1)
                for part in (s / steps for s in range(steps + 1)):
                    cells.add((int((x + dx * part) // CELL), int((y + dy * part) // CELL)))
    return cells


def place_marks(at: Placed, placer: LabelPlacer) -> None:
    for place_labels in (_ends, _texts, _bars, _cells, _dots):
        place_labels(at, placer)


def _ends(at: Placed, placer: LabelPlacer) -> None:
    """Place the labels at the ends of lines, as near to their line as their neighbours allow."""
    wanted: list[Label] = []
    for m, mark in at.marks(Line):
        last = mark.last
        if mark.label and last is not None and last.y is not None:
            x, y = at.x(end_of(at.chart, last.x)), at.y(last.y)
            lines = tuple(end_lines(mark, at.chart.lang, at.width))
            label = Label(
                "end", lines, x + GAP, 0, "start", LABEL, mark.colour, at.chart.lang, mark.strong, m,
                target=(x, y),
            )  # fmt: skip
            wanted.append(label.centred_on(y).moved_into(placer.frame))
    groups: list[list[Label]] = []
    for label in sorted(wanted, key=lambda b: b.box.left):  # those that share columns are kept apart
        if groups and label.box.left < max(b.box.right for b in groups[-1]):
            groups[-1].append(label)
        else:
            groups.append([label])
    for group in groups:
        for label in spread(group, at.plot.top - LABEL / 2, at.plot.bottom + TICK * 0.7):
            placer.place(label, shifts=NEAR_END)


def end_of(chart: Chart, x: float) -> float:
    """Return where a line that ends at ``x`` may be labelled: there, or past the last column."""
    columns = [m for m in chart.marks if isinstance(m, Bars) and m.orientation == "v"]
    return max((b.position + m.thickness / 2 for m in columns for b in m.items), default=x)


def end_lines(mark: Line, lang: Lang, width: float) -> list[str]:
    return wrap(mark.label, width * MAX_SHARE, LABEL, lang, strong=mark.strong, max_lines=4) or [""]


def spread(labels: list[Label], top: float, bottom: float) -> list[Label]:
    """Return labels moved up or down until they are apart, in the order of their places.

    Neighbours stand around their common mean, so that squared shifts are least (pool adjacent violators).
    Those without room between ``top`` and ``bottom`` are left out: the plain first, then the later.
    """
    fitting = sorted(labels, key=lambda b: (b.box.top + b.box.bottom, b.mark))
    while fitting and sum(b.box.height for b in fitting) > bottom - top:
        fitting.remove(max(fitting, key=lambda b: (not b.strong, b.mark)))
    room = bottom - top - sum(b.box.height for b in fitting)
    gap = APART if room >= APART * len(fitting) else 0.0
    above = [0.0, *accumulate(b.box.height + gap for b in fitting)]
    blocks: list[list[float]] = []  # tops as if all the labels above had no height
    for label, height in zip(fitting, above, strict=False):
        blocks.append([label.box.top - height])
        while len(blocks) > 1 and fmean(blocks[-2]) > fmean(blocks[-1]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    tops = (min(max(fmean(block), top), bottom - above[-1]) for block in blocks for _ in block)
    return [b.moved(0, y + height - b.box.top) for b, y, height in zip(fitting, tops, above, strict=False)]


def _texts(at: Placed, placer: LabelPlacer) -> None:
    for m, mark in at.marks(Text):
        lines = wrap(mark.text, at.width * 0.6, mark.size, at.chart.lang, strong=mark.strong, max_lines=4)
        x, y = at.x(mark.x) + mark.dx, at.y(mark.y) + mark.dy + mark.size * 0.36
        label = Label(
            "text", tuple(lines), x, y, mark.anchor, mark.size, mark.colour, at.chart.lang, mark.strong, m
        )
        if lines:
            placer.place(label.moved_into(placer.frame), shifts=NEAR_TEXT)


def _bars(at: Placed, placer: LabelPlacer) -> None:
    """Place bars' labels past the bar's end, off a rule; without room there inside the bar, or smaller."""
    for m, mark in at.marks(Bars):
        level = mark.orientation == "h"
        axis, along = (at.chart.x, at.x) if level else (at.chart.y, at.y)
        for n, bar in enumerate(mark.items):
            way = 1 if (bar.value >= bar.base) != axis.reverse else -1
            end, length = along(bar.value), abs(along(bar.value) - along(bar.base))
            label = Label("bar", (bar.label,), 0, 0, "middle", LABEL, "ink", at.chart.lang, mark=m, item=n)
            if bar.label and level:
                near: Anchor = "start" if way > 0 else "end"
                label = replace(label, x=end + 6 * way, anchor=near).centred_on(at.y(bar.position))
                forms = [label]
                if label.box.width + 10 < length:
                    forms.append(replace(label.moved(-way * (12 + label.box.width), 0), colour="paper"))
                placer.place(*forms, shifts=[(way * d, 0, d / 100) for d in range(0, 29, 4)])
            elif bar.label:
                label = replace(label, x=at.x(bar.position), y=end + (-5 if way > 0 else LABEL + 2))
                placer.place(*(f.moved_into(placer.frame) for f in (label, replace(label, size=SMALL))))


def _cells(at: Placed, placer: LabelPlacer) -> None:
    """Place cells' labels in the middle of the field, smaller where narrow, left out where too narrow."""
    wide, high = abs(at.x(1) - at.x(0)), abs(at.y(1) - at.y(0))
    for m, mark in at.marks(Cells):
        for n, cell in enumerate(mark.items):
            for size in (LABEL, TICK, SMALL) if cell.label else ():
                label = Label(
                    "cell", (cell.label,), at.x(cell.column), 0, "middle", size, "ink", at.chart.lang, mark=m,
                    item=n,
                ).centred_on(at.y(cell.row))  # fmt: skip
                if label.box.width + 4 <= wide and label.box.height <= high:
                    placer.place(label)
                    break


def _dots(at: Placed, placer: LabelPlacer) -> None:
    """Place points' labels beside, above or below the point, where it is freest; strong ones first."""
    for m, mark in sorted(at.marks(Dots), key=lambda e: not e[1].strong):
        for point, text in zip(mark.points, mark.labels, strict=False):
            if not text or point.y is None:
                continue
            x, y, room = at.x(point.x), at.y(point.y), at.width * MAX_SHARE
            lines = tuple(wrap(text, room, LABEL, at.chart.lang, strong=mark.strong, max_lines=2))
            label = Label(
                "point", lines, x, 0, "middle", LABEL, mark.colour, at.chart.lang, mark.strong, m,
                target=(x, y),
            ).centred_on(y)  # fmt: skip
            away, box = mark.size / 2 + 5, label.box
            radii = (away, away + 8, away + 16, away + 28)
            placer.place(label, shifts=around(box.width / 2, box.height / 2 - 2, radii))
