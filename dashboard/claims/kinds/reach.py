"""One entity's newest figure against a line that the record draws.

``total`` adds up every period between ``since`` and ``until``. Numbers: value, size (the value without its
sign), period, first, entries (how many figures were added up).
"""

from __future__ import annotations

from dashboard.claims.evidence import Evidence, NotPublicError, total
from dashboard.claims.finding import (
    Finding,
    Probe,
    Row,
    Trace,
    how_many,
    outcome_of,
    percent,
    period,
    quantity,
)
from dashboard.claims.params import Params, line

NEEDS = ("indicator", "of", "holds")
USES = ("minus", "per", "since", "until", "independent", "total")


def decide(data: Evidence, params: Params) -> Finding:
    """Hold the newest figure, or the sum, against the condition."""
    entity = params.of.entities[0]
    own = line(data, params, entity)
    if not own:
        raise NotPublicError(params.indicator, (entity,))
    periods = sorted(own)
    figure = total(list(own.values())) if params.total else own[periods[-1]]
    value = figure.value
    return Finding(
        outcome_of(params.threshold.holds(value)),
        {
            "value": quantity(figure),
            "share": percent(figure),
            "size": quantity(figure * (-1 if value < 0 else 1)),
            "period": period(own[periods[-1]]),
            "first": period(own[periods[0]]),
            "entries": how_many(len(own)),
        },
        deciding="share" if params.per and figure.unit == "" else "value",
        rows=(Row(entity, params.indicator, figure, strong=True),),
        traces=(Trace(entity, params.indicator, tuple(own[p] for p in periods), strong=True),),
        probes=(Probe((figure,), params.threshold.value / value),) if value else (),
        line=params.threshold.value,
        chart="columns",
    )
