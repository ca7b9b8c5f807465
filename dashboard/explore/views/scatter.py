"""One indicator against another; a third is the area of the points."""

import math
from operator import itemgetter
from typing import NamedTuple

from dashboard.explore import findings, wording
from dashboard.explore.findings import Found
from dashboard.explore.marks import MAX_LABELLED, axis_for, point, strong
from dashboard.explore.select import Context, Selection, Series, Values
from dashboard.explore.views import Drawn, View
from dashboard.figures.record import Dots, Line, Mark

CLEAR = 2.0
"""A relation is stated where r exceeds this over the root of n: about the 5% level of a two-sided test."""


class Pair(NamedTuple):
    """An entity that has both measures: the figures over time of the first, by period those of the second."""

    x: float
    y: float
    series: Series
    across: Values


def draw(context: Context) -> Drawn:
    (up, across), lang, state = context.selections[:2], context.lang, context.state
    period, pairs = _pairs(up, across)
    if not pairs:
        names = {"indicator": up.indicator.name(lang), "other": across.indicator.name(lang)}
        return Drawn(empty=("no_pair", names))
    labels = _labelled(pairs)
    sizes = _sizes(context.selections[2], period) if len(context.selections) > 2 else {}
    marks: list[Mark] = []
    for _, _, s, other in sorted(pairs, key=lambda p: p.series.entity in labels):
        known = [p for p in s.values if p <= period and p in other] if state.trail else [period]
        trail = [point(context, up, s, p, other[p], s.values[p]) for p in known]
        ink = up.colours[s.entity] if s.entity in labels else "background"
        if len(trail) > 1:
            marks.append(Line(tuple(trail), ink, width=1.5, name=f"{s.entity}:trail"))
        name = (context.name(s.entity),) if s.entity in labels else ()
        marks.append(
            Dots(
                (trail[-1],), ink, name, sizes.get(s.entity, 10.0),
                hollow=s.provisional(period), strong=strong(s.entity), name=s.entity,
            )
        )  # fmt: skip
    points = [p for m in marks if isinstance(m, (Line, Dots)) for p in m.points]
    xs, ys = [p.x for p in points], [p.y for p in points if p.y is not None]
    log = wording.is_log(up, state) and min(xs) > 0
    log_x = log and across.indicator.scale == "log"
    x_axis = axis_for([*xs, *across.extent], across.unit, lang, log_x, wording.named(context, across))
    y_axis = axis_for([*ys, *up.extent], up.unit, lang, log, wording.named(context, up))
    key, values = _relation(
        [math.log(p.x) if log_x else p.x for p in pairs], [math.log(p.y) if log else p.y for p in pairs]
    )
    values |= {
        "indicator": up.indicator.indicator_id,
        "other": across.indicator.indicator_id,
        "period": period,
    }
    return Drawn(x_axis, y_axis, tuple(marks), log=log, period=period, finding=(key, values))


def _pairs(up: Selection, across: Selection) -> tuple[str, list[Pair]]:
    """Return the latest period for which most have both measures, or a player's, and these."""
    both_measures = [
        (s, across.by_entity[s.entity].values) for s in up.series if s.entity in across.by_entity
    ]
    best: tuple[str, list[Pair]] = "", []
    for period in up.periods:
        both = [
            Pair(other[period], s.values[period], s, other)
            for s, other in both_measures
            if period in s.values and period in other
        ]
        if both and (len(both) >= len(best[1]) or up.span):
            best = period, both
    return best


def _labelled(pairs: list[Pair]) -> set[str]:
    """Return whose points are named: all of few, else the two cities and those furthest out."""
    every = [p.series.entity for p in pairs]
    if len(every) <= MAX_LABELLED:
        return set(every)
    named = {e for e in every if strong(e)}
    for place in (0, 1):
        ordered = [p.series.entity for p in sorted(pairs, key=itemgetter(place))]
        named.update(ordered[:2], ordered[-6:])
    return named


def _sizes(sized: Selection, period: str) -> dict[str, float]:
    """Return the points' diameters in pixels: areas as the third indicator's values."""
    values = sized.across(period)
    biggest = max((abs(v) for v in (*values.values(), *sized.extent)), default=0.0)
    return {e: 6 + 26 * math.sqrt(abs(v) / biggest) for e, v in values.items()} if biggest else {}


def _relation(xs: list[float], ys: list[float]) -> Found:
    """Return how the two measures go together, on the axes drawn: Pearson's r and the number of points."""
    r = findings.relation(xs, ys)
    if r is None:
        return "relation_few", {"count": str(len(xs))}
    key = "relation_up" if r > 0 else "relation_down"
    if abs(r) < CLEAR / math.sqrt(len(xs)):
        key = "relation_none"
    return key, {"count": str(len(xs)), "r": r}


VIEW = View(draw, order=30, provisional_style="hollow", shows="period", min_indicators=2)
