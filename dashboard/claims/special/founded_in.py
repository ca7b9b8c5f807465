"""Whether every company was founded in one city.

Numbers: there, elsewhere (who), founded_there, all, place, first, last (years), period.
"""

from __future__ import annotations

from dashboard.claims.dataset_view import DatasetView, NotPublicError
from dashboard.claims.finding import Finding, Number, Row, outcome_of
from dashboard.claims.kinds.earlier import events_of
from dashboard.claims.params import Params, series_of

NEEDS = ("of", "place", "indicator")
USES = ("to",)


def decide(data: DatasetView, params: Params) -> Finding:
    """Hold each founding place against the city; ``to`` are drawn beside them, and decide nothing."""
    entities = (*params.of.entities, *params.to.entities)
    events = {e: found for e in entities if (found := series_of(data, params, e))}
    lacking = [e for e in params.of.entities if e not in events]
    if lacking:
        raise NotPublicError(params.indicator, lacking)
    founded = {e: events[e][min(events[e])] for e in params.of.entities}
    there = [e for e in founded if data.founded_in(e) == params.place]
    spans = sorted(founded.values(), key=lambda q: q.period)
    return Finding(
        outcome_of(*(e in there for e in founded)),
        {
            "there": Number.entities(*there),
            "elsewhere": Number.entities(*(e for e in founded if e not in there)),
            "place": Number.entities(params.place),
            "founded_there": Number.count([founded[e] for e in there], spans),
            "all": Number.integer(len(founded)),
            "first": Number(0, "", "period", spans[0].used, spans[0].period[:4]),
            "last": Number(0, "", "period", spans[-1].used, spans[-1].period[:4]),
            "period": Number.period(spans[-1]),
        },
        deciding="founded_there",
        rows=tuple(Row(e, params.indicator, q, strong=True) for e, q in founded.items()),
        traces=events_of(params, events),
        chart="timeline",
    )
