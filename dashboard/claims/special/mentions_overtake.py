"""On which day one name was first mentioned more than several others together, and from what level.

Counts of titles a day. ``holds`` is about the days from the last day on which the name was still at or below
``least`` titles to the first on which it passed the others together. Numbers: value, others_value, period
(the day), from_value, from_period, days, peak, peak_period.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dashboard.claims.dataset_view import DatasetView, NotPublicError, total
from dashboard.claims.finding import Finding, Number, Row, Trace, outcome_of
from dashboard.claims.params import Params, common, series_of

NEEDS = ("indicator", "of", "to", "holds")
USES = ("since", "until", "least")
SINGLE = ("of",)


def decide(data: DatasetView, params: Params) -> Finding:
    """Hold the days that the turn took against the condition; no turn contradicts."""
    name, others = params.of.entities[0], params.to.entities
    days = [d for d in common(data, params, (name, *others)) if len(d) == 10]
    if not days:
        raise NotPublicError(params.indicator, [name, *others])
    titles = series_of(data, params, name)
    sums = {d: replace(total([series_of(data, params, e)[d] for e in others]), period=d) for d in days}
    turn = next((d for d in days if titles[d].value > sums[d].value), None)
    peak = max((titles[d] for d in days), key=float)
    at = turn or peak.period
    quiet = max((d for d in days if d < at and titles[d].value <= params.least), default=days[0])
    took = (date.fromisoformat(at) - date.fromisoformat(quiet)).days
    together = " ".join(others)
    return Finding(
        outcome_of(turn is not None and params.condition.holds(took)),
        {
            "value": Number.quantity(titles[at]),
            "others_value": Number.quantity(sums[at]),
            "period": Number.period(titles[at]),
            "from_value": Number.quantity(titles[quiet]),
            "from_period": Number.period(titles[quiet]),
            "days": Number.integer(took),
            "peak": Number.quantity(peak),
            "peak_period": Number.period(peak),
        },
        deciding="days",
        rows=(
            Row(name, params.indicator, titles[at], strong=True),
            Row(together, params.indicator, sums[at]),
        ),
        traces=(
            Trace(name, params.indicator, tuple(titles[d] for d in days), strong=True),
            Trace(together, params.indicator, tuple(sums.values())),
        ),
        chart="lines",
    )
