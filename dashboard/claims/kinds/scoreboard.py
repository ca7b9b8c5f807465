"""One entity against the others, subject by subject, each in the newest period that all of them have.

A subject is an indicator; contests in which a rival is missing do not count. ``editions`` counts every period
of a ranking instead, and needs only the entity's own place. The condition is about the share
of contests that the entity wins. Numbers: won, contests, share, won_in
(names), best and best_won (whoever of the others wins most), first and last (the span of the periods).
"""

from dashboard.claims.dataset_view import DatasetView, NotPublicError, Quantity, total
from dashboard.claims.finding import Finding, Number, Probe, Row, outcome_of
from dashboard.claims.params import Params, common_periods, series_by_entity

NEEDS = ("indicators", "of", "to", "holds")
USES = ("since", "editions")
SINGLE = ("of",)


def decide(data: DatasetView, params: Params) -> Finding:
    own, rivals = params.of.entities[0], params.to.entities
    contests = [
        (i, contest, winner(data, i, contest))
        for i in params.indicators
        for contest in contests_of(data, params, i)
    ]
    if not contests:
        raise NotPublicError(params.indicators[0], [own, *rivals])
    if params.editions:  # whoever was neither asked about nor first decides nothing
        contests = [(i, {e: q for e, q in c.items() if e in (own, w)}, w) for i, c, w in contests]
    won = [(i, c) for i, c, w in contests if w == own]
    every = total([q for _, c, _ in contests for q in c.values()])
    share = Quantity(len(won) / len(contests), used=every.used)
    winners = [w for *_, w in contests]
    best = max(rivals, key=winners.count)
    periods = sorted(q.period for _, c, _ in contests for q in c.values())
    return Finding(
        outcome_of(params.condition.holds(share.value)),
        {
            "won": Number.count([c[own] for _, c in won], [every]),
            "contests": Number.count([c[own] for _, c, _ in contests]),
            "share": Number.percent(share),
            "won_in": Number.indicators(*(i for i, _ in won)),
            "best": Number.entities(best),
            "best_won": Number.count([c[best] for _, c, w in contests if w == best]),
            "first": Number.period(periods[0]),
            "last": Number.period(periods[-1]),
        },
        deciding="share",
        rows=tuple(Row(e, i, c[e], strong=w == e) for i, c, w in contests for e in (own, *rivals) if e in c),
        probes=tuple(Probe((c[own],)) for _, c, _ in contests),
        chart="board",
    )


def contests_of(data: DatasetView, params: Params, indicator: str) -> list[dict[str, Quantity]]:
    entities = (params.of.entities[0], *params.to.entities)
    found = series_by_entity(data, params, entities, indicator)
    periods = list(found[entities[0]]) if params.editions else common_periods(found)[-1:]
    return [{e: series[p] for e, series in found.items() if p in series} for p in periods]


def ahead(data: DatasetView, indicator: str, a: Quantity, b: Quantity) -> bool:
    """Return whether ``a`` is the better of two figures (a lower rank is better)."""
    return a.value < b.value if data.lower_is_better(indicator) else a.value > b.value


def winner(data: DatasetView, indicator: str, contest: dict[str, Quantity]) -> str:
    """Return who is best; in a ranking only who is first, and nobody where two share the lead."""
    unit = next(iter(contest.values())).unit
    best = [e for e, q in contest.items() if not any(ahead(data, indicator, r, q) for r in contest.values())]
    return best[0] if len(best) == 1 and (unit != "rank" or contest[best[0]].value <= 1) else ""
