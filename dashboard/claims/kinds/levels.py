"""How much: one entity against another or a threshold, one group against another."""

from dashboard.claims.dataset_view import DatasetView, NotPublicError, Quantity, total
from dashboard.claims.finding import Finding, Number, Probe, Row, Trace, outcome_of, traces
from dashboard.claims.kinds import kind
from dashboard.claims.params import Params, newest, ratios, series_by_entity, series_of


@kind("indicator of to holds", uses="minus per since", single="of to")
def compare(data: DatasetView, params: Params) -> Finding:
    """One entity against another in the newest period that both have.

    Numbers: of_value, to_value, ratio (percent), times, gap, period; ever (in how many of the common
    periods the condition held), periods (how many there are).
    """
    a, b = params.of.entities[0], params.to.entities[0]
    by_entity = series_by_entity(data, params, (b, a))
    shares = ratios(by_entity[a], by_entity[b])
    if not shares:
        raise NotPublicError
    last = max(shares)
    first, other, ratio = by_entity[a][last], by_entity[b][last], shares[last]
    compared = {e: {p: series[p] for p in shares} for e, series in by_entity.items()}
    return Finding(
        outcome_of(params.condition.holds(ratio.value)),
        {
            "of_value": Number.of(first),
            "to_value": Number.of(other),
            "ratio": Number.of(ratio, "percent"),
            "times": Number.of(ratio, "times"),
            "gap": Number.of(first - other if first.value >= other.value else other - first),
            "period": Number.of(first, "period"),
            "ever": Number(sum(params.condition.holds(r.value) for r in shares.values()), kind="count"),
            "periods": Number(len(shares), kind="count"),
        },
        deciding="of_value" if first.unit == "rank" else "ratio",
        rows=(Row(a, params.indicator, first, strong=True), Row(b, params.indicator, other)),
        traces=traces(compared, params.indicator, [a]),
        probes=(Probe((first,), params.condition.value / ratio.value),) if ratio.value else (),
        chart="lines",
    )


@kind("indicator of holds", uses="minus per base since until independent total", single="of")
def threshold(data: DatasetView, params: Params) -> Finding:
    """One entity's newest figure against a threshold in the record.

    ``total`` adds up every period between ``since`` and ``until``. Numbers: value, period, first, entries
    (how many figures were added up); with ``per`` also part, whole and whole_period.
    """
    entity = params.of.entities[0]
    figures = tuple(series_of(data, params, entity).values())
    if not figures:
        raise NotPublicError
    figure = total(figures) if params.total else figures[-1]
    numbers = {
        "value": Number.of(figure),
        "period": Number.of(figures[-1], "period"),
        "first": Number.of(figures[0] if params.total else Quantity(0, period=figures[0].period), "period"),
        "entries": Number(len(figures), kind="count"),
    }
    if params.per:
        last = figures[-1].period
        whole = data.in_cny(params.per, entity)[params.base or last]
        numbers |= {
            "part": Number.of(data.in_cny(params.indicator, entity)[last]),
            "whole": Number.of(whole),
            "whole_period": Number.of(whole, "period"),
        }
    return Finding(
        outcome_of(params.condition.holds(figure.value)),
        numbers,
        deciding="value",
        rows=(Row(entity, params.indicator, figure, strong=True),),
        traces=(Trace(entity, params.indicator, figures, strong=True),),
        probes=(Probe((figure,), params.condition.value / figure.value),) if figure.value else (),
        threshold=params.condition.value,
        chart="columns",
    )


@kind("indicator of to holds", uses="minus per fallback")
def group_ratio(data: DatasetView, params: Params) -> Finding:
    """One group against another: the smallest, the largest or the sum of each, one divided by the other.

    Numbers: of_pick, of_value, of_period, to_pick, to_value, to_period (who and what counts of each group;
    a sum has everybody), ratio (times), of_known, of_all, to_known, to_all (how many have a figure, of all).
    """
    numbers: dict[str, Number] = {}
    picks: dict[str, Quantity] = {}
    rows: list[Row] = []
    for side, field in (("of", params.of), ("to", params.to)):
        known = newest(data, params, field)
        if field.take == "min" and len(known) < len(field.entities):  # who is the smallest is not known
            raise NotPublicError
        values, best = list(known.values()), min if field.take == "min" else max
        figure = picks[side] = total(values) if field.take == "sum" else best(values, key=float)
        counted = [e for e in known if figure.entity in ("", e)]
        numbers |= {
            f"{side}_pick": Number.entities(*counted),
            f"{side}_value": Number.of(figure),
            f"{side}_period": Number.of(figure, "period"),
            f"{side}_known": Number.count(known.values()),
            f"{side}_all": Number(len(field.entities), kind="count"),
        }
        rows += [Row(e, params.indicator, known.get(e), strong=e in counted) for e in field.entities]
    if picks["to"].value <= 0:  # nothing that a ratio could be taken of
        raise NotPublicError
    ratio = picks["of"] / picks["to"]
    limit = params.condition.value
    return Finding(
        outcome_of(params.condition.holds(ratio.value)),
        numbers | {"ratio": Number.of(ratio, "times")},
        deciding="ratio",
        rows=tuple(rows),
        probes=(Probe((picks["to"],), ratio.value / limit),) if limit else (),
        chart="bars",
    )
