"""State → the numbers it asks for: series of the chosen entities, transformed, cut to the chosen periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from dashboard.dataset import Dataset, Indicator, Observation
from dashboard.explore import transforms as tf
from dashboard.explore import views
from dashboard.explore.offers import POPULATIONS, RATES, deflator_for, is_link, offers
from dashboard.explore.state import State
from dashboard.explore.tables import Table, table


@dataclass(frozen=True)
class Series:
    """One line of numbers along the selection's periods; ``cells`` are the figures they stand on."""

    entity: str
    indicator: str
    values: tuple[float | None, ...]
    cells: tuple[Observation | None, ...]

    def points(self) -> list[int]:
        """Return the places that have a value."""
        return self._places

    @cached_property
    def _places(self) -> list[int]:
        return [k for k, v in enumerate(self.values) if v is not None]


@dataclass(frozen=True)
class Selection:
    """What a view draws. ``base`` is the period of index 100, ``prices_of`` the year of constant prices."""

    indicator: Indicator
    periods: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    base: str = ""
    prices_of: str = ""
    missing: tuple[str, ...] = ()
    """Entities without any figure in range."""
    unbased: tuple[str, ...] = ()
    """Entities with figures in range, but none in the period that an index or a ratio starts from."""
    counts: tuple[int, ...] = ()
    """For an index: how many of the shown could start from each period in range."""
    extent: tuple[float, ...] = ()
    """While a player stands at a period: the least and the largest value of the whole span, for its axes."""
    span: tuple[str, ...] = ()
    """The first and the last period of that span."""
    reference: str = ""
    """Whom a ratio is to."""
    said: bool = True
    """Whether the texts of points are wanted: making them costs more than drawing."""
    measure: str = "value"
    """The measure in force: the state's where this indicator offers it, else ``value``."""
    head: bool = False
    money: str = ""
    several: bool = False
    """Whether the view shows other indicators beside this one, so that its series say which they are."""


Shown = Sequence[Selection]
"""What is drawn of each indicator of a state."""


def select(
    dataset: Dataset, state: State, which: int = 0, *, measure: str | None = None, said: bool = True
) -> Selection:
    """Return the selection for the state's indicator number ``which``.

    ``measure`` overrides the state's (a pursuit reads ratios, a scatter plain values). Entities without any
    value in the range are in ``missing``.
    """
    indicator = dataset.indicators[state.indicators[which]]
    view = views.view(state.view)
    measure = measure or (view.needs if view.fixed else state.measure)
    offered = offers(indicator, dataset)
    if measure != "value" and measure not in offered:
        measure = "value"
    own = table(dataset, indicator.indicator_id)
    steps, unit, prices_of = _amounts(dataset, indicator, state, offered)
    inside = [k for k, p in enumerate(own.periods) if within(p, state)]
    periods = tuple(own.periods[k] for k in inside)

    levels = {e: steps(e, own.values[e]) for e in (*state.entities, state.reference) if e in own.values}
    base = ""
    if measure == "index":
        if is_link(indicator):
            levels = {e: tf.chain(_after_break(dataset, own, e, v, inside)) for e, v in levels.items()}
        shown = [levels[e] for e in state.entities if e in levels]
        base = state.base if state.base in periods else _common_base(own, inside, shown)
    out: list[Series] = []
    unbased: list[str] = []
    for e in state.entities:
        if e not in levels:
            continue
        values: list[float | None] = list(levels[e])
        known = any(values[k] is not None for k in inside)
        if measure == "index":
            values = tf.index(own.periods, values, base)
        elif measure == "ratio":
            values = tf.ratio(values, levels.get(state.reference, [None] * len(values)))
        elif measure == "change":
            values = tf.change(own.periods, values)
        cut = [values[k] for k in inside]
        if measure == "cumulative":
            cut = tf.cumulate(cut)
        if any(v is not None for v in cut):
            own_cells = own.cells(e)
            cells = tuple(own_cells[k] for k in inside)
            out.append(Series(e, indicator.indicator_id, tuple(cut), cells))
        elif known:
            unbased.append(e)
    found = {s.entity for s in out}
    keep = [k for k in range(len(periods)) if any(s.values[k] is not None for s in out)]
    extent, span = _whole(out, periods, keep) if state.frame else ((), ())
    if state.frame:
        keep = [k for k in keep if periods[k] <= state.frame + "~"]
    first, last = (keep[0], keep[-1] + 1) if keep else (0, 0)
    drawn = (Series(s.entity, s.indicator, s.values[first:last], s.cells[first:last]) for s in out)
    return Selection(
        indicator=indicator,
        periods=periods[first:last],
        series=tuple(s for s in drawn if s.points()),
        unit={"index": "index", "ratio": "%", "change": "%"}.get(measure, unit),
        base=base,
        prices_of=prices_of if unit_is_money(indicator) else "",
        missing=tuple(e for e in state.entities if e not in found and e not in unbased),
        unbased=tuple(unbased),
        counts=_startable(own, levels, state.entities) if measure == "index" else (),
        extent=extent,
        span=span,
        reference=state.reference if measure == "ratio" else "",
        said=said,
        measure=measure,
        head=state.head and "head" in offered,
        money=state.money if state.money in offered else "",
        several=len(state.indicators) > 1 and not view.single,
    )


def _whole(
    series: list[Series], periods: tuple[str, ...], keep: list[int]
) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Return the least and the largest value, and the first and the last period, of the whole span."""
    values = [v for s in series for v in s.values if v is not None]
    if not values:
        return (), ()
    return (min(values), max(values)), (periods[keep[0]], periods[keep[-1]])


def _startable(
    own: Table, levels: dict[str, list[float | None]], entities: tuple[str, ...]
) -> tuple[int, ...]:
    """Return for each period of a table how many of ``entities`` have a value above zero."""
    rows = [levels[e] for e in entities if e in levels]
    return tuple(sum((v := r[k]) is not None and v > 0 for r in rows) for k in range(len(own.periods)))


def within(period: str, state: State) -> bool:
    """Return whether a period lies in the state's range (``2024`` as an end takes in its months)."""
    return (not state.start or period >= state.start) and (not state.end or period <= state.end + "~")


def unit_is_money(indicator: Indicator) -> bool:
    """Return whether the unit is yuan or dollars, alone or per something."""
    return indicator.unit.split("/")[0] in ("CNY", "USD")


def by_year(dataset: Dataset, indicator_id: str, entity: str) -> dict[str, float]:
    """Return an annual series as ``{YYYY: value}``; empty when there is none."""
    if indicator_id not in dataset.indicators:
        return {}
    own = table(dataset, indicator_id)
    row = own.values.get(entity, ())
    return {p: v for p, v in zip(own.periods, row, strict=False) if v is not None and len(p) == 4}


def residents(dataset: Dataset, entity: str) -> dict[str, float]:
    """Return the people of a place by year."""
    for name in POPULATIONS:
        found = by_year(dataset, name, entity)
        if found:
            return found
    return {}


def _amounts(
    dataset: Dataset, indicator: Indicator, state: State, offered: tuple[str, ...]
) -> tuple[partial[list[float | None]], str, str]:
    """Return the function (entity, values) → amounts in the chosen money and prices, per head or not."""
    own = table(dataset, indicator.indicator_id)
    money = state.money if state.money in offered else ""
    real = state.real and "real" in offered
    head = state.head and "head" in offered
    unit, rates, power, prices, prices_of = indicator.unit, {}, -1, {}, ""
    if real:
        prices = tf.price_levels(by_year(dataset, deflator_for(indicator), "china"))
        prices_of = max(prices) if prices else ""
    if money:
        rates = by_year(dataset, RATES["ppp" if money == "ppp" else "usd"], "china")
        power = 1 if money == "cny" else -1
        if real:  # constant prices want one constant rate: that of the year of the prices
            fixed = rates.get(prices_of, rates[max(rates)] if rates else 0.0)
            rates = {p[:4]: fixed for p in own.periods}
        new = {"usd": "USD", "ppp": "int$", "cny": "CNY"}[money]
        unit = unit.replace("USD" if money == "cny" else "CNY", new, 1)

    def run(entity: str, values: tuple[float | None, ...]) -> list[float | None]:
        out: list[float | None] = list(values)
        if real:
            out = tf.scale(own.periods, out, prices, -1)
        if money:
            out = tf.scale(own.periods, out, rates, power)
        if head:
            out = tf.scale(own.periods, out, residents(dataset, entity), -1)
        return out

    return partial(run), unit, prices_of


def _after_break(
    dataset: Dataset, own: Table, entity: str, values: list[float | None], inside: list[int]
) -> list[float | None]:
    """Return links without those before the last break in range: levels on its two sides do not compare."""
    last = own.periods[inside[-1]] if inside else ""
    breaks = [
        n.period
        for n in dataset.notes_for(own.indicator, (entity,))
        if n.kind == "break" and n.period <= last
    ]
    start = max(breaks, default="")
    return [v if p >= start else None for p, v in zip(own.periods, values, strict=True)]


def _common_base(own: Table, inside: list[int], rows: list[list[float | None]]) -> str:
    """Return the first period in range for which most of the entities have a value above zero."""
    best, most = "", 0
    for k in inside:
        count = sum(1 for r in rows if (v := r[k]) is not None and v > 0)
        if count > most:
            best, most = own.periods[k], count
    return best


def best_period(selection: Selection) -> int:
    """Return the place of the latest period for which most of the series have a value; −1 without any."""
    if selection.span:  # a player stands at the last one
        return len(selection.periods) - 1
    best, most = -1, 0
    for k in range(len(selection.periods)):
        count = sum(1 for s in selection.series if s.values[k] is not None)
        if count >= most and count:
            best, most = k, count
    return best
