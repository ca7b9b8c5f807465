"""A figure as a page shows it: title and source line in HTML, the plot as inline SVG, the data as a table."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from markupsafe import Markup

from dashboard import pictures
from dashboard.dataset import Dataset, Lang, Source
from dashboard.figures import build, figure_ids
from dashboard.figures.from_finding import nothing
from dashboard.figures.points import size_of
from dashboard.figures.record import Chart, Form
from dashboard.figures.source_line import source_line

ROWS = 120
"""Rows of a chart's table written into a page; the CSV has them all."""


@dataclass(frozen=True, slots=True)
class FigureView:
    chart: Chart
    wide: Markup
    narrow: Markup
    size: tuple[int, int]
    narrow_size: tuple[int, int]
    sources: tuple[Source, ...]
    source_line: str
    rows: tuple[tuple[str | float | None, ...], ...]
    rows_left: int

    @property
    def id(self) -> str:
        return self.chart.id


def figure_view(figure_id: str, dataset: Dataset, lang: Lang) -> FigureView:
    """Build a figure in both forms; raises ``KeyError`` for an unknown id.

    A figure that cannot be drawn from the dataset is shown as one without public figures, and logged: the
    others on its page are drawn.
    """
    if figure_id not in figure_ids(dataset):
        raise KeyError(figure_id)
    try:
        wide, narrow = (build(figure_id, dataset, lang, form) for form in _FORMS)
        drawn = drawing(wide), drawing(narrow)
    except Exception:
        logging.getLogger("pursuit").exception("figure %s cannot be drawn", figure_id)
        wide, narrow = (nothing(figure_id, dataset, lang, form) for form in _FORMS)
        drawn = drawing(wide), drawing(narrow)
    return _view(wide, narrow, drawn, dataset, lang)


def view_of(wide: Chart, narrow: Chart, dataset: Dataset, lang: Lang) -> FigureView:
    """Return two forms of a chart as a page shows them."""
    return _view(wide, narrow, (drawing(wide), drawing(narrow)), dataset, lang)


def _view(
    wide: Chart, narrow: Chart, drawn: tuple[Markup, Markup], dataset: Dataset, lang: Lang
) -> FigureView:
    sources = tuple(dataset.sources[s] for s in wide.sources if s in dataset.sources)
    return FigureView(
        wide,
        *drawn,
        size_of(wide),
        size_of(narrow),
        sources,
        source_line(dataset, wide.sources, lang),
        wide.table.rows[:ROWS],
        max(0, len(wide.table.rows) - ROWS),
    )


_FORMS: tuple[Form, Form] = ("wide", "narrow")


def drawing(chart: Chart) -> Markup:
    """Return the plot as inline SVG in the page's colours; empty where there is nothing to draw."""
    if chart.empty and not chart.marks:
        return Markup("")  # the page says so in words
    return Markup(pictures.svg(chart, css=True))  # noqa: S704  (our renderer escapes every text)
