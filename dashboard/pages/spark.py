"""Sparklines: small line charts in a page's colours, drawn by ``spark`` in ``templates/macros.html``.

A sparkline is a chart like the others: a missing period is a gap, it says in words what it shows, and each
of its points can be reached by keyboard or click and leads to its document (``/api/v1/sparkline.json``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dashboard.dataset import Dataset, Entity, Indicator, Lang
from dashboard.figures.chart_context import ChartContext, describe_series
from dashboard.figures.series import Datum, Series, is_gap
from dashboard.figures.theme import entity_role
from dashboard.links import address
from dashboard.pages.documents import observation_line

WIDTH, HEIGHT = 160, 40
INSET = 4
"""Pixels around the points, so that the dots at the ends are whole."""
MIN_FIGURES = 3
"""Figures from which on a line is drawn; fewer are said by the numbers beside it."""
MOST = 8
"""Series in one sparkline."""

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spark:
    strokes: list[tuple[str, bool, list[list[Place]]]]
    """Colour, whether it is the strong one, and the runs of places; the last is drawn on top."""
    label: str
    points: str
    """Address of its points."""


def series_of(
    dataset: Dataset, indicator: Indicator, entities: Iterable[Entity], lang: Lang, *, doubtful: bool = False
) -> list[Series]:
    out = []
    for entity in entities:
        observations = dataset.series(indicator.indicator_id, entity.entity_id, doubtful=doubtful)
        if data := tuple(Datum(o.period, o.value, (o,)) for o in observations):
            role = entity_role(entity.entity_id, entity.city_id)
            out.append(Series(entity.entity_id, entity.name(lang), role, indicator.unit, data))
    return out


def sparkline(
    dataset: Dataset, indicator: Indicator, entities: Iterable[Entity], lang: Lang, *, doubtful: bool = False
) -> Spark | None:
    """Return a small line chart, the first entity strong; ``None`` where no series has three figures."""
    lines = series_of(dataset, indicator, entities, lang, doubtful=doubtful)
    if not any(len(series.data) >= MIN_FIGURES for series in lines):
        return None
    strokes: list[tuple[str, bool, list[list[Place]]]] = []
    for series, at in zip(lines, places(lines), strict=True):
        runs: list[list[Place]] = []
        for n, place in enumerate(at):
            if not n or is_gap(series.data[n - 1].period, series.data[n].period):
                runs.append([])
            runs[-1].append(place)
        strokes.insert(0, (series.colour, series is lines[0], runs))
    query = {"indicator": indicator.indicator_id, "entity": ",".join(s.id for s in lines)}
    query |= {"doubtful": "1"} if doubtful else {}
    words = " ".join(describe_series(ChartContext("spark", dataset, lang), s) for s in lines)
    label = f"{indicator.name(lang)}{': ' if lang == 'en' else '：'}{words}"
    return Spark(strokes, label, address(f"/api/v1/sparkline.json?{urlencode(query | {'lang': lang})}"))


def places(lines: Sequence[Series]) -> list[list[Place]]:
    """Return where each figure stands in the picture; all series share one scale, a first rank is on top."""
    every = [d for series in lines for d in series.data]
    x0, y0 = min((d.x for d in every), default=0.0), min((d.value for d in every), default=0.0)
    wide, high = max((d.x - x0 for d in every), default=0.0), max((d.value - y0 for d in every), default=0.0)

    def place(d: Datum, unit: str) -> Place:
        share = (d.value - y0) / (high or 1.0)
        share = 1 - share if unit == "rank" else share
        return (
            round(INSET + (d.x - x0) / (wide or 1.0) * (WIDTH - 2 * INSET), 1),
            round(HEIGHT - INSET - share * (HEIGHT - 2 * INSET), 1),
        )

    return [[place(d, series.unit) for d in series.data] for series in lines]


def points(dataset: Dataset, lines: Sequence[Series], lang: Lang) -> dict[str, Any]:
    """Return the points as :func:`dashboard.figures.points.chart_points` does."""
    series = [
        [
            [x, y, observation_line(dataset, d.used[0], lang), ["|".join(d.used[0].key)]]
            for d, (x, y) in zip(line.data, at, strict=True)
        ]
        for line, at in zip(lines, places(lines), strict=True)
    ]
    return {"width": WIDTH, "height": HEIGHT, "series": series}
