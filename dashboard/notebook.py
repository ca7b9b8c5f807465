"""For notebooks: ``from dashboard import open_dataset, figure``."""

from functools import cache
from os import PathLike
from pathlib import Path

import plotly.graph_objects as go

from dashboard.dataset import Dataset, Lang, check_known
from dashboard.export.work import chart_of
from dashboard.figures import figure_ids
from dashboard.figures.plotly import to_plotly
from dashboard.figures.source_line import source_line
from dashboard.figures.theme import Theme
from dashboard.paths import data_dir

HEAD, FOOT = 72, 28
"""Pixels that a title with its subtitle, and the line of sources, take above and below the plot."""


@cache
def _load(directory: Path) -> Dataset:
    return Dataset.load(directory)


def open_dataset(directory: str | PathLike[str] | None = None) -> Dataset:
    """Return the published dataset: of ``directory``, else of ``PURSUIT_DATA``, else the one shipped.

    It is read once; ``.tidy("gdp", ["shenzhen", "hangzhou"])`` makes a table of it; ``.entities``,
    ``.indicators`` and ``.sources`` hold the rest. Raises ``DatasetError`` where there is none.
    """
    return _load(data_dir(directory))


def figure(
    of: str,
    dataset: Dataset | None = None,
    *,
    lang: Lang = "en",
    theme: Theme = "light",
    width: int = 960,
    height: int | None = None,
) -> go.Figure:
    """Return a figure of the story by id (``gdp_overtaken``) or an explorer view by address.

    An address is what the explorer's address bar shows, whole or from ``?`` on. ``width`` and ``height``
    are those of the plot in pixels. Raises ``ValueError`` for an id that no figure has.
    """
    dataset = dataset or open_dataset()
    if "?" not in of and "/" not in of:
        check_known("figure", of, figure_ids(dataset))
    chart = chart_of(of, dataset, lang, "wide")
    drawn = to_plotly(chart, theme, width, height)
    plot = go.Figure(data=drawn["data"], layout=drawn["layout"])
    margin = plot.layout.margin
    top, bottom = (margin.t or 0) + HEAD, (margin.b or 0) + FOOT
    plot.update_layout(
        title={"text": chart.title, "subtitle": {"text": chart.subtitle}, "x": 0, "xref": "container"},
        height=plot.layout.height + HEAD + FOOT,
        margin={"t": top, "b": bottom, "pad": 0},
    )
    plot.add_annotation(
        text=source_line(dataset, chart.sources, lang), xref="paper", yref="paper", x=0, y=0, xanchor="left",
        yanchor="bottom", yshift=-bottom, showarrow=False, font={"size": 11},
    )  # fmt: skip
    return plot
