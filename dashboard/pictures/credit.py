"""What a picture says about where it comes from, from the dataset."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import cast

from dashboard import locale
from dashboard.dataset import Dataset, Lang
from dashboard.figures.record import Chart

LICENCE = "CC BY 4.0"
"""Of our figures and texts; the documents behind them keep their own."""
NAMED = 4


def credited(chart: Chart, dataset: Dataset) -> Chart:
    """Return the chart with ``meta`` filled for the frame: ``source``, ``date``, ``version``, ``licence``.

    The source line names publishers, the one with most documents first, and counts the documents. The
    date is the newest retrieval among the chart's sources, else the dataset's. ``names`` are those of
    entities in its words, one a line, which no line breaks.
    """
    sources = [dataset.sources[s] for s in chart.sources if s in dataset.sources]
    about = {
        "source": source_line(chart, dataset),
        "date": max((s.retrieved[:10] for s in sources if s.retrieved), default="") or dataset_date(dataset),
        "version": dataset.version,
        "licence": LICENCE,
        "names": "\n".join(_names_in(f"{chart.title}{chart.subtitle}{''.join(chart.notes)}", chart, dataset)),
    }
    return replace(chart, meta={**about, **chart.meta})


def _names_in(text: str, chart: Chart, dataset: Dataset) -> list[str]:
    """Return the names of entities that stand in a text, longest first; only Chinese breaks inside names."""
    if chart.lang == "en":
        return []
    names = {e.name(cast(Lang, chart.lang)) for e in dataset.entities.values()}
    return sorted((n for n in names if len(n) > 1 and n in text), key=lambda n: (-len(n), n))


def dataset_date(dataset: Dataset) -> str:
    """Return the day up to which the dataset was collected: the newest success, else retrieval; or ``""``."""
    collectors = dataset.status.get("collectors", {}).values()
    days = [str(c.get("last_success") or "")[:10] for c in collectors if isinstance(c, dict)]
    return max(days, default="") or max((s.retrieved[:10] for s in dataset.sources.values()), default="")


def source_line(chart: Chart, dataset: Dataset) -> str:
    """Return the publishers of a chart's documents as one phrase; empty when it stands on none."""
    lang = cast(Lang, chart.lang)
    sources = [dataset.sources[s] for s in chart.sources if s in dataset.sources]
    publishers = Counter(dataset.publisher(s, lang) for s in sources if s.publisher)
    if not publishers:
        return ""
    names = [name for name, _ in publishers.most_common()]
    shown = ("; " if lang == "en" else "；").join(names[:NAMED])
    if lang != "en" and shown[-1].isascii():
        shown += " "  # Latin and Chinese stand apart
    if len(names) > NAMED:
        more = len(names) - NAMED
        other = "export.other" if more == 1 else "export.others"
        shown = locale.text(other, lang, names=shown, count=more if lang == "en" else len(names))
    key = "export.documents" if len(sources) > len(names) else "export.document"
    return locale.text(key, lang, names=shown, count=len(sources))
