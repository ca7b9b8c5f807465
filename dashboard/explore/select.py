"""State → the numbers it asks for: series of the chosen entities, transformed, cut to the chosen periods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from dashboard.dataset import Dataset, Figure, Indicator
from dashboard.explore import transforms as tf
from dashboard.explore import views
from dashboard.explore.available_transforms import available_transforms, is_chain_link
from dashboard.explore.conversions import Conversion, conversions
from dashboard.explore.state import State
from dashboard.figures.theme import entity_roles

Values = list[float | None]
PROVISIONAL = ("preliminary", "estimate")


@dataclass(frozen=True)
class Series:
    """One line of numbers along the selection's periods; ``figures`` are the published ones behind them."""

    entity: str
    indicator: str
    values: tuple[float | None, ...]
    figures: tuple[Figure | None, ...]

    @cached_property
    def places(self) -> list[int]:
        return [k for k, v in enumerate(self.values) if v is not None]

    def provisional(self, place: int) -> bool:
        figure = self.figures[place]
        return figure is not None and figure.status in PROVISIONAL

    @property
    def any_provisional(self) -> bool:
        return not {f.status for f in self.figures if f}.isdisjoint(PROVISIONAL)

    def at(self, places: Sequence[int]) -> Series:
        return replace(
            self, values=tuple(self.values[k] for k in places), figures=tuple(self.figures[k] for k in places)
        )


@dataclass(frozen=True)
class Selection:
    """What a view draws. ``base`` is the period of index 100, ``prices_of`` the year of constant prices."""

    indicator: Indicator
    periods: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    every_period: tuple[str, ...] = ()
    """All periods of the indicator, ``in_range`` the places among them that the state asks for."""
    in_range: range = range(0)
    base: str = ""
    prices_of: str = ""
    missing: tuple[str, ...] = ()
    """Entities without any figure in range."""
    without_base: tuple[str, ...] = ()
    """Entities with figures in range, but none in the period that an index or a ratio starts from."""
    counts: tuple[int, ...] = ()
    """For an index: how many of the shown could start from each of ``every_period``."""
    with_data: int = 0
    """How many of the chosen entities have figures at all."""
    extent: tuple[float, ...] = ()
    """While a player stands at a period: the least and the largest value of the whole span, for its axes."""
    span: tuple[str, ...] = ()
    """The first and the last period of that span."""
    reference: str = ""
    """The entity that a ratio is to, and its figures."""
    reference_figures: Mapping[str, Figure] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    """The colour role of each entity."""
    conversions: tuple[Conversion, ...] = ()
    with_texts: bool = True
    """Whether the texts of points are wanted: making them costs more than drawing."""
    measure: str = "value"
    """The measure in force: the state's where this indicator offers it, else ``value``."""
    per_capita: bool = False
    currency: str = ""
    several: bool = False
    """Whether the view shows other indicators beside this one, so that its series say which they are."""

    @cached_property
    def full_ends(self) -> tuple[int, int]:
        """The first and last places for which most series have a value."""
        return self._full[0], self._full[-1]

    @cached_property
    def _full(self) -> list[int]:
        """The places for which most series have a value; of each twenty one may lack it."""
        enough = max(self.series_at, default=0) - len(self.series) // 20
        return [k for k, n in enumerate(self.series_at) if n and n >= enough]

    @cached_property
    def series_at(self) -> list[int]:
        counts = [0] * len(self.periods)
        for s in self.series:
            for k in s.places:
                counts[k] += 1
        return counts

    @cached_property
    def best_place(self) -> int:
        """The place of the latest period for which most of the series have a value; −1 without any."""
        if self.span:  # a player stands at the last one
            return len(self.periods) - 1
        return self._full[-1] if self._full else -1

    def at(self, places: Sequence[int]) -> Selection:
        cut = (s.at(places) for s in self.series)
        series = tuple(s for s in cut if s.places)
        return replace(self, periods=tuple(self.periods[k] for k in places), series=series)


Shown = Sequence[Selection]
"""What is drawn of each indicator of a state."""


def select(
    dataset: Dataset, state: State, which: int = 0, *, measure: str | None = None, with_texts: bool = True
) -> Selection:
    """Return the selection for the state's indicator number ``which``.

    ``measure`` overrides the state's (a pursuit reads ratios, a scatter plain values). Entities without any
    value in the range are in ``missing``.
    """
    indicator = dataset.indicators[state.indicators[which]]
    view, available = views.view(state.view), available_transforms(indicator, dataset)
    measure = measure or (view.required_transform if view.fixed else state.measure)
    measure = measure if measure in available else "value"
    every = dataset.periods_of(indicator.indicator_id)
    entities = tuple(dict.fromkeys((*state.entities, state.reference)))
    found = dataset.preferred(indicator.indicator_id, entities)
    converted, unit, prices_of = conversions(dataset, indicator, state, tuple(found), available)
    amounts: dict[str, Values] = {}
    for entity, line in found.items():
        values: Values = [line[p].value if p in line else None for p in every]
        for conversion in converted:
            values = conversion.apply(entity, every, values)
        amounts[entity] = values
    in_range = places_within(every, state)
    selection = Selection(
        indicator, every, (), unit, every, in_range,
        prices_of=prices_of if unit_is_money(indicator) else "",
        with_data=sum(e in found for e in state.entities),
        reference=state.reference if measure == "ratio" else "",
        reference_figures=found.get(state.reference, {}) if measure == "ratio" else {},
        colours=_colours(dataset, state.entities), conversions=tuple(converted),
        with_texts=with_texts, measure=measure,
        per_capita=state.per_capita and "head" in available,
        currency=state.currency if state.currency in available else "",
        several=len(state.indicators) > 1 and not view.single,
    )  # fmt: skip
    if measure == "index" and is_chain_link(indicator):
        amounts = {e: tf.chain(_after_break(dataset, selection, e, v)) for e, v in amounts.items()}
    return _cut(_measured(selection, state, amounts), state, found)


def _colours(dataset: Dataset, entities: Iterable[str]) -> dict[str, str]:
    known = dataset.entities
    return entity_roles((e, known[e].city_id if e in known else "") for e in entities)


def _measured(selection: Selection, state: State, amounts: dict[str, Values]) -> Selection:
    every, measure = selection.every_period, selection.measure
    base, counts = "", ()  # type: tuple[str, tuple[int, ...]]
    if measure == "index":
        rows = [amounts[e] for e in state.entities if e in amounts]
        counts = tuple(sum((v := r[k]) is not None and v > 0 for r in rows) for k in range(len(every)))
        base = state.base if state.base in [every[k] for k in selection.in_range] else ""
        most = max((counts[k] for k in selection.in_range), default=0)
        if not base and most:
            base = next(every[k] for k in selection.in_range if counts[k] == most)
    reference = amounts.get(state.reference, [None] * len(every))
    out: list[Series] = []
    without_base: list[str] = []
    for e in (e for e in state.entities if e in amounts):
        values = amounts[e]
        known = any(values[k] is not None for k in selection.in_range)
        if measure == "index":
            values = tf.index(every, values, base)
        elif measure == "ratio":
            values = tf.ratio(values, reference)
        elif measure == "change":
            values = tf.change(every, values)
        cut = values[selection.in_range.start : selection.in_range.stop]
        if measure == "cumulative":
            cut = tf.cumulate(cut)
        if any(v is not None for v in cut):
            out.append(Series(e, selection.indicator.indicator_id, tuple(cut), ()))
        elif known:
            without_base.append(e)
    drawn = {s.entity for s in out}
    return replace(
        selection,
        periods=tuple(every[k] for k in selection.in_range),
        series=tuple(out),
        unit={"index": "index", "ratio": "%", "change": "%"}.get(measure, selection.unit),
        base=base,
        counts=counts,
        missing=tuple(e for e in state.entities if e not in drawn and e not in without_base),
        without_base=tuple(without_base),
    )


def _cut(selection: Selection, state: State, found: Mapping[str, Mapping[str, Figure]]) -> Selection:
    """Return the selection from its first value to its last, or to where a player stands."""
    keep = [k for k, n in enumerate(selection.series_at) if n]
    periods = selection.periods
    extent: tuple[float, ...] = ()
    span: tuple[str, ...] = ()
    if state.frame and keep:
        values = [v for s in selection.series for v in s.values if v is not None]
        extent, span = (min(values), max(values)), (periods[keep[0]], periods[keep[-1]])
        keep = [k for k in keep if periods[k] <= state.frame + "~"]
    first, last = (keep[0], keep[-1] + 1) if keep else (0, 0)
    periods = periods[first:last]
    series = (
        Series(s.entity, s.indicator, s.values[first:last], tuple(map(found[s.entity].get, periods)))
        for s in selection.series
    )
    return replace(
        selection, periods=periods, series=tuple(s for s in series if s.places), extent=extent, span=span
    )


def places_within(periods: Sequence[str], state: State) -> range:
    """Return the places of the periods in a state's range (``2024`` as an end takes in its months)."""
    start = next((k for k, p in enumerate(periods) if p >= state.start), len(periods))
    end = state.end + "~" if state.end else "~"
    return range(start, next((k for k, p in enumerate(periods) if p > end), len(periods)))


def unit_is_money(indicator: Indicator) -> bool:
    """Return whether the unit is yuan or dollars, alone or per something."""
    return indicator.unit.split("/")[0] in ("CNY", "USD")


def _after_break(dataset: Dataset, selection: Selection, entity: str, values: Values) -> Values:
    """Return links without those before the last break in range: levels on its two sides do not compare."""
    every = selection.every_period
    last = every[selection.in_range[-1]] if selection.in_range else ""
    notes = dataset.notes_for(selection.indicator.indicator_id, (entity,))
    start = max((n.period for n in notes if n.kind == "break" and n.period <= last), default="")
    return [v if p >= start else None for p, v in zip(every, values, strict=True)]
