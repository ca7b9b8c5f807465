"""A figure as a page shows it: title and source line in HTML, the plot as inline SVG, the data as a table."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from dashboard import pictures
from dashboard.dataset import Dataset, Lang
from dashboard.figures import build, figure_ids
from dashboard.figures.from_finding import nothing
from dashboard.figures.record import Chart
from dashboard.figures.source_line import source_line


@dataclass(frozen=True, slots=True)
class FigureView:
    id: str
    chart: Chart
    wide: Markup
    narrow: Markup
    size: tuple[int, int]
    narrow_size: tuple[int, int]
    source_line: str


def figure_view(figure_id: str, dataset: Dataset, lang: Lang) -> FigureView:
    """Build a figure in both forms; raises ``KeyError`` for an unknown id.

    A figure that cannot be drawn from the dataset is shown as one without public figures, and logged: the
    others on its page are drawn.
    """
    if figure_id not in figure_ids(dataset):
        raise KeyError(figure_id)

    def view(make: Callable[..., Chart]) -> FigureView:
        wide, narrow = make(figure_id, dataset, lang, "wide"), make(figure_id, dataset, lang, "narrow")
        return view_of(wide, narrow, dataset, lang)

    try:
        return view(build)
    except Exception:
        logging.getLogger("pursuit").exception("figure %s cannot be drawn", figure_id)
        return view(nothing)


def view_of(wide: Chart, narrow: Chart, dataset: Dataset, lang: Lang) -> FigureView:
    return FigureView(
        wide.id,
        wide,
        _drawing(wide),
        _drawing(narrow),
        wide.size,
        narrow.size,
        source_line(dataset, wide.sources, lang),
    )


def _drawing(chart: Chart) -> Markup:
    """Return the plot as inline SVG in the page's colours; empty where there is nothing to draw."""
    if chart.empty and not chart.marks:
        return Markup("")  # the page says so in words
    return Markup(pictures.svg(chart, css=True))  # noqa: S704  (our renderer escapes every text)
