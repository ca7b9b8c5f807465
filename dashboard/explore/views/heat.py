"""Who comes first: entities in rows, periods or several indicators in columns, ranks in the fields."""

import math
from collections import Counter
from typing import NamedTuple

from dashboard import locale
from dashboard.explore.findings import NOTHING, Found
from dashboard.explore.marks import ROWS, point
from dashboard.explore.select import Context, Selection, select
from dashboard.explore.views import Drawn, View
from dashboard.figures import scales
from dashboard.figures.record import Cell, Cells

MAX_COLUMNS = {"wide": 13, "narrow": 6}
MIN_RANKED = 3
"""A place among fewer says nothing."""


class Column(NamedTuple):
    """The figures of one period, and each entity's place among them."""

    name: str
    selection: Selection
    period: str
    places: dict[str, int]


def ranks(values: dict[str, float], lower: bool) -> dict[str, int]:
    """Return places from 1 by name, equal values sharing one; none of fewer than :data:`MIN_RANKED`."""
    if len(values) < MIN_RANKED:
        return {}
    ordered = sorted(values.values(), reverse=not lower)
    first = {value: n for n, value in reversed(list(enumerate(ordered, 1)))}
    return {name: first[value] for name, value in values.items()}


def draw(context: Context) -> Drawn:
    dataset, state, lang = context.dataset, context.state, context.lang
    several = len(state.indicators) > 1
    if several:
        plain = [select(dataset, state, n, measure="value") for n in range(len(state.indicators))]
        every = [_column(one.indicator.name(lang), one, one.best_period) for one in plain if one.series]
        columns, finding = every, _most_wins(context, "firsts", every)
    else:
        one = context.selections[0]
        every = [_column(locale.period(p, lang), one, p) for p in one.periods]
        columns = every[:: -math.ceil(len(every) / MAX_COLUMNS[context.form])][::-1]
        finding = _most_wins(context, "often_first", every)
    if not any(c.places for c in columns):
        return Drawn(empty=("few_to_rank", {"n": str(MIN_RANKED)}))
    entities = _rows(context, columns, newest=not several)
    rows = entities[:ROWS]
    cells = [_cell(context, column, c, r, e) for c, column in enumerate(columns) for r, e in enumerate(rows)]
    return Drawn(
        scales.categories([c.name for c in columns], reverse=False),
        scales.categories([context.name(e) for e in rows]),
        (Cells(tuple(cells), "shenzhen", "ranks"),),
        max(330, 36 * len(rows) + 80),
        finding=finding,
        left_out=len(entities) - len(rows),
    )


def _column(name: str, selection: Selection, period: str) -> Column:
    lower = selection.indicator.better == "lower"
    return Column(name, selection, period, ranks(selection.across(period), lower))


def _rows(context: Context, columns: list[Column], *, newest: bool) -> list[str]:
    """Return the entities in order: of the newest column, else of the mean place."""
    have = {s.entity for c in columns for s in c.selection.series}

    def order(entity: str) -> tuple[float, float]:
        places = [c.places[entity] for c in columns if entity in c.places]
        mean = sum(places) / len(places) if places else math.inf
        return (columns[-1].places.get(entity, math.inf) if newest else mean), mean

    return sorted((e for e in context.state.entities if e in have), key=order)


def _cell(context: Context, column: Column, c: int, r: int, entity: str) -> Cell:
    rank = column.places.get(entity)
    if rank is None:
        return Cell(c, r, None)
    most = max(column.places.values())
    series = column.selection.by_entity[entity]
    p = point(context, column.selection, series, column.period, c, r)
    text = f"{locale.ordinal(rank, context.lang)} · {p.text}" if p.text else ""
    star = "*" if series.provisional(column.period) else ""
    shade = 1.0 if most == 1 else 1 - (rank - 1) / (most - 1)
    return Cell(c, r, shade, f"{rank}{star}", text, p.keys)


def _most_wins(context: Context, key: str, columns: list[Column]) -> Found:
    """Say who comes first most often, in every column that has ranks; who shares that is named, too."""
    ranked = [c for c in columns if c.places]
    wins = Counter(e for c in ranked for e, place in c.places.items() if place == 1)
    if len(ranked) < 2:
        return NOTHING
    most = max(wins.values())
    leaders = [e for e in context.state.entities if wins[e] == most]
    found: dict[str, str | float] = {"a": leaders[0], "n": str(most), "m": str(len(ranked))}
    if len(leaders) > 1:
        return f"{key}_shared", {**found, "names": "~".join(leaders)}
    if key == "often_first" and most == len(ranked) == wins.total():
        return "always_first", {"a": leaders[0], "period": ranked[0].period, "until": ranked[-1].period}
    return key, found


VIEW = View(draw, order=40, provisional_style="starred", shows="columns")
