"""Sparklines: small line charts in a page's colours, drawn by ``spark`` in ``templates/macros.html``.

A sparkline is a chart like the others: a missing period is a gap, it says in words what it shows, and each
of its points can be reached by keyboard or click and leads to its document (``/api/v1/sparkline.json``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dashboard.dataset import Dataset, Entity, Indicator, Lang, Observation
from dashboard.figures.chart_context import ChartContext
from dashboard.figures.describe import describe_series
from dashboard.figures.record import time_value
from dashboard.figures.series import Datum, Series
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
STEPS = {4: 1.01, 6: 0.26, 7: 0.09, 10: 0.012}
"""Length of a period's text (year, year-month …) → the longest step in years that is no gap."""

Place = tuple[float, float]
SparkSeries = tuple[Entity, Sequence[Observation]]


@dataclass(frozen=True, slots=True)
class Stroke:
    colour: str
    strong: bool
    runs: tuple[tuple[Place, ...], ...]


@dataclass(frozen=True, slots=True)
class Spark:
    strokes: tuple[Stroke, ...]
    """The last is drawn on top."""
    label: str
    points: str
    """Address of its points."""


def role(entity: Entity) -> str:
    return entity_role(entity.entity_id, entity.city_id)


def series_of(
    dataset: Dataset, indicator_id: str, entities: Iterable[Entity], *, doubtful: bool = False
) -> list[SparkSeries]:
    found = [(e, dataset.series(indicator_id, e.entity_id, doubtful=doubtful)) for e in entities]
    return [(entity, series) for entity, series in found if series]


def sparkline(
    dataset: Dataset,
    indicator: Indicator,
    entities: Sequence[Entity],
    lang: Lang,
    *,
    doubtful: bool = False,
) -> Spark | None:
    """Return a small line chart, the first entity strong; ``None`` where no series has three figures."""
    lines = series_of(dataset, indicator.indicator_id, entities, doubtful=doubtful)
    if not any(len(series) >= MIN_FIGURES for _, series in lines):
        return None
    strokes = tuple(
        Stroke(role(entity), entity is lines[0][0], _runs(series, found))
        for (entity, series), found in zip(lines, places(lines, indicator), strict=True)
    )
    query = {"indicator": indicator.indicator_id, "entity": ",".join(e.entity_id for e, _ in lines)}
    query |= {"doubtful": "1"} if doubtful else {}
    points = address(f"/api/v1/sparkline.json?{urlencode(query | {'lang': lang})}")
    return Spark(strokes[::-1], description(dataset, indicator, lines, lang), points)


def places(lines: Sequence[SparkSeries], indicator: Indicator) -> list[list[Place]]:
    """Return where each figure stands in the picture; all series share one scale, a first rank is on top."""
    xs = [time_value(o.period) for _, s in lines for o in s]
    ys = [o.value for _, s in lines for o in s]
    x0, y0 = min(xs, default=0.0), min(ys, default=0.0)
    wide, high = (max(xs, default=0.0) - x0) or 1.0, (max(ys, default=0.0) - y0) or 1.0

    def place(o: Observation) -> Place:
        share = (o.value - y0) / high
        share = 1 - share if indicator.unit == "rank" else share
        return (
            round(INSET + (time_value(o.period) - x0) / wide * (WIDTH - 2 * INSET), 1),
            round(HEIGHT - INSET - share * (HEIGHT - 2 * INSET), 1),
        )

    return [[place(o) for o in series] for _, series in lines]


def points(
    dataset: Dataset, indicator: Indicator, lines: Sequence[SparkSeries], lang: Lang
) -> dict[str, Any]:
    """Return the points as :func:`dashboard.figures.points.chart_points` does."""
    series = [
        [
            [x, y, observation_line(dataset, o, lang), ["|".join(o.key)]]
            for o, (x, y) in zip(found, at, strict=True)
        ]
        for (_, found), at in zip(lines, places(lines, indicator), strict=True)
    ]
    return {"width": WIDTH, "height": HEIGHT, "series": series}


def description(dataset: Dataset, indicator: Indicator, lines: Sequence[SparkSeries], lang: Lang) -> str:
    """Say what a sparkline shows: measure, then for each series its ends, extremes and missing years."""
    context = ChartContext("spark", dataset, lang)
    described = []
    for entity, series in lines:
        data = tuple(Datum(o.period, o.value, (o,)) for o in series)
        described.append(
            describe_series(
                context, Series(entity.entity_id, entity.name(lang), role(entity), indicator.unit, data)
            )
        )
    return f"{indicator.name(lang)}{': ' if lang == 'en' else '：'}{' '.join(described)}"


def gap(one: Observation, other: Observation) -> bool:
    """Return whether a period is missing between two figures, or they are not of one length."""
    if len(one.period) != len(other.period):
        return True
    length = 6 if "Q" in other.period else len(other.period)
    return time_value(other.period) - time_value(one.period) > STEPS.get(length, 1.01)


def _runs(series: Sequence[Observation], found: Sequence[Place]) -> tuple[tuple[Place, ...], ...]:
    runs: list[list[Place]] = []
    for n, place in enumerate(found):
        if not n or gap(series[n - 1], series[n]):
            runs.append([])
        runs[-1].append(place)
    return tuple(map(tuple, runs))
