"""Rules of «Shenzhen has never lacked pursuers»: city after city."""

from __future__ import annotations

from itertools import product
from math import ceil

from dashboard.claims.boards import ahead, rows
from dashboard.claims.derive import apart_by
from dashboard.claims.evidence import Evidence, Figure, NotPublicError, total
from dashboard.claims.rule import (
    Choice,
    Finding,
    Tip,
    claim,
    count,
    measure,
    measures,
    percent,
    period,
    quantity,
    weigh,
    who,
)
from dashboard.claims.scope import (
    CHASED,
    CLOSE,
    FIELDS,
    FRONTIER,
    PAIR,
    PURSUERS,
    SCORED,
    alone,
    each,
)
from dashboard.claims.verdict import Margin, Number


@claim(
    "hangzhou_chases",
    Choice(indicators=CHASED, years=10),
    {
        "gdp_alone": Choice(indicators=("gdp",), years=10),
        "gdp_twenty_years": Choice(indicators=("gdp",), years=20),
        "gdp_gap": Choice(indicators=("gdp",), years=10, indicator="gap"),
        "before_census": Choice(indicators=("gdp",), years=10, until="2023"),
        "five_years": Choice(indicators=CHASED, years=5),
        "year_before": Choice(indicators=CHASED, years=10, back=1),
        "other_source": Choice(indicators=CHASED, years=10, other_source=True),
    },
    caveats=["self_image", "census", "short_series"],
    deciding="closer_share",
)
def hangzhou_chases(data: Evidence, choice: Choice) -> Finding:
    """Answer «Is Hangzhou nearer to Shenzhen than years ago, measure by measure?»."""
    moves: dict[str, tuple[Figure, Figure]] = {}
    latest: dict[str, Figure] = {}
    for of in choice.indicators:
        span = apart_by(data.periods(of, PAIR), choice.years)
        if span is not None:
            then, now = ([data.at(of, city, y) for city in PAIR] for y in span)
            near = [h - s if choice.indicator == "gap" else h / s for s, h in (then, now)]
            moves[of], latest[of] = (near[0], near[1]), now[1]
    lead = choice.indicators[0]
    if lead not in moves:
        raise NotPublicError(lead, PAIR)
    closer = [i for i, (then, now) in moves.items() if now > then]
    moved = total([Figure(0, used=f.used) for m in moves.values() for f in m])
    further = [i for i in moves if i not in closer]
    share = [data.at(lead, "hangzhou", m.period) / data.at(lead, "shenzhen", m.period) for m in moves[lead]]
    factor = {i: then.value / now.value for i, (then, now) in moves.items()}
    return Finding(
        weigh(*(i in closer for i in moves)),
        {
            "closer": count([moves[i][1] for i in closer], [f for m in moves.values() for f in m]),
            "measures": count(f for f, _ in moves.values()),
            "closer_share": percent(Figure(len(closer) / len(moves), used=moved.used)),
            "lead": measure(latest[lead]),
            "then": percent(share[0]),
            "then_year": period(share[0]),
            "now": percent(share[1]),
            "now_year": period(share[1]),
        },
        on=tuple(f for m in moves.values() for f in m),
        tips=tuple(
            Tip(tuple(latest[i] for i in side), turn(factor[i] for i in side))
            for side, turn in ((closer, min), (further, max))
            if side and choice.indicator != "gap"
        ),
    )


@claim(
    "regional_poles",
    Choice(indicator="gii_cluster_rank"),
    {
        "research": Choice(indicator="nature_index_city_rank"),
        "unicorns": Choice(indicator="unicorns_zgc"),
        "patents": Choice(indicator="patents_granted"),
        "gdp": Choice(indicator="gdp"),
    },
    caveats=["clusters"],
    deciding="hangzhou",
)
def regional_poles(data: Evidence, choice: Choice) -> Finding:
    """Answer «Does each city stand first of its region in the newest ranking that has it?»."""
    better = -1 if data.lower_is_better(choice.indicator) else 1
    poles = {}
    regions = {"shenzhen": ("guangzhou", "hong_kong"), "hangzhou": ("shanghai", "suzhou", "nanjing")}
    for own, (city, rivals) in zip(data.together(choice.indicator, PAIR), regions.items(), strict=True):
        others = [data.line(choice.indicator, r).get(own.period) for r in rivals]
        best = max((o for o in others if o is not None), key=lambda f: better * f.value, default=None)
        poles[city] = (own, best)
    (south, south_rival), (delta, delta_rival) = poles["shenzhen"], poles["hangzhou"]
    if delta_rival is None:
        raise NotPublicError(choice.indicator, ["shanghai"])
    first = [rival is None or better * own.value > better * rival.value for own, rival in poles.values()]
    return Finding(
        weigh(*first),
        {
            "measure": measure(south),
            "year": period(delta),
            "shenzhen": quantity(south),
            "hangzhou": quantity(delta),
            "rival": who(delta_rival.entity),
            "rival_value": quantity(delta_rival),
        },
        on=() if south_rival is None else (south_rival,),
        tips=(Tip((delta,), delta_rival.value / delta.value), *([Tip((south,))] if south_rival else [])),
    )


@claim(
    "past_pursuers",
    Choice(indicators=FIELDS, threshold=CLOSE, years=1),
    {
        "gdp_alone": Choice(indicators=("gdp",), threshold=CLOSE, years=1),
        "four_fifths": Choice(indicators=FIELDS, threshold=0.8, years=1),
        "overtook": Choice(indicators=FIELDS, threshold=1, years=1),
        "any_direction": Choice(indicators=FIELDS, threshold=CLOSE, years=1, indicator="ever"),
        "two_fields": Choice(indicators=FIELDS, threshold=CLOSE, years=2),
        "first_published": Choice(indicators=("gdp_first_published",), threshold=CLOSE, years=1),
    },
    caveats=["become"],
    deciding="fewest",
)
def past_pursuers(data: Evidence, choice: Choice) -> Finding:
    """Answer «Did Suzhou and Chongqing each rise to nine tenths of Shenzhen in some field?»."""
    caught: dict[str, list[tuple[Figure, Figure]]] = {c: [] for c in PURSUERS}
    courses: dict[str, list[Figure]] = {c: [] for c in PURSUERS}
    rises: dict[str, tuple[Figure, Figure]] = {}
    for of, city in product(choice.indicators, PURSUERS):
        years = data.periods(of, [city, "shenzhen"])
        ratios = [data.at(of, city, y) / data.at(of, "shenzhen", y) for y in years]
        start = next((n for n, r in enumerate(ratios) if r < choice.threshold), len(ratios))
        after = ratios if choice.indicator == "ever" else ratios[start:]
        if after and of == choice.indicators[0]:
            peak = max(after, key=float)
            rises[city] = (min(ratios[: ratios.index(peak) + 1], key=float), peak)
        if after and max(after, key=float) >= choice.threshold:
            caught[city].append((after[0], max(after, key=float)))
            courses[city] += [data.at(of, city, y) for y in years]
    if len(rises) < len(PURSUERS):
        raise NotPublicError(choice.indicators[0], [*PURSUERS, "shenzhen"])
    return Finding(
        weigh(*(len(reached) >= choice.years for reached in caught.values())),
        {
            "asked": percent(Figure(choice.threshold)),
            "fewest": Number(min(map(len, caught.values())), "", "count"),
            **{f"{c}_fields": measures(peak for _, peak in caught[c]) for c in PURSUERS},
            **{f"{c}_count": count([p for _, p in caught[c]], [f for f, _ in caught[c]]) for c in PURSUERS},
            **{f"{c}_low": percent(low) for c, (low, _) in rises.items()},
            **{f"{c}_low_year": period(low) for c, (low, _) in rises.items()},
            **{c: percent(peak) for c, (_, peak) in rises.items()},
            **{f"{c}_year": period(peak) for c, (_, peak) in rises.items()},
        },
        on=tuple(f for reached in caught.values() for pair in reached for f in pair),
        tips=tuple(
            Tip(tuple(courses[c]), min(choice.threshold / peak.value for _, peak in reached))
            for c, reached in caught.items()
            if reached
        ),
    )


@claim(
    "not_surpass",
    Choice(subjects=SCORED, threshold=0.5),
    {
        "all": Choice(subjects=SCORED, threshold=1),
        "every_list": Choice(subjects=alone(SCORED), threshold=0.5),
        "inputs": Choice(subjects=each("rd_expenditure", "rd_intensity"), threshold=0.5),
        "patents": Choice(subjects=SCORED[2:6], threshold=0.5),
        "ai_and_research": Choice(subjects=FRONTIER[:3], threshold=0.5),
    },
    caveats=["forecast", "years_differ"],
    deciding="share",
)
def not_surpass(data: Evidence, choice: Choice) -> Finding:
    """Answer «Does Hangzhou lead in fewer than half of the innovation subjects that both cities have?»."""
    pairs = rows(data, choice.subjects, PAIR)
    if not pairs:
        raise NotPublicError(choice.subjects[0][0], PAIR)
    leads = [h for s, h in pairs if ahead(data, h, s)]
    behind = [s for s, h in pairs if ahead(data, s, h)]
    share = len(leads) / len(pairs)
    every = [f for p in pairs for f in p]
    return Finding(
        weigh(share < choice.threshold, share < 1),
        {
            "ahead": count(leads, every),
            "behind": count(behind, every),
            "indicators": count([h for _, h in pairs], every),
            "share": percent(Figure(share, used=total(every).used)),
            "which": measures(leads),
        },
        margin=Margin(
            "claims.not_surpass.margin",
            {"more": Number(max(0, ceil(len(pairs) * choice.threshold) - len(leads)), "", "count")},
        ),
    )
