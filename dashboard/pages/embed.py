"""``/embed/<figure>``: one figure for another site's page; the only page that others may frame."""

from functools import partial
from math import ceil

from flask import Flask, Response

from dashboard.claims.record import essay
from dashboard.dataset import Lang
from dashboard.pages.api import figure_options
from dashboard.pages.figureview import FigureView, figure_view
from dashboard.site import Site, add_page
from dashboard.type.text import wrap

WIDTH = 640
"""Width of a column of text, for which the code to copy says the height; a script sets it at others."""
PADDING, ROW = 16, 24
"""Of the embed's page and of a line that opens something, in pixels; text sizes below as in story.css."""
SPARE = 20
"""Pixels for a line that a browser breaks earlier than we do."""


def register(server: Flask, site: Site) -> None:
    site.env.globals["embed_height"] = height
    add_page(server, "/embed/<figure_id>", partial(_embed, site))


def _embed(site: Site, figure_id: str) -> Response:
    figure_options(site, figure_id)  # 404 where there is no such figure
    claim = figure_id if figure_id in essay(site.dataset).claims else ""
    return site.page(
        "embed.html", lambda lang: {"figure": figure_view(figure_id, site.dataset, lang), "claim": claim}
    )


def height(figure: FigureView, lang: Lang) -> int:
    """Return how many pixels high an embed is at ``WIDTH``, its words measured as a browser sets them."""
    room = WIDTH - 2 * PADDING

    def lines(text: str, size: float, leading: float, strong: bool = False) -> float:
        return (
            (len(wrap(text, room, size, lang, strong=strong, serif=strong)) if text else 0) * size * leading
        )

    chart = figure.chart
    head = lines(chart.title, 19, 1.4, True)
    plot = room * chart.size[1] / chart.size[0]
    folded = len(chart.notes) > 2
    notes = chart.notes[-1:] if folded else chart.notes
    foot = sum(lines(note, 13, 1.5) for note in notes) + (6 if notes else 0)
    foot += (6 + ROW) * (folded + bool(chart.table.rows))
    if figure.wide:  # a text card has neither subtitle nor sources
        head += 2 + lines(chart.subtitle, 14, 1.65) + 10
        foot += 8 + 1 + 8 + lines(f"{figure.source_line} ......", 13, 1.65)
    return ceil(PADDING + head + plot + foot + 8 + ROW + PADDING) + SPARE
