"""For notebooks: ``from dashboard import open_dataset, figure``."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from functools import cache
from os import PathLike
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go

from dashboard.dataset import Dataset, Lang
from dashboard.export.work import chart_of
from dashboard.figures import figure_ids
from dashboard.figures.plotly import to_plotly
from dashboard.figures.record import Chart
from dashboard.figures.source_line import source_line
from dashboard.figures.theme import Theme
from dashboard.paths import data_dir

COLUMNS = (
    "entity_id", "entity", "indicator_id", "indicator", "period", "value", "unit", "status",
    "publisher", "source", "url", "note", "series_notes",
)  # fmt: skip
HEAD, FOOT = 72, 28
"""Pixels that a title with its subtitle, and the line of sources, take above and below the plot."""


@cache
def _load(directory: Path) -> Dataset:
    return Dataset.load(directory)


def open_dataset(directory: str | PathLike[str] | None = None) -> Dataset:
    """Return the published dataset: of ``directory``, else of ``PURSUIT_DATA``, else the one shipped.

    It is read once; ``.tidy("gdp", ["shenzhen", "hangzhou"])`` makes a table of it; ``.entities``,
    ``.indicators``, ``.sources`` and ``.claims`` hold the rest. Raises ``DatasetError`` where there is none.
    """
    return _load(data_dir(directory))


def tidy(
    dataset: Dataset,
    indicators: str | Iterable[str],
    entities: str | Iterable[str] | None = None,
    *,
    lang: Lang = "en",
    every: bool = False,
) -> pd.DataFrame:
    """Return observations as a tidy table, a row each, with unit, document and notes beside the value.

    ``value`` is in the plain unit named in ``unit`` (CNY, persons, %); ``period`` is text (``2024``,
    ``2024-07``). ``note`` belongs to the figure, ``series_notes`` to its series (breaks, vintages). Without
    ``entities`` all that have a figure; a group's name (``dragons``) stands for its members. One figure a
    period, the preferred one; with ``every`` those of all documents. Raises ``ValueError`` naming the
    nearest ids where one is unknown.
    """
    wanted = _known(_listed(indicators), dataset.indicators, "indicator")
    groups = {e.group for e in dataset.entities.values() if e.group}
    allowed = {"indicator_id": wanted}
    if entities is not None:
        named = _known(_listed(entities), [*dataset.entities, *groups], "entity or group")
        allowed["entity_id"] = [m for n in named for m in (dataset.group(n) if n in groups else [n])]
    text = ("entity_id", "indicator_id", "period", "source_id", "status", "note")
    found = dataset.table.select(allowed, preferred=not every).astype(dict.fromkeys(text, str))
    sources = [dataset.sources[s] for s in found["source_id"]]
    pairs = zip(found["indicator_id"], found["entity_id"], strict=True)
    return found.assign(
        entity=[dataset.entities[e].name(lang) for e in found["entity_id"]],
        indicator=[dataset.indicators[i].name(lang) for i in found["indicator_id"]],
        unit=[dataset.indicators[i].unit for i in found["indicator_id"]],
        publisher=[dataset.publisher(s, lang) for s in sources],
        source=[dataset.document(s, lang) for s in sources],
        url=[s.url for s in sources],
        series_notes=["\n".join(n.text(lang) for n in dataset.notes_for(i, [e])) for i, e in pairs],
    )[list(COLUMNS)].reset_index(drop=True)


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
        _known([of], figure_ids(dataset), "figure")
    chart = chart_of(of, dataset, lang, "wide")
    drawn = to_plotly(chart, theme, width, height)
    return _framed(go.Figure(data=drawn["data"], layout=drawn["layout"]), chart, dataset, lang)


def _framed(plot: go.Figure, chart: Chart, dataset: Dataset, lang: Lang) -> go.Figure:
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


def _listed(names: str | Iterable[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _known(names: Sequence[str], known: Iterable[str], what: str) -> list[str]:
    ids = list(known)
    for name in names:
        if name not in ids:
            near = difflib.get_close_matches(str(name), ids, 3, 0.5)
            raise ValueError(f"no {what} is called {name!r}{'; near it: ' * bool(near)}{', '.join(near)}")
    return list(names)
