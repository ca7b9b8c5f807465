"""A figure as a page shows it: title and source line in HTML, the plot as inline SVG, the data as a table."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from dashboard import pictures
from dashboard.dataset import Dataset, Lang
from dashboard.figures import build, figure_ids
from dashboard.figures.from_finding import nothing
from dashboard.figures.record import FORMS, Chart
from dashboard.figures.source_line import source_line


@dataclass(frozen=True, slots=True)
class FigureView:
    chart: Chart
    wide: Markup
    narrow: Markup
    narrow_size: tuple[int, int]
    source_line: str


def figure_view(figure_id: str, dataset: Dataset, lang: Lang) -> FigureView:
    """Build a figure in both forms; raises ``KeyError`` for an unknown id.

    A figure that cannot be drawn from the dataset is shown as one without public figures, and logged: the
    others on its page are drawn.
    """
    if figure_id not in figure_ids(dataset):
        raise KeyError(figure_id)
    try:
        return view_of([build(figure_id, dataset, lang, form) for form in FORMS], dataset)
    except Exception:
        logging.getLogger("pursuit").exception("figure %s cannot be drawn", figure_id)
        return view_of([nothing(figure_id, dataset, lang, form) for form in FORMS], dataset)


def view_of(forms: Iterable[Chart], dataset: Dataset) -> FigureView:
    wide, narrow = forms
    sources = source_line(dataset, wide.sources, wide.lang)
    return FigureView(wide, drawing(wide), drawing(narrow), narrow.size, sources)


def drawing(chart: Chart, width: int | None = None, height: int | None = None) -> Markup:
    """Return the plot as inline SVG in the page's colours; empty where there is nothing to draw."""
    if chart.empty and not chart.marks:
        return Markup("")  # the page says so in words
    return Markup(pictures.svg(chart, "css", width=width, height=height))  # noqa: S704  (escapes every text)
