"""On how many measures one entity has come closer to another over one window, the same for all of them.

A measure without a figure for both ends is left out. The condition is about the share of measures on which
it came closer. Numbers: closer, measures (how many), share, then, then_period, now, now_period (of the first
measure), lead (its name).
"""

from dashboard.claims.dataset_view import DatasetView, NotPublicError, Quantity, total
from dashboard.claims.finding import Finding, Number, Probe, Row, outcome_of
from dashboard.claims.params import Params, ratios, series_of, years_before

NEEDS = ("indicators", "of", "to", "years", "holds")
USES = ("since",)
SINGLE = ("of", "to")


def decide(data: DatasetView, params: Params) -> Finding:
    city, base = params.of.entities[0], params.to.entities[0]
    moves: dict[str, tuple[Quantity, Quantity]] = {}
    for indicator in params.indicators:
        shares = ratios(*(series_of(data, params, e, indicator) for e in (city, base)))
        last = max(shares, default="")
        if last and (first := years_before(last, params.years)) in shares:
            moves[indicator] = shares[first], shares[last]
    if not moves:
        raise NotPublicError(params.indicators[0], [city, base])
    closer = [i for i, (then, now) in moves.items() if now.value > then.value]
    lead, (then, now) = next(iter(moves.items()))
    every = [q for pair in moves.values() for q in pair]
    share = Quantity(len(closer) / len(moves), used=total(every).used)
    return Finding(
        outcome_of(params.condition.holds(share.value)),
        {
            "closer": Number.count([moves[i][1] for i in closer], every),
            "measures": Number.count([m[1] for m in moves.values()]),
            "share": Number.percent(share),
            "lead": Number.indicators(lead),
            "then": Number.percent(then),
            "then_period": Number.period(then),
            "now": Number.percent(now),
            "now_period": Number.period(now),
        },
        deciding="share",
        rows=tuple(Row(city, i, m[1], m[0], strong=i in closer) for i, m in moves.items()),
        probes=tuple(Probe((m[1],), m[0].value / m[1].value) for m in moves.values() if m[1].value),
        threshold=1.0,
        chart="arrows",
    )
