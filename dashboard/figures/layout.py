"""The place of everything in a chart, in pixels: margins, ticks, and labels that never collide.

Both renderers ask :func:`place`, so that page and picture put every word at the same place. Nothing is
guessed: widths come from the shipped fonts. The same record and size give the same places.

Placement priority when room is short: ticks, then the labels at line ends, then a record's own texts, then
bars', cells' and points' labels. A label that finds no free place is left out (``Placed.dropped`` says
which); no label leaves the frame or touches another.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache
from itertools import pairwise

from dashboard.figures import labels
from dashboard.figures.label_placer import Box, Label, LabelPlacer
from dashboard.figures.margins import (
    EDGE,
    GAP,
    TICK,
    left_needs,
    plain_ticks,
    plot_box,
    row_size,
    tick_texts,
    unit_square,
)
from dashboard.figures.placed import Placed
from dashboard.figures.record import Anchor, Bars, Cells, Chart
from dashboard.figures.theme import Theme, cell_colour, colour, luminance, mix, text_role
from dashboard.type.text import shorten, wrap

CONTRAST = 4.5
"""What words need against their ground (WCAG 2.2, level AA)."""

__all__ = ["Box", "Label", "Placed", "place", "text_colour"]


def place(chart: Chart, width: float, height: float) -> Placed:
    """Lay a chart out for ``width`` × ``height`` pixels; see the module for what is guaranteed.

    Raises ``ValueError`` for a size with no room for a plot (under 120 × 80) and for a logarithmic
    axis whose domain is not above zero.
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
        return _empty(chart, width, height)
    rows = tick_texts(chart.y, chart.lang, width, height)
    plot = plot_box(chart, width, height, rows)
    at = Placed(chart, width, height, unit_square(chart, plot) if chart.equal else plot)
    placer = LabelPlacer(Box(EDGE, EDGE, width - EDGE, height - EDGE))
    _place_titles(at, placer)
    _place_row_names(at, placer, rows)
    _place_column_names(at, placer)
    labels.end_labels(at, placer)
    placer.add_paths(labels.drawn_paths(at))
    placer.markers = labels.marker_boxes(at)
    placer.rules, vertical = labels.straight_rules(at)
    labels.text_labels(at, placer)
    labels.bar_labels(at, placer)
    labels.cell_labels(at, placer)
    placer.rules = vertical
    labels.dot_labels(at, placer)
    return replace(at, labels=tuple(placer.labels), dropped=tuple(placer.dropped))


def _empty(chart: Chart, width: float, height: float) -> Placed:
    size = 15.0
    lines = wrap(chart.empty, min(width - 48, 460), size, chart.lang, balanced=True, max_lines=8)
    label = Label("empty", tuple(lines), width / 2, 0, "middle", size, "muted", chart.lang)
    plot = Box(EDGE, EDGE, width - EDGE, height - EDGE)
    return Placed(chart, width, height, plot, (label.centred_on(height / 2).moved_into(plot),))


def _place_titles(at: Placed, placer: LabelPlacer) -> None:
    chart, right = at.chart, min(at.plot.right, at.width - EDGE)
    titles: list[tuple[str, str, float, float, Anchor]] = [
        ("title-y", chart.y.title, EDGE, EDGE + TICK * 0.9, "start"),
        ("title-x", chart.x.title, right, at.height - EDGE - TICK * 0.3, "end"),
    ]
    for kind, title, x, y, anchor in titles:
        shown = shorten(title, at.width - 2 * EDGE, TICK, chart.lang)
        label = Label(kind, (shown,), x, y, anchor, TICK, "muted", chart.lang)
        placer.try_place(label.moved_into(placer.frame))


def _place_row_names(at: Placed, placer: LabelPlacer, texts: dict[int, list[str]]) -> None:
    chart, category = at.chart, at.chart.y.category
    size, role = (row_size(chart.y, at.height), "ink") if category else (TICK, "muted")
    named = [
        Label("tick-y", tuple(lines), at.plot.left - GAP, 0, "end", size, role, chart.lang, item=n)
        for n, lines in texts.items()
    ]
    if category and left_needs(chart):  # labels of negative bars stand between names and plot
        edge = EDGE + max((label.box.width for label in named), default=0.0)
        named = [replace(label, x=min(label.x, edge)) for label in named]
    named = [b.centred_on(at.y(chart.y.ticks[b.item].value)).moved_into(placer.frame) for b in named]
    for label in named if category else _thinned(named, down=True):
        placer.try_place(label)


def _place_column_names(at: Placed, placer: LabelPlacer) -> None:
    chart, ticks = at.chart, plain_ticks(at.chart.x)
    if chart.x.category:
        room = at.plot.width / max(1, len(ticks)) - 4
        ticks = {n: wrap(lines[0], room, TICK, chart.lang, max_lines=3) for n, lines in ticks.items()}
    role, baseline = "ink" if chart.x.category else "muted", at.plot.bottom + TICK * 1.6
    named = [
        Label(
            "tick-x", tuple(lines), at.x(chart.x.ticks[n].value), baseline, "middle", TICK, role, chart.lang,
            item=n,
        ).moved_into(placer.frame)
        for n, lines in ticks.items()
        if any(lines)
    ]  # fmt: skip
    for label in _thinned(named, down=False):
        placer.try_place(label)


def _thinned(labels: list[Label], *, down: bool) -> list[Label]:
    """Return every k-th label, k the least for which none touches the next."""
    ordered = sorted(labels, key=lambda b: (b.box.top, b.item) if down else (b.box.left, b.item))
    for k in range(1, len(ordered) + 1):
        for start in range(k):
            kept = ordered[start::k]
            if all(
                b.box.top - a.box.bottom >= 1 if down else b.box.left - a.box.right >= GAP
                for a, b in pairwise(kept)
            ):
                return kept
    return []


def text_colour(label: Label, placed: Placed | None, theme: Theme) -> str:
    """Return the colour of a label: its role's; in a field or bar, ink or paper, as reads best."""
    mark = placed.chart.marks[label.mark] if placed and label.mark >= 0 else None
    if label.kind == "cell" and isinstance(mark, Cells):
        return _contrasting(cell_colour(mark.ramp, mark.items[label.item].shade, theme), theme)
    if label.kind == "bar" and label.colour == "paper" and isinstance(mark, Bars):
        return _contrasting(colour(mark.items[label.item].colour, theme), theme)
    return legible(label.colour, theme)


def legible(role: str, theme: Theme) -> str:
    """Return the colour of words of a role: on paper, where greys are many, as dark as small type needs."""
    shown = colour(text_role(role), theme)
    if theme != "print" or role == "paper":
        return shown
    return _darkened(shown, colour("ink", theme), colour("paper", theme))


@cache
def _darkened(shown: str, ink: str, paper: str) -> str:
    ground = luminance(paper)
    tints = (mix(shown, ink, n / 20) for n in range(21))
    return next((t for t in tints if _contrast(luminance(t), ground) >= CONTRAST), ink)


def _contrasting(under: str, theme: Theme) -> str:
    """Return ink or paper, whichever stands out more (WCAG 2.2 contrast ratio) on the colour ``under``."""
    ground = luminance(under)
    best = max(("ink", "paper"), key=lambda role: _contrast(luminance(colour(role, theme)), ground))
    return colour(best, theme)


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
