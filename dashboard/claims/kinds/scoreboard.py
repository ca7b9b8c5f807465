"""One entity against the others, subject by subject, each in the newest period that all of them have.

A subject is an indicator; contests in which a rival is missing do not count. ``editions`` counts every period
of a ranking instead, and needs only the entity's own place: first is first. The condition is about the share
of contests that the entity wins. Numbers: won, lost (behind everybody), contests, share, won_in, lost_in
(names), best and best_share (whoever of the others wins most), first and last (the span of the periods).
"""

from __future__ import annotations

from dashboard.claims.evidence import Evidence, Figure, NotPublicError, total
from dashboard.claims.finding import Finding, Number, Probe, Row, count, outcome_of, percent, what, who
from dashboard.claims.params import Params, common, line

NEEDS = ("indicators", "of", "to", "holds")
USES = ("since", "editions")

Contest = dict[str, Figure]


def decide(data: Evidence, params: Params) -> Finding:
    """Hold the share of contests won against the condition."""
    own, rivals = params.of.entities[0], params.to.entities
    held = editions(data, params) if params.editions else newest_common(data, params)
    if not held:
        raise NotPublicError(params.indicators[0], [own, *rivals])
    winner = {id(c): wins(data, c) for c in held}
    won = [c for c in held if winner[id(c)] == own]
    lost = [c for c in held if own in c and all(ahead(data, c[r], c[own]) for r in rivals if r in c)]
    every = total([f for c in held for f in c.values()])
    share = Figure(len(won) / len(held), used=every.used)
    best = max(rivals, key=lambda r: sum(w == r for w in winner.values()))
    measured = [next(iter(c.values())).used[0].indicator_id for c in held]
    spans = sorted(f.period for c in held for f in c.values())
    numbers: dict[str, Number] = {
        "won": count([c[own] for c in won], [every]),
        "lost": count([c[own] for c in lost], [every]),
        "contests": count([c[own] for c in held]),
        "share": percent(share),
        "won_in": what(*(m for m, c in zip(measured, held, strict=True) if c in won)),
        "lost_in": what(*(m for m, c in zip(measured, held, strict=True) if c in lost)),
        "best": who(best),
        "best_won": count([c[best] for c in held if winner[id(c)] == best]),
        "first": Number(0, "", "period", (), spans[0]),
        "last": Number(0, "", "period", (), spans[-1]),
    }
    rows = [
        Row(e, m, c.get(e), strong=winner[id(c)] == e)
        for m, c in zip(measured, held, strict=True)
        for e in (own, *rivals)
    ]
    return Finding(
        outcome_of(params.threshold.holds(share.value)),
        numbers,
        deciding="share",
        rows=tuple(rows),
        probes=tuple(Probe((c[own],)) for c in held),
        chart="board",
    )


def newest_common(data: Evidence, params: Params) -> list[Contest]:
    """Return one contest an indicator: everybody's figure in the newest period since ``since`` all have."""
    cities = (params.of.entities[0], *params.to.entities)
    out = []
    for indicator in params.indicators:
        periods = common(data, params, cities, indicator)
        if periods:
            out.append({e: line(data, params, e, indicator)[periods[-1]] for e in cities})
    return out


def editions(data: Evidence, params: Params) -> list[Contest]:
    """Return a contest for each period in which the entity has a figure, with whoever else has one."""
    out = []
    own = params.of.entities[0]
    for indicator in params.indicators:
        lines = {e: line(data, params, e, indicator) for e in (own, *params.to.entities)}
        for when in lines[own]:
            out.append({e: found[when] for e, found in lines.items() if when in found})
    return out


def ahead(data: Evidence, a: Figure, b: Figure) -> bool:
    """Return whether ``a`` is the better of two figures of one indicator (a lower rank is better)."""
    return a < b if data.lower_is_better(a.used[0].indicator_id) else a > b


def wins(data: Evidence, contest: Contest) -> str:
    """Return who is best; in a ranking only who is first, and nobody where two share the lead."""
    some = next(iter(contest.values()))
    if some.unit == "rank":
        firsts = [e for e, f in contest.items() if f.value <= 1]
        return firsts[0] if len(firsts) == 1 else ""
    best = (min if data.lower_is_better(some.used[0].indicator_id) else max)(
        f.value for f in contest.values()
    )
    leaders = [e for e, f in contest.items() if f.value == best]
    return leaders[0] if len(leaders) == 1 else ""
