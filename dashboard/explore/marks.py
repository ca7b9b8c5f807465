"""Pieces that several views share: points with their documents, lines with gaps, axes, colours."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile
from typing import Any

from dashboard.dataset import Lang
from dashboard.explore import wording
from dashboard.explore.select import Context, Selection, Series
from dashboard.figures import scales
from dashboard.figures.record import Axis, Line, ObservationKey, Point, Tick, time_value
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
    return entity in ("shenzhen", "hangzhou")


def point(
    context: Context, selection: Selection, series: Series, period: str, x: float, y: float | None
) -> Point:
    """Return a series' figure at a place, with its words and what it stands on where wanted."""
    if not context.with_texts:
        return Point(x, y)
    return Point(
        x, y, wording.point_text(context, selection, series, period),
        tuple(observation_keys(selection, series, period)),
        wording.amount(series.values[period], selection, context.lang),
    )  # fmt: skip


def observation_keys(selection: Selection, series: Series, period: str) -> Iterator[ObservationKey]:
    """Yield every figure that a value stands on: its own, and those it was divided by."""
    if figure := series.figures.get(period):
        yield (series.entity, series.indicator, period, figure.source_id)
    if series.entity != selection.reference and (figure := selection.reference_figures.get(period)):
        yield (selection.reference, series.indicator, period, figure.source_id)
    for conversion in selection.conversions[::-1]:
        if key := conversion.keys.get(series.entity, {}).get(period[:4]):
            yield key


def mark_name(series: Series, selection: Selection) -> str:
    """Return the stable name of a series' mark: its entity, and its indicator where several are shown."""
    return f"{series.entity}:{series.indicator}" if selection.several else series.entity


Pair = tuple[Selection, Series]


def split(drawn: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Return the series that stay in the background, and those that are named: of many the highest."""
    if len(drawn) <= MAX_LABELLED:
        return [], list(drawn)
    ends = sorted((-s.values[s.last], n) for n, (_, s) in enumerate(drawn))
    named = {n for _, n in ends[:HIGHEST_LABELLED]}
    named |= {n for n, (_, s) in enumerate(drawn) if strong(s.entity)}
    behind = [pair for n, pair in enumerate(drawn) if n not in named]
    return behind, [drawn[n] for n in sorted(named)]


def looks(selection: Selection, series: Series, quiet: bool) -> dict[str, Any]:
    """Return how the line of a series looks; a ``quiet`` one is thin and pale, in the background."""
    return {
        "colour": "background" if quiet else selection.colours[series.entity],
        "width": 1.0 if quiet else 3.0 if strong(series.entity) else 1.8,
        "strong": strong(series.entity),
        "name": mark_name(series, selection),
    }


def line_marks(
    context: Context, selection: Selection, series: Series, label: str = "", *, quiet: bool = False
) -> list[Line]:
    """Return a series as one or two lines: solid, and dashed from where figures are preliminary on.

    Where a regular series misses a figure the line is broken; a figure alone between two gaps is a marker.
    """
    step = STEP.get(selection.indicator.frequency, math.inf)
    times = [time_value(period) for period in series.values]
    gaps = [True, *(b - a > 1.5 * step for a, b in pairwise(times)), True]
    alone = len(times) == 1 or (not quiet and (True, True) in pairwise(gaps))
    points: list[Point] = []
    first_soft = len(times) - sum(1 for _ in takewhile(series.provisional, reversed(series.values)))
    turn = 0  # where the last final figure stands among the points
    for n, (period, value) in enumerate(series.values.items()):
        if n and gaps[n]:
            points.append(Point((times[n - 1] + times[n]) / 2, None))
        turn = len(points) if n < first_soft else turn
        points.append(point(context, selection, series, period, times[n], value))
    common = {**looks(selection, series, quiet), "markers": alone}
    dashed = points[turn:] if first_soft < len(times) else []
    out = [Line(tuple(points[: turn + 1]), label="" if dashed else label, **common)] if first_soft else []
    if dashed:
        out.append(Line(tuple(dashed), label=label, dash="dash", **common))
    return out


def labelled_lines(
    context: Context, drawn: Sequence[Pair], make: Callable[..., list[Line]] = line_marks
) -> list[Line]:
    """Return series as lines: those that carry their names and last values on top, the others behind them."""
    if not drawn:
        return []
    behind, front = split(drawn)
    quiet = [line for pair in behind for line in make(context, *pair, quiet=True)]
    out = sorted(quiet, key=lambda line: line.dash)  # neighbours that look alike are drawn in one go
    amounts = wording.distinct_amounts([s.values[s.last] for _, s in front], front[0][0], context.lang)
    for pair, amount in zip(front, amounts, strict=True):
        out += make(context, *pair, f"{wording.series_name(context, *pair)} {amount}")
    return out


def time_axis(context: Context, selection: Selection) -> Axis:
    periods = selection.span or selection.periods
    times = [time_value(p) for p in periods]
    wide = context.form == "wide"
    if times[-1] - times[0] >= 3 or all(len(p) == 4 for p in periods):
        return scales.years(times[0], times[-1], count=6 if wide else 4)
    count = min(len(times), 5 if wide else 3)
    picked = sorted({round(n * (len(times) - 1) / max(1, count - 1)) for n in range(count)})
    ticks = tuple(Tick(times[k], say_period(periods[k], context.lang)) for k in picked)
    return Axis((times[0], max(times[-1], times[0] + 1e-3)), ticks, grid=False)


def value_axis(
    selection: Selection, lang: Lang, log: bool, *, zero: bool = False, extra: Iterable[float] = ()
) -> Axis:
    """Return the value axis of a selection; ranks have the first place on top."""
    values = [v for s in selection.series for v in s.values.values()]
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


def share_axis(context: Context) -> bool:
    """Return whether several indicators may share an axis: one unit, one measure, and room to name each line.

    Others stand in a panel each: two scales on one chart would show a likeness that is not there.
    """
    every = context.selections
    same = len({(s.unit, s.measure, s.indicator.frequency == "irregular") for s in every}) == 1
    return len(every) == 1 or (same and context.form == "wide" and all(s.series for s in every))


def pairs(selections: Iterable[Selection]) -> list[Pair]:
    """Return every series with its selection, the two cities last, so that they are drawn on top."""
    return sorted(((one, s) for one in selections for s in one.series), key=lambda p: strong(p[1].entity))


def merged(selections: Sequence[Selection]) -> Selection:
    spans = sorted(p for s in selections for p in s.span)
    return replace(
        selections[0],
        periods=tuple(sorted({p for s in selections for p in s.periods})),
        series=tuple(s for _, s in pairs(selections)),
        extent=tuple(v for s in selections for v in s.extent),
        span=(spans[0], spans[-1]) if spans else (),
    )
