"""Labels of a chart's marks, each at the best spot that is still free."""

from __future__ import annotations

from dashboard.dataset import Lang
from dashboard.figures.axislabels import Frame
from dashboard.figures.margins import EDGE, GAP, LABEL, SMALL, TICK, end_lines
from dashboard.figures.record import Anchor, Bars, Cells, Dots, Line, Rule, Text
from dashboard.figures.space import Box, Candidate, Label, LabelPlacer, spread
from dashboard.type import fonts
from dashboard.type.text import wrap

REACH = 24.0
"""Pixels of a bar's label that a rule may cut off before the label moves past the rule."""
FAR = 16.0
"""Pixels beyond which a label at a line's end seems to be another's."""
APART = 2.0
"""Pixels between the labels of neighbouring lines' ends, so that they read as lines of their own."""


def ends(at: Frame, lang: Lang, room: LabelPlacer) -> None:
    """Place the labels at the ends of lines, as near to their line as their neighbours allow."""
    wanted: list[Label] = []
    rules = levels(at)
    for m, mark in enumerate(at.chart.marks):
        if not isinstance(mark, Line) or not mark.label:
            continue
        last = next((p for p in reversed(mark.points) if p.y is not None), None)
        if last is None or last.y is None:
            continue
        x, y = at.x(last.x), at.y(last.y)
        lines = tuple(end_lines(mark, lang, at.width))
        wide = max(fonts.width(t, LABEL, lang, strong=mark.strong) for t in lines)
        x = max(EDGE, min(x + GAP, at.width - EDGE - wide))
        label = Label(
            "end", lines, x, 0, "start", LABEL, mark.colour, lang, strong=mark.strong, mark=m,
            item=len(mark.points) - 1, name=mark.name, target=(at.x(last.x), y),
        )  # fmt: skip
        wanted.append(_off(label.centred_on(y), rules))
    room.points = [_around(b.target, 4.0) for b in wanted if b.target]
    # a little way off a neighbour's point, but not so far that the label reads as another line's
    spots = [
        Candidate(0, dy * s, bias=dy if dy > FAR else dy / 100) for dy in range(0, 200, 4) for s in (1, -1)
    ]
    for group in _abreast(wanted):
        top, bottom = _span(group, room)
        _seek_in_order(spread(group, top, bottom, room.dropped, APART), spots, room)


def _span(group: list[Label], room: LabelPlacer) -> tuple[float, float]:
    """Return from where to where a group's labels may stand: between what is above and below them all."""
    left, right = min(b.box.left for b in group), max(b.box.right for b in group)
    highest = min(b.target[1] for b in group if b.target)
    lowest = max(b.target[1] for b in group if b.target)
    taken = [b.box for b in room.labels if b.box.left < right and left < b.box.right]
    above = [box.bottom for box in taken if box.bottom <= highest]
    below = [box.top for box in taken if box.top >= lowest]
    return max([room.frame.top, *above]), min([room.frame.bottom, *below])


def _seek_in_order(labels: list[Label], spots: list[Candidate], room: LabelPlacer) -> None:
    """Place labels that stand apart already, each near its place, none past its neighbour."""
    ceiling = room.frame.top
    for n, label in enumerate(labels):
        floor = labels[n + 1].box.top if n + 1 < len(labels) else room.frame.bottom
        up, down = ceiling - 0.01 - label.box.top, floor + 0.01 - label.box.bottom
        near = [s for s in spots if up <= s.dy <= down]
        if room.seek(label, near, crossing=0.0):
            ceiling = room.labels[-1].box.bottom


def _around(place: tuple[float, float], r: float) -> Box:
    x, y = place
    return Box(x - r, y - r, x + r, y + r)


def levels(at: Frame) -> list[tuple[float, float, float]]:
    """Return the level rules of a chart as ``(left, right, y)`` in pixels."""
    out = []
    for mark in at.chart.marks:
        if isinstance(mark, Rule) and mark.y0 is not None and mark.y0 == mark.y1:
            left = at.plot.left if mark.x0 is None else at.x(mark.x0)
            right = at.plot.right if mark.x1 is None else at.x(mark.x1)
            out.append((min(left, right), max(left, right), at.y(mark.y0)))
    return out


def uprights(at: Frame) -> list[tuple[float, float, float]]:
    """Return the upright rules of a chart as ``(top, bottom, x)`` in pixels."""
    out = []
    for mark in at.chart.marks:
        if isinstance(mark, Rule) and mark.x0 is not None and mark.x0 == mark.x1:
            top = at.plot.top if mark.y1 is None else at.y(mark.y1)
            bottom = at.plot.bottom if mark.y0 is None else at.y(mark.y0)
            out.append((min(top, bottom), max(top, bottom), at.x(mark.x0)))
    return out


def _off(label: Label, rules: list[tuple[float, float, float]]) -> Label:
    """Return a line's label moved to its line's side of a level rule that would run through it."""
    box, y = label.box, label.target[1] if label.target else 0.0
    for left, right, at in rules:
        if left < box.right and box.left < right and box.top < at < box.bottom and abs(at - y) > 1:
            return label.moved(0, at + 1 - box.top if y > at else at - 1 - box.bottom)
    return label


def _abreast(labels: list[Label]) -> list[list[Label]]:
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


BACKGROUND = 1.0
"""Lines no wider stand in the background: words may cross them."""


def paths(at: Frame) -> list[tuple[tuple[float, float], ...]]:
    """Return the drawn lines and points as pixel paths, which labels would rather not cross."""
    paths: list[tuple[tuple[float, float], ...]] = []
    for mark in at.chart.marks:
        if isinstance(mark, Line) and mark.width > BACKGROUND:
            run: list[tuple[float, float]] = []
            for p in mark.points:
                if p.y is None:
                    paths.append(tuple(run))
                    run = []
                else:
                    run.append((at.x(p.x), at.y(p.y)))
            paths.append(tuple(run))
    return [p for p in paths if p]


def spots(at: Frame) -> list[Box]:
    """Return the room that points take, which labels keep off if they can at all."""
    out = []
    for mark in at.chart.marks:
        if isinstance(mark, Dots):
            for n, p in enumerate(mark.points):
                if p.y is not None:
                    r = (mark.sizes[n] if n < len(mark.sizes) else mark.size) / 2 + 1
                    out.append(_around((at.x(p.x), at.y(p.y)), r))
    return out


def texts(at: Frame, lang: Lang, room: LabelPlacer) -> None:
    """Place a record's own texts: where it says, or the nearest free spot."""
    shifts = [Candidate(0, 0, bias=-1)]
    for radius in (6, 12, 20, 30, 44, 60, 80, 110, 150, 200):
        shifts += [
            Candidate(radius * dx, radius * dy, bias=radius / 8)
            for dx, dy in ((0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1))
        ]
    for m, mark in enumerate(at.chart.marks):
        if not isinstance(mark, Text) or not mark.text:
            continue
        x, y = at.x(mark.x) + mark.dx, at.y(mark.y) + mark.dy
        lines = wrap(mark.text, at.width * 0.6, mark.size, lang, strong=mark.strong, max_lines=4)
        label = Label(
            "text", tuple(lines), x, y + mark.size * 0.36, mark.anchor, mark.size, mark.colour, lang,
            strong=mark.strong, mark=m,
        )  # fmt: skip
        room.seek(label.moved_into(room.frame), shifts, crossing=0.35)


def _past(label: Label, way: int, rules: list[tuple[float, float, float]]) -> Label:
    """Return a bar's label moved past an upright rule that would run through its beginning."""
    box = label.box
    for top, bottom, x in sorted(rules, key=lambda r: r[2] * way):
        into = (x - box.left) if way > 0 else (box.right - x)
        if top < box.bottom and box.top < bottom and -4 < into < REACH:
            label = label.moved(way * (into + 4), 0)
            box = label.box
    return label


def bars(at: Frame, lang: Lang, room: LabelPlacer) -> None:
    """Place bars' labels past the bar's end, else inside it in the paper's colour."""
    rules = uprights(at)
    for m, mark in enumerate(at.chart.marks):
        if not isinstance(mark, Bars):
            continue
        for n, bar in enumerate(mark.items):
            if not bar.label:
                continue
            out = 1 if bar.value >= bar.base else -1
            if mark.orientation == "h":
                end = at.x(bar.value)
                side = out if not at.chart.x.reverse else -out
                cy = at.y(bar.position)
                spots = [(end + 6 * side, side, False), (end - 6 * side, -side, True)]
                for x, way, inside in spots:
                    anchor: Anchor = "start" if way > 0 else "end"
                    label = Label(
                        "bar", (bar.label,), x, 0, anchor, LABEL, "paper" if inside else "ink", lang, mark=m,
                        item=n,
                    ).centred_on(cy)  # fmt: skip
                    if not inside:
                        label = _past(label, way, rules)
                    length = abs(end - at.x(bar.base))
                    if (not inside or label.box.width + 10 < length) and room.put(label, tell=inside):
                        break
            else:
                up = (1 if at.chart.y.reverse else -1) * out
                y = at.y(bar.value) + (up * 5 if up < 0 else up * (LABEL + 2))
                for size in (LABEL, SMALL):
                    label = Label(
                        "bar",
                        (bar.label,),
                        at.x(bar.position),
                        y,
                        "middle",
                        size,
                        "ink",
                        lang,
                        mark=m,
                        item=n,
                    )
                    if room.put(label.moved_into(room.frame), tell=size == SMALL):
                        break


def cells(at: Frame, lang: Lang, room: LabelPlacer) -> None:
    """Place cells' labels in the middle of the field, smaller where narrow, left out where too narrow."""
    for m, mark in enumerate(at.chart.marks):
        if not isinstance(mark, Cells):
            continue
        wide = abs(at.x(1) - at.x(0))
        high = abs(at.y(1) - at.y(0))
        for n, cell in enumerate(mark.items):
            if not cell.label:
                continue
            label = Label(
                "cell", (cell.label,), at.x(cell.column), 0, "middle", LABEL, "ink", lang, mark=m, item=n
            )
            for size in (LABEL, TICK, SMALL):
                label = label.sized(size).centred_on(at.y(cell.row))
                if label.box.width + 4 <= wide and label.box.height <= high:
                    room.put(label)
                    break
            else:
                room.dropped.append(label)


def dots(at: Frame, lang: Lang, room: LabelPlacer) -> None:
    """Place points' labels beside, above or below the point, where it is freest."""
    for m, mark in sorted(
        ((m, k) for m, k in enumerate(at.chart.marks) if isinstance(k, Dots)), key=lambda e: not e[1].strong
    ):
        for n, (point, text) in enumerate(zip(mark.points, mark.labels, strict=False)):
            if not text or point.y is None:
                continue
            x, y = at.x(point.x), at.y(point.y)
            size = mark.sizes[n] if n < len(mark.sizes) else mark.size
            away = size / 2 + 5
            lines = tuple(wrap(text, at.width * 0.3, LABEL, lang, strong=mark.strong, max_lines=2))
            label = Label(
                "point", lines, x, 0, "middle", LABEL, mark.colour, lang, strong=mark.strong, mark=m, item=n,
                name=mark.name, target=(x, y),
            ).centred_on(y)  # fmt: skip
            w, h = label.box.width / 2, label.box.height / 2
            ring = [
                Candidate(away + w, 0),
                Candidate(0, -(away + h - 2), bias=0.2),
                Candidate(-(away + w), 0, bias=0.4),
                Candidate(0, away + h - 2, bias=0.5),
                Candidate(away * 0.7 + w, -(away * 0.7 + h - 3), bias=0.6),
                Candidate(away * 0.7 + w, away * 0.7 + h - 3, bias=0.7),
                Candidate(-(away * 0.7 + w), -(away * 0.7 + h - 3), bias=0.8),
                Candidate(-(away * 0.7 + w), away * 0.7 + h - 3, bias=0.9),
            ]
            far = [
                Candidate(sx * (away + w + r), sy * r, bias=2 + r / 20)
                for r in (10, 18, 28)
                for sx in (1, -1)
                for sy in (-1, 1)
            ] + [Candidate(0, sy * (away + h + r), bias=2 + r / 20) for r in (8, 16, 28) for sy in (-1, 1)]
            room.seek(label, ring + far, crossing=0.3)
