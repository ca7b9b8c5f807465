"""Who comes first: entities in rows, periods or indicators in columns, ranks in the fields."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dashboard import locale
from dashboard.dataset import Dataset, Lang
from dashboard.explore import wording
from dashboard.explore.findings import NOTHING, Found
from dashboard.explore.marks import ROWS, point
from dashboard.explore.select import Selection, Series, Shown, select
from dashboard.explore.state import State
from dashboard.explore.views import Drawn, View
from dashboard.figures import scales
from dashboard.figures.record import Cell, Cells, Form

MAX_COLUMNS = {"wide": 13, "narrow": 6}
MIN_RANKED = 3
"""A place among fewer says nothing."""


@dataclass(frozen=True)
class _Column:
    """A column: its name, the figures at one period, and each entity's place among them."""

    name: str
    selection: Selection
    at: int
    places: dict[str, int]
    series: dict[str, Series]


def ranks(values: dict[str, float], lower: bool) -> dict[str, int]:
    """Return places from 1 by name, equal values sharing one; none of fewer than :data:`MIN_RANKED`."""
    if len(values) < MIN_RANKED:
        return {}
    ordered = sorted(values.values(), reverse=not lower)
    first: dict[float, int] = {}
    for n, value in enumerate(ordered, 1):
        first.setdefault(value, n)
    return {name: first[value] for name, value in values.items()}


def draw(dataset: Dataset, shown: Shown, state: State, lang: Lang, form: Form) -> Drawn:
    """Entities × periods, or × indicators when several are chosen; each field is the rank in its column."""
    several = len(state.indicators) > 1
    if several:
        plain = [
            select(dataset, state, n, measure="value", with_texts=shown[0].with_texts)
            for n in range(len(shown))
        ]
        columns = [_column(one.indicator.name(lang), one, one.best_place) for one in plain if one.series]
    else:
        columns = _over_time(shown[0], lang, form)
    if not any(c.places for c in columns):
        return Drawn(empty=("few_to_rank", {"n": str(MIN_RANKED)}))
    every = _rows(state, columns, newest=not several)
    rows = every[:ROWS]
    cells = [
        _cell(dataset, column, c, r, entity, lang)
        for c, column in enumerate(columns) for r, entity in enumerate(rows)
    ]  # fmt: skip
    return Drawn(
        scales.categories([c.name for c in columns], reverse=False),
        scales.categories([wording.name(dataset, e, lang) for e in rows]),
        (Cells(tuple(cells), "shenzhen", "ranks"),),
        max(330, 36 * len(rows) + 80),
        finding=_most_wins(columns) if several else _most_wins_over_time(shown[0]),
        left_out=len(every) - len(rows),
    )


def _over_time(selection: Selection, lang: Lang, form: Form) -> list[_Column]:
    count = len(selection.periods)
    step = math.ceil(count / MAX_COLUMNS[form])
    picked = [k for k in range(count) if (count - 1 - k) % step == 0]
    return [_column(locale.period(selection.periods[k], lang), selection, k) for k in picked]


def _column(name: str, selection: Selection, at: int) -> _Column:
    values = {s.entity: v for s in selection.series if (v := s.values[at]) is not None}
    places = ranks(values, selection.indicator.better == "lower")
    return _Column(name, selection, at, places, {s.entity: s for s in selection.series})


def _rows(state: State, columns: list[_Column], *, newest: bool) -> list[str]:
    """Return the entities in order: of the newest column, else of the mean place."""
    have = {s.entity for c in columns for s in c.selection.series}

    def order(entity: str) -> tuple[float, float]:
        own = [c.places[entity] for c in columns if entity in c.places]
        mean = sum(own) / len(own) if own else math.inf
        return (columns[-1].places.get(entity, math.inf) if newest else mean), mean

    return sorted((e for e in state.entities if e in have), key=order)


def _cell(dataset: Dataset, column: _Column, c: int, r: int, entity: str, lang: Lang) -> Cell:
    rank = column.places.get(entity)
    if rank is None:
        return Cell(c, r, None)
    most = max(column.places.values())
    series = column.series[entity]
    own = point(dataset, series, column.at, column.selection, lang, c, r)
    text = f"{locale.ordinal(rank, lang)} · {own.text}" if own.text else ""
    star = "*" if series.provisional(column.at) else ""
    shade = 1.0 if most == 1 else 1 - (rank - 1) / (most - 1)
    return Cell(c, r, shade, f"{rank}{star}", text, own.keys)


def _most_wins_over_time(selection: Selection) -> Found:
    """Return who comes first how often, over every period that has ranks, drawn as a column or not."""
    lower = selection.indicator.better == "lower"
    every = {
        p: ranks({s.entity: v for s in selection.series if (v := s.values[k]) is not None}, lower)
        for k, p in enumerate(selection.periods)
    }
    grid = {p: places for p, places in every.items() if places}
    wins = {s.entity: sum(places.get(s.entity) == 1 for places in grid.values()) for s in selection.series}
    leader = max(wins, key=lambda e: wins[e])
    shared = any(list(places.values()).count(1) > 1 for places in grid.values())
    if wins[leader] == len(grid) > 1 and not shared:
        return "always_first", {"a": leader, "period": min(grid), "until": max(grid)}
    return _win_finding("often_first", wins, len(grid))


def _most_wins(columns: list[_Column]) -> Found:
    ranked = [c.places for c in columns if c.places]
    every = {e for places in ranked for e in places}
    return _win_finding("firsts", {e: sum(p.get(e) == 1 for p in ranked) for e in sorted(every)}, len(ranked))


def _win_finding(key: str, wins: dict[str, int], of: int) -> Found:
    """Say who comes first most often; who shares that is named, too."""
    if not wins or of < 2:
        return NOTHING
    most = max(wins.values())
    leaders = [e for e, n in wins.items() if n == most]
    found: dict[str, str | float] = {"a": leaders[0], "n": str(most), "m": str(of)}
    if len(leaders) == 1:
        return key, found
    return f"{key}_shared", {**found, "names": "~".join(leaders)}


VIEW = View(draw, order=40, provisional_style="starred", shows="columns")
