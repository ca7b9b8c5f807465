"""One group against another: the smallest, the largest or the sum of each, one divided by the other.

Numbers: of_pick, of_value, of_period, to_pick, to_value, to_period (who and what counts of each group; a sum
has everybody), ratio (times), of_known, of_all, to_known, to_all (how many have a figure, of how many).
"""

from __future__ import annotations

from dashboard.claims.evidence import Evidence, Figure, total
from dashboard.claims.finding import (
    Finding,
    Number,
    Probe,
    Row,
    count,
    how_many,
    outcome_of,
    period,
    quantity,
    times,
    who,
)
from dashboard.claims.params import Field, Params, newest

NEEDS = ("indicator", "of", "to", "holds")
USES = ("minus", "per", "fallback")


def decide(data: Evidence, params: Params) -> Finding:
    """Hold the ratio of the two groups against the condition."""
    numbers: dict[str, Number] = {}
    picks: dict[str, Figure] = {}
    rows: list[Row] = []
    for side, field in (("of", params.of), ("to", params.to)):
        known = newest(data, params, field)
        figure = picked(known, field)
        picks[side] = figure
        everybody = [e for e in known if figure.entity in ("", e)]
        numbers |= {
            f"{side}_pick": who(*everybody),
            f"{side}_value": quantity(figure),
            f"{side}_period": period(figure),
            f"{side}_known": count(known.values()),
            f"{side}_all": how_many(len(field.entities)),
        }
        rows += [
            Row(e, params.indicator, known.get(e), strong=e in everybody and e in known)
            for e in field.entities
        ]
    ratio = picks["of"] / picks["to"]
    return Finding(
        outcome_of(params.threshold.holds(ratio.value)),
        numbers | {"ratio": times(ratio)},
        deciding="ratio",
        rows=tuple(rows),
        probes=(Probe((picks["to"],), ratio.value / params.threshold.value),)
        if params.threshold.value
        else (),
        chart="bars",
    )


def picked(known: dict[str, Figure], field: Field) -> Figure:
    """Return what counts of a group: its smallest, its largest (the default) or its sum."""
    if field.take == "sum":
        return total(list(known.values()))
    return (min if field.take == "min" else max)(known.values(), key=float)
