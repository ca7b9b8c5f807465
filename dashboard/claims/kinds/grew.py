"""Each entity's growth over one window, against a line or against another measure's growth.

The window ends with the newest period and begins ``years`` before, or with the first figure since ``since``.
Numbers: least, least_times, least_change, least_from, least_to, least_since, least_until, the same for
``most``, grew and all (how many meet the condition, of how many), reference (the other measure's factor),
reference_change, lead (the least factor ÷ the reference).
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
    percent,
    period,
    quantity,
    times,
)
from dashboard.claims.finding import who as name
from dashboard.claims.params import Params, earlier, line

NEEDS = ("indicator", "of", "holds")
USES = ("minus", "per", "since", "years", "against")


def decide(data: Evidence, params: Params) -> Finding:
    """Hold every entity's factor (÷ the reference's, where there is one) against the condition."""
    spans = {e: span(data, params, e) for e in params.of.entities}
    factor = {e: factor_of(own) for e, own in spans.items()}
    other = {e: reference(data, params, e, own) for e, own in spans.items() if params.against}
    lead = {e: f / other[e][0] if e in other else f for e, f in factor.items()}
    least, most = min(lead, key=lambda e: lead[e].value), max(lead, key=lambda e: lead[e].value)
    held = [f for f in lead.values() if params.threshold.holds(f.value)]
    numbers: dict[str, Number] = {"grew": count(held, lead.values()), "all": how_many(len(lead))}
    for key, e in (("least", least), ("most", most)):
        first, last = spans[e][0], spans[e][-1]
        numbers |= {
            key: name(e),
            f"{key}_times": times(factor[e]),
            f"{key}_change": change(factor[e]),
            f"{key}_from": quantity(first),
            f"{key}_to": quantity(last),
            f"{key}_since": period(first),
            f"{key}_until": period(last),
        }
    traces = [Trace(e, params.indicator, tuple(own), strong=True) for e, own in spans.items()]
    if params.against:
        ratio, series = other[least]
        numbers |= {
            "reference": times(ratio),
            "reference_change": change(ratio),
            "lead": times(lead[least]),
            "share_then": percent(spans[least][0] / series[0]),
            "share_now": percent(spans[least][-1] / series[-1]),
        }
        traces += [Trace(e, params.against, tuple(own)) for e, (_, own) in other.items()]
    asked = params.threshold.value
    return Finding(
        outcome_of(*(params.threshold.holds(f.value) for f in lead.values())),
        numbers,
        deciding="lead" if params.against else "least_times",
        rows=tuple(Row(e, params.indicator, own[-1], own[0], strong=e == least) for e, own in spans.items()),
        traces=tuple(traces),
        probes=tuple(Probe((spans[e][-1],), asked / f.value) for e, f in lead.items() if f.value > 0),
        chart="index",
        on=tuple(lead.values()),
    )


def span(data: Evidence, params: Params, entity: str) -> list[Figure]:
    """Return an entity's figures within the window; raises :class:`NotPublicError` without two ends."""
    own = line(data, params, entity)
    if params.against:  # both measures over exactly the same window
        own = {p: f for p, f in own.items() if p in data.yuan(params.against, entity)}
    periods = sorted(own)
    first = earlier(periods, params.years) if params.years else periods[0] if periods else None
    if first is None or first == periods[-1]:
        raise NotPublicError(params.indicator, [entity])
    return [own[p] for p in periods if p >= first]


def factor_of(own: list[Figure]) -> Figure:
    """Return the factor from the first to the last figure: 1 + change ÷ size, which loss and gain share."""
    first, last = own[0], own[-1]
    if not first.value:
        raise NotPublicError(first.used[0].indicator_id if first.used else "", [first.entity])
    ratio = last / first
    return Figure(1 + (last.value - first.value) / abs(first.value), "", last.period, last.entity, ratio.used)


def reference(data: Evidence, params: Params, entity: str, own: list[Figure]) -> tuple[Figure, list[Figure]]:
    """Return the factor of the other measure over exactly the same window, and its figures."""
    other = data.yuan(params.against, entity)
    within = [f for p, f in other.items() if own[0].period <= p <= own[-1].period]
    if own[0].period not in other or own[-1].period not in other or not own[0].value:
        raise NotPublicError(params.against, [entity])
    return factor_of(within), within
