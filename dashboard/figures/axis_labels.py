"""The words of a chart's axes: titles, and the names of ticks, thinned where they would touch."""

from __future__ import annotations

from itertools import pairwise

from dashboard.dataset import Lang
from dashboard.figures.label_placer import Label, LabelPlacer
from dashboard.figures.margins import EDGE, GAP, TICK, left_needs, plain_ticks, row_size
from dashboard.figures.placed import Placed
from dashboard.figures.record import Anchor
from dashboard.type import fonts
from dashboard.type.text import shorten, wrap


def column_names(at: Placed, lang: Lang) -> dict[int, list[str]]:
    """Return the names of columns by tick, wrapped to their column's width."""
    ticks = plain_ticks(at.chart.x)
    room = at.plot.width / max(1, len(ticks)) - 4
    return {n: wrap(lines[0], room, TICK, lang, max_lines=3) for n, lines in ticks.items()}


def axis_titles(at: Placed, lang: Lang, placer: LabelPlacer) -> None:
    """Place the axes' titles: y above the plot at the left, x below it at the right."""
    right = min(at.plot.right, at.width - EDGE)
    titles: list[tuple[str, str, float, float, Anchor]] = [
        ("title-y", at.chart.y.title, EDGE, EDGE + TICK * 0.9, "start"),
        ("title-x", at.chart.x.title, right, at.height - EDGE - TICK * 0.3, "end"),
    ]
    for kind, title, x, y, anchor in titles:
        if title:
            shown = shorten(title, at.width - 2 * EDGE, TICK, lang)
            label = Label(kind, (shown,), x, y, anchor, TICK, "muted", lang)
            placer.try_place(label.moved_into(placer.frame))


def y_ticks(at: Placed, lang: Lang, placer: LabelPlacer, texts: dict[int, list[str]]) -> None:
    """Place the y axis' names left of the plot, thinned when they would touch."""
    chart = at.chart
    category = chart.y.category
    edge = at.plot.left - GAP
    if category and left_needs(chart, lang):  # labels of negative bars stand between names and plot
        widths = (
            fonts.width(t, row_size(chart.y, at.height), lang) for lines in texts.values() for t in lines
        )
        edge = min(edge, EDGE + max(widths, default=0.0))
    labels = []
    for n, lines in texts.items():
        size = row_size(chart.y, at.height) if category else TICK
        label = Label(
            "tick-y", tuple(lines), edge, 0, "end", size, "ink" if category else "muted", lang,
            mark=-1, item=n,
        )  # fmt: skip
        labels.append(label.centred_on(at.y(chart.y.ticks[n].value)).moved_into(placer.frame))
    for label in _thinned(labels, down=True, keep_all=category):
        placer.try_place(label)


def x_ticks(at: Placed, lang: Lang, placer: LabelPlacer, texts: dict[int, list[str]]) -> None:
    """Place the x axis' names below the plot, thinned when they would touch."""
    chart = at.chart
    baseline = at.plot.bottom + TICK * 1.6
    labels = []
    for n, lines in texts.items():
        if not lines or not lines[0]:
            continue
        label = Label(
            "tick-x", tuple(lines), at.x(chart.x.ticks[n].value), baseline, "middle", TICK,
            "ink" if chart.x.category else "muted", lang, mark=-1, item=n,
        )  # fmt: skip
        labels.append(label.moved_into(placer.frame))
    for label in _thinned(labels, down=False, keep_all=False):
        placer.try_place(label)


def _thinned(labels: list[Label], *, down: bool, keep_all: bool) -> list[Label]:
    """Return every k-th label, k the least for which none touches the next."""
    least = 1.0 if down else (2.0 if keep_all else GAP)
    ordered = sorted(labels, key=lambda b: (b.box.top, b.item) if down else (b.box.left, b.item))
    for k in range(1, len(ordered) + 1):
        for start in range(k):
            kept = ordered[start::k]
            pairs = pairwise(kept)
            if all(
                (b.box.top - a.box.bottom if down else b.box.left - a.box.right) >= least for a, b in pairs
            ):
                return kept
    return ordered[:1]
