"""Whether every company was founded in one city, by documents that say where.

A document says so where the note of its founding year ends in ``founded in <city>``. Numbers: there,
elsewhere (who), founded_there, all, place, first, last (years).
"""

from dashboard.claims.dataset_view import DatasetView, NotPublicError
from dashboard.claims.finding import Finding, Number, Row, outcome_of, traces
from dashboard.claims.params import Params, series_by_entity

NEEDS = ("of", "place", "indicator")
USES = ("to",)
STATED = "founded in "


def decide(data: DatasetView, params: Params) -> Finding:
    """Hold each founding place against the city; ``to`` are drawn beside them, and decide nothing."""
    events = series_by_entity(data, params, (*params.of.entities, *params.to.entities))
    documents = {
        e: [o for o in data.public(params.indicator, e) if STATED in o.note] for e in params.of.entities
    }
    lacking = [e for e, found in documents.items() if not found or not events[e]]
    if lacking:
        raise NotPublicError(params.indicator, lacking)
    founded = {e: events[e][min(events[e])] for e in params.of.entities}
    city = data.dataset.entities[params.place].name_en
    there = [e for e, found in documents.items() if any(f"{STATED}{city}" in o.note for o in found)]
    spans = sorted(founded.values(), key=lambda q: q.period)
    used = tuple(o for found in documents.values() for o in found)
    return Finding(
        outcome_of(*(e in there for e in founded)),
        {
            "there": Number.entities(*there),
            "elsewhere": Number.entities(*(e for e in founded if e not in there)),
            "place": Number.entities(params.place),
            "founded_there": Number(len(there), "", "count", used),
            "all": Number.integer(len(founded)),
            "first": Number(0, "", "period", spans[0].used, spans[0].period[:4]),
            "last": Number(0, "", "period", spans[-1].used, spans[-1].period[:4]),
        },
        deciding="founded_there",
        rows=tuple(Row(e, params.indicator, q, strong=True) for e, q in founded.items()),
        traces=traces(events, params.indicator, params.of.entities),
        chart="timeline",
    )
