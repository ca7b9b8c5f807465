"""Figures that several observations give together: distances, real terms, chained indices, shares."""

from __future__ import annotations

import math
from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt

from dashboard.claims.evidence import Evidence, Figure, NotPublicError, unique
from dashboard.claims.rule import Choice

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


def real_terms(data: Evidence, indicator_id: str, cities: Sequence[str]) -> list[Figure]:
    """Return each city's newest figure at the prices of the first year they share.

    The nominal figure of that year is multiplied by the published real growth of every later year;
    raises :class:`NotPublicError` when a year's growth is missing.
    """
    years = data.periods("gdp_growth_real", cities)
    common = data.periods(indicator_id, cities)
    if not years or not common:
        raise NotPublicError("gdp_growth_real", cities)
    run = [years[-1]]
    while str(int(run[0]) - 1) in years:
        run.insert(0, str(int(run[0]) - 1))
    base = str(int(run[0]) - 1)
    base = base if base in common else run.pop(0)
    out = []
    for city in cities:
        figure = data.at(indicator_id, city, base)
        for year in run:
            growth = data.at("gdp_growth_real", city, year)
            figure = figure * Figure(1 + growth.value / 100, used=growth.used)
        out.append(Figure(figure.value, figure.unit, run[-1], city, figure.used))
    return out


HOME_M2 = 90.0
HOUSEHOLD = 3
"""The home and the household of «years of income»: three people in 90 m², as the text says."""
ASKED = "house_price_listing_58"


def years_of_income(data: Evidence, city: str) -> dict[str, Figure]:
    """Return year → how many years of a household's disposable income a home costs at the asking price.

    Price per m² × ``HOME_M2`` ÷ (disposable income per head × ``HOUSEHOLD``), for the years that have both.
    """
    prices, incomes = (data.line(i, city) for i in (ASKED, "disposable_income_per_capita"))
    out = {}
    for year in sorted(prices.keys() & incomes.keys()):
        ratio = prices[year] / incomes[year]
        out[year] = Figure(ratio.value * HOME_M2 / HOUSEHOLD, "years", year, city, ratio.used)
    return out


def chained(data: Evidence, choice: Choice, cities: Sequence[str]) -> list[Figure]:
    """Return each city's index since ``choice.since`` (=100), chained from month-on-month indices.

    Raises :class:`NotPublicError` where a month is missing: a chain with a hole is no chain.
    """
    months = [m for m in data.periods(choice.indicator, cities) if m > choice.since]
    if not months or len(months) != months_between(choice.since, months[-1]):
        raise NotPublicError(choice.indicator, cities)
    out = []
    for city in cities:
        line = [data.at(choice.indicator, city, m) for m in months]
        value = 100 * math.prod(f.value / 100 for f in line)
        out.append(Figure(value, "index", months[-1], city, unique(o for f in line for o in f.used)))
    return out


def apart_by(periods: Sequence[str], years: int) -> tuple[str, str] | None:
    """Return the newest year that lies ``years`` before the newest, else the first; ``None``: no two."""
    if len(periods) < 2:
        return None
    limit = int(periods[-1]) - years
    return next((y for y in reversed(periods) if int(y) <= limit), periods[0]), periods[-1]


def months_between(a: str, b: str) -> int:
    """Return the number of months from ``a`` to ``b`` (``YYYY-MM``)."""
    return (int(b[:4]) - int(a[:4])) * 12 + int(b[5:7]) - int(a[5:7])


def campus(data: Evidence, indicator_id: str, city: str) -> dict[str, list[Figure]]:
    """Return period → the figures of a city's universities; raises when it has none."""
    out: dict[str, list[Figure]] = {}
    for entity in data.dataset.entities.values():
        if entity.kind == "university" and entity.city_id == city:
            for year, figure in data.line(indicator_id, entity.entity_id).items():
                out.setdefault(year, []).append(figure)
    if not out:
        raise NotPublicError(indicator_id, [city])
    return out


def without_hukou(data: Evidence, city: str) -> Figure | None:
    """Return (residents - registered) / residents in the newest year with both, or ``None``."""
    resident, hukou = data.line("population_resident", city), data.line("population_hukou", city)
    years = sorted(resident.keys() & hukou.keys())
    return (resident[years[-1]] - hukou[years[-1]]) / resident[years[-1]] if years else None


def great_circle_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the distance in km of two points (latitude, longitude in degrees), by the haversine formula."""
    (lat1, lon1), (lat2, lon2) = ((radians(x), radians(y)) for x, y in (a, b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(h))


def distance(data: Evidence, a: str, b: str) -> Figure:
    """Return the great-circle distance of two cities' centres, in km, with the coordinates it rests on."""
    lat1, lon1, lat2, lon2 = (data.constant(i, city) for city in (a, b) for i in ("latitude", "longitude"))
    km = great_circle_km((lat1.value, lon1.value), (lat2.value, lon2.value))
    return Figure(km, "km", used=unique(o for f in (lat1, lon1, lat2, lon2) for o in f.used))
