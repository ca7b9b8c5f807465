"""Transforms of a series: numbers by period (``2024``, ``2024-07``), in order.

A result lacks the periods for which it cannot be computed; nothing is guessed. ``periods``, where asked for,
are all those at which there could be a figure, so that gaps are seen.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate, dropwhile, islice, takewhile

Values = Mapping[str, float]


def index(values: Values, base: str) -> dict[str, float]:
    """Return ``values`` with the one at ``base`` as 100; empty unless that one is above zero."""
    start = values.get(base, 0.0)
    return {p: v / start * 100 for p, v in values.items()} if start > 0 else {}


def chain(periods: Sequence[str], values: Values) -> dict[str, float]:
    """Chain link relatives (each in percent of the period before it) into levels.

    The period before the first figure is 100. A gap ends the chain: nothing says how far prices moved in it.
    """
    links = _until_gap(periods, values)
    levels = accumulate(links.values(), lambda level, link: level * (link / 100), initial=100.0)
    return dict(zip(links, islice(levels, 1, None), strict=True))


def cumulate(periods: Sequence[str], values: Values) -> dict[str, float]:
    """Return running sums; a gap ends them, since a sum over it would be wrong."""
    terms = _until_gap(periods, values)
    return dict(zip(terms, accumulate(terms.values()), strict=True))


def _until_gap(periods: Sequence[str], values: Values) -> dict[str, float]:
    rest = dropwhile(lambda p: p not in values, periods)
    return {p: values[p] for p in takewhile(values.__contains__, rest)}


def ratio(values: Values, reference: Values) -> dict[str, float]:
    """Return each value in percent of the reference's of the same period, where that is above zero."""
    return {p: v / r * 100 for p, v in values.items() if (r := reference.get(p, 0.0)) > 0}


def year_before(period: str) -> str:
    """Return the same period a year earlier: ``2024-07`` → ``2023-07``."""
    return f"{int(period[:4]) - 1:04d}{period[4:]}"


def change(values: Values) -> dict[str, float]:
    """Return the change on the same period a year earlier, in percent, where that is above zero."""
    before = {p: values.get(year_before(p), 0.0) for p in values}
    return {p: (v / before[p] - 1) * 100 for p, v in values.items() if before[p] > 0}


def scale(values: Values, by_year: Mapping[str, float], power: int) -> dict[str, float]:
    """Multiply (``power`` 1) or divide (−1) each value by its year's factor, where there is one above zero.

    ``by_year`` maps ``YYYY`` to an exchange rate, a deflator, residents.
    """
    factors = {p: by_year.get(p[:4], 0.0) for p in values}
    return {p: v * factors[p] if power > 0 else v / factors[p] for p, v in values.items() if factors[p] > 0}


def price_levels(growth: Mapping[str, float]) -> dict[str, float]:
    """Return price levels by year, the last year = 1, from growth rates in percent by year.

    level(t − 1) = level(t) / (1 + growth(t) / 100), as far back as rates are unbroken; the year before the
    first rate is included.
    """
    if not growth:
        return {}
    year, level = max(growth), 1.0
    out = {year: level}
    while growth.get(year, -100) > -100:
        level /= 1 + growth[year] / 100
        year = year_before(year)
        out[year] = level
    return out
