"""Sparklines and coverage strips: inline SVG of a few hundred bytes, in the page's colours.

A sparkline is a chart like the others: a missing period is a gap, it says in words what it shows, and each
of its points can be reached by keyboard or click and leads to its document (``/api/v1/sparkline.json``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup, escape

from dashboard.dataset import Dataset, Entity, Indicator, Lang, Observation
from dashboard.figures.chart_context import ChartContext
from dashboard.figures.describe import one
from dashboard.figures.record import time_value
from dashboard.figures.series import Datum, Series
from dashboard.figures.theme import entity_role
from dashboard.links import address
from dashboard.pages.documents import line

WIDTH, HEIGHT = 160, 40
INSET = 4
"""Pixels around the points, so that the dots at the ends are whole."""
LEAST = 3
"""Figures from which on a line is drawn; fewer are said by the numbers beside it."""
MOST = 8
"""Series in one sparkline."""
STEPS = {4: 1.01, 6: 0.26, 7: 0.09, 10: 0.012}
"""Length of a period's text (year, year-month …) → the longest step in years that is no gap."""

Place = tuple[float, float]
SparkSeries = tuple[Entity, Sequence[Observation]]


@dataclass(frozen=True, slots=True)
class Spark:
    """A drawn sparkline and where its points are to be had."""

    svg: Markup
    points: str
    """Address of its points."""


def role(entity: Entity) -> str:
    return entity_role(entity.entity_id, entity.city_id)


def series_of(
    dataset: Dataset, indicator_id: str, entities: Iterable[Entity], *, doubtful: bool = False
) -> list[SparkSeries]:
    """Return the series that a sparkline shows: one an entity, those with a figure."""
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
    if not any(len(series) >= LEAST for _, series in lines):
        return None
    parts = []
    drawn = list(zip(lines, places(lines, indicator), strict=True))
    for n, ((entity, series), spots) in reversed(list(enumerate(drawn))):
        stroke = f"var(--{escape(role(entity))})"
        parts.append(_path(_lines(series, spots), stroke, 0.9 if n else 1.4, dots=False))
        alone = _alone(series, spots)
        if alone:
            parts.append(_path(alone, stroke, 2.2 if n else 3, dots=True))
        parts.append(_path([[spots[-1]]], stroke, 2.8 if n else 4.2, dots=True))
    query = {"indicator": indicator.indicator_id, "entity": ",".join(e.entity_id for e, _ in lines)}
    said = escape(words(dataset, indicator, lines, lang))
    svg = Markup(  # noqa: S704  (numbers, roles and an escaped label)
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{said}">{"".join(parts)}</svg>'
    )
    query |= {"doubtful": "1"} if doubtful else {}
    return Spark(svg, address(f"/api/v1/sparkline.json?{urlencode(query | {'lang': lang})}"))


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
    """Return the points as :func:`dashboard.figures.points.walkable` does."""
    series = [
        [[x, y, line(dataset, o, lang), ["|".join(o.key)]] for o, (x, y) in zip(found, spots, strict=True)]
        for (_, found), spots in zip(lines, places(lines, indicator), strict=True)
    ]
    return {"width": WIDTH, "height": HEIGHT, "series": series}


def words(dataset: Dataset, indicator: Indicator, lines: Sequence[SparkSeries], lang: Lang) -> str:
    """Say what a sparkline shows: measure, then for each series its ends, extremes and missing years."""
    scene = ChartContext("spark", dataset, lang)
    said = [
        one(
            scene,
            Series(
                e.entity_id, e.name(lang), role(e), indicator.unit,
                tuple(Datum(o.period, o.value, (o,)) for o in series),
            ),
        )
        for e, series in lines
    ]  # fmt: skip
    return f"{indicator.name(lang)}{': ' if lang == 'en' else '：'}{' '.join(said)}"


def gap(one: Observation, other: Observation) -> bool:
    """Return whether a period is missing between two figures, or they are not of one length."""
    if len(one.period) != len(other.period):
        return True
    length = 6 if "Q" in other.period else len(other.period)
    return time_value(other.period) - time_value(one.period) > STEPS.get(length, 1.01)


def _runs(series: Sequence[Observation], spots: Sequence[Place]) -> list[list[Place]]:
    runs: list[list[Place]] = []
    for n, spot in enumerate(spots):
        if not n or gap(series[n - 1], series[n]):
            runs.append([])
        runs[-1].append(spot)
    return runs


def _lines(series: Sequence[Observation], spots: Sequence[Place]) -> list[list[Place]]:
    return [run for run in _runs(series, spots) if len(run) > 1]


def _alone(series: Sequence[Observation], spots: Sequence[Place]) -> list[list[Place]]:
    """Return the points with a gap on both sides, which no line can show."""
    return [run for run in _runs(series, spots) if len(run) == 1]


def _path(runs: Sequence[Sequence[Place]], stroke: str, width: float, *, dots: bool) -> str:
    """Return runs as one path; a dot is a line of no length with a round end."""
    if not runs:
        return ""
    d = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in run) + ("h0" if dots else "") for run in runs)
    return (
        f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{width:g}" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
    )


def coverage(years: Sequence[int], first: int, last: int, label: str) -> Markup:
    """Return a strip with one field a year, filled where there is a figure."""
    span = max(1, last - first + 1)
    fields = "".join(
        f'<rect x="{y - first}" y="0" width="1.05" height="6" fill="currentColor"/>'
        for y in sorted(set(years))
    )
    return Markup(  # noqa: S704  (numbers and an escaped label)
        f'<svg class="coverage" viewBox="0 0 {span} 6" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}"><rect width="{span}" height="6" fill="var(--rule)"/>{fields}</svg>'
    )
