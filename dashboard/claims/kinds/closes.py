"""On how many measures one entity has come closer to another over one window, the same for all of them.

A measure without a figure for both ends is left out. The condition is about the share of measures on which
it came closer. Numbers: closer, measures (how many), left_out, share, then, then_period, now, now_period (of
the first measure), lead (its name), closer_in, further_in (names).
"""

from __future__ import annotations

from dashboard.claims.evidence import Evidence, Figure, NotPublicError, total
from dashboard.claims.finding import (
    Finding,
    Number,
    Probe,
    Row,
    count,
    how_many,
    outcome_of,
    percent,
    period,
    what,
)
from dashboard.claims.kinds.caught_up import shares
from dashboard.claims.params import Params

NEEDS = ("indicators", "of", "to", "years", "holds")
USES = ("since",)


def decide(data: Evidence, params: Params) -> Finding:
    """Hold the share of measures that came closer against the condition."""
    city = params.of.entities[0]
    moves = {i: ends_of(shares(data, params, city, i), params.years) for i in params.indicators}
    known = {i: m for i, m in moves.items() if m is not None}
    if not known:
        raise NotPublicError(params.indicators[0], [city, *params.to.entities])
    closer = [i for i, (then, now) in known.items() if now > then]
    lead = next(iter(known))
    then, now = known[lead]
    every = [f for pair in known.values() for f in pair]
    share = Figure(len(closer) / len(known), used=total(every).used)
    numbers: dict[str, Number] = {
        "closer": count([known[i][1] for i in closer], every),
        "measures": count([m[1] for m in known.values()]),
        "left_out": how_many(len(moves) - len(known)),
        "share": percent(share),
        "lead": what(lead),
        "then": percent(then),
        "then_period": period(then),
        "now": percent(now),
        "now_period": period(now),
        "closer_in": what(*closer),
        "further_in": what(*(i for i in known if i not in closer)),
    }
    return Finding(
        outcome_of(params.threshold.holds(share.value)),
        numbers,
        deciding="share",
        rows=tuple(Row(city, i, m[1], m[0], strong=i in closer) for i, m in known.items()),
        probes=tuple(Probe((m[1],), m[0].value / m[1].value) for m in known.values() if m[1].value),
        line=1.0,
        chart="arrows",
    )


def ends_of(ratios: list[Figure], years: int) -> tuple[Figure, Figure] | None:
    """Return the shares at both ends of the window, or ``None`` where one is missing."""
    if not ratios:
        return None
    wanted = f"{int(ratios[-1].period[:4]) - years}{ratios[-1].period[4:]}"
    then = next((r for r in ratios if r.period == wanted), None)
    return None if then is None else (then, ratios[-1])
