"""How many of the last years were a record: above every year before, and above a rival in that year.

Numbers: value, period, before, before_period, more (change), records, asked (years), best, rival.
"""

from __future__ import annotations

from dashboard.claims.evidence import Evidence, Figure, NotPublicError
from dashboard.claims.finding import (
    Finding,
    Number,
    Probe,
    Row,
    Trace,
    change,
    count,
    how_many,
    outcome_of,
    period,
    quantity,
    who,
)
from dashboard.claims.params import Params, line

NEEDS = ("indicator", "of", "to", "years")
USES = ("since",)


def decide(data: Evidence, params: Params) -> Finding:
    """Hold each of the last ``years`` years against all before it and against the rival's best so far."""
    company, (rival, *_) = params.of.entities[0], params.to.entities
    own = {p: f for p, f in line(data, params, company).items() if len(p) == 4}
    theirs = line(data, params, rival)
    years = sorted(own)
    if len(years) <= params.years or any(str(int(y) - 1) not in own for y in years[-params.years :]):
        raise NotPublicError(params.indicator, [company])
    best = {y: bar(own, theirs, y) for y in years[-params.years :]}
    held = {y: own[y] > best[y] for y in best}
    now, before = own[years[-1]], own[years[-2]]
    numbers: dict[str, Number] = {
        "value": quantity(now),
        "period": period(now),
        "before": quantity(before),
        "before_period": period(before),
        "more": change(now / before),
        "asked": how_many(params.years),
        "records": count([own[y] for y, h in held.items() if h], best.values()),
        "best": quantity(max(own.values(), key=float)),
        "rival": who(rival),
    }
    drawn = [p for p in sorted(theirs) if years[0] <= p <= years[-1]]
    return Finding(
        outcome_of(*held.values()),
        numbers,
        deciding="records",
        rows=(Row(company, params.indicator, now, strong=True),),
        traces=(
            Trace(company, params.indicator, tuple(own[y] for y in years), strong=True),
            Trace(rival, params.indicator, tuple(theirs[p] for p in drawn)),
        ),
        probes=(Probe((now,), best[years[-1]].value / now.value),) if now.value else (),
        chart="columns",
    )


def bar(own: dict[str, Figure], theirs: dict[str, Figure], year: str) -> Figure:
    """Return the highest figure before ``year``, or of the rival up to it."""
    return max(
        [f for p, f in own.items() if p < year] + [f for p, f in theirs.items() if p <= year], key=float
    )
