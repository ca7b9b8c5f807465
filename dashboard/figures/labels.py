"""Labels of a chart's marks, each at the best place that is still free."""

from __future__ import annotations

from dataclasses import replace

from dashboard.figures.label_placer import Box, Candidate, Label, LabelPlacer, spread
from dashboard.figures.margins import GAP, LABEL, MAX_END_SHARE, SMALL, TICK, end_lines, end_of
from dashboard.figures.placed import Placed
from dashboard.figures.record import Anchor, Bar, Bars, Cells, Dots, Line, Rule, Text
from dashboard.type.text import wrap

REACH = 24.0
"""Pixels of a bar's label that a rule may cut off before the label moves past the rule."""
FAR = 16.0
"""Pixels beyond which a label at a line's end seems to be another's."""
APART = 2.0
"""Pixels between the labels of neighbouring lines' ends, so that they read as lines of their own."""
BACKGROUND = 1.0
"""Lines no wider stand in the background: words may cross them."""


def end_labels(at: Placed, placer: LabelPlacer) -> None:
    """Place the labels at the ends of lines, as near to their line as their neighbours allow."""
    wanted: list[Label] = []
    horizontal, _ = straight_rules(at)
    for m, mark in at.marks(Line):
        last = mark.last
        if mark.label and last is not None and last.y is not None:
            x, y = at.x(end_of(at.chart, last.x)) + GAP, at.y(last.y)
            lines = tuple(end_lines(mark, at.chart.lang, at.width))
            label = Label(
                "end", lines, x, 0, "start", LABEL, mark.colour, at.chart.lang, strong=mark.strong, mark=m,
                target=(at.x(last.x), y),
            ).centred_on(y)  # fmt: skip
            wanted.append(_clear_of_rules(label.moved_into(placer.frame), y, horizontal))
    placer.markers = [Box.around(b.target, 4.0) for b in wanted if b.target]
    # a little way off a neighbour's point, but not so far that the label reads as another line's
    shifts = [
        Candidate(0, dy * s, bias=dy if dy > FAR else dy / 100) for dy in range(0, 200, 4) for s in (1, -1)
    ]
    for group in _group_by_columns(wanted):
        top, bottom = _room_of(group, placer)
        _place_in_order(spread(group, top, bottom, placer.dropped, APART), shifts, placer)


def _room_of(group: list[Label], placer: LabelPlacer) -> tuple[float, float]:
    """Return from where to where a group's labels may stand: between what is above and below them all."""
    left, right = min(b.box.left for b in group), max(b.box.right for b in group)
    highest = min(b.target[1] for b in group if b.target)
    lowest = max(b.target[1] for b in group if b.target)
    taken = [b.box for b in placer.labels if b.box.left < right and left < b.box.right]
    above = [box.bottom for box in taken if box.bottom <= highest]
    below = [box.top for box in taken if box.top >= lowest]
    return max([placer.frame.top, *above]), min([placer.frame.bottom, *below])


def _place_in_order(labels: list[Label], shifts: list[Candidate], placer: LabelPlacer) -> None:
    """Place labels that stand apart already, each near its place, none past its neighbour."""
    ceiling = placer.frame.top
    for n, label in enumerate(labels):
        floor = labels[n + 1].box.top if n + 1 < len(labels) else placer.frame.bottom
        up, down = ceiling - 0.01 - label.box.top, floor + 0.01 - label.box.bottom
        if placer.place_best(label, [s for s in shifts if up <= s.dy <= down], crossing=0.0):
            ceiling = placer.labels[-1].box.bottom


def straight_rules(at: Placed) -> tuple[list[Box], list[Box]]:
    """Return the horizontal and the vertical rules of a chart, as boxes a fifth of a pixel thin."""
    horizontal, vertical = [], []
    for _, rule in at.marks(Rule):
        x0, y0, x1, y1 = at.ends(rule)
        if rule.y0 is not None and rule.y0 == rule.y1:
            horizontal.append(Box(min(x0, x1), y0 - 0.1, max(x0, x1), y0 + 0.1))
        elif rule.x0 is not None and rule.x0 == rule.x1:
            vertical.append(Box(x0 - 0.1, min(y0, y1), x0 + 0.1, max(y0, y1)))
    return horizontal, vertical


def _clear_of_rules(label: Label, y: float, horizontal: list[Box]) -> Label:
    """Return a line's label moved to its line's side of a horizontal rule that would run through it."""
    for rule in horizontal:
        middle = rule.top + 0.1
        if rule.touches(label.box) and abs(middle - y) > 1:
            to = middle + 1 - label.box.top if y > middle else middle - 1 - label.box.bottom
            return label.moved(0, to)
    return label


def _group_by_columns(labels: list[Label]) -> list[list[Label]]:
    """Return labels in groups that share pixel columns, so that only those have to be kept apart."""
    groups: list[list[Label]] = []
    right = 0.0
    for label in sorted(labels, key=lambda b: (b.box.left, b.mark)):
        if groups and label.box.left < right:
            groups[-1].append(label)
        else:
            groups.append([label])
        right = max(right, label.box.right) if len(groups[-1]) > 1 else label.box.right
    return groups


def drawn_paths(at: Placed) -> list[list[tuple[float, float]]]:
    paths: list[list[tuple[float, float]]] = []
    for _, mark in at.marks(Line):
        if mark.width > BACKGROUND:
            paths.append([])
            for p in mark.points:
                if p.y is None:
                    paths.append([])
                else:
                    paths[-1].append((at.x(p.x), at.y(p.y)))
    return [p for p in paths if p]


def marker_boxes(at: Placed) -> list[Box]:
    return [
        Box.around((at.x(p.x), at.y(p.y)), mark.size_of(n) / 2 + 1)
        for _, mark in at.marks(Dots)
        for n, p in enumerate(mark.points)
        if p.y is not None
    ]


def text_labels(at: Placed, placer: LabelPlacer) -> None:
    shifts = [Candidate(0, 0, bias=-1)]
    for radius in (6, 12, 20, 30, 44, 60, 80, 110, 150, 200):
        shifts += [
            Candidate(radius * dx, radius * dy, bias=radius / 8)
            for dx, dy in ((0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1))
        ]
    for m, mark in at.marks(Text):
        x, y = at.x(mark.x) + mark.dx, at.y(mark.y) + mark.dy
        lines = wrap(mark.text, at.width * 0.6, mark.size, at.chart.lang, strong=mark.strong, max_lines=4)
        label = Label(
            "text", tuple(lines), x, y + mark.size * 0.36, mark.anchor, mark.size, mark.colour, at.chart.lang,
            strong=mark.strong, mark=m,
        )  # fmt: skip
        placer.place_best(label.moved_into(placer.frame), shifts, crossing=0.35)


def bar_labels(at: Placed, placer: LabelPlacer) -> None:
    """Place bars' labels past the bar's end, else inside it in the paper's colour."""
    _, vertical = straight_rules(at)
    for m, mark in at.marks(Bars):
        for n, bar in enumerate(mark.items):
            label = Label("bar", (bar.label,), 0, 0, "middle", LABEL, "ink", at.chart.lang, mark=m, item=n)
            if bar.label and mark.orientation == "h":
                _label_horizontal(at, bar, label, placer, vertical)
            elif bar.label:
                _label_vertical(at, bar, label, placer)


def _label_vertical(at: Placed, bar: Bar, label: Label, placer: LabelPlacer) -> None:
    up = (1 if at.chart.y.reverse else -1) * (1 if bar.value >= bar.base else -1)
    y = at.y(bar.value) + (-5 if up < 0 else LABEL + 2)
    for size in (LABEL, SMALL):
        sized = replace(label, x=at.x(bar.position), y=y, size=size)
        if placer.try_place(sized.moved_into(placer.frame), report=size == SMALL):
            break


def _label_horizontal(at: Placed, bar: Bar, label: Label, placer: LabelPlacer, vertical: list[Box]) -> None:
    """Place the label of a horizontal bar outside its end or, in the paper's colour, inside."""
    end, length = at.x(bar.value), abs(at.x(bar.value) - at.x(bar.base))
    way = 1 if (bar.value >= bar.base) != at.chart.x.reverse else -1
    ways: tuple[Anchor, Anchor] = ("start", "end") if way > 0 else ("end", "start")
    label = label.centred_on(at.y(bar.position))
    outside = _shift_past_rules(replace(label, x=end + 6 * way, anchor=ways[0]), way, vertical)
    inside = replace(label, x=end - 6 * way, anchor=ways[1], colour="paper")
    if not placer.try_place(outside, report=False) and label.box.width + 10 < length:
        placer.try_place(inside)


def _shift_past_rules(label: Label, way: int, vertical: list[Box]) -> Label:
    """Return a bar's label moved past a vertical rule that would run through its beginning."""
    for rule in sorted(vertical, key=lambda r: r.left * way):
        box, x = label.box, rule.left + 0.1
        into = (x - box.left) if way > 0 else (box.right - x)
        if rule.top < box.bottom and box.top < rule.bottom and -4 < into < REACH:
            label = label.moved(way * (into + 4), 0)
    return label


def cell_labels(at: Placed, placer: LabelPlacer) -> None:
    """Place cells' labels in the middle of the field, smaller where narrow, left out where too narrow."""
    wide, high = abs(at.x(1) - at.x(0)), abs(at.y(1) - at.y(0))
    for m, mark in at.marks(Cells):
        for n, cell in enumerate(mark.items):
            if not cell.label:
                continue
            for size in (LABEL, TICK, SMALL):
                label = Label(
                    "cell", (cell.label,), at.x(cell.column), 0, "middle", size, "ink", at.chart.lang, mark=m,
                    item=n,
                ).centred_on(at.y(cell.row))  # fmt: skip
                if label.box.width + 4 <= wide and label.box.height <= high:
                    placer.try_place(label)
                    break
            else:
                placer.dropped.append(label)


def dot_labels(at: Placed, placer: LabelPlacer) -> None:
    """Place points' labels beside, above or below the point, where it is freest; strong ones first."""
    for m, mark in sorted(at.marks(Dots), key=lambda e: not e[1].strong):
        for n, (point, text) in enumerate(zip(mark.points, mark.labels, strict=False)):
            if not text or point.y is None:
                continue
            x, y = at.x(point.x), at.y(point.y)
            lines = tuple(
                wrap(text, at.width * MAX_END_SHARE, LABEL, at.chart.lang, strong=mark.strong, max_lines=2)
            )
            label = Label(
                "point", lines, x, 0, "middle", LABEL, mark.colour, at.chart.lang, strong=mark.strong, mark=m,
                target=(x, y),
            ).centred_on(y)  # fmt: skip
            placer.place_best(label, _around_point(label.box, mark.size_of(n) / 2 + 5), crossing=0.3)


def _around_point(box: Box, away: float) -> list[Candidate]:
    w, h = box.width / 2, box.height / 2
    right, down = away + w, away + h - 2
    aside, aslant = away * 0.7 + w, away * 0.7 + h - 3
    near = [
        Candidate(right, 0), Candidate(0, -down, 0.2), Candidate(-right, 0, 0.4), Candidate(0, down, 0.5),
        Candidate(aside, -aslant, 0.6), Candidate(aside, aslant, 0.7),
        Candidate(-aside, -aslant, 0.8), Candidate(-aside, aslant, 0.9),
    ]  # fmt: skip
    far = [
        Candidate(sx * (right + r), sy * r, 2 + r / 20)
        for r in (10, 18, 28)
        for sx in (1, -1)
        for sy in (-1, 1)
    ]
    return near + far + [Candidate(0, sy * (away + h + r), 2 + r / 20) for r in (8, 16, 28) for sy in (-1, 1)]
