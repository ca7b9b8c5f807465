"""One entity against another in the newest period that both have.

Numbers: of_value, to_value, ratio (percent), times, gap, period; ever (in how many of the common
periods the condition held), periods (how many there are).
"""

from dashboard.claims.dataset_view import DatasetView, NotPublicError
from dashboard.claims.finding import Finding, Number, Probe, Row, outcome_of, traces
from dashboard.claims.params import Params, ratios, series_by_entity

NEEDS = ("indicator", "of", "to", "holds")
USES = ("minus", "per", "since")
SINGLE = ("of", "to")


def decide(data: DatasetView, params: Params) -> Finding:
    a, b = params.of.entities[0], params.to.entities[0]
    found = series_by_entity(data, params, (b, a))
    shares = ratios(found[a], found[b])
    if not shares:
        raise NotPublicError(params.indicator, (a, b))
    last = max(shares)
    first, other, ratio = found[a][last], found[b][last], shares[last]
    compared = {e: {p: series[p] for p in shares} for e, series in found.items()}
    return Finding(
        outcome_of(params.condition.holds(ratio.value)),
        {
            "of_value": Number.quantity(first),
            "to_value": Number.quantity(other),
            "ratio": Number.percent(ratio),
            "times": Number.times(ratio),
            "gap": Number.quantity(first - other if first.value >= other.value else other - first),
            "period": Number.period(first),
            "ever": Number.integer(sum(params.condition.holds(r.value) for r in shares.values())),
            "periods": Number.integer(len(shares)),
        },
        deciding="of_value" if first.unit == "rank" else "ratio",
        rows=(Row(a, params.indicator, first, strong=True), Row(b, params.indicator, other)),
        traces=traces(compared, params.indicator, [a]),
        probes=(Probe((first,), params.condition.value / ratio.value),) if ratio.value else (),
        chart="lines",
    )
