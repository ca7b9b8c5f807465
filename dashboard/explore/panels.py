"""Views made of many small fields: the heat map of ranks and the small multiples."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from dashboard import locale
from dashboard.dataset import Dataset, Lang
from dashboard.explore import words
from dashboard.explore.parts import hatched, line_marks, role, strong
from dashboard.explore.select import Selection, Series, best_period, select
from dashboard.explore.state import State
from dashboard.figures import scales
from dashboard.figures.record import (
    Axis,
    Cell,
    Cells,
    Dash,
    Form,
    Line,
    Mark,
    Point,
    Rule,
    Text,
    time_value,
)
from dashboard.pictures.text import wrap

Fields = tuple[Axis, Axis, tuple[Mark, ...], int, bool]
Finding = tuple[str, dict[str, str | float]]
Ranks = tuple[Axis, Axis, tuple[Mark, ...], int, Finding | None]
BEHIND = 24
"""With more panels than this, no panel repeats the others' lines: they would be a grey field."""
ROW = 168
"""Height of a row of small multiples, in CSS pixels."""
PLOT = {"wide": 880, "narrow": 330}
"""Room the panels have in the explorer's pictures, in CSS pixels; a title is cut to its panel's part."""
LONG_VALUE = 8
"""A last value of more characters wants more room beside its line ("3.38 trillion")."""
LONG_NAMED = 16
"""The same where a name stands before it."""
MOST_COLUMNS = {"wide": 13, "narrow": 6}


def ranks(values: list[float | None], lower: bool) -> list[int | None]:
    """Return places from 1; equal values share one, ``None`` has none."""
    known = sorted({v for v in values if v is not None}, reverse=not lower)
    first = {v: 1 + sum(1 for w in values if w is not None and (w < v if lower else w > v)) for v in known}
    return [None if v is None else first[v] for v in values]


def heat(dataset: Dataset, selection: Selection, state: State, lang: Lang, form: Form) -> Ranks:
    """Entities × periods, or × indicators when several are chosen; each field is the rank in its column."""
    columns: list[tuple[str, Selection, int]] = []
    if len(state.indicators) > 1:
        for n in range(len(state.indicators)):
            one = select(dataset, state, n, measure="value")
            at = best_period(one)
            if at >= 0:
                columns.append((one.indicator.name(lang), one, at))
    else:
        count = len(selection.periods)
        step = math.ceil(count / MOST_COLUMNS[form])
        picked = [k for k in range(count) if (count - 1 - k) % step == 0]
        columns = [(locale.period(selection.periods[k], lang), selection, k) for k in picked]
    entities = [e for e in state.entities if any(s.entity == e for _, one, _ in columns for s in one.series)]
    cells: list[Cell] = []
    order: dict[str, float] = {}
    grid: list[list[int | None]] = []
    for _, one, at in columns:
        by = {s.entity: s for s in one.series}
        values = [by[e].values[at] if e in by else None for e in entities]
        lower = one.indicator.better == "lower"
        grid.append(ranks(values, lower))
    for n, e in enumerate(entities):
        own = [g[n] for g in grid if g[n] is not None]
        order[e] = sum(r for r in own if r is not None) / len(own) if own else math.inf
    if len(state.indicators) == 1:  # the newest column says the order; the mean rank where it is empty
        order = {e: float(grid[-1][n] or 99 + order[e]) for n, e in enumerate(entities)}
    rows = sorted(entities, key=lambda e: (order[e], entities.index(e)))
    for c, (_, one, at) in enumerate(columns):
        by = {s.entity: s for s in one.series}
        most = max((r for r in grid[c] if r is not None), default=1)
        for r, e in enumerate(rows):
            rank = grid[c][entities.index(e)]
            s = by.get(e)
            cell = s.cells[at] if s else None
            cells.append(
                Cell(
                    c, r, None if rank is None else (1.0 if most == 1 else 1 - (rank - 1) / (most - 1)),
                    "" if rank is None else f"{rank}*" if hatched(cell) else str(rank),
                    _cell_text(dataset, s, one, at, state, lang, rank), (cell.key,) if cell else (),
                )
            )  # fmt: skip
    x = scales.categories([name for name, _, _ in columns], reverse=False)
    y = scales.categories([words.name(dataset, e, lang) for e in rows])
    height = max(330, 36 * len(rows) + 80)
    found: Finding | None = None
    if len(rows) > 1 and len(state.indicators) == 1:
        found = _firsts(selection)
    elif len(rows) > 1 and columns:
        firsts = [(sum(1 for g in grid if g[entities.index(e)] == 1), e) for e in rows]
        found = _often("firsts", firsts, len(columns))
    return x, y, (Cells(tuple(cells), "shenzhen", "ranks"),), height, found


def _firsts(selection: Selection) -> Finding | None:
    """Return who comes first how often, over every period that two or more have, drawn as a column or not."""
    lower = selection.indicator.better == "lower"
    every = {
        p: ranks([s.values[k] for s in selection.series], lower) for k, p in enumerate(selection.periods)
    }
    grid = {p: places for p, places in every.items() if sum(r is not None for r in places) > 1}
    if not grid:
        return None
    wins = [
        (sum(places[n] == 1 for places in grid.values()), s.entity) for n, s in enumerate(selection.series)
    ]
    most, leader = max(wins, key=lambda w: w[0])
    if most == len(grid) > 1:
        return "always_first", {"a": leader, "period": min(grid), "until": max(grid)}
    return _often("often_first", wins, len(grid))


def _often(key: str, wins: list[tuple[int, str]], of: int) -> Finding:
    """Say who comes first most often; who shares that is named, too."""
    most = max(n for n, _ in wins)
    leaders = [e for n, e in wins if n == most]
    found: dict[str, str | float] = {"a": leaders[0], "n": str(most), "m": str(of)}
    if len(leaders) == 1:
        return key, found
    return f"{key}_shared", {**found, "names": "~".join(leaders)}


def _cell_text(
    dataset: Dataset, s: Series | None, one: Selection, at: int, state: State, lang: Lang, rank: int | None
) -> str:
    if s is None or rank is None:
        return ""
    return f"{locale.ordinal(rank, lang)} · {words.point_text(dataset, s, at, one, lang)}"


def multiples(dataset: Dataset, shown: Sequence[Selection], state: State, lang: Lang, form: Form) -> Fields:
    """Draw a small panel for each entity on one scale; for several indicators one each, on its own.

    Panels are laid out in one plane: a panel's column and row are whole numbers, its own axes run 0–1 inside.
    """
    several = len(shown) > 1
    selection = shown[0]
    panels: list[tuple[str, list[Series], Selection]] = []
    if several:
        panels = [(s.indicator.name(lang), list(s.series), s) for s in shown if s.series]
    else:
        panels = [(words.name(dataset, s.entity, lang), [s], selection) for s in selection.series]
    slim = 1 if several and state.view != "bar" else 2  # on a phone values need the room beside the lines
    across = min(len(panels), (slim if form == "narrow" else 4 if len(panels) > 6 else 3)) or 1
    down = math.ceil(len(panels) / across) or 1
    log = words.is_log(selection, state) and not several
    marks: list[Mark] = []
    tallest = max((len(own) for _, own, _ in panels), default=0) if state.view == "bar" else 0
    row_height = max(ROW, 56 + 24 * tallest, 330 / down)
    above, below = 40 / row_height, 27 / row_height  # for the title, for the periods
    for n, (title, own, one) in enumerate(panels):
        column, row = n % across, n // across
        if state.view == "bar":
            marks += _panel_bars(dataset, title, one, lang, form, (column, down - row), across, row_height)
            continue
        shared = list(selection.series) if not several else own
        low, high = _span(shared, one.unit, log)
        first, last = time_value(one.periods[0]), time_value(one.periods[-1])
        ends = [(s.entity, v) for s in own if (v := s.values[s.points()[-1]]) is not None]
        said = [locale.axis_label(float(f"{v:.3g}"), one.unit, lang) for _, v in ends]
        if several:
            said = [f"{words.name(dataset, e, lang)} {v}" for (e, _), v in zip(ends, said, strict=True)]
        # what stands at the end of a line has its room there, more where it is long to say
        x0, x1 = column + 0.03, column + (0.68 if form == "narrow" else 0.74)
        longest = max(map(len, said))
        if several:
            x1 = column + (0.56 if longest > LONG_NAMED and across > 2 else 0.64)
        elif longest > LONG_VALUE and across > 2:
            x1 = column + 0.64
        y0, y1 = down - row - 1 + below, down - row - above

        def x_of(t: float, a: float = first, b: float = last, x0: float = x0, x1: float = x1) -> float:
            return x0 + (x1 - x0) * ((t - a) / (b - a) if b > a else 0.5)

        def y_of(v: float, a: float = low, b: float = high, y0: float = y0, y1: float = y1) -> float:
            v = math.log10(v) if log else v
            return y0 + (y1 - y0) * ((v - a) / (b - a) if b != a else 0.5)

        room = 0.94 * PLOT[form] / across
        title = wrap(title, room, 12.5, lang, strong=True, max_lines=1)[0]
        marks.append(Text(x0, y1, title, "ink", "start", dy=-14, strong=True, size=12.5))
        if high != low and (several or column == 0):
            top = locale.axis_label(float(f"{10**high if log else high:.3g}"), one.unit, lang)
            marks.append(Text(x0, y1, top, "muted", "start", dy=8, size=10.5))
        marks.append(Rule(x0, y0, x1, y0, "rule"))
        marks.append(Text(x0, y0, one.periods[0], "muted", "start", dy=15, size=11))
        marks.append(Text(x1, y0, one.periods[-1], "muted", "end", dy=15, size=11))
        if not several and len(selection.series) <= BEHIND:
            # the others stand behind, quietly, so that each panel can be compared
            for s in selection.series:
                if s is not own[0]:
                    lines = line_marks(dataset, one, s, state, lang, label=False)
                    marks += [_in_panel(line, x_of, y_of, quiet=True) for line in lines]
        for s in own:
            for line in line_marks(dataset, one, s, state, lang, label=False):
                width = 2.6 if strong(s.entity) else 2.0
                marks.append(replace(_in_panel(line, x_of, y_of), name=s.entity, width=width))
        places = _spread([y_of(v) for _, v in ends], 12 / ROW)
        for (e, _), words_said, y in zip(ends, said, places, strict=True):
            ink = role(dataset, e)
            marks.append(Text(x1, y, words_said, ink, "start", dx=5, dy=4, strong=True, size=10.5))
    height = round(row_height * down)
    return Axis((0, across), grid=False), Axis((0, down), grid=False), tuple(marks), height, log


def _panel_bars(
    dataset: Dataset, title: str, one: Selection, lang: Lang, form: Form,
    at: tuple[int, int], across: int, height: float,
) -> list[Mark]:  # fmt: skip
    """Rank an indicator's entities in its panel, best first: a name with its value over a bar from zero.

    ``at`` is the panel's column and upper edge; ``height`` is a row's in CSS pixels.
    """
    left, upper = at[0] + 0.03, at[1] - 40 / height
    k = best_period(one)
    low = one.indicator.better == "lower" and one.unit == "rank"
    here = [(v, s) for s in one.series if (v := s.values[k]) is not None]
    here.sort(key=lambda p: (p[0] if low else -p[0], p[1].entity))
    said = wrap(title, 0.94 * PLOT[form] / across, 12.5, lang, strong=True, max_lines=1)[0]
    marks: list[Mark] = [Text(left, upper, said, "ink", "start", dy=-14, strong=True, size=12.5)]
    least, most = min(0.0, *(v for v, _ in here)), max(0.0, *(v for v, _ in here))

    def x_of(v: float) -> float:
        return left + 0.85 * ((v - least) / (most - least) if most > least else 0.0)

    for n, (v, s) in enumerate(here):
        y = upper - (24 * n + 18) / height
        key = (c.key,) if (c := s.cells[k]) else ()
        ink = role(dataset, s.entity)
        end = Point(x_of(v), y, words.point_text(dataset, s, k, one, lang), key)
        dash: Dash = "dash" if hatched(s.cells[k]) else "solid"
        marks.append(Line((Point(x_of(0.0), y), end), ink, width=5.0, dash=dash, name=s.entity))
        value = f"{words.name(dataset, s.entity, lang)} {words.amount(v, one, lang)}"
        marks.append(Text(left, y, value, ink, "start", dy=-7, strong=strong(s.entity), size=11))
    return marks


def _spread(wanted: list[float], gap: float) -> list[float]:
    """Return heights at least ``gap`` apart, in the order of those ``wanted`` and around them."""
    out = list(wanted)
    last = -math.inf
    order = sorted(range(len(wanted)), key=lambda n: (wanted[n], n))
    for n in order:
        out[n] = last = max(wanted[n], last + gap)
    over = sum(out[n] - wanted[n] for n in order) / len(order) if order else 0.0
    return [y - over for y in out]


def _span(series: list[Series], unit: str, log: bool) -> tuple[float, float]:
    """Return what stands at a panel's foot and at its top: of ranks the best is on top."""
    values = [v for s in series for v in s.values if v is not None]
    if log:
        return math.log10(min(values)), math.log10(max(values))
    if unit == "rank":
        return max(values), min(values)
    return min(0.0, min(values)) if min(values) < 0.5 * max(values) else min(values), max(values)


def _in_panel(
    line: Line, x_of: Callable[[float], float], y_of: Callable[[float], float], *, quiet: bool = False
) -> Line:
    """Return a line of the whole chart where it stands in a panel; a quiet one says nothing."""
    points = tuple(
        replace(
            p, x=x_of(p.x), y=None if p.y is None else y_of(p.y),
            text="" if quiet else p.text, keys=() if quiet else p.keys,
        )
        for p in line.points
    )  # fmt: skip
    if quiet:
        return Line(points, "rule", width=1.0)
    return replace(line, points=points, strong=False)
