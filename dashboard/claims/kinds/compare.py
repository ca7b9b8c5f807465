"""One entity against another in the newest period that both have.

Numbers: of_value, to_value, ratio (percent), times, gap, period; ever (in how many of the common periods the
condition held), periods (how many there are).
"""

from __future__ import annotations

from dashboard.claims.evidence import Evidence, NotPublicError
from dashboard.claims.finding import (
    Finding,
    Number,
    Probe,
    Row,
    Trace,
    change,
    how_many,
    outcome_of,
    percent,
    period,
    quantity,
    times,
)
from dashboard.claims.params import Params, common, line

NEEDS = ("indicator", "of", "to", "holds")
USES = ("minus", "per", "prices", "since")


def decide(data: Evidence, params: Params) -> Finding:
    """Hold ``of`` ÷ ``to`` against the condition."""
    (a, *_), (b, *_) = params.of.entities, params.to.entities
    years = common(data, params, (a, b))
    if not years:
        raise NotPublicError(params.indicator, (a, b))
    lines = {e: line(data, params, e) for e in (a, b)}
    own, other = lines[a][years[-1]], lines[b][years[-1]]
    ratio = own / other
    held = [
        y
        for y in years
        if lines[b][y].value and params.threshold.holds(lines[a][y].value / lines[b][y].value)
    ]
    gap = own - other if own >= other else other - own
    return Finding(
        outcome_of(params.threshold.holds(ratio.value)),
        {
            "of_value": quantity(own),
            "to_value": quantity(other),
            "ratio": percent(ratio),
            "times": times(ratio),
            "more": change(ratio),
            "gap": quantity(gap),
            "period": period(own),
            "first": Number(0, "", "period", (), years[0]),
            "ever": how_many(len(held)),
            "periods": how_many(len(years)),
        },
        deciding="ratio",
        rows=(Row(a, params.indicator, own, strong=True), Row(b, params.indicator, other)),
        traces=tuple(
            Trace(e, params.indicator, tuple(lines[e][y] for y in years), strong=e == a) for e in (b, a)
        ),
        probes=(Probe((own,), params.threshold.value / ratio.value),) if ratio.value else (),
        chart="lines",
    )
