"""One group against another: the smallest, the largest or the sum of each, one divided by the other.

Numbers: of_pick, of_value, of_period, to_pick, to_value, to_period (who and what counts of each group; a sum
has everybody), ratio (times), of_known, of_all, to_known, to_all (how many have a figure, of how many).
"""

from dashboard.claims.dataset_view import DatasetView, NotPublicError, Quantity, total
from dashboard.claims.finding import Finding, Number, Probe, Row, outcome_of
from dashboard.claims.params import Field, Params, newest

NEEDS = ("indicator", "of", "to", "holds")
USES = ("minus", "per", "fallback")


def decide(data: DatasetView, params: Params) -> Finding:
    numbers: dict[str, Number] = {}
    picks: dict[str, Quantity] = {}
    rows: list[Row] = []
    for side, field in (("of", params.of), ("to", params.to)):
        known = newest(data, params, field)
        if field.take == "min" and len(known) < len(field.entities):  # who is the smallest is not known
            raise NotPublicError(params.indicator, field.entities)
        figure = picks[side] = picked(known, field)
        counted = [e for e in known if figure.entity in ("", e)]
        numbers |= {
            f"{side}_pick": Number.entities(*counted),
            f"{side}_value": Number.quantity(figure),
            f"{side}_period": Number.period(figure),
            f"{side}_known": Number.count(known.values()),
            f"{side}_all": Number.integer(len(field.entities)),
        }
        rows += [Row(e, params.indicator, known.get(e), strong=e in counted) for e in field.entities]
    if picks["to"].value <= 0:  # nothing that a ratio could be taken of
        raise NotPublicError(params.indicator, params.to.entities)
    ratio = picks["of"] / picks["to"]
    asked = params.condition.value
    return Finding(
        outcome_of(params.condition.holds(ratio.value)),
        numbers | {"ratio": Number.times(ratio)},
        deciding="ratio",
        rows=tuple(rows),
        probes=(Probe((picks["to"],), ratio.value / asked),) if asked else (),
        chart="bars",
    )


def picked(known: dict[str, Quantity], field: Field) -> Quantity:
    """Return what counts of a group: its smallest, its largest (the default) or its sum."""
    if field.take == "sum":
        return total(list(known.values()))
    return (min if field.take == "min" else max)(known.values(), key=float)
