"""One entity's newest figure against a threshold in the record.

``total`` adds up every period between ``since`` and ``until``. Numbers: value, period, first,
entries (how many figures were added up); with ``per`` also part, whole and whole_period (what is divided by
what).
"""

from dashboard.claims.dataset_view import DatasetView, NotPublicError, total
from dashboard.claims.finding import Finding, Number, Probe, Row, Trace, outcome_of
from dashboard.claims.params import Params, series_of

NEEDS = ("indicator", "of", "holds")
USES = ("minus", "per", "base", "since", "until", "independent", "total")
SINGLE = ("of",)


def decide(data: DatasetView, params: Params) -> Finding:
    entity = params.of.entities[0]
    figures = tuple(series_of(data, params, entity).values())
    if not figures:
        raise NotPublicError(params.indicator, (entity,))
    figure = total(figures) if params.total else figures[-1]
    numbers: dict[str, Number] = {}
    if params.per:
        last = figures[-1].period
        part = data.in_cny(params.indicator, entity)[last]
        whole = data.in_cny(params.per, entity)[params.base or last]
        numbers = {
            "part": Number.quantity(part),
            "whole": Number.quantity(whole),
            "whole_period": Number.period(whole),
        }
    return Finding(
        outcome_of(params.condition.holds(figure.value)),
        numbers
        | {
            "value": Number.quantity(figure),
            "period": Number.period(figures[-1]),
            "first": Number.period(figures[0] if params.total else figures[0].period),
            "entries": Number.integer(len(figures)),
        },
        deciding="value",
        rows=(Row(entity, params.indicator, figure, strong=True),),
        traces=(Trace(entity, params.indicator, figures, strong=True),),
        probes=(Probe((figure,), params.condition.value / figure.value),) if figure.value else (),
        threshold=params.condition.value,
        chart="columns",
    )
