"""On which day one name was first mentioned more than several others together, and from what level.

Counts of titles a day. ``holds`` is about the days from the last day on which the name was still at or below
``least`` titles to the first on which it passed the others together. Numbers: value, others_value, period
(the day), from_value, from_period, days, peak, peak_period.
"""

from dataclasses import replace
from datetime import date

from dashboard.claims.dataset_view import DatasetView, NotPublicError, total
from dashboard.claims.finding import Finding, Number, Row, outcome_of, traces
from dashboard.claims.params import Params, common_periods, series_by_entity

NEEDS = ("indicator", "of", "to", "holds")
USES = ("since", "until", "least")
SINGLE = ("of",)


def decide(data: DatasetView, params: Params) -> Finding:
    """Hold the days that the turn took against the condition; no turn contradicts."""
    name, others = params.of.entities[0], params.to.entities
    found = series_by_entity(data, params, (name, *others))
    days = [d for d in common_periods(found) if len(d) == 10]
    if not days:
        raise NotPublicError(params.indicator, [name, *others])
    titles = {d: found[name][d] for d in days}
    sums = {d: replace(total([found[e][d] for e in others]), period=d) for d in days}
    turn = next((d for d in days if titles[d].value > sums[d].value), None)
    peak = max(titles.values(), key=float)
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
        traces=traces({name: titles, together: sums}, params.indicator, [name]),
        chart="lines",
    )
