"""The place of one entity (or of the best of several) among others in the same period.

``holds`` is about the place (``<= 5``), ``share`` about the part of all figures together (``> 0.5``). In a
tie the entity counts as behind: to lead is to be ahead. Numbers: own (who), value, period, place, field
(how many have a figure), first, first_value, second, second_value (the best of the others),
share (percent of the sum), absent (who has none in that period).
"""

from dashboard.claims.dataset_view import RECENT, DatasetView, NotPublicError, Quantity, total
from dashboard.claims.finding import Finding, Number, Probe, Row, outcome_of, traces
from dashboard.claims.params import Params, series_by_entity

NEEDS = ("indicator", "of", "to", "holds")
USES = ("minus", "per", "fallback", "since", "share", "least")


def decide(data: DatasetView, params: Params) -> Finding:
    lower = data.lower_is_better(params.indicator)
    sign = -1 if lower else 1
    entities = dict.fromkeys((*params.of.entities, *params.to.entities))
    found = series_by_entity(data, params, entities)
    last, field = newest_field(found, params)
    own = max((field[e] for e in params.of.entities if e in field), key=lambda q: sign * q.value)
    ranked = sorted(field.values(), key=lambda q: (-sign * q.value, q.entity == own.entity))
    others = [q for q in ranked if q.entity not in params.of.entities]
    place = 1 + sum(sign * q.value >= sign * own.value for q in others)
    every = total(ranked)
    tests = [params.condition.holds(place)]
    numbers: dict[str, Number] = {
        "own": Number.entities(own.entity),
        "value": Number.quantity(own),
        "period": Number.period(own),
        "place": Number(place, "rank", "quantity", every.used),
        "field": Number.count(ranked),
        "first": Number.entities(ranked[0].entity),
        "first_value": Number.quantity(ranked[0]),
        "second": Number.entities(others[0].entity),
        "second_value": Number.quantity(others[0]),
        "absent": Number.entities(*(e for e in params.to.entities if e not in field)),
    }
    if not lower and every.value > 0 and ranked[-1].value >= 0:
        numbers["share"] = Number.percent(own / every)
    if params.share is not None:
        if "share" not in numbers:  # of places, losses or nothing at all nobody has a share
            raise NotPublicError(params.indicator, entities)
        tests.append(params.share.holds(own.value / every.value))
    drawn = {e: {p: q for p, q in series.items() if p <= last} for e, series in found.items()}
    edge = int(params.condition.value) - 1
    guess = others[edge].value / own.value if 0 <= edge < len(others) and own.value else None
    return Finding(
        outcome_of(*tests),
        numbers,
        deciding="share" if params.share is not None else "place",
        rows=tuple(Row(q.entity, params.indicator, q, strong=q is own) for q in ranked),
        traces=traces(drawn, params.indicator, params.of.entities),
        probes=(Probe((own,), guess),),
        chart="bars",
    )


def newest_field(found: dict[str, dict[str, Quantity]], params: Params) -> tuple[str, dict[str, Quantity]]:
    """Return the period compared and everybody's figure of that period.

    It is the one of the entity's newest, and of those up to :data:`RECENT` years older, for which most have a
    figure, at least ``least``; of several the newest. Nobody stands with a figure of another period.
    """
    periods = sorted({p for e in params.of.entities for p in found[e]}, reverse=True)
    recent = [p for p in periods if int(periods[0][:4]) - int(p[:4]) <= RECENT]
    fields = {p: {e: series[p] for e, series in found.items() if p in series} for p in recent}
    others = set(found) - set(params.of.entities)
    fields = {p: f for p, f in fields.items() if others & f.keys() and len(f) >= max(2, params.least)}
    if not fields:
        raise NotPublicError(params.indicator, list(found))
    return max(fields.items(), key=lambda item: (len(item[1]), item[0]))
