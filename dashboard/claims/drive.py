"""Rules of «Anxiety is also a drive»."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dashboard.claims.derive import chained, years_of_income
from dashboard.claims.evidence import Evidence, Figure, NotPublicError
from dashboard.claims.rule import (
    Choice,
    Finding,
    Tip,
    change,
    claim,
    limit,
    period,
    quantity,
    times,
    weigh,
    who,
)
from dashboard.claims.scope import DRAGONS, GIANTS, PAIR
from dashboard.claims.verdict import ESSAY_DAY, ESSAY_PERIOD, Margin, Number


@claim(
    "high_house_prices",
    Choice(indicator="house_price_listing_58"),
    {
        "listing_anjuke": Choice(indicator="house_price_listing_anjuke"),
        "listing_creprice": Choice(indicator="house_price_listing_creprice"),
        "years_of_income": Choice(indicator="years_of_income"),
        "published_ratio": Choice(indicator="price_to_income"),
        "rise_new": Choice(indicator="house_price_new_mom_index", since="2011-01"),
        "rise_secondhand": Choice(indicator="house_price_secondhand_mom_index", since="2011-01"),
    },
    caveats=["doubt", "asking"],
    deciding="ratio",
)
def high_house_prices(data: Evidence, choice: Choice) -> Finding:
    """Answer «Is a home dearer in Shenzhen than in Hangzhou (or, where asked, has it risen more)?»."""
    shenzhen, hangzhou = price(data, choice, PAIR)
    ratio = shenzhen / hangzhou
    return Finding(
        weigh(ratio > 1),
        {
            "year": period(shenzhen),
            "shenzhen": quantity(shenzhen),
            "hangzhou": quantity(hangzhou),
            "ratio": times(ratio),
            "dearer": change(ratio),
        },
        tips=(Tip((shenzhen,), 1 / ratio.value),),
    )


def price(data: Evidence, choice: Choice, cities: Sequence[str]) -> list[Figure]:
    """Return the cities' figures in the newest period they share, chained or in years of income if asked."""
    if choice.since:
        return chained(data, choice, cities)
    if choice.indicator != "years_of_income":
        return data.together(choice.indicator, cities)
    lines = [years_of_income(data, c) for c in cities]
    common = set.intersection(*map(set, lines))
    if not common:
        raise NotPublicError("disposable_income_per_capita", cities)
    return [line[max(common)] for line in lines]


@claim(
    "twenty_years_ago",
    Choice(since="2005", years=10),
    {
        "five_years": Choice(since="2005", years=5),
        "fifteen_years": Choice(since="2005", years=15),
        "from_2008": Choice(since="2008", years=10),
    },
    caveats=["business_climate", "late_start"],
    deciding="slowest_times",
)
def twenty_years_ago(data: Evidence, choice: Choice) -> Finding:
    """Answer «In ten years from then (or the first on record), did each outgrow Shenzhen's economy?»."""
    starts = {e: begin(data, e, choice.since) for e in GIANTS}
    pace = {e: outgrown(data, start, choice.years) for e, start in starts.items()}
    slowest = min(pace.values(), key=lambda p: p[0].value / p[1].value)
    small = min(starts.values(), key=float)
    dragon = max(data.published("revenue", DRAGONS), key=float)
    return Finding(
        weigh(*(grown > city for grown, city in pace.values())),
        {
            "slowest": who(slowest[0].entity),
            "slowest_times": times(slowest[0]),
            "city_times": times(slowest[1]),
            "since": period(starts[slowest[0].entity]),
            "until": period(slowest[0]),
            "small": who(small.entity),
            "small_revenue": quantity(small),
            "small_year": period(small),
            "dragon": who(dragon.entity),
            "dragon_revenue": quantity(dragon),
            "dragon_year": period(dragon),
        },
        on=tuple(f for p in pace.values() for f in p),
        tips=tuple(
            Tip((line[g.period],), c.value / g.value)
            for e, (g, c) in pace.items()
            if g.period in (line := data.line("revenue", e))
        ),
    )


def begin(data: Evidence, company: str, since: str) -> Figure:
    """Return a company's first revenue on record in ``since`` or later; raises :class:`NotPublicError`."""
    first = next((f for y, f in data.yuan("revenue", company).items() if y >= since), None)
    if first is None:
        raise NotPublicError("revenue", [company])
    return first


def outgrown(data: Evidence, start: Figure, years: int) -> tuple[Figure, Figure]:
    """Return by what factors a company's revenue and Shenzhen's GDP grew in the years after ``start``."""
    end = str(int(start.period) + years)
    city = data.at("gdp", "shenzhen", end) / data.at("gdp", "shenzhen", start.period)
    grown = data.yuan("revenue", start.entity).get(end)
    if grown is None:
        raise NotPublicError("revenue", [start.entity])
    return grown / start, city


@claim(
    "inmotion_first",
    Choice(indicator="global_rank_offroad_unicycle"),
    caveats=["company_claim"],
)
def inmotion_first(data: Evidence, choice: Choice) -> Finding:
    """Answer «Does anybody but the company rank it first in the world?»."""
    return first_of_all(data, choice, "inmotion")


def first_of_all(data: Evidence, choice: Choice, company: str) -> Finding:
    """Weigh a claim of being first on an independent world rank; raises :class:`NotPublicError`."""
    rank = data.independent(choice.indicator, company)
    return Finding(weigh(rank <= 1), {"rank": quantity(rank), "year": period(rank)}, tips=(Tip((rank,)),))


@claim(
    "smallrig_billion",
    Choice(indicator="revenue", threshold=1e9),
    {"gmv": Choice(indicator="gmv", threshold=1e9)},
    caveats=["products", "goods_value"],
    deciding="sold",
)
def smallrig_billion(data: Evidence, choice: Choice) -> Finding:
    """Answer «Does a public document put a year's revenue at a billion yuan or more?»."""
    sold = data.last(choice.indicator, "smallrig")
    return Finding(
        weigh(sold >= choice.threshold),
        {"year": period(sold), "sold": quantity(sold), "asked": limit(choice.threshold, "CNY")},
        tips=(Tip((sold,), choice.threshold / sold.value),),
    )


@claim(
    "nutribite_stores",
    Choice(indicator="stores_hong_kong", threshold=100),
    {"half": Choice(indicator="stores_hong_kong", threshold=50)},
    caveats=["company_claim"],
)
def nutribite_stores(data: Evidence, choice: Choice) -> Finding:
    """Answer «Does anybody but the company count a hundred stores in Hong Kong?»."""
    stores = data.independent(choice.indicator, "nutribite")
    return Finding(
        weigh(stores >= choice.threshold),
        {"year": period(stores), "stores": quantity(stores), "asked": limit(choice.threshold)},
        tips=(Tip((stores,), choice.threshold / stores.value),),
    )


@claim(
    "bandu_display",
    Choice(indicator="global_rank_3d_display"),
    caveats=["company_claim", "words"],
)
def bandu_display(data: Evidence, choice: Choice) -> Finding:
    """Answer «Does anybody but the company rank it first in the world?»."""
    return first_of_all(data, choice, "bandu")


@claim(
    "engineai_two_years",
    Choice(threshold=2),
    {"year_only": Choice(threshold=2, indicator="year"), "eighteen_months": Choice(threshold=1.5)},
    caveats=["front_flip"],
    deciding="age",
)
def engineai_two_years(data: Evidence, choice: Choice) -> Finding:
    """Answer «From the month of founding to the essay's, is it less than two years?»."""
    year = data.first("founded_year", "engineai")
    month = int(year.period[5:7] or 1) if choice.indicator != "year" else 1
    essay_year, essay_month = (int(x) for x in ESSAY_PERIOD.split("-"))
    age = Figure(essay_year + essay_month / 12 - year.value - (month - 1) / 12, "years", used=year.used)
    return Finding(
        weigh(age < choice.threshold),
        {"founded": period(year), "age": quantity(age), "asked": limit(choice.threshold, "years")},
        margin=Margin(
            "claims.engineai_two_years.margin",
            {"month": Number(0, "", "period", (), month_before(ESSAY_DAY, choice.threshold))},
        ),
    )


def month_before(day: str, years: float) -> str:
    """Return the last month (``YYYY-MM``) at least so many years before the end of a day's month."""
    months = int(day[:4]) * 12 + int(day[5:7]) - math.ceil(12 * years)
    return f"{months // 12:04d}-{months % 12 + 1:02d}"
