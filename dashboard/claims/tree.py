"""Rules of «It is not Shenzhen that lit the AI tech tree»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dashboard.claims.derive import real_terms
from dashboard.claims.evidence import Evidence, Figure, NotPublicError, total
from dashboard.claims.rule import (
    Choice,
    Finding,
    Tip,
    change,
    claim,
    count,
    limit,
    measure,
    percent,
    period,
    quantity,
    times,
    weigh,
    who,
)
from dashboard.claims.scope import (
    DRAGONS,
    ELEPHANTS,
    FEARED,
    GAME_SALES,
    GIANTS,
    MAGNITUDE,
    MODELS,
    NAMED,
    PAIR,
)
from dashboard.claims.verdict import ESSAY_DAY, Margin, Number


@claim(
    "dragons_overtake_giants",
    Choice(indicator="revenue", entities=FEARED, threshold=MAGNITUDE),
    {
        "overtaken": Choice(indicator="revenue", entities=FEARED, threshold=1),
        "two_magnitudes": Choice(indicator="revenue", entities=FEARED, threshold=MAGNITUDE**2),
        "employees": Choice(indicator="employees", entities=FEARED, threshold=MAGNITUDE),
        "game_sales": Choice(indicator="revenue", instead=GAME_SALES, entities=FEARED, threshold=MAGNITUDE),
        "with_byd": Choice(indicator="revenue", entities=GIANTS, threshold=MAGNITUDE),
        "year_before": Choice(indicator="revenue", entities=FEARED, threshold=MAGNITUDE, back=1),
    },
    caveats=["weighed", "unpublished"],
    deciding="ratio",
)
def dragons_overtake_giants(data: Evidence, choice: Choice) -> Finding:
    """Answer «Is it an illusion: is every dragon more than an order of magnitude below both giants?»."""
    giants = data.published(choice.indicator, choice.entities)
    dragons = data.published(choice.indicator, DRAGONS, choice.instead)
    smallest, largest = min(giants, key=float), max(dragons, key=float)
    ratio = smallest / largest
    return Finding(
        weigh(ratio > choice.threshold),
        {
            "giant": who(smallest.entity),
            "giant_size": quantity(smallest),
            "giant_year": period(smallest),
            "dragon": who(largest.entity),
            "dragon_size": quantity(largest),
            "dragon_year": period(largest),
            "published": count(dragons),
            "dragons": limit(len(DRAGONS)),
            "ratio": times(ratio),
        },
        tips=(Tip((largest,), ratio.value / choice.threshold),),
    )


@claim(
    "giants_failing",
    Choice(indicators=("revenue", "net_profit"), entities=GIANTS, years=1),
    {
        "revenue": Choice(indicators=("revenue",), entities=GIANTS, years=1),
        "profit": Choice(indicators=("net_profit",), entities=GIANTS, years=1),
        "with_vanke": Choice(indicators=("revenue", "net_profit"), entities=(*GIANTS, "vanke"), years=1),
        "three_years": Choice(indicators=("revenue", "net_profit"), entities=GIANTS, years=3),
        "year_before": Choice(indicators=("revenue", "net_profit"), entities=GIANTS, years=1, back=1),
    },
    caveats=["weighed"],
    deciding="worst_change",
)
def giants_failing(data: Evidence, choice: Choice) -> Finding:
    """Answer «The essay's «no»: did no giant's revenue or net profit fall in its latest year?»."""
    now = [data.last(i, e) for i in choice.indicators for e in choice.entities]
    before = [data.at(n.used[0].indicator_id, n.entity, str(int(n.period) - choice.years)) for n in now]
    moves = sorted((growth(n, b) for n, b in zip(now, before, strict=True)), key=float)
    grew = [m for m in moves if m >= 1]
    worst, weak = moves[0], [m for m in moves if m < 1] or moves[:1]
    return Finding(
        weigh(*(m >= 1 for m in moves)),
        {
            "grew": count(grew, moves),
            "checks": count(moves),
            "worst": who(worst.entity),
            "worst_measure": measure(worst),
            "worst_change": change(worst),
            "worst_year": period(worst),
        },
        tips=(Tip(tuple(n for n in now if any(n.used[0] in m.used for m in weak)), 1 / worst.value),),
    )


def growth(now: Figure, before: Figure) -> Figure:
    """Return 1 + change / |before|: the plain ratio, and below 1 for a loss that has deepened."""
    ratio = now / before
    base = abs(before.value)
    return replace(ratio, value=1 + (now.value - before.value) / base) if base else ratio


@claim(
    "gdp_overtaken",
    Choice(indicator="gdp"),
    {
        "first_published": Choice(indicator="gdp_first_published"),
        "other_source": Choice(indicator="gdp", other_source=True),
        "real": Choice(indicator="gdp", real=True),
        "per_head": Choice(indicator="gdp_per_capita"),
        "year_before": Choice(indicator="gdp", back=1),
    },
    caveats=["weighed"],
    deciding="ratio",
)
def gdp_overtaken(data: Evidence, choice: Choice) -> Finding:
    """Answer «The essay's «no»: is Hangzhou's GDP below Shenzhen's in the newest year that both have?»."""
    shenzhen, hangzhou = data.together(choice.indicator, PAIR)
    if choice.real:  # both cities' nominal base year, carried on by their own real growth rates
        shenzhen, hangzhou = real_terms(data, choice.indicator, PAIR)
    ratio = hangzhou / shenzhen
    return Finding(
        weigh(ratio < 1),
        {
            "year": period(shenzhen),
            "shenzhen": quantity(shenzhen),
            "hangzhou": quantity(hangzhou),
            "ratio": percent(ratio),
            "gap": quantity(shenzhen - hangzhou),
        },
        tips=(Tip((hangzhou,), 1 / ratio.value),) if not choice.real else (),
    )


OWN_STARS = "github_stars_"


@claim(
    "deepseek_alone",
    Choice(threshold=0.5),
    {
        "largest_repository": Choice(threshold=0.5, indicator="largest"),
        "models_only": Choice(threshold=0.5, indicators=MODELS),
        "two_thirds": Choice(threshold=2 / 3),
        "only_lead": Choice(threshold=0),
        "whole_accounts": Choice(threshold=0.5, indicator="github_stars_total"),
        "downloads": Choice(threshold=0.5, indicator="huggingface_downloads_30d"),
        "likes": Choice(threshold=0.5, indicator="huggingface_likes"),
    },
    caveats=["stars", "others"],
    deciding="share",
)
def deepseek_alone(data: Evidence, choice: Choice) -> Finding:
    """Answer «Does DeepSeek lead every company named in GitHub stars, and hold more than half of them?»."""
    stars = {e: repositories(data, e, choice.indicator, choice.indicators) for e in NAMED}
    reach = {
        e: max(s, key=float) if choice.indicator == "largest" else total(s) for e, s in stars.items() if s
    }
    if "deepseek" not in reach or len(reach) < 2:
        raise NotPublicError("github_stars_total", ["deepseek"])
    own = reach.pop("deepseek")
    runner_up = max(reach, key=lambda e: reach[e].value)
    every = total([own, *reach.values()])
    share = own / every
    return Finding(
        weigh(own > reach[runner_up], share > choice.threshold),
        {
            "stars": quantity(own, "stars"),
            "share": percent(share),
            "second": who(runner_up),
            "second_stars": quantity(reach[runner_up], "stars"),
            "companies": count([own, *reach.values()]),
            "named": limit(len(NAMED)),
            "until": Number(0, "", "period", every.used, max(o.period for o in every.used)),
        },
        tips=(Tip((own,)),),
    )


def repositories(data: Evidence, entity_id: str, wanted: str = "", only: Sequence[str] = ()) -> list[Figure]:
    """Return the newest star count of each of a company's repositories on record (``only``: of these).

    With ``wanted`` the id of a sum over a whole account (stars, downloads, likes), that sum alone.
    """
    of = [i for i in data.indicators_of(entity_id) if i.startswith(OWN_STARS) and (not only or i in only)]
    single = [i for i in of if "_rank_" not in i and not i.endswith("_total")]
    lines = [data.line(i, entity_id) for i in (single if wanted in ("", "largest") else [wanted])]
    return [line[max(line)] for line in lines if line]


@claim(
    "giants_size",
    Choice(indicators=("revenue", "employees"), entities=GIANTS),
    {
        "revenue": Choice(indicators=("revenue",), entities=GIANTS),
        "employees": Choice(indicators=("employees",), entities=GIANTS),
        "game_sales": Choice(indicators=("revenue",), instead=GAME_SALES, entities=GIANTS),
        "with_dji": Choice(indicators=("revenue",), entities=ELEPHANTS),
        "year_before": Choice(indicators=("revenue",), entities=GIANTS, back=1),
    },
    caveats=["unpublished"],
    deciding="least",
)
def giants_size(data: Evidence, choice: Choice) -> Finding:
    """Answer «Is each giant larger, by revenue and by employees, than all the dragons together?»."""
    giants = {i: [data.last(i, e) for e in choice.entities] for i in choice.indicators}
    dragons = {i: data.published(i, DRAGONS, choice.instead) for i in choice.indicators}
    smallest = {i: min(giants[i], key=float) for i in giants}
    ratios = {i: smallest[i] / total(dragons[i]) for i in giants}
    i, narrowest = choice.indicators[0], min(ratios, key=lambda j: ratios[j].value)
    return Finding(
        weigh(*(g > total(dragons[i]) for i in giants for g in giants[i])),
        {
            "giant": who(smallest[i].entity),
            "giant_size": quantity(smallest[i]),
            "giant_year": period(smallest[i]),
            "dragons_size": quantity(total(dragons[i])),
            "ratio": times(ratios[i]),
            "published": count(dragons[i]),
            "dragons": limit(len(DRAGONS)),
            "least": times(ratios[narrowest]),
            "least_giant": who(smallest[narrowest].entity),
            "least_measure": measure(smallest[narrowest]),
        },
        on=tuple(f for j in giants for f in (*giants[j], *dragons[j])),
        tips=tuple(Tip(tuple(dragons[j]), ratios[j].value) for j in giants),
    )


@claim(
    "ubtech_gala",
    Choice(),
    {"later_only": Choice(since="2017")},
    caveats=["counted"],
    deciding="years",
)
def ubtech_gala(data: Evidence, choice: Choice) -> Finding:
    """Answer «Was UBTech on the Spring Festival Gala in an earlier year than Unitree?»."""
    shows = {e: data.line("gala_appearance", e) for e in ("ubtech", "unitree")}
    first = {e: next((f for p, f in line.items() if p >= choice.since), None) for e, line in shows.items()}
    ubtech, unitree = first["ubtech"], first["unitree"]
    if ubtech is None or unitree is None:
        raise NotPublicError("gala_appearance", [e for e, f in first.items() if f is None])
    years = Figure(int(unitree.period[:4]) - int(ubtech.period[:4]), "years", used=ubtech.used + unitree.used)
    return Finding(
        weigh(years > 0),
        {"ubtech": period(ubtech), "unitree": period(unitree), "years": quantity(years)},
        margin=Margin("claims.ubtech_gala.margin", {"ubtech": period(ubtech)}),
    )


@claim(
    "vanke_worry",
    Choice(until=str(int(ESSAY_DAY[:4]) - 1)),
    {
        "latest": Choice(),
        "year_before": Choice(until=str(int(ESSAY_DAY[:4]) - 2)),
        "other_source": Choice(until=str(int(ESSAY_DAY[:4]) - 1), other_source=True),
    },
    caveats=["worry", "forecast"],
    deciding="profit",
)
def vanke_worry(data: Evidence, choice: Choice) -> Finding:
    """Answer «Did Vanke lose money in the last full year before the essay?»."""
    profit = data.last("net_profit", "vanke")
    before = data.at("net_profit", "vanke", str(int(profit.period) - 1))
    return Finding(
        weigh(profit < 0),
        {
            "year": period(profit),
            "profit": quantity(profit),
            "loss": quantity(profit * -1),
            "before": quantity(before),
            "year_before": period(before),
        },
        tips=(Tip((profit,), 0.0),) if profit < 0 else (),
    )
