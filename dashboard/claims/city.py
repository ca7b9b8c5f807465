"""Rules on what Shenzhen lacks, holds and shares: the end of «Anxiety is also a drive»."""

from __future__ import annotations

from dashboard.claims.boards import FIELD, ahead, best, contests, rows
from dashboard.claims.derive import campus, without_hukou
from dashboard.claims.evidence import Evidence, Figure, NotPublicError, total, unique
from dashboard.claims.rule import (
    Choice,
    Finding,
    Tip,
    change,
    claim,
    count,
    measure,
    measures,
    percent,
    period,
    quantity,
    times,
    weigh,
    who,
)
from dashboard.claims.scope import CITIES, FRONTIER, NEIGHBOURS, RIVALS, SCORED, alone
from dashboard.claims.verdict import Number


@claim(
    "short_of_beijing_shanghai",
    Choice(subjects=FRONTIER),
    {
        "ai_only": Choice(subjects=FRONTIER[:2]),
        "research_only": Choice(subjects=FRONTIER[2:]),
        "companies": Choice(subjects=SCORED[6:8]),
        "patents": Choice(subjects=SCORED[2:6]),
    },
    caveats=["robotics", "years_differ"],
    deciding="behind_share",
)
def short_of_beijing_shanghai(data: Evidence, choice: Choice) -> Finding:
    """Answer «Is Shenzhen behind both in more than half of the AI and research indicators?»."""
    boards = rows(data, choice.subjects, ["shenzhen", *RIVALS])
    if not boards:
        raise NotPublicError(choice.subjects[0][0], ["shenzhen", *RIVALS])
    behind = [b for b in boards if all(ahead(data, rival, b[0]) for rival in b[1:])]
    lost = [rival for b in boards for rival in b[1:] if ahead(data, rival, b[0])]
    shown = (behind or boards)[0]
    every = total([f for b in boards for f in b])
    return Finding(
        weigh(len(behind) > len(boards) / 2, len(behind) > 0),
        {
            "behind": count([b[0] for b in behind], [f for b in boards for f in b]),
            "indicators": count([b[0] for b in boards]),
            "behind_share": percent(Figure(len(behind) / len(boards), used=every.used)),
            "lost": count(lost, [f for b in boards for f in b]),
            "duels": count([rival for b in boards for rival in b[1:]]),
            "measure": measure(shown[0]),
            "period": period(shown[0]),
            "shenzhen": quantity(shown[0]),
            "beijing": quantity(shown[1]),
            "shanghai": quantity(shown[2]),
        },
        tips=tuple(Tip((b[0],)) for b in boards),
    )


@claim(
    "universities",
    Choice(indicator="arwu_rank", entities=("hangzhou", *RIVALS)),
    {
        "qs": Choice(indicator="qs_rank", entities=("hangzhou", *RIVALS)),
        "computer_science": Choice(indicator="cs_faculty_csrankings", entities=("hangzhou", *RIVALS)),
        "hangzhou_only": Choice(indicator="arwu_rank", entities=("hangzhou",)),
        "works": Choice(indicator="openalex_works", entities=("hangzhou", *RIVALS)),
        "year_before": Choice(indicator="arwu_rank", entities=("hangzhou", *RIVALS), back=1),
    },
    caveats=["bands", "future"],
    deciding="own_value",
)
def universities(data: Evidence, choice: Choice) -> Finding:
    """Answer «Does the best university of each other city stand above Shenzhen's best?»."""
    here = campus(data, choice.indicator, "shenzhen")
    newest = max(here)
    own = best(data, here[newest])
    rivals = {c: campus(data, choice.indicator, c).get(newest) for c in choice.entities}
    known = {c: best(data, figures) for c, figures in rivals.items() if figures}
    if not known:
        raise NotPublicError(choice.indicator, choice.entities)
    top = best(data, list(known.values()))
    then = best(data, here[min(here)])
    return Finding(
        weigh(*(ahead(data, rival, own) for rival in known.values())),
        {
            "measure": measure(own),
            "year": period(own),
            "own": who(own.entity),
            "own_value": quantity(own),
            "top": who(top.entity),
            "top_value": quantity(top),
            "then": who(then.entity),
            "then_year": period(then),
            "then_value": quantity(then),
        },
        on=tuple(known.values()),
        tips=(Tip((own,)),),
    )


@claim(
    "all_round_champion",
    Choice(subjects=SCORED, threshold=0.5, years=FIELD),
    {
        "every_contest": Choice(subjects=SCORED, threshold=0.5, years=FIELD, indicator="unweighted"),
        "every_list": Choice(subjects=alone(SCORED), threshold=0.5, years=FIELD),
        "since_2020": Choice(subjects=SCORED, threshold=0.5, years=FIELD, since="2020"),
        "patents_only": Choice(subjects=SCORED[2:6], threshold=0.5, years=FIELD),
        "without_beijing": Choice(
            subjects=SCORED, threshold=0.5, years=FIELD, entities=tuple(c for c in CITIES if c != "beijing")
        ),
        "full_field": Choice(subjects=SCORED, threshold=0.5, years=len(CITIES)),
    },
    caveats=["champion", "coverage"],
    deciding="share",
)
def all_round_champion(data: Evidence, choice: Choice) -> Finding:
    """Answer «Is Shenzhen first more than half the time, subjects counting alike, and no city more?»."""
    cities = choice.entities or CITIES
    won: dict[str, list[float]] = {c: [] for c in cities}
    first: list[Figure] = []
    every: list[Figure] = []
    for subject in choice.subjects:
        held = contests(data, subject, cities, choice.since, choice.years)
        winners = [best(data, c) for c in held]
        weight = 1.0 if choice.indicator == "unweighted" else 1 / max(1, len(held))
        for city in cities:
            won[city] += [weight] * sum(w.entity == city for w in winners)
        first += [w for w in winners if w.entity == "shenzhen"]
        every += [f for c in held for f in c]
    if not every:
        raise NotPublicError(choice.subjects[0][0], cities)
    whole = Figure(sum(map(sum, won.values())), used=unique(o for f in every for o in f.used))
    share = {c: Figure(sum(w), entity=c) / whole for c, w in won.items()}
    own = share.pop("shenzhen")
    rival = max(share.values(), key=float)
    return Finding(
        weigh(own > choice.threshold, own >= rival),
        {
            "firsts": count(first, every),
            "contests": Number(sum(map(len, won.values())), "", "count", whole.used),
            "share": percent(own),
            "rival": who(rival.entity),
            "rival_share": percent(rival),
            "winners": who(*sorted((c for c in won if won[c]), key=lambda c: -sum(won[c]))),
            "fields": measures(first),
        },
        tips=(Tip(guess=own.value, unit="%"),),
    )


@claim(
    "migrant_city",
    Choice(threshold=0.5, entities=NEIGHBOURS),
    {
        "two_fifths": Choice(threshold=0.4, entities=NEIGHBOURS),
        "two_thirds": Choice(threshold=2 / 3, entities=NEIGHBOURS),
        "same_count": Choice(threshold=0.5, entities=NEIGHBOURS, until="2021"),
        "other_source": Choice(threshold=0.5, entities=NEIGHBOURS, other_source=True),
    },
    caveats=["fate", "narrower"],
    deciding="share",
)
def migrant_city(data: Evidence, choice: Choice) -> Finding:
    """Answer «Are more than half of the residents without local hukou, and more than in any other city?»."""
    shares = {c: s for c in ("shenzhen", *choice.entities) if (s := without_hukou(data, c)) is not None}
    own = shares.pop("shenzhen", None)
    if own is None or not shares:
        raise NotPublicError("population_hukou", ["shenzhen"])
    second = max(shares.values(), key=float)
    hukou = data.at("population_hukou", "shenzhen", own.period)
    resident = data.at("population_resident", "shenzhen", own.period)
    return Finding(
        weigh(own > choice.threshold, own > second),
        {
            "year": period(own),
            "share": percent(own),
            "resident": quantity(resident),
            "hukou": quantity(hukou),
            "second": who(second.entity),
            "second_share": percent(second),
            "second_year": period(second),
        },
        on=tuple(shares.values()),
        tips=(
            Tip((hukou,), (1 - choice.threshold) / (1 - own.value)),
            Tip((hukou,), (1 - second.value) / (1 - own.value)),
        ),
    )


@claim(
    "dividend_to_people",
    Choice(indicator="disposable_income_per_capita", threshold=1),
    {
        "nine_tenths": Choice(indicator="disposable_income_per_capita", threshold=0.9),
        "since_2019": Choice(indicator="disposable_income_per_capita", threshold=1, since="2019"),
        "wages": Choice(indicator="wage_average", threshold=1),
        "hangzhou": Choice(indicator="disposable_income_per_capita", threshold=1, entities=("hangzhou",)),
        "year_before": Choice(indicator="disposable_income_per_capita", threshold=1, back=1),
    },
    caveats=["innovation_part", "spread"],
    deciding="lead",
)
def dividend_to_people(data: Evidence, choice: Choice) -> Finding:
    """Answer «Has income a head risen, and by at least as large a factor as GDP a head?»."""
    (city,) = choice.entities or ("shenzhen",)
    income, product = data.line(choice.indicator, city), data.line("gdp_per_capita", city)
    years = [y for y in sorted(income.keys() & product.keys()) if y >= choice.since]
    if len(years) < 2:
        raise NotPublicError(choice.indicator, [city])
    earned, made = income[years[-1]] / income[years[0]], product[years[-1]] / product[years[0]]
    return Finding(
        weigh(earned > 1, earned >= made * choice.threshold),
        {
            "since": period(income[years[0]]),
            "until": period(income[years[-1]]),
            "income_change": change(earned),
            "product_change": change(made),
            "lead": times(earned / made),
            "income": quantity(income[years[-1]]),
            "share_then": percent(income[years[0]] / product[years[0]]),
            "share_now": percent(income[years[-1]] / product[years[-1]]),
        },
        tips=(Tip((income[years[-1]],), made.value * choice.threshold / earned.value),),
    )
