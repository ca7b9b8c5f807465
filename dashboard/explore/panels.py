"""Small panels in one plane: an entity or an indicator each, lines or a ranking inside."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from dashboard import locale
from dashboard.dataset import Dataset, Lang
from dashboard.explore import words
from dashboard.explore.marks import hatched, key_of, line_marks, point, role, strong
from dashboard.explore.select import Selection, Series, Shown, best_period
from dashboard.explore.state import State
from dashboard.explore.views import Drawn
from dashboard.figures.record import (
    Axis,
    Dash,
    Form,
    Line,
    Mark,
    Point,
    Rule,
    Text,
    time_value,
)
from dashboard.type.text import wrap

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


def panels(dataset: Dataset, shown: Shown, state: State, lang: Lang, form: Form) -> Drawn:
    """Draw a small panel for each entity on one scale; for several indicators one each, on its own.

    Panels are laid out in one plane: a panel's column and row are whole numbers, its own axes run 0–1 inside.
    """
    several = len(shown) > 1
    selection = shown[0]
    fields: list[tuple[str, list[Series], Selection]] = []
    if several:
        fields = [(s.indicator.name(lang), list(s.series), s) for s in shown if s.series]
    else:
        fields = [(words.name(dataset, s.entity, lang), [s], selection) for s in selection.series]
    slim = 1 if several and state.view != "bar" else 2  # on a phone values need the room beside the lines
    across = min(len(fields), (slim if form == "narrow" else 4 if len(fields) > 6 else 3)) or 1
    down = math.ceil(len(fields) / across) or 1
    log = words.is_log(selection, state) and not several
    marks: list[Mark] = []
    tallest = max((len(own) for _, own, _ in fields), default=0) if state.view == "bar" else 0
    row_height = max(ROW, 56 + 24 * tallest, 330 / down)
    above, below = 40 / row_height, 27 / row_height  # for the title, for the periods
    for n, (title, own, one) in enumerate(fields):
        column, row = n % across, n // across
        if state.view == "bar":
            marks += _panel_bars(dataset, title, one, lang, form, (column, down - row), across, row_height)
            continue
        shared = list(selection.series) if not several else own
        low, high = _span(shared, one.unit, log)
        ends_of = one.span or one.periods
        first, last = time_value(ends_of[0]), time_value(ends_of[-1])
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
                    lines = line_marks(dataset, one, s, lang)
                    marks += [_in_panel(line, x_of, y_of, quiet=True) for line in lines]
        for s in own:
            for line in line_marks(dataset, one, s, lang):
                width = 2.6 if strong(s.entity) else 2.0
                marks.append(replace(_in_panel(line, x_of, y_of), name=key_of(s, one), width=width))
        places = _spread([y_of(v) for _, v in ends], 12 / ROW)
        for (e, _), words_said, y in zip(ends, said, places, strict=True):
            ink = role(dataset, e)
            marks.append(Text(x1, y, words_said, ink, "start", dx=5, dy=4, strong=True, size=10.5))
    height = round(row_height * down)
    return Drawn(Axis((0, across), grid=False), Axis((0, down), grid=False), tuple(marks), height, log)


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
        ink = role(dataset, s.entity)
        end = point(dataset, s, k, one, lang, x_of(v), y)
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
