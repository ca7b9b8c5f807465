"""One entity against another in the newest period that both have.

Numbers: of_value, to_value, ratio (percent), times, gap, period; ever (in how many of the common
periods the condition held), periods (how many there are).
"""

from __future__ import annotations

from dashboard.claims.dataset_view import DatasetView, NotPublicError
from dashboard.claims.finding import Finding, Number, Probe, Row, Trace, outcome_of
from dashboard.claims.params import Params, common, series_of

NEEDS = ("indicator", "of", "to", "holds")
USES = ("minus", "per", "since")
SINGLE = ("of", "to")


def decide(data: DatasetView, params: Params) -> Finding:
    """Hold ``of`` ÷ ``to`` against the condition, in the newest period with something to divide by."""
    (a, *_), (b, *_) = params.of.entities, params.to.entities
    found = {e: series_of(data, params, e) for e in (a, b)}
    periods = [p for p in common(data, params, (a, b)) if found[b][p].value > 0]
    if not periods:
        raise NotPublicError(params.indicator, (a, b))
    ratios = {p: found[a][p] / found[b][p] for p in periods}
    first, other = found[a][periods[-1]], found[b][periods[-1]]
    ratio = ratios[periods[-1]]
    gap = first - other if first.value >= other.value else other - first
    return Finding(
        outcome_of(params.condition.holds(ratio.value)),
        {
            "of_value": Number.quantity(first),
            "to_value": Number.quantity(other),
            "ratio": Number.percent(ratio),
            "times": Number.times(ratio),
            "gap": Number.quantity(gap),
            "period": Number.period(first),
            "ever": Number.integer(sum(params.condition.holds(r.value) for r in ratios.values())),
            "periods": Number.integer(len(periods)),
        },
        deciding="of_value" if first.unit == "rank" else "ratio",
        rows=(Row(a, params.indicator, first, strong=True), Row(b, params.indicator, other)),
        traces=tuple(
            Trace(e, params.indicator, tuple(found[e][p] for p in periods), strong=e == a) for e in (b, a)
        ),
        probes=(Probe((first,), params.condition.value / ratio.value),) if ratio.value else (),
        chart="lines",
    )
