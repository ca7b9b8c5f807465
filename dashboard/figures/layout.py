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

from dashboard.dataset import Lang
from dashboard.figures import axis_labels, labels
from dashboard.figures.label_placer import Box, Label, LabelPlacer
from dashboard.figures.margins import EDGE, plain_ticks, plot_box, tick_texts, unit_square
from dashboard.figures.placed import Placed
from dashboard.figures.record import Bars, Cells, Chart
from dashboard.figures.theme import Theme, cell_colour, colour, luminance, mix, text_role
from dashboard.type.text import wrap

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
    lang = chart.lang
    if chart.empty and not chart.marks:
        return _empty(chart, width, height, lang)
    rows, columns = tick_texts(chart.y, lang, width, height), plain_ticks(chart.x)
    plot = plot_box(chart, width, height, lang, rows)
    if chart.equal:
        plot = unit_square(chart, plot)
    at = Placed(chart, width, height, plot)
    if chart.x.category:
        columns = axis_labels.column_names(at, lang)
    placer = LabelPlacer(Box(EDGE, EDGE, width - EDGE, height - EDGE))
    axis_labels.axis_titles(at, lang, placer)
    axis_labels.y_ticks(at, lang, placer, rows)
    axis_labels.x_ticks(at, lang, placer, columns)
    labels.end_labels(at, lang, placer)
    placer.add_paths(labels.drawn_paths(at))
    placer.markers = labels.marker_boxes(at)
    level, upright = labels.straight_rules(at)
    placer.rules = level
    labels.text_labels(at, lang, placer)
    labels.bar_labels(at, lang, placer)
    labels.cell_labels(at, lang, placer)
    placer.rules = upright
    labels.dot_labels(at, lang, placer)
    return replace(at, labels=tuple(placer.labels), dropped=tuple(placer.dropped))


def _empty(chart: Chart, width: float, height: float, lang: Lang) -> Placed:
    """Place the words that stand in place of a chart, centred."""
    size = 15.0
    lines = wrap(chart.empty, min(width - 48, 460), size, lang, balanced=True, max_lines=8)
    label = Label("empty", tuple(lines), width / 2, 0, "middle", size, "muted", lang)
    plot = Box(EDGE, EDGE, width - EDGE, height - EDGE)
    return Placed(chart, width, height, plot, (label.centred_on(height / 2).moved_into(plot),))


def text_colour(label: Label, placed: Placed | None, theme: Theme) -> str:
    """Return the colour of a label: its role's; in a field or bar, ink or paper, as reads best."""
    mark = placed.chart.marks[label.mark] if placed and label.mark >= 0 else None
    if label.kind == "cell" and isinstance(mark, Cells):
        return _readable(cell_colour(mark.ramp, mark.items[label.item].shade, theme), theme)
    if label.kind == "bar" and label.colour == "paper" and isinstance(mark, Bars):
        return _readable(colour(mark.items[label.item].colour, theme), theme)
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


def _readable(under: str, theme: Theme) -> str:
    """Return ink or paper, whichever stands out more (WCAG 2.2 contrast ratio) on the colour ``under``."""
    ground = luminance(under)
    best = max(("ink", "paper"), key=lambda role: _contrast(luminance(colour(role, theme)), ground))
    return colour(best, theme)


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
