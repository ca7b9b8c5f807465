"""The place of everything in a chart, for all renderers: margins, ticks, labels that never collide.

When room is short, ticks come first, then labels at line ends, a record's own texts, bars', cells' and
points' labels; one that finds no room is left out.
"""

from collections import defaultdict
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from dashboard.dataset import Lang
from dashboard.figures.geometry import EDGE, GAP, LABEL, MAX_SHARE, SMALL, TICK, Box, Label, Placed, share
from dashboard.figures.label_placer import LabelPlacer, end_lines, end_of, place_marks
from dashboard.figures.record import Anchor, Axis, Bars, Cells, Chart, Dots, Line, Text
from dashboard.figures.theme import Paint, cell_colour, colour, contrast, mix, text_role
from dashboard.type import fonts
from dashboard.type.text import shorten, wrap

CONTRAST = 4.5
"""What words need against their ground (WCAG 2.2, level AA)."""
Names = dict[float, list[str]]
"""The lines of ticks' names, by the tick's value."""


def place(chart: Chart, width: float, height: float) -> Placed:
    """Lay a chart out for ``width`` × ``height`` pixels.

    Raises ``ValueError`` for a size under 120 × 80 and for a logarithmic axis from zero.
    """
    if width < 120 or height < 80:
        raise ValueError(f"a chart needs at least 120 × 80 pixels, not {width:g} × {height:g}")
    for name, axis in (("x", chart.x), ("y", chart.y)):
        if axis.scale == "log" and min(axis.domain) <= 0:
            raise ValueError(f"{chart.id}: the logarithmic {name} axis starts at {min(axis.domain):g}")
    return _place(chart, float(width), float(height))


@lru_cache(maxsize=64)
def _place(chart: Chart, width: float, height: float) -> Placed:
    if chart.empty and not chart.marks:
        frame, size = Box(EDGE, EDGE, width - EDGE, height - EDGE), 15.0
        lines = wrap(chart.empty, min(width - 48, 460), size, chart.lang, balanced=True, max_lines=8)
        label = Label("empty", tuple(lines), width / 2, 0, "middle", size, "muted", chart.lang)
        return Placed(chart, width, height, frame, (label.centred_on(height / 2).moved_into(frame),))
    size, rows = _row_names(chart.y, chart.lang, width, height)
    wide = max((fonts.width(t, size, chart.lang) for lines in rows.values() for t in lines), default=0.0)
    columns = _column_names(chart.x, chart.lang, width - 2 * EDGE - wide - 2 * GAP)
    at = Placed(chart, width, height, _plot_box(chart, width, height, wide, columns))
    placer = LabelPlacer(at)
    _place_titles(at, placer)
    _place_names(at, placer, rows, columns, size, min(at.plot.left - GAP, EDGE + wide + 2))
    place_marks(at, placer)
    return replace(at, labels=tuple(placer.labels))


def _plot_box(chart: Chart, width: float, height: float, names: float, columns: Names) -> Box:
    """Return the plot box beside row names ``names`` pixels wide and over the names of columns."""
    left = EDGE + (names + GAP + 2 if names else TICK)  # half a year's label without names
    right = width - EDGE - 4
    top = EDGE + TICK * (1.7 if chart.y.title else 0.8)
    bottom = height - EDGE - TICK * (1.9 if columns else 0.6) - TICK * 1.5 * bool(chart.x.title)
    bottom -= (max(map(len, columns.values()), default=1) - 1) * TICK * 1.25
    needs = _needs(chart, width)
    # a label left of its bar must not read on from the row's name
    start = EDGE + names + (2 * GAP if names else 0)
    for _ in range(4):  # each side's room moves the other's labels
        for part, need in needs["right"]:
            if part > 0:  # left + part·(right − left) + need ≤ width − EDGE
                right = min(right, left + (width - EDGE - need - left) / part)
        for part, need in needs["left"]:
            if part < 1:  # left + part·(right − left) − need ≥ start
                left = max(left, (start + need - part * right) / (1 - part))
    for part, need in needs["top"]:
        if part > 0:
            top = max(top, bottom - (bottom - EDGE - need) / part)
    right = max(right, left + 40)
    plot = Box(min(left, width - 60), min(top, bottom - 30), min(right, width - EDGE), bottom)
    return _unit_square(chart, plot) if chart.equal else plot


def _needs(chart: Chart, width: float) -> dict[str, list[tuple[float, float]]]:
    """Return for each side ``(share, pixels)``: beyond that share of the plot, so many pixels are wanted."""
    needs: dict[str, list[tuple[float, float]]] = defaultdict(list)
    x, y, lang = chart.x, chart.y, chart.lang
    for mark in chart.marks:
        match mark:
            case Line() if mark.label and mark.last:
                lines = end_lines(mark, lang, width)
                wide = max(fonts.width(t, LABEL, lang, strong=mark.strong) for t in lines)
                needs["right"].append((share(x, end_of(chart, mark.last.x)), wide + GAP + 8))
            case Dots():
                for point, label in zip(mark.points, mark.labels, strict=False):
                    if label and point.y is not None and share(x, point.x) > 0.7:
                        wide = min(fonts.width(label, LABEL, lang, strong=mark.strong), width * MAX_SHARE)
                        needs["right"].append((share(x, point.x), wide + GAP + mark.size / 2))
            case Bars():
                for bar in mark.items:
                    if bar.label and mark.orientation == "h":
                        side = "right" if bar.value >= bar.base else "left"
                        wide = min(fonts.width(bar.label, LABEL, lang), width * 0.5)
                        needs[side].append((share(x, bar.value), wide + GAP))
                    elif bar.label and bar.value >= bar.base:
                        needs["top"].append((share(y, bar.value), LABEL * 1.6))
            case Text() if mark.dy < 0 and not y.category:
                needs["top"].append((share(y, mark.y), mark.size - mark.dy))
    return needs


def _unit_square(chart: Chart, plot: Box) -> Box:
    """Return the largest box inside ``plot`` in which a unit is as long on x as on y, centred."""
    across, down = (abs(axis.domain[1] - axis.domain[0]) for axis in (chart.x, chart.y))
    unit = min(plot.width / across, plot.height / down)
    dx, dy = (plot.width - across * unit) / 2, (plot.height - down * unit) / 2
    return Box(plot.left + dx, plot.top + dy, plot.right - dx, plot.bottom - dy)


def _row_names(axis: Axis, lang: Lang, width: float, height: float) -> tuple[float, Names]:
    """Return type size and lines of the y axis' names; those of low rows are smaller, still legible."""
    names = _ticks(axis)
    if not axis.category:
        return TICK, names
    pitch = (height - 3 * TICK) / max(1.0, abs(axis.domain[1] - axis.domain[0]))
    size = min(LABEL, max(SMALL - 1, pitch / 1.12))
    most, room = max(1, min(3, int(pitch / (1.2 * size)))), width * 0.4
    return size, {
        value: wrap(name, room, size, lang, max_lines=most, balanced=True) for value, (name,) in names.items()
    }


def _column_names(axis: Axis, lang: Lang, width: float) -> Names:
    """Return the lines of the x axis' names; those of columns are wrapped to their part of ``width``."""
    names = _ticks(axis)
    if not axis.category:
        return names
    room = width / max(1, len(names)) - 4
    return {value: wrap(name, room, TICK, lang, max_lines=3) for value, (name,) in names.items()}


def _ticks(axis: Axis) -> Names:
    low, high = sorted(axis.domain)
    slack = (high - low) * 1e-9
    inside = (t for t in axis.ticks if low - slack <= t.value <= high + slack)
    return {t.value: [t.label] for t in inside if t.label.strip()}


def _place_titles(at: Placed, placer: LabelPlacer) -> None:
    chart, right = at.chart, min(at.plot.right, at.width - EDGE)
    titles: list[tuple[str, str, float, float, Anchor]] = [
        ("title-y", chart.y.title, EDGE, EDGE + TICK * 0.9, "start"),
        ("title-x", chart.x.title, right, at.height - EDGE - TICK * 0.3, "end"),
    ]
    for kind, title, x, y, anchor in titles:
        if line := shorten(title, at.width - 2 * EDGE, TICK, chart.lang):
            label = Label(kind, (line,), x, y, anchor, TICK, "muted", chart.lang)
            placer.place(label.moved_into(placer.frame))


def _place_names(
    at: Placed, placer: LabelPlacer, rows: Names, columns: Names, size: float, right: float
) -> None:
    chart, baseline = at.chart, at.plot.bottom + TICK * 1.6
    for axis, names in ((chart.y, rows), (chart.x, columns)):
        labels, role = [], "ink" if axis.category else "muted"
        for value, lines in names.items():
            if axis is chart.y:
                label = Label("tick-y", tuple(lines), right, 0, "end", size, role, chart.lang)
                label = label.centred_on(at.y(value))
            else:
                x = at.x(value)
                label = Label("tick-x", tuple(lines), x, baseline, "middle", TICK, role, chart.lang)
            labels.append(label.moved_into(placer.frame))
        for label in labels if axis is chart.y and axis.category else _thinned(labels):
            placer.place(label)


def _thinned(labels: list[Label]) -> list[Label]:
    """Return every k-th label, k the least for which none touches the next."""
    ordered = sorted(labels, key=lambda b: (b.box.top, b.box.left))
    for k in range(1, len(ordered) + 1):
        boxes = [label.box for label in ordered[::k]]
        if all(b.left - a.right >= GAP or b.top - a.bottom >= 1 for a, b in pairwise(boxes)):
            return ordered[::k]
    return []


def text_colour(label: Label, placed: Placed | None, paint: Paint) -> str:
    """Return the colour of a label: its role's; in a field or bar, ink or paper, as reads best."""
    mark = placed.chart.marks[label.mark] if placed and label.mark >= 0 else None
    if label.kind == "cell" and isinstance(mark, Cells):
        return _colour_in_cell(mark.ramp, mark.items[label.item].shade, paint)
    if label.colour == "paper" and isinstance(mark, Bars) and paint != "css":
        return colour(_reads_best(colour(mark.items[label.item].colour, paint), paint), paint)
    return legible(label.colour, paint)


@lru_cache(4096)
def _colour_in_cell(ramp: str, shade: float | None, paint: Paint) -> str:
    if paint == "css":  # a page is read in either theme
        light, dark = (_reads_best(cell_colour(ramp, shade, theme), theme) for theme in ("light", "dark"))
        return f"light-dark({colour(light, paint)},{colour(dark, paint)})"
    return colour(_reads_best(cell_colour(ramp, shade, paint), paint), paint)


def _reads_best(under: str, paint: Paint) -> str:
    return max("ink", "paper", key=lambda role: contrast(colour(role, paint), under))


def legible(role: str, paint: Paint) -> str:
    """Return the colour of words of a role: on paper, where greys are many, as dark as small type needs."""
    tint, ink, paper = (colour(name, paint) for name in (text_role(role), "ink", "paper"))
    if paint != "print" or role == "paper":
        return tint
    tints = (mix(tint, ink, n / 20) for n in range(20))
    return next((t for t in tints if contrast(t, paper) >= CONTRAST), ink)
