"""Whose event came first: the first period of an indicator against that of others, or against a date.

If there are several entities, all of them must come before all the others. The condition is about the years
between the two events, ``> 0`` (earlier) where none is set. Numbers: of_pick, of_period, to_pick, to_period,
years (how far apart).
"""

from dashboard.claims.dataset_view import DatasetView, NotPublicError, Quantity
from dashboard.claims.finding import Finding, Number, Row, outcome_of, traces
from dashboard.claims.params import Params, series_by_entity, years_between

NEEDS = ("indicator", "of")
USES = ("to", "since", "date", "holds")


def decide(data: DatasetView, params: Params) -> Finding:
    entities = (*params.of.entities, *params.to.entities)
    events = series_by_entity(data, params, entities)
    firsts = {e: found[min(found)] for e, found in events.items() if found}
    claimed = [firsts[e] for e in params.of.entities if e in firsts]
    others = [firsts[e] for e in params.to.entities if e in firsts]
    if not claimed or (not others and not params.date):
        raise NotPublicError(params.indicator, [e for e in entities if e not in firsts])
    latest = max(claimed, key=lambda q: q.period)
    rival = min(others, key=lambda q: q.period) if others else Quantity(0, period=params.date)
    years = years_between(latest.period, rival.period)
    return Finding(
        outcome_of(params.holds.holds(years) if params.holds is not None else years > 0),
        {
            "of_pick": Number.entities(latest.entity),
            "of_period": Number.period(latest),
            "to_pick": Number.entities(*([rival.entity] if rival.entity else [])),
            "to_period": Number.period(rival),
            "years": Number.quantity(Quantity(abs(years), "years", used=latest.used + rival.used)),
        },
        deciding="years",
        rows=tuple(Row(e, params.indicator, q, strong=q in (latest, rival)) for e, q in firsts.items()),
        traces=traces(events, params.indicator, params.of.entities),
        threshold=None if others else years_between("0000", rival.period),
        chart="timeline",
    )
