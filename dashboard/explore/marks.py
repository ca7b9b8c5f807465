"""Pieces that several views share: points with their documents, lines with gaps, axes, colours."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from dashboard.dataset import Dataset, Lang
from dashboard.explore import wording
from dashboard.explore.select import Selection, Series, Shown
from dashboard.explore.state import State
from dashboard.figures import scales
from dashboard.figures.record import (
    Axis,
    Form,
    Line,
    ObservationKey,
    Point,
    Tick,
    time_value,
)
from dashboard.locale import period as say_period

STEP = {"annual": 1.0, "quarterly": 0.25, "monthly": 1 / 12, "daily": 1 / 300}
"""Years between two figures of a series that misses none (a day at its longest on the record's time axis)."""
MAX_LABELLED = 24
"""Names that find room beside a chart's line ends; the others are said when a line is pointed at."""
HIGHEST_LABELLED = 12
"""Lines named where there are more."""
ROWS = 60
"""Rows that a ranking or a heat map shows; a table has them all."""


def strong(entity: str) -> bool:
    """Return whether an entity is one of the two that the comparison is about."""
    return entity in ("shenzhen", "hangzhou")


def point(
    dataset: Dataset, series: Series, k: int, selection: Selection, lang: Lang, x: float, y: float | None
) -> Point:
    """Return a series' figure number ``k`` at a place, with its words and what it stands on where wanted."""
    value = series.values[k]
    if not selection.with_texts or value is None:
        return Point(x, y)
    text = wording.point_text(dataset, series, k, selection, lang)
    keys = tuple(observation_keys(series, k, selection))
    return Point(x, y, text, keys, wording.amount(value, selection, lang))


def observation_keys(series: Series, k: int, selection: Selection) -> Iterator[ObservationKey]:
    """Yield every figure that a shown value stands on: its own, and those it was divided by."""
    period = selection.periods[k]
    if (figure := series.figures[k]) is not None:
        yield (series.entity, series.indicator, period, figure.source_id)
    if series.entity != selection.reference and (figure := selection.reference_figures.get(period)):
        yield (selection.reference, series.indicator, period, figure.source_id)
    for conversion in selection.conversions[::-1]:
        if (key := conversion.key(series.entity, period)) is not None:
            yield key


def mark_name(series: Series, selection: Selection) -> str:
    """Return the stable name of a series' mark: its entity, and its indicator where several are shown."""
    return f"{series.entity}:{series.indicator}" if selection.several else series.entity


def labelled(series: Sequence[Series]) -> set[tuple[str, str]]:
    """Return whose lines carry their names: all where they are few, else the two and the highest."""
    if len(series) <= MAX_LABELLED:
        return {(s.entity, s.indicator) for s in series}
    ends = {(s.entity, s.indicator): s.values[s.places[-1]] or 0.0 for s in series if s.places}
    highest = sorted(ends, key=lambda key: -ends[key])[:HIGHEST_LABELLED]
    return {*highest, *(key for key in ends if strong(key[0]))}


def end_labels(dataset: Dataset, ends: Sequence[tuple[Selection, Series]], lang: Lang) -> list[str]:
    """Return what stands at the ends of lines: whose, and how much; what differs reads differently."""
    if not ends:
        return []
    amounts = wording.distinct_amounts([s.values[s.places[-1]] or 0.0 for _, s in ends], ends[0][0], lang)
    return [
        f"{wording.series_name(dataset, series, selection, lang)} {amount}"
        for (selection, series), amount in zip(ends, amounts, strict=True)
    ]


def labelled_lines(dataset: Dataset, drawn: Sequence[tuple[Selection, Series]], lang: Lang) -> list[Line]:
    """Return series as lines: those that carry their names on top, the others quiet behind them."""
    keys = labelled([s for _, s in drawn])
    front = [(one, s) for one, s in drawn if (s.entity, s.indicator) in keys]
    behind = [(one, s) for one, s in drawn if (s.entity, s.indicator) not in keys]
    out = [line for one, s in behind for line in line_marks(dataset, one, s, lang, quiet=True)]
    for (one, s), label in zip(front, end_labels(dataset, front, lang), strict=True):
        out += line_marks(dataset, one, s, lang, label)
    return out


def line_marks(
    dataset: Dataset,
    selection: Selection,
    series: Series,
    lang: Lang,
    label: str = "",
    *,
    quiet: bool = False,
) -> list[Line]:
    """Return a series as one or two lines: solid, and dashed from where figures are preliminary on.

    A ``quiet`` one is a thin pale line in the background. Where a regular series misses a figure the line
    is broken; a figure alone between two gaps is a marker.
    """
    places = series.places
    step = STEP.get(selection.indicator.frequency, math.inf)
    times = [time_value(selection.periods[k]) for k in places]
    gaps = [b - a > 1.5 * step for a, b in pairwise(times)]
    alone = any((n == 0 or gaps[n - 1]) and (n == len(places) - 1 or gaps[n]) for n in range(len(places)))
    points = [
        point(dataset, series, k, selection, lang, times[n], series.values[k]) for n, k in enumerate(places)
    ]
    soft_from = len(places)
    while soft_from > 0 and series.provisional(places[soft_from - 1]):
        soft_from -= 1
    width = 1.0 if quiet else 3.0 if strong(series.entity) else 1.8
    marks = {
        "colour": "background" if quiet else selection.colours[series.entity], "width": width,
        "strong": strong(series.entity), "markers": (alone and not quiet) or len(places) == 1,
        "name": mark_name(series, selection),
    }  # fmt: skip
    solid = _with_gaps(points, gaps, 0, soft_from)
    dashed = _with_gaps(points, gaps, max(0, soft_from - 1), len(points)) if soft_from < len(points) else ()
    out: list[Line] = []
    if solid:
        out.append(Line(points=solid, label="" if dashed else label, **marks))  # type: ignore[arg-type]
    if dashed:
        out.append(Line(points=dashed, label=label, dash="dash", **marks))  # type: ignore[arg-type]
    return out


def _with_gaps(points: Sequence[Point], gaps: Sequence[bool], start: int, stop: int) -> tuple[Point, ...]:
    out: list[Point] = []
    for n in range(start, stop):
        if n > start and gaps[n - 1]:
            out.append(Point((points[n - 1].x + points[n].x) / 2, None))
        out.append(points[n])
    return tuple(out)


def time_axis(selection: Selection, lang: Lang, form: Form) -> Axis:
    periods = selection.span or selection.periods
    times = [time_value(p) for p in periods]
    wide = form == "wide"
    if not times:
        return Axis((0, 1))
    if times[-1] - times[0] >= 3 or all(len(p) == 4 for p in periods):
        return scales.years(times[0], times[-1], count=6 if wide else 4)
    count = min(len(times), 5 if wide else 3)
    picked = sorted({round(n * (len(times) - 1) / max(1, count - 1)) for n in range(count)})
    ticks = tuple(Tick(times[k], say_period(periods[k], lang)) for k in picked)
    return Axis((times[0], max(times[-1], times[0] + 1e-3)), ticks, grid=False)


def value_axis(
    selection: Selection, lang: Lang, log: bool, *, zero: bool = False, extra: Iterable[float] = ()
) -> Axis:
    """Return the value axis of a selection; ranks have the first place on top."""
    values = [v for s in selection.series for v in s.values if v is not None]
    values += [*selection.extent, *extra]
    return axis_for(values, selection.unit, lang, log, zero=zero)


def axis_for(
    values: Sequence[float], unit: str, lang: Lang, log: bool, title: str = "", *, zero: bool = False
) -> Axis:
    if log:
        return replace(scales.log(values, unit, lang), title=title)
    amounts = unit not in ("%", "rank", "index", "degrees", "year", "ratio")
    near_zero = amounts and bool(values) and min(values) >= 0 and min(values) < 0.5 * max(values)
    axis = scales.linear(values, unit, lang, zero=zero or near_zero, reverse=unit == "rank" and not zero)
    return replace(axis, title=title)


def share_axis(selections: Shown, form: Form) -> bool:
    """Return whether several indicators may share an axis: one unit, one measure, and room to name each line.

    Others stand in a panel each: two scales on one chart would show a likeness that is not there.
    """
    same = len({(s.unit, s.measure, s.indicator.frequency == "irregular") for s in selections}) == 1
    return len(selections) == 1 or (same and form == "wide" and all(s.series for s in selections))


def all_log(selections: Shown, state: State) -> bool:
    """Return whether an axis that all share is logarithmic: the first wants it and all are above zero."""
    positive = all(v > 0 for one in selections for s in one.series for v in s.values if v is not None)
    return wording.is_log(selections[0], state) and positive


def all_series(selections: Shown) -> list[tuple[Selection, Series]]:
    return sorted(((one, s) for one in selections for s in one.series), key=lambda p: strong(p[1].entity))


def merged(selections: Shown) -> Selection:
    """Return what an axis of all needs: every period, every series (their values keep their own places)."""
    periods = tuple(sorted({p for s in selections for p in s.periods}))
    extents = tuple(v for s in selections for v in s.extent)
    spans = sorted(p for s in selections for p in s.span)
    ends = (spans[0], spans[-1]) if spans else ()
    series = tuple(s for _, s in all_series(selections))
    return replace(selections[0], periods=periods, series=series, extent=extents, span=ends)
