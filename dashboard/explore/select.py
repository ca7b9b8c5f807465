"""State → the numbers it asks for: series of the chosen entities, transformed, cut to the chosen periods."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Self, TypeVar

from dashboard.dataset import Dataset, Figure, Indicator, Lang
from dashboard.explore import transforms as tf
from dashboard.explore import views
from dashboard.explore.state import State
from dashboard.explore.transforms import Conversion, available_transforms, conversions, is_chain_link
from dashboard.figures.record import Form
from dashboard.figures.theme import entity_roles

Values = dict[str, float]
"""Numbers by period, in order."""
T = TypeVar("T")
PROVISIONAL = frozenset({"preliminary", "estimate"})


@dataclass(frozen=True)
class Series:
    """One line of numbers; ``figures`` are the published ones of the selection's periods."""

    entity: str
    indicator: str
    values: Values
    figures: Mapping[str, Figure]

    @property
    def last(self) -> str:
        return next(reversed(self.values))

    def provisional(self, period: str) -> bool:
        return period in self.figures and self.figures[period].status in PROVISIONAL


@dataclass(frozen=True)
class Selection:
    """What a view draws of one indicator."""

    indicator: Indicator
    unit: str
    measure: str
    """The measure in force: the state's where this indicator offers it, else ``value``."""
    every_period: tuple[str, ...]
    in_range: tuple[str, ...]
    """All periods of the indicator, and those of them that the state asks for."""
    periods: tuple[str, ...]
    """Those from the first value to the last, or to where a player stands."""
    series: tuple[Series, ...]
    span: tuple[str, ...]
    """While a player stands at a period: the first and the last period that it goes through."""
    extent: tuple[float, ...]
    """The least and the largest value of that span, for axes."""
    base: str
    """The period of index 100."""
    counts: Mapping[str, int]
    """For an index: how many of the chosen could start from each period."""
    without_base: tuple[str, ...]
    """Entities with figures in range, but none in the period that an index or a ratio starts from."""
    missing: tuple[str, ...]
    """Entities without any figure in range."""
    with_data: int
    """How many of the chosen entities have figures at all."""
    prices_of: str
    """The year of constant prices."""
    reference: str
    """The entity that a ratio is to, and its figures."""
    reference_figures: Mapping[str, Figure]
    colours: Mapping[str, str]
    conversions: Sequence[Conversion]
    per_capita: bool
    currency: str
    several: bool
    """Whether the view shows other indicators beside this one, so that its series say which they are."""

    @cached_property
    def coverage(self) -> dict[str, int]:
        """How many series have a value, by period."""
        counted = Counter(p for s in self.series for p in s.values)
        return {p: counted[p] for p in self.periods}

    @cached_property
    def _full(self) -> list[str]:
        """The periods for which most series have a value; of each twenty one may lack it."""
        enough = max(self.coverage.values(), default=0) - len(self.series) // 20
        return [p for p, n in self.coverage.items() if n and n >= enough]

    @property
    def full_ends(self) -> tuple[str, str]:
        """The first and last periods for which most series have a value."""
        return self._full[0], self._full[-1]

    @property
    def best_period(self) -> str:
        """The latest period for which most of the series have a value; a player stands at the last one."""
        return next(reversed(self.periods if self.span else self._full), "")

    @cached_property
    def by_entity(self) -> dict[str, Series]:
        return {s.entity: s for s in self.series}

    def across(self, period: str) -> Values:
        """Return entity → value of one period."""
        return {s.entity: s.values[period] for s in self.series if period in s.values}

    def at(self, *periods: str) -> Self:
        cut = (replace(s, values={p: s.values[p] for p in periods if p in s.values}) for s in self.series)
        return replace(self, periods=periods, series=tuple(s for s in cut if s.values))

    @property
    def lowest_first(self) -> bool:
        return self.indicator.better == "lower" and self.unit == "rank"

    def ranked(self, period: str) -> list[tuple[float, Series]]:
        """Return the series that have a value at a period with it, the best first."""
        found = [(s.values[period], s) for s in self.series if period in s.values]
        return sorted(found, key=lambda p: p[0] if self.lowest_first else -p[0])


@dataclass(frozen=True)
class Context:
    """What a chart is made of, and for whom.

    ``with_texts`` gives every point its text and the figures it stands on: what files and keyboard navigation
    want, and a drawing alone does not. Making them costs more than drawing.
    """

    dataset: Dataset
    state: State
    lang: Lang
    form: Form = "wide"
    with_texts: bool = True

    @cached_property
    def selections(self) -> list[Selection]:
        """What is drawn of each of the state's indicators; a comparison leaves the reference out."""
        first = select(self.dataset, self.state)
        if self.view.fixed:
            others = tuple(s for s in first.series if s.entity != self.state.reference)
            first = replace(first, series=others)
        more = range(1, len(self.state.indicators)) if first.several else ()
        return [first, *(select(self.dataset, self.state, n) for n in more)]

    @property
    def view(self) -> views.View:
        return views.view(self.state.view)

    def name(self, entity: str) -> str:
        known = self.dataset.entities
        return known[entity].name(self.lang) if entity in known else entity


def select(dataset: Dataset, state: State, which: int = 0, *, measure: str | None = None) -> Selection:
    """Return the selection for the state's indicator number ``which``.

    ``measure`` overrides the state's (a pursuit reads ratios, a heat map plain values).
    """
    indicator = dataset.indicators[state.indicators[which]]
    view, available = views.view(state.view), available_transforms(indicator, dataset)
    measure = measure or (view.required_transform if view.fixed else state.measure)
    measure = measure if measure in available else "value"
    every = dataset.periods_of(indicator.indicator_id)
    in_range = tuple(p for p in every if state.start <= p <= f"{state.end}~")  # 2024 takes in its months
    entities = dict.fromkeys((*state.entities, state.reference))
    figures = dataset.preferred(indicator.indicator_id, entities)
    converted, unit, prices_of = conversions(dataset, indicator, state, figures, available)
    amounts = _converted(figures, converted)
    if measure == "index" and is_chain_link(indicator):
        starts = {e: _last_break(dataset, indicator, e, in_range) for e in amounts}
        amounts = {
            e: tf.chain(every, {p: v for p, v in values.items() if p >= starts[e]})
            for e, values in amounts.items()
        }
    chosen = {e: amounts[e] for e in state.entities if e in amounts}
    base, counts = _base(state, chosen, every, in_range) if measure == "index" else ("", {})
    transforms: dict[str, Callable[[Values], Values]] = {
        "index": partial(tf.index, base=base),
        "change": tf.change,
        "cumulative": partial(tf.cumulate, in_range),
        "ratio": partial(tf.ratio, reference=amounts.get(state.reference, {})),
    }
    transform = transforms.get(measure, dict)
    drawn = {e: cut for e, values in chosen.items() if (cut := _within(transform(values), in_range))}
    without_base = tuple(e for e in chosen if e not in drawn and _within(chosen[e], in_range))
    periods, span, extent = _span(state, drawn, in_range)
    series = [
        Series(e, indicator.indicator_id, _within(values, periods), _within(figures[e], periods))
        for e, values in drawn.items()
    ]
    return Selection(
        indicator, {"index": "index", "ratio": "%", "change": "%"}.get(measure, unit), measure,
        every, in_range, periods, tuple(s for s in series if s.values), span, extent, base, counts,
        without_base, tuple(e for e in state.entities if e not in drawn and e not in without_base),
        len(chosen),
        prices_of=prices_of if unit_is_money(indicator) else "",
        reference=state.reference if measure == "ratio" else "",
        reference_figures=figures.get(state.reference, {}) if measure == "ratio" else {},
        colours=entity_roles((e, dataset.entities[e].city_id) for e in state.entities),
        conversions=converted, per_capita=state.per_capita and "head" in available,
        currency=state.currency if state.currency in available else "",
        several=len(state.indicators) > 1 and not view.single,
    )  # fmt: skip


def _converted(
    figures: Mapping[str, Mapping[str, Figure]], converted: Sequence[Conversion]
) -> dict[str, Values]:
    amounts = {e: {p: figure.value for p, figure in published.items()} for e, published in figures.items()}
    for power, factors, _ in converted:
        amounts = {e: tf.scale(values, factors.get(e, {}), power) for e, values in amounts.items()}
    return amounts


def _within(by_period: Mapping[str, T], periods: Sequence[str]) -> dict[str, T]:
    if not periods:
        return {}
    first, last = periods[0], periods[-1]
    return {p: value for p, value in by_period.items() if first <= p <= last}


def _base(
    state: State, amounts: Mapping[str, Values], every: Sequence[str], in_range: Sequence[str]
) -> tuple[str, dict[str, int]]:
    """Return an index's base, else the first that most have, and how many could start from each period."""
    counts = {p: sum(values.get(p, 0) > 0 for values in amounts.values()) for p in every}
    most = max(in_range, key=counts.__getitem__, default="")
    return (state.base if state.base in in_range else most if counts.get(most) else ""), counts


def _span(
    state: State, drawn: Mapping[str, Values], in_range: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[float, ...]]:
    """Return the periods to draw; where a player stands at one, the ends and the extent of its whole span."""
    covered = sorted({p for values in drawn.values() for p in values})
    span: tuple[str, ...] = ()
    extent: tuple[float, ...] = ()
    if state.frame and covered:
        every = [v for values in drawn.values() for v in values.values()]
        span, extent = (covered[0], covered[-1]), (min(every), max(every))
        covered = [p for p in covered if p <= f"{state.frame}~"]
    return tuple(_within(dict.fromkeys(in_range), covered)), span, extent


def _last_break(dataset: Dataset, indicator: Indicator, entity: str, in_range: Sequence[str]) -> str:
    """Return where the last break in range is: levels on its two sides do not compare."""
    last = in_range[-1] if in_range else ""
    notes = dataset.notes_for(indicator.indicator_id, (entity,))
    return max((n.period for n in notes if n.kind == "break" and n.period <= last), default="")


def unit_is_money(indicator: Indicator) -> bool:
    """Return whether the unit is yuan or dollars, alone or per something."""
    return indicator.unit.split("/")[0] in ("CNY", "USD")
