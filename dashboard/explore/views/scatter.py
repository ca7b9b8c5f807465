"""One indicator against another; a third is the area of the points."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dashboard.dataset import Dataset, Lang
from dashboard.explore import findings, wording
from dashboard.explore.findings import Found
from dashboard.explore.marks import MAX_LABELLED, axis_for, point, strong
from dashboard.explore.select import Selection, Series, Shown
from dashboard.explore.state import State
from dashboard.explore.views import Drawn, View
from dashboard.figures.record import Dots, Form, Line, Mark

CLEAR = 2.0
"""A relation is stated where r exceeds this over the root of n: about the 5% level of a two-sided test."""


@dataclass(frozen=True)
class _Pairs:
    """The figures of one period that have both measures."""

    at: int
    series: tuple[Series, ...]
    across: dict[str, dict[str, float | None]]

    def x(self, entity: str, period: str) -> float:
        return findings.number(self.across[entity][period])


def draw(dataset: Dataset, shown: Shown, state: State, lang: Lang, form: Form) -> Drawn:
    """First indicator over the second; the third is the points' area; with the way there if asked for."""
    up, across = shown[0], shown[1]
    pairs = _pairs(up, across)
    if pairs is None:
        names = {"indicator": up.indicator.name(lang), "other": across.indicator.name(lang)}
        return Drawn(empty=("no_pair", names))
    at, period = pairs.at, up.periods[pairs.at]
    sizes = _sizes(shown[2] if len(shown) > 2 else None, pairs, period)
    marks: list[Mark] = []
    labels = _labelled(pairs, period)
    for n, s in sorted(enumerate(pairs.series), key=lambda p: p[1].entity in labels):
        known = [k for k in s.places if k <= at and pairs.across[s.entity].get(up.periods[k]) is not None]
        trail = [
            point(dataset, s, k, up, lang, pairs.x(s.entity, up.periods[k]), s.values[k])
            for k in (known if state.trail else [at])
        ]
        ink = up.colours[s.entity] if s.entity in labels else "background"
        if len(trail) > 1:
            marks.append(Line(tuple(trail), ink, width=1.5, name=f"{s.entity}:trail"))
        name = (wording.name(dataset, s.entity, lang),) if s.entity in labels else ()
        marks.append(
            Dots(
                (trail[-1],), ink, name, sizes[n],
                hollow=s.provisional(at), strong=strong(s.entity), name=s.entity,
            )
        )  # fmt: skip
    places = [p for m in marks if isinstance(m, (Line, Dots)) for p in m.points]
    xs, ys = [p.x for p in places], [p.y for p in places if p.y is not None]
    log = wording.is_log(up, state) and min(xs) > 0
    log_x = log and across.indicator.scale == "log"
    x = axis_for([*xs, *across.extent], across.unit, lang, log_x, wording.named(dataset, across, state, lang))
    y = axis_for([*ys, *up.extent], up.unit, lang, log, wording.named(dataset, up, state, lang))
    return Drawn(x, y, tuple(marks), log=log, at=at, finding=_finding(pairs, up, across, log, log_x))


def _pairs(up: Selection, across: Selection) -> _Pairs | None:
    """Return the latest period for which most have both measures; a player's is the last one drawn."""
    xs = {s.entity: dict(zip(across.periods, s.values, strict=True)) for s in across.series}
    best: _Pairs | None = None
    for k, period in enumerate(up.periods):
        both = tuple(
            s for s in up.series
            if s.values[k] is not None and xs.get(s.entity, {}).get(period) is not None
        )  # fmt: skip
        if both and (best is None or len(both) >= len(best.series) or up.span):
            best = _Pairs(k, both, xs)
    return best


def _labelled(pairs: _Pairs, period: str) -> set[str]:
    """Return whose points are named: all of few, else the two cities and those furthest out."""
    every = [s.entity for s in pairs.series]
    if len(every) <= MAX_LABELLED:
        return set(every)
    by_x = sorted(every, key=lambda e: pairs.x(e, period))
    by_y = [s.entity for s in sorted(pairs.series, key=lambda s: findings.number(s.values[pairs.at]))]
    return {*by_x[:2], *by_x[-6:], *by_y[:2], *by_y[-6:], *(e for e in every if strong(e))}


def _sizes(sized: Selection | None, pairs: _Pairs, period: str) -> list[float]:
    """Return the points' diameters in pixels: areas as the third indicator's values."""
    if sized is None:
        return [10.0] * len(pairs.series)
    by = {s.entity: dict(zip(sized.periods, s.values, strict=True)).get(period) for s in sized.series}
    biggest = max((abs(v) for v in (*by.values(), *sized.extent) if v), default=0.0)
    found = [by.get(s.entity) for s in pairs.series]
    return [6 + 26 * math.sqrt(abs(v) / biggest) if v is not None and biggest else 10.0 for v in found]


def _finding(pairs: _Pairs, up: Selection, across: Selection, log: bool, log_x: bool) -> Found:
    """Return how the two measures go together, on the axes drawn: Pearson's r and the number of points."""
    period = up.periods[pairs.at]
    xs = [pairs.x(s.entity, period) for s in pairs.series]
    ys = [findings.number(s.values[pairs.at]) for s in pairs.series]
    r = findings.relation(
        [math.log(v) for v in xs] if log_x else xs, [math.log(v) for v in ys] if log else ys
    )
    values: dict[str, str | float] = {
        "indicator": up.indicator.indicator_id, "other": across.indicator.indicator_id, "period": period,
        "count": str(len(xs)),
    }  # fmt: skip
    if r is None:
        return "relation_few", values
    key = (
        "relation_none"
        if abs(r) < CLEAR / math.sqrt(len(xs))
        else "relation_up"
        if r > 0
        else "relation_down"
    )
    return key, {**values, "r": r}


VIEW = View(draw, order=30, provisional_style="hollow", shows="period", min_indicators=2)
