"""Whose event came first: the first period of an indicator against that of others, or against a date.

If there are several entities, all of them must come before all the others. Numbers: of_pick, of_period,
to_pick, to_period, years (how far apart).
"""

from __future__ import annotations

from dashboard.claims.dataset_view import DatasetView, NotPublicError, Quantity
from dashboard.claims.finding import Finding, Number, Row, Trace, outcome_of
from dashboard.claims.params import Params, series_of, years_between

NEEDS = ("indicator", "of")
USES = ("to", "since", "date", "holds")


def decide(data: DatasetView, params: Params) -> Finding:
    """Hold the years between the two events against the condition, ``> 0`` (earlier) where none is set."""
    entities = (*params.of.entities, *params.to.entities)
    events = {e: found for e in entities if (found := series_of(data, params, e))}
    firsts = {e: found[min(found)] for e, found in events.items()}
    claimed = [firsts[e] for e in params.of.entities if e in firsts]
    others = [firsts[e] for e in params.to.entities if e in firsts]
    if not claimed or (not others and not params.date):
        raise NotPublicError(params.indicator, [e for e in entities if e not in firsts])
    latest = max(claimed, key=lambda q: q.period)
    rival = min(others, key=lambda q: q.period) if others else Quantity(0, period=params.date)
    years = years_between(latest.period, rival.period)
    holds = params.holds.holds(years) if params.holds is not None else years > 0
    return Finding(
        outcome_of(holds),
        {
            "of_pick": Number.entities(latest.entity),
            "of_period": Number.period(latest),
            "to_pick": Number.entities(*([rival.entity] if rival.entity else [])),
            "to_period": Number.period(rival),
            "years": Number.quantity(Quantity(abs(years), "years", used=latest.used + rival.used)),
        },
        deciding="years",
        rows=tuple(Row(e, params.indicator, q, strong=q in (latest, rival)) for e, q in firsts.items()),
        traces=events_of(params, events),
        threshold=None if others else years_between("0000", rival.period),
        chart="timeline",
    )


def events_of(params: Params, events: dict[str, dict[str, Quantity]]) -> tuple[Trace, ...]:
    return tuple(
        Trace(e, params.indicator, tuple(found.values()), strong=e in params.of.entities)
        for e, found in events.items()
    )
