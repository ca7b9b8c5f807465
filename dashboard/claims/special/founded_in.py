"""Whether every company was founded in one city.

Numbers: there, elsewhere (who), founded_there, all, first, last (years).
"""

from __future__ import annotations

from dashboard.claims.evidence import Evidence, Figure, NotPublicError
from dashboard.claims.finding import Finding, Number, Row, Trace, count, how_many, outcome_of, period, who
from dashboard.claims.kinds.earlier import first, traces
from dashboard.claims.params import Params

NEEDS = ("of", "place", "indicator")
USES = ("to",)


def decide(data: Evidence, params: Params) -> Finding:
    """Hold each founding place against the city; ``to`` are drawn beside them, and decide nothing."""
    founded: dict[str, Figure] = {}
    for e in params.of.entities:
        figure = first(data, params, e)
        if figure is None:
            raise NotPublicError(params.indicator, [e])
        founded[e] = figure
    there = [e for e in params.of.entities if data.founded_in(e) == params.place]
    spans = sorted(founded.values(), key=lambda f: f.period)
    numbers: dict[str, Number] = {
        "there": who(*there),
        "elsewhere": who(*(e for e in founded if e not in there)),
        "place": who(params.place),
        "founded_there": count([founded[e] for e in there], spans),
        "all": how_many(len(founded)),
        "first": Number(0, "", "period", spans[0].used, spans[0].period[:4]),
        "last": Number(0, "", "period", spans[-1].used, spans[-1].period[:4]),
        "period": period(spans[-1]),
    }
    drawn: list[Trace] = traces(data, params, params.of)
    drawn += [t for t in traces(data, params, params.to) if t.figures]
    return Finding(
        outcome_of(*(e in there for e in founded)),
        numbers,
        deciding="founded_there",
        rows=tuple(Row(e, params.indicator, f, strong=True) for e, f in founded.items()),
        traces=tuple(drawn),
        chart="timeline",
    )
