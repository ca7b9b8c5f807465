"""Axes with round ticks: linear, logarithmic and time, labelled in the reader's language."""

import math
from collections.abc import Iterable

from dashboard.dataset import Lang
from dashboard.figures.record import Axis, Tick, time_value
from dashboard.locale import axis_label, period

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
FRACTIONAL = frozenset({"%", "ratio", "index", "degrees", "years", "share", "CNY per USD", "CNY per share"})
"""Units of which half a one has a meaning even where all figures shown are whole."""
YEAR_STEPS = (1, 2, 5, 10, 20, 25, 50, 100)


def nice_step(span: float, count: int) -> float:
    """Return the round step (1, 2, 2.5, 5 × 10ⁿ) that cuts ``span`` into at most about ``count`` parts."""
    rough = span / count
    power = 10.0 ** math.floor(math.log10(rough))
    return next(s * power for s in STEPS if s * power >= rough * (1 - 1e-9))


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Return round values from ``low`` to ``high``, both ends included where they are round themselves."""
    step = nice_step(high - low, count)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    # rounding to the step's own digits keeps 0.1 + 0.2 from being written as 0.30000000000000004
    digits = max(0, 2 - math.floor(math.log10(step)))
    return [round(n * step, digits) + 0.0 for n in range(first, last + 1)]


def log_ticks(low: float, high: float, count: int = 6) -> list[float]:
    """Return powers of ten; with 2 and 5 times these where they are few, else the ticks of a linear axis."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    fine = [m * 10.0**n for n in decades for m in (1, 2, 5)]
    inside = [v for v in fine if low <= v * (1 + 1e-12) and v <= high * (1 + 1e-12)]
    powers = [v for v in inside if f"{v:e}".startswith("1.")]
    if len(powers) >= 3:
        return powers[:: math.ceil(len(powers) / count)]
    return inside if len(inside) > 1 else nice_ticks(low, high, count - 2)


def linear(
    values: Iterable[float],
    unit: str,
    lang: Lang,
    *,
    count: int = 5,
    zero: bool = False,
    headroom: float = 0.0,
    reverse: bool = False,
) -> Axis:
    """Return a linear axis that holds ``values`` (plain numbers in ``unit``), with ends on round ticks.

    ``zero`` takes the zero in; ``headroom`` adds a share of the span above, for labels. Counts and ranks have
    no ticks between whole numbers, ranks none below the first.
    """
    numbers = list(values)
    if unit == "rank" and numbers and not zero:
        return _ranks(max(numbers), count, reverse)
    whole = unit not in FRACTIONAL and all(v == round(v) for v in numbers)
    if zero or not numbers:
        numbers.append(0.0)
    low, high = min(numbers), max(numbers)
    if low == high:
        room = abs(low) * 0.1 or 1.0
        low, high = 0.0 if zero and low >= 0 else low - room, high + room
    high += (high - low) * headroom
    step = nice_step(high - low, count)
    step = max(1.0, step) if whole else step
    start = math.floor(low / step + 1e-9) * step
    end = high if headroom else math.ceil(high / step - 1e-9) * step
    ticks = [t for t in nice_ticks(start, end, count) if not whole or t == round(t)]
    return Axis((min(start, low), max(end, high)), _named(ticks, unit, lang), reverse=reverse)


def _named(ticks: Iterable[float], unit: str, lang: Lang) -> tuple[Tick, ...]:
    return tuple(Tick(v, axis_label(v, unit, lang)) for v in ticks)


def _ranks(last: float, count: int, reverse: bool) -> Axis:
    """Return an axis of ranks: the first, then round ones; half a rank of room at both ends."""
    step = nice_step(last - 1, count) if last > 1 else 1.0
    whole = [t for t in nice_ticks(0.0, last, count)[1:] if t == round(t)]  # a step may be 2.5
    ticks = dict.fromkeys([1.0, *whole]) if step > 1 else range(1, int(last) + 1)
    room = max(0.5, (last - 1) * 0.03)
    return Axis((1 - room, last + room), tuple(Tick(float(v), f"{v:.0f}") for v in ticks), reverse=reverse)


def log(values: Iterable[float], unit: str, lang: Lang, *, count: int = 6) -> Axis:
    """Return a logarithmic axis that holds the positive ``values``, with some room at both ends."""
    positive = [v for v in values if v > 0] or [1.0, 10.0]
    low, high = min(positive), max(positive)
    if high / low < 1.5:
        low, high = low / 1.5, high * 1.5
    room = (high / low) ** 0.06
    low, high = low / room, high * room
    return Axis((low, high), _named(log_ticks(low, high, count), unit, lang), "log")


def short_period(value: str, lang: Lang) -> str:
    """Write a month or a day without its year (29 Jan, 1 月 29 日); a year stays as it is."""
    year, _, rest = value.partition("-")
    return period(value, lang).removeprefix(f"{year} 年").removesuffix(year).strip() if rest else year


def years(first: float, last: float, *, count: int = 6, ends: bool = True) -> Axis:
    """Return an axis of round years; ``ends`` names the first and the last, and those too close give way."""
    start, end = math.floor(first + 1e-9), math.floor(last + 1e-9)
    span = max(1, end - start)
    step = next((s for s in YEAR_STEPS if span / s <= count), YEAR_STEPS[-1])
    ticks = list(range(math.ceil(start / step) * step, end + 1, step))
    if ends:
        near = max(0.45 * step, min(1.0, step / 2), span / (2.2 * count))
        ticks = sorted({start, *(y for y in ticks if y - start > near and end - y > near), end})
    domain = (first, last if last > first else first + 1)
    return Axis(domain, tuple(Tick(float(y), str(y)) for y in ticks), grid=False)


def days(periods: Iterable[str], named: Iterable[str], lang: Lang) -> Axis:
    places = [time_value(p) for p in periods]
    ticks = tuple(Tick(time_value(p), short_period(p, lang)) for p in sorted(set(named)))
    return Axis((min(places), max(max(places), min(places) + 1 / 366)), ticks, grid=False)


def categories(names: Iterable[str], *, reverse: bool = True) -> Axis:
    """Return an axis of rows or columns named ``names`` at 0, 1, 2 …, rows from the top with ``reverse``."""
    ticks = tuple(Tick(float(n), name) for n, name in enumerate(names))
    domain = (-0.5, max(0, len(ticks) - 1) + 0.5)
    return Axis(domain, ticks, grid=False, reverse=reverse, category=True)
