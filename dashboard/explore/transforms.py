"""Vector transforms of series by period.

A series is a list of values (``None`` = no figure) over a shared, sorted list of periods. Every function
returns a new list of the same length; what cannot be computed is ``None``, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Values = Sequence[float | None]


def index(periods: Sequence[str], values: Values, base: str) -> list[float | None]:
    """Return ``values`` with the one at ``base`` as 100; all ``None`` unless that one is above zero."""
    at = values[periods.index(base)] if base in periods else None
    if at is None or at <= 0:
        return [None] * len(values)
    return [None if v is None else v / at * 100 for v in values]


def chain(values: Values) -> list[float | None]:
    """Chain link relatives (each in percent of the period before it) into levels.

    The period before the first figure is 100. A missing link ends the chain; a later figure starts anew
    only where the chain has not begun, since nothing says how far prices moved in the gap.
    """
    out: list[float | None] = []
    level: float | None = 100.0
    begun = False
    for v in values:
        if v is None:
            level = None if begun else level
            out.append(None)
            continue
        if level is not None:
            level *= v / 100
        begun = True
        out.append(level)
    return out


def ratio(values: Values, reference: Values) -> list[float | None]:
    """Return each value in percent of the reference's of the same period; ``None`` where that is not > 0."""
    return [
        None if v is None or r is None or r <= 0 else v / r * 100
        for v, r in zip(values, reference, strict=True)
    ]


def year_before(period: str) -> str:
    """Return the same period a year earlier: ``2024-07`` → ``2023-07``."""
    return f"{int(period[:4]) - 1:04d}{period[4:]}"


def change(periods: Sequence[str], values: Values) -> list[float | None]:
    """Return the change on the same period a year earlier, in percent; ``None`` where that is not > 0."""
    at = {p: v for p, v in zip(periods, values, strict=True) if v is not None}
    out: list[float | None] = []
    for p, v in zip(periods, values, strict=True):
        before = at.get(year_before(p))
        out.append(None if v is None or before is None or before <= 0 else (v / before - 1) * 100)
    return out


def cumulate(values: Values) -> list[float | None]:
    """Return running sums from the first figure on; a gap ends them, since a sum over it would be wrong."""
    out: list[float | None] = []
    total = 0.0
    begun = ended = False
    for v in values:
        if v is None:
            ended = begun
            out.append(None)
            continue
        begun = True
        total += v
        out.append(None if ended else total)
    return out


def scale(
    periods: Sequence[str], values: Values, by_year: Mapping[str, float], power: int
) -> list[float | None]:
    """Multiply (``power`` 1) or divide (−1) each value by its year's factor; ``None`` without one.

    ``by_year`` maps ``YYYY`` to a factor above zero: an exchange rate, a deflator, residents.
    """
    out: list[float | None] = []
    for p, v in zip(periods, values, strict=True):
        factor = by_year.get(p[:4])
        usable = v is not None and factor is not None and factor > 0
        out.append((v * factor if power > 0 else v / factor) if usable else None)  # type: ignore[operator]
    return out


def price_levels(growth: Mapping[str, float]) -> dict[str, float]:
    """Return price levels by year, the last year = 1, from growth rates in percent by year.

    level(t − 1) = level(t) / (1 + growth(t) / 100), as far back as rates are unbroken; the year before the
    first rate is included.
    """
    years = sorted(growth)
    if not years:
        return {}
    level = 1.0
    out = {years[-1]: level}
    year = years[-1]
    while year in growth and growth[year] > -100:
        level /= 1 + growth[year] / 100
        year = f"{int(year) - 1:04d}"
        out[year] = level
    return out
