"""Rules of the essay's opening."""

from __future__ import annotations

from dashboard.claims.derive import distance
from dashboard.claims.evidence import Evidence
from dashboard.claims.rule import Choice, Finding, Tip, claim, limit, quantity, times, weigh, who, year
from dashboard.claims.verdict import Margin

LI_IN_KM = 0.5
"""The modern li (市里) is half a kilometre by definition."""


@claim(
    "spring_festival_distance",
    Choice(threshold=1000 * LI_IN_KM),
    {
        "kilometres": Choice(threshold=1000),
        "other_source": Choice(threshold=1000 * LI_IN_KM, other_source=True),
    },
    caveats=["anxiety"],
    deciding="ratio",
)
def spring_festival_distance(data: Evidence, choice: Choice) -> Finding:
    """Answer «Are the cities a thousand li apart?»."""
    km = distance(data, "shenzhen", "hangzhou")
    return Finding(
        weigh(km >= choice.threshold),
        {"km": quantity(km), "asked": limit(choice.threshold, "km"), "ratio": times(km / choice.threshold)},
        tips=(Tip(guess=km.value, unit="km"),),
    )


@claim(
    "born_in_shenzhen",
    Choice(entities=("huawei", "tencent", "dji")),
    {
        "seat": Choice(entities=("huawei", "tencent", "dji"), indicator="seat"),
        "with_byd": Choice(entities=("huawei", "tencent", "dji", "byd")),
        "dji_elsewhere": Choice(entities=("huawei", "tencent", "dji"), without=("dji",)),
    },
    caveats=["disputed"],
)
def born_in_shenzhen(data: Evidence, choice: Choice) -> Finding:
    """Answer «Were all of them founded in Shenzhen?»."""
    founded = [data.first("founded_year", e) for e in choice.entities]
    place = data.seat if choice.indicator == "seat" else data.founded_in
    return Finding(
        weigh(*(place(e) == "shenzhen" and e not in choice.without for e in choice.entities)),
        {
            "companies": who(*choice.entities),
            "first": year(min(founded, key=float)),
            "last": year(max(founded, key=float)),
        },
        on=tuple(founded),
        margin=Margin("claims.born_in_shenzhen.margin", {"companies": who(*choice.entities)}),
    )
