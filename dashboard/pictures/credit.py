"""What a picture says about where it comes from, from the dataset."""

from __future__ import annotations

from dataclasses import replace

from dashboard.dataset import Dataset
from dashboard.figures.record import Chart
from dashboard.figures.source_line import source_line

LICENCE = "CC BY 4.0"
"""Of our figures and texts; the documents behind them keep their own."""


def credited(chart: Chart, dataset: Dataset) -> Chart:
    """Return the chart with ``meta`` filled for the frame: ``source``, ``date``, ``version``, ``licence``.

    The date is the newest retrieval among the chart's sources, else the dataset's. ``names`` are those of
    entities in its words, one a line, which no line breaks.
    """
    sources = [dataset.sources[s] for s in chart.sources if s in dataset.sources]
    about = {
        "source": source_line(dataset, chart.sources, chart.lang),
        "date": max((s.retrieved[:10] for s in sources if s.retrieved), default="") or dataset.collected,
        "version": dataset.version,
        "licence": LICENCE,
        "names": "\n".join(_names_in(f"{chart.title}{chart.subtitle}{''.join(chart.notes)}", chart, dataset)),
    }
    return replace(chart, meta={**about, **chart.meta})


def _names_in(text: str, chart: Chart, dataset: Dataset) -> list[str]:
    """Return the names of entities that stand in a text, longest first; only Chinese breaks inside names."""
    if chart.lang == "en":
        return []
    names = {e.name(chart.lang) for e in dataset.entities.values()}
    return sorted((n for n in names if len(n) > 1 and n in text), key=lambda n: (-len(n), n))
