"""The parameters of a rule, one set for all kinds, and how they are applied."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from operator import ge, gt, le, lt

from dashboard.claims.dataset_view import RECENT, DatasetView, NotPublicError, Quantity, period_end

_CONDITION = re.compile(r"\s*(<=|>=|<|>)\s*(-?[0-9]{1,15}(?:\.[0-9]{1,15})?(?:e[0-9]{1,2})?)\s*")


@dataclass(frozen=True, slots=True)
class Condition:
    sign: str
    value: float

    @classmethod
    def parse(cls, text: str) -> "Condition":
        match = _CONDITION.fullmatch(text)
        if not match:
            raise ValueError(text)
        return cls(match[1], float(match[2]))

    def holds(self, value: float) -> bool:
        return bool({"<": lt, "<=": le, ">": gt, ">=": ge}[self.sign](value, self.value))

    def __str__(self) -> str:
        value = f"{self.value:g}" if abs(self.value) < 1e6 else f"{self.value:,.0f}"
        return f"{self.sign.replace('>=', '≥').replace('<=', '≤')} {value.replace('-', '−')}"


@dataclass(frozen=True, slots=True)
class Field:
    """Who is compared; ``take`` says which of several counts: ``min``, ``max`` or ``sum``."""

    entities: tuple[str, ...] = ()
    take: str = ""


@dataclass(frozen=True)
class Params:
    kind: str = ""
    indicator: str = ""
    indicators: tuple[str, ...] = ()
    minus: str = ""
    per: str = ""
    base: str = ""
    fallback: str = ""
    against: str = ""
    of: Field = Field()
    to: Field = Field()
    holds: Condition | None = None
    share: Condition | None = None
    since: str = ""
    until: str = ""
    years: int = 0
    back: int = 0
    least: int = 0
    date: str = ""
    place: str = ""
    total: bool = False
    editions: bool = False
    independent: bool = False

    @property
    def measured(self) -> tuple[str, ...]:
        named = (self.indicator, *self.indicators, self.minus, self.per, self.fallback, self.against)
        return tuple(dict.fromkeys(i for i in named if i))

    @property
    def condition(self) -> Condition:
        if self.holds is None:
            raise ValueError("holds: a condition is needed")
        return self.holds


def series_of(data: DatasetView, params: Params, entity: str, indicator: str = "") -> dict[str, Quantity]:
    series = data.in_cny(indicator or params.indicator, entity)
    if not series and params.fallback:
        series = data.in_cny(params.fallback, entity)
    if params.minus:
        other = data.in_cny(params.minus, entity)
        series = {p: q - other[p] for p, q in series.items() if p in other}
    if params.per:
        other = data.in_cny(params.per, entity)
        at = {p: params.base or p for p in series}
        series = {p: q / other[at[p]] for p, q in series.items() if at[p] in other and other[at[p]].value}
    if params.independent:
        series = data.independent(series, entity)
    return {p: replace(q, entity=entity) for p, q in series.items() if p >= params.since}


def newest(data: DatasetView, params: Params, field: Field) -> dict[str, Quantity]:
    """Return entity → its newest figure within :data:`RECENT` years of the last for which most have one."""
    by_entity = series_by_entity(data, params, field.entities)
    end = max((int(p[:4]) for series in by_entity.values() for p in series), default=0)
    if not end:
        raise NotPublicError
    recent = [
        {e: s[max(p)] for e, s in by_entity.items() if (p := [p for p in s if y - RECENT <= int(p[:4]) <= y])}
        for y in range(end, end - RECENT - 1, -1)
    ]
    return max(recent, key=len)


def series_by_entity(
    data: DatasetView, params: Params, entities: Iterable[str], indicator: str = ""
) -> dict[str, dict[str, Quantity]]:
    return {e: series_of(data, params, e, indicator) for e in entities}


def ratios(series: Mapping[str, Quantity], base: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """Return period → ratio, in order, for the common periods with something to divide by."""
    return {p: q / base[p] for p, q in series.items() if p in base and base[p].value > 0}


def common_periods(by_entity: Mapping[str, Mapping[str, Quantity]]) -> list[str]:
    return sorted(set.intersection(*map(set, by_entity.values())))


def years_before(period: str, years: int) -> str:
    return f"{int(period[:4]) - years}{period[4:]}"


def years_between(first: str, second: str) -> float:
    """Return the years from one period to another, counted by month where months are known."""
    days = [period_end(p) if len(p) > 4 else f"{p}-01" for p in (first, second)]
    start, end = (int(day[:4]) * 12 + int(day[5:7]) for day in days)
    return (end - start) / 12
