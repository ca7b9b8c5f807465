"""Whose event came first: the first period of an indicator against somebody else's, or against a date.

With several entities all must have come before all the others. Numbers: of_pick, of_period, to_pick,
to_period, years (how much earlier; negative when later).
"""

from __future__ import annotations

from dashboard.claims.evidence import Evidence, Figure, NotPublicError
from dashboard.claims.finding import Finding, Number, Row, Trace, outcome_of, period, quantity, who
from dashboard.claims.params import Field, Params, age, line

NEEDS = ("indicator", "of")
USES = ("to", "since", "date", "holds")


def decide(data: Evidence, params: Params) -> Finding:
    """Hold the years between the two events against the condition, ``> 0`` (earlier) where none is set."""
    firsts = {e: first(data, params, e) for e in (*params.of.entities, *params.to.entities)}
    lacking = [e for e, f in firsts.items() if f is None]
    known = {e: f for e, f in firsts.items() if f is not None}
    own = [known[e] for e in params.of.entities if e in known]
    others = [known[e] for e in params.to.entities if e in known]
    if not own or (not others and not params.date):
        raise NotPublicError(params.indicator, lacking)
    latest = max(own, key=lambda f: f.period)
    rival = min(others, key=lambda f: f.period) if others else Figure(0, period=params.date)
    years = age(latest.period, rival.period)
    numbers: dict[str, Number] = {
        "of_pick": who(latest.entity),
        "of_period": period(latest),
        "to_pick": who(*([rival.entity] if rival.entity else [])),
        "to_period": period(rival),
        "years": quantity(Figure(abs(years), "years", used=latest.used + rival.used)),
    }
    holds = params.holds.holds(years) if params.holds is not None else years > 0
    return Finding(
        outcome_of(holds),
        numbers,
        deciding="years",
        rows=tuple(Row(e, params.indicator, f, strong=f in (latest, rival)) for e, f in known.items()),
        traces=tuple(traces(data, params, Field(tuple(known)))),
        line=None if others else int(rival.period[:4]) + (int(rival.period[5:7] or 1) - 1) / 12,
        chart="timeline",
    )


def first(data: Evidence, params: Params, entity: str) -> Figure | None:
    """Return the first figure since ``since``; of several for one year the one with the exact date."""
    own = line(data, params, entity)
    if not own:
        return None
    start = min(own)
    return own[max(p for p in own if p[:4] == start[:4])]


def traces(data: Evidence, params: Params, field: Field) -> list[Trace]:
    """Return every event of each entity, for the chart."""
    found = []
    for e in field.entities:
        own = line(data, params, e)
        exact = {p: f for p, f in own.items() if not any(q != p and q.startswith(p) for q in own)}
        found.append(
            Trace(e, params.indicator, tuple(exact[p] for p in sorted(exact)), strong=e in params.of.entities)
        )
    return found
