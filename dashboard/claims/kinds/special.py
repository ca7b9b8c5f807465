"""Rules that fit no other kind: each is used by a claim or two of one essay."""

from dataclasses import replace
from datetime import date

from dashboard.claims.dataset_view import DatasetView, NotPublicError, total
from dashboard.claims.finding import Finding, Number, Probe, Row, outcome_of, traces
from dashboard.claims.kinds import kind
from dashboard.claims.params import Params, common_periods, series_by_entity, series_of


@kind("of place indicator", uses="to")
def founded_in(data: DatasetView, params: Params) -> Finding:
    """Whether every company was founded in one city, by documents that say where.

    A document says so where the note of its founding year ends in ``founded in <city>``; ``to`` are drawn
    and decide nothing. Numbers: there, elsewhere (who), founded_there, all, place, first, last (years).
    """
    events = series_by_entity(data, params, (*params.of.entities, *params.to.entities))
    public = {e: data.public(params.indicator, e) for e in params.of.entities}
    documents = {e: [o for o in records if "founded in " in o.note] for e, records in public.items()}
    if not all(documents[e] and events[e] for e in documents):
        raise NotPublicError
    founded = {e: events[e][min(events[e])] for e in params.of.entities}
    city = data.dataset.entities[params.place].name_en
    there = [e for e, records in documents.items() if any(f"founded in {city}" in o.note for o in records)]
    spans = sorted(founded.values(), key=lambda q: q.period)
    used = tuple(o for records in documents.values() for o in records)
    return Finding(
        outcome_of(*(e in there for e in founded)),
        {
            "there": Number.entities(*there),
            "elsewhere": Number.entities(*(e for e in founded if e not in there)),
            "place": Number.entities(params.place),
            "founded_there": Number(len(there), "", "count", used),
            "all": Number(len(founded), kind="count"),
            "first": Number(0, "", "period", spans[0].used, spans[0].period[:4]),
            "last": Number(0, "", "period", spans[-1].used, spans[-1].period[:4]),
        },
        deciding="founded_there",
        rows=tuple(Row(e, params.indicator, q, strong=True) for e, q in founded.items()),
        traces=traces(events, params.indicator, params.of.entities),
        chart="timeline",
    )


@kind("indicator of to years", uses="since", single="of to")
def record_years(data: DatasetView, params: Params) -> Finding:
    """How many of the last years were a record: above every year before, and above a rival in that year.

    Numbers: value, period, before_period, more (change), records, asked (years), rival.
    """
    company, rival = params.of.entities[0], params.to.entities[0]
    sales = {p: q for p, q in series_of(data, params, company).items() if len(p) == 4}
    theirs = series_of(data, params, rival)
    years = sorted(sales)
    last = years[-params.years :]
    if len(years) <= params.years or any(str(int(y) - 1) not in sales for y in last) or not theirs:
        raise NotPublicError
    to_beat = {
        y: max([q for p, q in sales.items() if p < y] + [q for p, q in theirs.items() if p <= y], key=float)
        for y in last
    }
    records = [y for y in last if sales[y].value > to_beat[y].value]
    now, before = sales[years[-1]], sales[years[-2]]
    if before.value <= 0:
        raise NotPublicError
    beside = {p: q for p, q in theirs.items() if years[0] <= p <= years[-1]}
    return Finding(
        outcome_of(*(y in records for y in last)),
        {
            "value": Number.of(now),
            "period": Number.of(now, "period"),
            "before_period": Number.of(before, "period"),
            "more": Number.of(now / before, "growth"),
            "asked": Number(params.years, kind="count"),
            "records": Number.count([sales[y] for y in records], to_beat.values()),
            "rival": Number.entities(rival),
        },
        deciding="records",
        rows=(Row(company, params.indicator, now, strong=True),),
        traces=traces({company: sales, rival: beside}, params.indicator, [company]),
        probes=(Probe((now,), to_beat[years[-1]].value / now.value),) if now.value else (),
        chart="columns",
    )


@kind("indicator of to holds", uses="since until least", single="of")
def mentions_overtake(data: DatasetView, params: Params) -> Finding:
    """On which day one name was first mentioned more than several others together, and from what level.

    ``holds`` is about the days from the last with at most ``least`` titles to the first on which it passed
    the others together; if it never did, that contradicts. Numbers: value, others_value, period (the day),
    from_value, from_period, days, peak, peak_period.
    """
    name, others = params.of.entities[0], params.to.entities
    by_entity = series_by_entity(data, params, (name, *others))
    days = [d for d in common_periods(by_entity) if len(d) == 10]
    if not days:
        raise NotPublicError
    titles = {d: by_entity[name][d] for d in days}
    sums = {d: replace(total([by_entity[e][d] for e in others]), period=d) for d in days}
    turn = next((d for d in days if titles[d].value > sums[d].value), None)
    peak = max(titles.values(), key=float)
    at = turn or peak.period
    quiet = max((d for d in days if d < at and titles[d].value <= params.least), default=days[0])
    took = (date.fromisoformat(at) - date.fromisoformat(quiet)).days
    together = " ".join(others)
    return Finding(
        outcome_of(turn is not None and params.condition.holds(took)),
        {
            "value": Number.of(titles[at]),
            "others_value": Number.of(sums[at]),
            "period": Number.of(titles[at], "period"),
            "from_value": Number.of(titles[quiet]),
            "from_period": Number.of(titles[quiet], "period"),
            "days": Number(took, kind="count"),
            "peak": Number.of(peak),
            "peak_period": Number.of(peak, "period"),
        },
        deciding="days",
        rows=(
            Row(name, params.indicator, titles[at], strong=True),
            Row(together, params.indicator, sums[at]),
        ),
        traces=traces({name: titles, together: sums}, params.indicator, [name]),
        chart="lines",
    )
