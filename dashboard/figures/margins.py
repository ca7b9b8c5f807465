"""The plot box: as large as the measured words around it leave."""

from __future__ import annotations

from dashboard.dataset import Lang
from dashboard.figures.label_placer import Box
from dashboard.figures.placed import share
from dashboard.figures.record import Axis, Bar, Bars, Chart, Dots, Line, Text
from dashboard.type import fonts
from dashboard.type.text import wrap

TICK, LABEL, SMALL = 11.0, 12.0, 10.0
"""Type sizes in pixels: axis ticks, labels of series and points, the smallest still legible."""
GAP = 8.0
"""Between a mark and its label, and least between two tick labels."""
EDGE = 2.0
"""Nothing comes nearer to the frame than this."""
MAX_END_SHARE = 0.36
MAX_NAME_SHARE = 0.4
"""What a label at a line's end, or a row's name, may take of the frame's width before it wraps."""
MAX_BAR_SHARE = 0.5
"""The same for a bar's label, which does not wrap."""


def plot_box(chart: Chart, width: float, height: float, rows: dict[int, list[str]]) -> Box:
    lang, size = chart.lang, row_size(chart.y, height) if chart.y.category else TICK
    names = [fonts.width(t, size, lang) for lines in rows.values() for t in lines]
    left = max(names, default=TICK) + (GAP + 2 if names else 0) + EDGE  # half a year's label without names
    top = EDGE + (TICK * 1.7 if chart.y.title else TICK * 0.8)
    bottom = height - EDGE - (TICK * 1.9 if chart.x.ticks else TICK * 0.6)
    if chart.x.title:
        bottom -= TICK * 1.5
    right = width - EDGE - 4
    if chart.x.category:
        bottom -= _column_room(chart, right - left)
    rightward, leftward = _right_needs(chart, width), left_needs(chart)
    # a label left of its bar must not read on from the row's name
    start = EDGE + max(names, default=0.0) + (2 * GAP if names else 0)
    for _ in range(4 if leftward else 1):  # each side's room moves the other's labels
        for part, need in rightward:
            if part > 0:  # left + part·(right − left) + need ≤ width − EDGE
                right = min(right, left + (width - EDGE - need - left) / part)
        for part, need in leftward:
            if part < 1:  # left + part·(right − left) − need ≥ start
                left = max(left, (start + need - part * right) / (1 - part))
    for part, need in _top_needs(chart):
        if part > 0:
            top = max(top, bottom - (bottom - EDGE - need) / part)
    right = max(right, left + 40)
    return Box(min(left, width - 60), min(top, bottom - 30), min(right, width - EDGE), bottom)


def _right_needs(chart: Chart, width: float) -> list[tuple[float, float]]:
    """Return ``(share, pixels)``: right of that share of the plot, so many pixels are wanted."""
    needs = []
    for mark in chart.marks:
        if isinstance(mark, Line) and mark.label and mark.last:
            lines = end_lines(mark, chart.lang, width)
            wide = max(fonts.width(t, LABEL, chart.lang, strong=mark.strong) for t in lines)
            needs.append((share(chart.x, end_of(chart, mark.last.x)), wide + GAP + 8))
        elif isinstance(mark, Dots):
            for point, label in zip(mark.points, mark.labels, strict=False):
                if label and point.y is not None and share(chart.x, point.x) > 0.7:
                    wide = fonts.width(label, LABEL, chart.lang, strong=mark.strong)
                    room = min(wide, width * MAX_END_SHARE) + GAP + mark.size / 2
                    needs.append((share(chart.x, point.x), room))
    bars = [bar for bar in _horizontal_bars(chart) if bar.value >= bar.base]
    return needs + [(at, min(room, width * MAX_BAR_SHARE + GAP)) for at, room in _beside(chart, bars)]


def left_needs(chart: Chart) -> list[tuple[float, float]]:
    """Return ``(share, pixels)``: left of that share of the plot, so many pixels are wanted."""
    return _beside(chart, [bar for bar in _horizontal_bars(chart) if bar.value < bar.base])


def _horizontal_bars(chart: Chart) -> list[Bar]:
    bars = [mark for mark in chart.marks if isinstance(mark, Bars) and mark.orientation == "h"]
    return [bar for mark in bars for bar in mark.items if bar.label]


def _beside(chart: Chart, bars: list[Bar]) -> list[tuple[float, float]]:
    return [(share(chart.x, b.value), fonts.width(b.label, LABEL, chart.lang) + GAP) for b in bars]


def end_of(chart: Chart, x: float) -> float:
    """Return where a line that ends at ``x`` may be labelled: there, or past the last column."""
    columns = [m for m in chart.marks if isinstance(m, Bars) and m.orientation == "v"]
    return max((b.position + m.thickness / 2 for m in columns for b in m.items), default=x)


def _top_needs(chart: Chart) -> list[tuple[float, float]]:
    """Return what must be free above which shares of the height: over bars, over words that are raised."""
    needs = []
    for mark in chart.marks:
        if isinstance(mark, Text) and mark.dy < 0 and not chart.y.category:
            needs.append((share(chart.y, mark.y), mark.size - mark.dy))
        if isinstance(mark, Bars) and mark.orientation == "v":
            needs += [
                (share(chart.y, b.value), LABEL * 1.6) for b in mark.items if b.label and b.value >= b.base
            ]
    return needs


def unit_square(chart: Chart, plot: Box) -> Box:
    """Return the largest box inside ``plot`` in which a unit is as long on x as on y, centred."""
    across = abs(chart.x.domain[1] - chart.x.domain[0]) or 1.0
    down = abs(chart.y.domain[1] - chart.y.domain[0]) or 1.0
    unit = min(plot.width / across, plot.height / down)
    cx, cy = (plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2
    return Box(cx - across * unit / 2, cy - down * unit / 2, cx + across * unit / 2, cy + down * unit / 2)


def plain_ticks(axis: Axis) -> dict[int, list[str]]:
    low, high = sorted(axis.domain)
    slack = (high - low) * 1e-9
    return {n: [t.label] for n, t in enumerate(axis.ticks) if low - slack <= t.value <= high + slack}


def row_pitch(axis: Axis, height: float) -> float:
    """Return about how many pixels high one row of a category axis is, in a frame ``height`` high."""
    return (height - 3 * TICK) / max(1.0, abs(axis.domain[1] - axis.domain[0]))


def row_size(axis: Axis, height: float) -> float:
    """Return the type size of rows' names: smaller where rows are low, down to what is still legible."""
    return min(LABEL, max(SMALL - 1, row_pitch(axis, height) / 1.12))


def tick_texts(axis: Axis, lang: Lang, width: float, height: float) -> dict[int, list[str]]:
    """Return the lines of every tick inside the domain; names of rows are wrapped to two lines."""
    if not axis.category:
        return plain_ticks(axis)
    limit, size = width * MAX_NAME_SHARE, row_size(axis, height)
    pitch = row_pitch(axis, height)
    deepest = 3 if pitch > size * 3.6 else 2 if pitch > size * 2.4 else 1
    return {
        n: wrap(lines[0], limit, size, lang, max_lines=deepest, balanced=True) or [""]
        for n, lines in plain_ticks(axis).items()
    }


def _column_room(chart: Chart, width: float) -> float:
    room = width / max(1, len(plain_ticks(chart.x))) - 4
    names = [wrap(tick.label, room, TICK, chart.lang, max_lines=3) for tick in chart.x.ticks]
    deepest = max(map(len, names), default=1)
    return (deepest - 1) * TICK * 1.25


def end_lines(mark: Line, lang: Lang, width: float) -> list[str]:
    return wrap(mark.label, width * MAX_END_SHARE, LABEL, lang, strong=mark.strong, max_lines=4) or [""]
