"""Who is ahead: in one measure, in several, in time."""

from dashboard.claims.dataset_view import RECENT, DatasetView, NotPublicError, Quantity, total
from dashboard.claims.finding import Finding, Number, Probe, Row, outcome_of, traces
from dashboard.claims.kinds import kind
from dashboard.claims.params import Params, common_periods, series_by_entity, years_between


@kind("indicator of to holds", uses="minus per fallback since share least")
def leads(data: DatasetView, params: Params) -> Finding:
    """Which place one entity (or the best of several) has among others in the same period.

    ``holds`` is about the place (``<= 5``), ``share`` about the part of all figures together (``> 0.5``). In
    a tie the entity counts as behind. Numbers: own (who), value, period, place, field (how many have a
    figure), first, first_value, second, second_value (the best of the others), share (percent of the sum),
    absent (who has none in that period).
    """
    lower = data.lower_is_better(params.indicator)
    sign = -1 if lower else 1
    by_entity = series_by_entity(data, params, dict.fromkeys((*params.of.entities, *params.to.entities)))
    last, field = newest_field(by_entity, params)
    best = max((field[e] for e in params.of.entities if e in field), key=lambda q: sign * q.value)
    ranked = sorted(field.values(), key=lambda q: (-sign * q.value, q.entity == best.entity))
    others = [q for q in ranked if q.entity not in params.of.entities]
    place = 1 + sum(sign * q.value >= sign * best.value for q in others)
    every = total(ranked)
    tests = [params.condition.holds(place)]
    numbers: dict[str, Number] = {
        "own": Number.entities(best.entity),
        "value": Number.of(best),
        "period": Number.of(best, "period"),
        "place": Number(place, "rank", "quantity", every.used),
        "field": Number.count(ranked),
        "first": Number.entities(ranked[0].entity),
        "first_value": Number.of(ranked[0]),
        "second": Number.entities(others[0].entity),
        "second_value": Number.of(others[0]),
        "absent": Number.entities(*(e for e in params.to.entities if e not in field)),
    }
    if not lower and every.value > 0 and ranked[-1].value >= 0:
        numbers["share"] = Number.of(best / every, "percent")
    if params.share is not None:
        if "share" not in numbers:  # of places, losses or nothing at all nobody has a share
            raise NotPublicError
        tests.append(params.share.holds(best.value / every.value))
    drawn = {e: {p: q for p, q in series.items() if p <= last} for e, series in by_entity.items()}
    edge = int(params.condition.value) - 1
    guess = others[edge].value / best.value if 0 <= edge < len(others) and best.value else None
    return Finding(
        outcome_of(*tests),
        numbers,
        deciding="share" if params.share is not None else "place",
        rows=tuple(Row(q.entity, params.indicator, q, strong=q is best) for q in ranked),
        traces=traces(drawn, params.indicator, params.of.entities),
        probes=(Probe((best,), guess),),
        chart="bars",
    )


def newest_field(
    by_entity: dict[str, dict[str, Quantity]], params: Params
) -> tuple[str, dict[str, Quantity]]:
    """Return the period compared and everybody's figure of that period.

    It is the one of the entity's newest, and of those up to :data:`RECENT` years older, for which most have a
    figure, at least ``least``; of several the newest. Nobody stands with a figure of another period.
    """
    periods = sorted({p for e in params.of.entities for p in by_entity[e]}, reverse=True)
    recent = [p for p in periods if int(periods[0][:4]) - int(p[:4]) <= RECENT]
    fields = {p: {e: series[p] for e, series in by_entity.items() if p in series} for p in recent}
    others = set(by_entity) - set(params.of.entities)
    fields = {p: f for p, f in fields.items() if others & f.keys() and len(f) >= max(2, params.least)}
    if not fields:
        raise NotPublicError
    return max(fields.items(), key=lambda item: (len(item[1]), item[0]))


@kind("indicators of to holds", uses="since editions", single="of")
def scoreboard(data: DatasetView, params: Params) -> Finding:
    """One entity against the others, subject by subject, each in the newest period that all of them have.

    A subject is an indicator; contests in which a rival is missing do not count. ``editions`` counts every
    period of a ranking instead, and needs only the entity's own place. The condition is about the share of
    contests that the entity wins. Numbers: won, contests, share, won_in (names), best and best_won (whoever
    of the others wins most), first and last (the span of the periods).
    """
    entity, rivals = params.of.entities[0], params.to.entities
    everyone = (entity, *rivals)
    contests = []
    for i in params.indicators:
        by_entity = series_by_entity(data, params, everyone, i)
        for period in by_entity[entity] if params.editions else common_periods(by_entity)[-1:]:
            contest = {e: series[period] for e, series in by_entity.items() if period in series}
            contests.append((i, contest, data.leader(i, contest)))
    if not contests:
        raise NotPublicError
    if params.editions:  # whoever was neither asked about nor first decides nothing
        contests = [(i, {e: q for e, q in c.items() if e in (entity, w)}, w) for i, c, w in contests]
    won = [(i, c) for i, c, w in contests if w == entity]
    every = total([q for _, c, _ in contests for q in c.values()])
    share = Quantity(len(won) / len(contests), used=every.used)
    winners = [w for *_, w in contests]
    best = max(rivals, key=winners.count)
    periods = sorted(q.period for _, c, _ in contests for q in c.values())
    return Finding(
        outcome_of(params.condition.holds(share.value)),
        {
            "won": Number.count([c[entity] for _, c in won], [every]),
            "contests": Number.count([c[entity] for _, c, _ in contests]),
            "share": Number.of(share, "percent"),
            "won_in": Number.indicators(*(i for i, _ in won)),
            "best": Number.entities(best),
            "best_won": Number.count([c[best] for _, c, w in contests if w == best]),
            "first": Number(0, kind="period", text=periods[0]),
            "last": Number(0, kind="period", text=periods[-1]),
        },
        deciding="share",
        rows=tuple(Row(e, i, c[e], strong=w == e) for i, c, w in contests for e in everyone if e in c),
        probes=tuple(Probe((c[entity],)) for _, c, _ in contests),
        chart="board",
    )


@kind("indicator of", uses="to since date holds")
def earlier(data: DatasetView, params: Params) -> Finding:
    """Whose event came first: the first period of an indicator against that of others, or against a date.

    Of several entities all must come before all the others. The condition is about the years between the two
    events, ``> 0`` (earlier) where none is set. Numbers: of_pick, of_period, to_pick, to_period, years (how
    far apart).
    """
    events = series_by_entity(data, params, (*params.of.entities, *params.to.entities))
    firsts = {e: found[min(found)] for e, found in events.items() if found}
    claimed = [firsts[e] for e in params.of.entities if e in firsts]
    others = [firsts[e] for e in params.to.entities if e in firsts]
    if not claimed or (not others and not params.date):
        raise NotPublicError
    latest = max(claimed, key=lambda q: q.period)
    rival = min(others, key=lambda q: q.period) if others else Quantity(0, period=params.date)
    years = years_between(latest.period, rival.period)
    return Finding(
        outcome_of(params.holds.holds(years) if params.holds is not None else years > 0),
        {
            "of_pick": Number.entities(latest.entity),
            "of_period": Number.of(latest, "period"),
            "to_pick": Number.entities(*([rival.entity] if rival.entity else [])),
            "to_period": Number.of(rival, "period"),
            "years": Number.of(Quantity(abs(years), "years", used=latest.used + rival.used)),
        },
        deciding="years",
        rows=tuple(Row(e, params.indicator, q, strong=q in (latest, rival)) for e, q in firsts.items()),
        traces=traces(events, params.indicator, params.of.entities),
        threshold=None if others else years_between("0000", rival.period),
        chart="timeline",
    )
