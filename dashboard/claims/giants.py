"""Rules on the giants and the dragons, from «Shenzhen has never lacked pursuers»."""

from __future__ import annotations

from dataclasses import replace
from math import log10

from dashboard.claims.evidence import Evidence, Figure, NotPublicError
from dashboard.claims.rule import (
    Choice,
    Finding,
    Tip,
    change,
    claim,
    count,
    limit,
    percent,
    period,
    place,
    plain,
    quantity,
    times,
    weigh,
    who,
    year,
)
from dashboard.claims.scope import DRAGONS, ELEPHANTS, GAME_SALES, GIANTS, INTERNET, MAGNITUDE, NAMED


@claim(
    "stock_vs_increment",
    Choice(entities=ELEPHANTS),
    {
        "three_giants": Choice(entities=GIANTS),
        "game_sales": Choice(entities=ELEPHANTS, instead=GAME_SALES),
        "small_shenzhen": Choice(entities=("ubtech", "inmotion", "smallrig", "engineai")),
        "year_before": Choice(entities=ELEPHANTS, back=1),
    },
    caveats=["words", "estimate"],
    deciding="ratio",
)
def stock_vs_increment(data: Evidence, choice: Choice) -> Finding:
    """Answer «Is every Shenzhen giant older, and larger by revenue, than every Hangzhou dragon?»."""
    giants = [data.first("founded_year", e) for e in choice.entities]
    dragons = [data.first("founded_year", e) for e in DRAGONS if data.line("founded_year", e)]
    small = min(data.published("revenue", choice.entities), key=float)
    large = max(data.published("revenue", DRAGONS, choice.instead), key=float)
    if not dragons:
        raise NotPublicError("founded_year", DRAGONS)
    youngest, oldest = max(giants, key=float), min(dragons, key=float)
    return Finding(
        weigh(youngest < oldest, small > large),
        {
            "giant": who(youngest.entity),
            "giant_founded": year(youngest),
            "dragon": who(oldest.entity),
            "dragon_founded": year(oldest),
            "small": who(small.entity),
            "small_revenue": quantity(small),
            "small_year": period(small),
            "large": who(large.entity),
            "large_revenue": quantity(large),
            "large_year": period(large),
            "ratio": times(small / large),
        },
        on=(*giants, *dragons),
        tips=(Tip((large,), small.value / large.value),),
    )


@claim(
    "byd_record",
    Choice(indicator="nev_sales", years=3),
    {
        "five_years": Choice(indicator="nev_sales", years=5),
        "battery_only": Choice(indicator="bev_sales", years=1),
        "year_before": Choice(indicator="nev_sales", years=3, back=1),
        "other_source": Choice(indicator="nev_sales", years=3, other_source=True),
    },
    caveats=["makers"],
    deciding="records",
)
def byd_record(data: Evidence, choice: Choice) -> Finding:
    """Answer «Was each of the last years a new high, for BYD itself and against Tesla?»."""
    own = data.line(choice.indicator, "byd")
    if len(own) <= choice.years:
        raise NotPublicError(choice.indicator, ["byd"])
    best = highs_before(own, data.line("nev_sales", "tesla"))
    years = sorted(own)
    rivals = [best[y] for y in years[-choice.years :]]
    tests = [own[y] > best[y] for y in years[-choice.years :]]
    now, before_now = own[years[-1]], own[years[-2]]
    return Finding(
        weigh(*tests),
        {
            "year": period(now),
            "sold": quantity(now),
            "change": change(now / before_now),
            "previous_year": period(before_now),
            "previous": quantity(before_now),
            "records": count(
                [own[y] for y, t in zip(years[-choice.years :], tests, strict=True) if t], rivals
            ),
            "asked": limit(choice.years),
        },
        tips=(Tip((now,), rivals[-1].value / now.value),),
    )


def highs_before(own: dict[str, Figure], rival: dict[str, Figure]) -> dict[str, Figure]:
    """Return year → the highest figure so far, of earlier years or of the rival, for all but the first."""
    years = sorted(own)
    return {
        y: max([own[b] for b in years[:n]] + [r for p, r in rival.items() if p <= y], key=float)
        for n, y in enumerate(years)
        if n
    }


@claim(
    "tencent_profitable",
    Choice(indicator="net_profit", threshold=5),
    {
        "margin": Choice(indicator="margin", threshold=5),
        "first_three": Choice(indicator="net_profit", threshold=3),
        "upper_half": Choice(indicator="net_profit"),
        "revenue": Choice(indicator="revenue", threshold=5),
        "year_before": Choice(indicator="net_profit", threshold=5, back=1),
    },
    caveats=["collected", "currency"],
    deciding="place",
)
def tencent_profitable(data: Evidence, choice: Choice) -> Finding:
    """Answer «By net profit, is Tencent among the first five internet companies on record?»."""
    year = data.last("net_profit", "tencent").period
    known = {e: f for e in INTERNET if (f := earnings(data, choice.indicator, e, year)) is not None}
    allowed = int(choice.threshold) or max(1, len(known) // 2)
    if len(known) <= allowed or "tencent" not in known:
        raise NotPublicError(choice.indicator, [e for e in INTERNET if e not in known])
    own, ranked = known["tencent"], sorted(known.values(), key=float, reverse=True)
    edge = [f for f in ranked if f is not own][allowed - 1]
    return Finding(
        weigh(own > edge),
        {
            "year": period(own),
            "profit": quantity(own),
            "place": place(own, ranked),
            "companies": count(ranked),
            "first": who(ranked[0].entity),
            "first_profit": quantity(ranked[0]),
        },
        tips=(Tip((own,), edge.value / own.value),),
    )


def earnings(data: Evidence, measured: str, company: str, year: str) -> Figure | None:
    """Return a company's figure of a year in yuan; ``margin``: net profit per yuan of revenue, in percent."""
    if measured != "margin":
        return data.yuan(measured, company).get(year)
    profit, revenue = (data.yuan(i, company).get(year) for i in ("net_profit", "revenue"))
    return None if profit is None or revenue is None else replace(profit / revenue * 100, unit="%")


@claim(
    "huawei_chips",
    Choice(),
    {
        "year_before": Choice(back=1),
        "other_source": Choice(other_source=True),
        "giants_only": Choice(entities=GIANTS),
    },
    caveats=["chips"],
    deciding="share",
)
def huawei_chips(data: Evidence, choice: Choice) -> Finding:
    """Answer «Does Huawei lead every company named in R&D spend, and in R&D as a share of revenue?»."""
    named = [e for e in choice.entities or NAMED if e != "huawei" and data.line("rd_expense", e)]
    spend = {e: data.last("rd_expense", e) for e in ("huawei", *named)}
    share = {
        e: f / data.at("revenue", e, f.period)
        for e, f in spend.items()
        if f.period in data.line("revenue", e)
    }
    own, own_share = spend.pop("huawei"), share.pop("huawei", None)
    if not spend or not share or own_share is None:
        raise NotPublicError("rd_expense", [e for e in NAMED if e not in spend])
    second, top = max(spend.values(), key=float), max(share.values(), key=float)
    return Finding(
        weigh(own > second, own_share > top),
        {
            "year": period(own),
            "spend": quantity(own),
            "share": percent(own_share),
            "second": who(second.entity),
            "second_spend": quantity(second),
            "second_year": period(second),
            "top": who(top.entity),
            "top_share": percent(top),
            "top_year": period(top),
        },
        on=(*spend.values(), *share.values()),
        tips=(
            Tip((own,), second.value / own.value),
            Tip((own,), top.value / own_share.value),
        ),
    )


@claim(
    "not_same_magnitude",
    Choice(indicator="revenue", entities=GIANTS, threshold=1),
    {
        "with_dji": Choice(indicator="revenue", entities=ELEPHANTS, threshold=1),
        "employees": Choice(indicator="employees", entities=GIANTS, threshold=1),
        "game_sales": Choice(indicator="revenue", instead=GAME_SALES, entities=GIANTS, threshold=1),
        "two_magnitudes": Choice(indicator="revenue", entities=GIANTS, threshold=2),
        "year_before": Choice(indicator="revenue", entities=GIANTS, threshold=1, back=1),
    },
    caveats=["pull", "unpublished"],
    deciding="orders",
)
def not_same_magnitude(data: Evidence, choice: Choice) -> Finding:
    """Answer «Is log10(smallest giant / largest dragon) at least one?»."""
    giant = min(data.published(choice.indicator, choice.entities), key=float)
    dragons = data.published(choice.indicator, DRAGONS, choice.instead)
    dragon = max(dragons, key=float)
    ratio = giant / dragon
    orders = Figure(log10(ratio.value), used=ratio.used)
    return Finding(
        weigh(orders >= choice.threshold),
        {
            "giant": who(giant.entity),
            "giant_size": quantity(giant),
            "giant_year": period(giant),
            "dragon": who(dragon.entity),
            "dragon_size": quantity(dragon),
            "dragon_year": period(dragon),
            "published": count(dragons),
            "dragons": limit(len(DRAGONS)),
            "ratio": times(ratio),
            "orders": plain(orders),
        },
        tips=(Tip((dragon,), ratio.value / MAGNITUDE**choice.threshold),),
    )


@claim(
    "ants_to_elephants",
    Choice(threshold=MAGNITUDE),
    {
        "fivefold": Choice(threshold=MAGNITUDE / 2),
        "hundredfold": Choice(threshold=MAGNITUDE**2),
        "other_source": Choice(threshold=MAGNITUDE, other_source=True),
    },
    caveats=["late_start"],
    deciding="least_times",
)
def ants_to_elephants(data: Evidence, choice: Choice) -> Finding:
    """Answer «Has each giant's revenue grown at least tenfold since the first year on record?»."""
    lines = {e: [*data.yuan("revenue", e).values()] for e in GIANTS}
    if not all(lines.values()):
        raise NotPublicError("revenue", [e for e, line in lines.items() if not line])
    grown = {e: line[-1] / line[0] for e, line in lines.items()}
    least, most = min(grown.values(), key=float), max(grown.values(), key=float)
    start = {e: line[0] for e, line in lines.items()}
    last = lines[least.entity][-1]
    return Finding(
        weigh(*(g >= choice.threshold for g in grown.values())),
        {
            "most": who(most.entity),
            "most_times": times(most),
            "most_since": period(start[most.entity]),
            "least": who(least.entity),
            "least_times": times(least),
            "least_since": period(start[least.entity]),
            "until": period(last),
            "asked": times(Figure(choice.threshold)),
        },
        on=tuple(grown.values()),
        tips=tuple(Tip((lines[e][-1],), choice.threshold / g.value) for e, g in grown.items()),
    )
