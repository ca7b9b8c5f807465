"""The place of one entity (or of the best of several) among others in the same period.

``holds`` is about the place (``<= 5``), ``share`` about the part of all figures together (``> 0.5``).
Numbers: own (who), value, period, place, field (how many have a figure), first, first_value, second,
second_value (the best of the others), share (percent of the sum), absent (who has none in that period).
"""

from __future__ import annotations

from dashboard.claims.evidence import Evidence, Figure, NotPublicError, total
from dashboard.claims.finding import (
    Finding,
    Number,
    Probe,
    Row,
    Trace,
    count,
    outcome_of,
    percent,
    period,
    quantity,
    who,
)
from dashboard.claims.params import RECENT, Params, line

NEEDS = ("indicator", "of", "to", "holds")
USES = ("minus", "per", "fallback", "since", "share", "least")


def decide(data: Evidence, params: Params) -> Finding:
    """Hold the place, and where the record says so the share, against the conditions."""
    lower = data.lower_is_better(params.indicator)
    sign = -1 if lower else 1
    lines = {e: line(data, params, e) for e in dict.fromkeys((*params.of.entities, *params.to.entities))}
    when, field = common_field(lines, params)
    own = max((field[e] for e in params.of.entities if e in field), key=lambda f: sign * f.value)
    ranked = sorted(field.values(), key=lambda f: (-sign * f.value, f.entity != own.entity))
    others = [f for f in ranked if f.entity not in params.of.entities]
    place = 1 + sum(sign * f.value > sign * own.value for f in others)
    every = total(ranked)
    tests = [params.threshold.holds(place)]
    numbers: dict[str, Number] = {
        "own": who(own.entity),
        "value": quantity(own),
        "period": period(own),
        "place": Number(place, "rank", "quantity", every.used),
        "field": count(ranked),
        "first": who(ranked[0].entity),
        "first_value": quantity(ranked[0]),
        "second": who(others[0].entity),
        "second_value": quantity(others[0]),
        "second_period": period(others[0]),
        "absent": who(*(e for e in params.to.entities if e not in field)),
    }
    if not lower and every.value:
        numbers["share"] = percent(own / every)
        if params.share is not None:
            tests.append(params.share.holds(own.value / every.value))
    edge = others[int(params.threshold.value) - 1] if 1 <= params.threshold.value <= len(others) else None
    return Finding(
        outcome_of(*tests),
        numbers,
        deciding="share" if params.share is not None and "share" in numbers else "place",
        rows=tuple(Row(f.entity, params.indicator, f, strong=f is own) for f in ranked),
        traces=tuple(
            Trace(
                e,
                params.indicator,
                tuple(own[p] for p in sorted(own) if p <= when),
                strong=e in params.of.entities,
            )
            for e, own in lines.items()
            if own
        ),
        probes=(Probe((own,), edge.value / own.value if edge is not None and own.value else None),),
        chart="bars",
    )


def common_field(lines: dict[str, dict[str, Figure]], params: Params) -> tuple[str, dict[str, Figure]]:
    """Return the newest period in which the entity and enough others have a figure, and the figures.

    Yearly figures must be of the same year. A rival without a figure for it stands with its own newest one
    where that is at most :data:`RECENT` years older, and never with a younger one.
    """
    own = sorted({p for e in params.of.entities for p in lines[e]}, reverse=True)
    for when in own:
        field = {e: found[when] for e, found in lines.items() if when in found}
        for e, found in lines.items():
            older = [p for p in found if p < when and int(when[:4]) - int(p[:4]) <= RECENT]
            if e not in field and e not in params.of.entities and older:
                field[e] = found[max(older)]
        if len(field) >= max(2, params.least) and any(e not in params.of.entities for e in field):
            return when, field
    raise NotPublicError(params.indicator, [e for e, found in lines.items() if not found] or list(lines))
