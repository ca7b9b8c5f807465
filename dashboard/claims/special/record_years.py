"""How many of the last years were a record: above every year before, and above a rival in that year.

Numbers: value, period, before_period, more (change), records, asked (years), rival.
"""

from dashboard.claims.dataset_view import DatasetView, NotPublicError
from dashboard.claims.finding import Finding, Number, Probe, Row, outcome_of, traces
from dashboard.claims.params import Params, series_of

NEEDS = ("indicator", "of", "to", "years")
USES = ("since",)
SINGLE = ("of", "to")


def decide(data: DatasetView, params: Params) -> Finding:
    """Hold each of the last ``years`` years against all before it and against the rival's best so far."""
    company, rival = params.of.entities[0], params.to.entities[0]
    sales = {p: q for p, q in series_of(data, params, company).items() if len(p) == 4}
    theirs = series_of(data, params, rival)
    years = sorted(sales)
    last = years[-params.years :]
    if len(years) <= params.years or any(str(int(y) - 1) not in sales for y in last) or not theirs:
        raise NotPublicError(params.indicator, [company, rival])
    to_beat = {
        y: max([q for p, q in sales.items() if p < y] + [q for p, q in theirs.items() if p <= y], key=float)
        for y in last
    }
    records = [y for y in last if sales[y].value > to_beat[y].value]
    now, before = sales[years[-1]], sales[years[-2]]
    if before.value <= 0:
        raise NotPublicError(params.indicator, [company])
    beside = {p: q for p, q in theirs.items() if years[0] <= p <= years[-1]}
    return Finding(
        outcome_of(*(y in records for y in last)),
        {
            "value": Number.quantity(now),
            "period": Number.period(now),
            "before_period": Number.period(before),
            "more": Number.growth(now / before),
            "asked": Number.integer(params.years),
            "records": Number.count([sales[y] for y in records], to_beat.values()),
            "rival": Number.entities(rival),
        },
        deciding="records",
        rows=(Row(company, params.indicator, now, strong=True),),
        traces=traces({company: sales, rival: beside}, params.indicator, [company]),
        probes=(Probe((now,), to_beat[years[-1]].value / now.value),) if now.value else (),
        chart="columns",
    )
