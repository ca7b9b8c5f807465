"""On which day one name came to be talked of more than several others together, and from what.

Counts of titles a day. ``holds`` is about the days from the last day on which the name was still at or below
``least`` titles to the first on which it passed the others together. Numbers: value, others_value, period
(the day), from_period, days, peak, peak_period, field (who the others are).
"""

from __future__ import annotations

from datetime import date

from dashboard.claims.evidence import Evidence, Figure, NotPublicError, total
from dashboard.claims.finding import (
    Finding,
    Number,
    Row,
    Trace,
    how_many,
    outcome_of,
    period,
    quantity,
    who,
)
from dashboard.claims.params import Params, common, line

NEEDS = ("indicator", "of", "to", "holds")
USES = ("since", "until", "least")


def decide(data: Evidence, params: Params) -> Finding:
    """Hold the days that the turn took against the condition; no turn contradicts."""
    name, others = params.of.entities[0], params.to.entities
    days = common(data, params, (name, *others))
    if not days:
        raise NotPublicError(params.indicator, [name, *others])
    own = line(data, params, name)
    sums = {d: total([line(data, params, e)[d] for e in others]) for d in days}
    turn = next((d for d in days if own[d] > sums[d]), None)
    quiet = max(
        (d for d in days if own[d].value <= params.least and (turn is None or d < turn)), default=days[0]
    )
    peak = max((own[d] for d in days), key=float)
    at = turn or peak.period
    took = (date.fromisoformat(at) - date.fromisoformat(quiet)).days
    numbers: dict[str, Number] = {
        "value": quantity(own[at]),
        "others_value": quantity(sums[at]),
        "period": period(own[at]),
        "from_value": quantity(own[quiet]),
        "from_period": period(own[quiet]),
        "days": how_many(took),
        "peak": quantity(peak),
        "peak_period": period(peak),
        "field": who(*others),
    }
    together = tuple(Figure(f.value, f.unit, d, "", f.used) for d, f in sums.items())
    return Finding(
        outcome_of(turn is not None and params.threshold.holds(took)),
        numbers,
        deciding="days",
        rows=(
            Row(name, params.indicator, own[at], strong=True),
            Row(" ".join(others), params.indicator, sums[at]),
        ),
        traces=(
            Trace(name, params.indicator, tuple(own[d] for d in days), strong=True),
            Trace(" ".join(others), params.indicator, together),
        ),
        chart="lines",
    )
