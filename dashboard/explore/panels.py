"""Small panels in one chart: each shows an entity or an indicator, as lines or as a ranking."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboard import locale
from dashboard.explore import wording
from dashboard.explore.marks import line_marks, mark_name, point, split, strong
from dashboard.explore.select import Context, Selection, Series
from dashboard.explore.views import Drawn
from dashboard.figures.record import Axis, Dash, Line, Mark, Point, Rule, Text, time_value
from dashboard.type.text import wrap

MAX_PANELS = 36
MAX_BARS, BAR_ROW = 20, 36
"""Rows of a ranking in one panel, and the height of one: a bar and its label above it."""
MAX_BACKGROUND_PANELS = 24
"""With more panels than this, no panel repeats the others' lines: they would be a grey field."""
ROW = 168
"""Least height of a row of panels, in CSS pixels."""
TITLE, PERIODS = 40, 27
"""Of it, the room for the title and for the periods."""
PLOT = {"wide": 880, "narrow": 330}
"""Room the panels have in the explorer's pictures, in CSS pixels; a title is cut to its panel's part."""
LONG_VALUE = 8
"""A last value of more characters wants more room beside its line ("3.38 trillion")."""
LONG_LABEL = 16
"""The same where a name stands before it."""


@dataclass(frozen=True)
class _Panel:
    """A panel's place in the plane (its left and upper edge), its title and what it shows."""

    title: str
    selection: Selection
    series: Sequence[Series]
    left: float
    upper: float
    across: int
    row_height: float

    def heading(self, context: Context) -> Text:
        room = 0.94 * PLOT[context.form] / self.across
        title = wrap(self.title, room, 12.5, context.lang, strong=True, max_lines=1)[0]
        return Text(self.left, self.upper, title, "ink", "start", dy=-14, strong=True, size=12.5)


def panels(context: Context, selections: Sequence[Selection] | None = None) -> Drawn:
    """Draw a small panel for each entity on one scale; for several indicators one each, on its own.

    Panels are laid out in one plane: a panel's column and row are whole numbers, its own axes run 0–1 inside.
    """
    selections = selections or context.selections
    several, ranking, narrow = len(selections) > 1, context.state.view == "bar", context.form == "narrow"
    fields = [(one.indicator.name(context.lang), one, one.series) for one in selections if one.series]
    if not several:
        fields = [(context.name(s.entity), selections[0], (s,)) for s in selections[0].series]
    left_out, fields = max(0, len(fields) - MAX_PANELS), fields[:MAX_PANELS]
    slim = 1 if several and not ranking else 2  # on a phone values need the room beside the lines
    across = min(len(fields), slim if narrow else 4 if len(fields) > 6 else 3)
    down = math.ceil(len(fields) / across)
    bars = min(MAX_BARS, max(len(series) for _, _, series in fields)) if ranking else 0
    row_height = max(ROW, 56 + BAR_ROW * bars, 330 / down)
    log = wording.is_log(selections[0], context.state) and not several
    background: list[Line] = []
    if not several and not ranking and len(fields) <= MAX_BACKGROUND_PANELS:
        # the others stand behind, quietly, so that each panel can be compared
        for s in selections[0].series:
            background += line_marks(replace(context, with_texts=False), selections[0], s)
    marks: list[Mark] = []
    for n, (title, one, series) in enumerate(fields):
        left, upper = n % across + 0.03, down - n // across - TITLE / row_height
        panel = _Panel(title, one, series, left, upper, across, row_height)
        marks += _bars(context, panel) if ranking else _lines(context, panel, background, log=log)
    x, y = Axis((0, across), grid=False), Axis((0, down), grid=False)
    return Drawn(x, y, tuple(marks), round(row_height * down), log, left_out=left_out)


def _lines(context: Context, panel: _Panel, background: list[Line], *, log: bool) -> list[Mark]:
    """Draw a panel's lines with their last values, its title, the scale's top and the ends of time."""
    one, lang = panel.selection, context.lang
    behind, front = split([(one, s) for s in panel.series])
    ends = [(s.entity, s.values[s.last]) for _, s in front]
    texts = [locale.axis_label(float(f"{v:.3g}"), one.unit, lang) for _, v in ends]
    if one.several:
        texts = [f"{context.name(e)} {v}" for (e, _), v in zip(ends, texts, strict=True)]
    right = panel.left + _room(context, panel, max(map(len, texts)))
    bottom = panel.upper - 1 + (TITLE + PERIODS) / panel.row_height
    low, high = _value_range(one, log)
    first, last = (time_value(p) for p in one.span or (one.periods[0], one.periods[-1]))

    def y(value: float) -> float:
        return _between(bottom, panel.upper, low, high, math.log10(value) if log else value)

    def place(line: Line) -> tuple[Point, ...]:
        places = ((p, _between(panel.left, right, first, last, p.x)) for p in line.points)
        return tuple(p._replace(x=x, y=None if p.y is None else y(p.y)) for p, x in places)

    marks: list[Mark] = [panel.heading(context)]
    if high != low and (one.several or panel.left < 1):
        top = locale.axis_label(float(f"{10**high if log else high:.3g}"), one.unit, lang)
        marks.append(Text(panel.left, panel.upper, top, "muted", "start", dy=8, size=10.5))
    marks.append(Rule(panel.left, bottom, right, bottom, "rule"))
    marks.append(Text(panel.left, bottom, one.periods[0], "muted", "start", dy=15, size=11))
    marks.append(Text(right, bottom, one.periods[-1], "muted", "end", dy=15, size=11))
    names = [mark_name(s, one) for s in panel.series]
    marks += [Line(place(line), "rule", width=1.0) for line in background if line.name not in names]
    for pair in behind:
        marks += [replace(line, points=place(line)) for line in line_marks(context, *pair, quiet=True)]
    for _, s in front:
        width = 2.6 if strong(s.entity) else 2.0
        for line in line_marks(context, one, s):
            marks.append(replace(line, points=place(line), strong=False, width=width))
    for (e, _), label, height in zip(ends, texts, _spread([y(v) for _, v in ends], 12 / ROW), strict=True):
        ink = one.colours[e]
        marks.append(Text(right, height, label, ink, "start", dx=5, dy=4, strong=True, size=10.5))
    return marks


def _room(context: Context, panel: _Panel, longest: int) -> float:
    """Return a panel's room for lines: less where a longer label stands at an end."""
    long = panel.across > 2 and longest > (LONG_LABEL if panel.selection.several else LONG_VALUE)
    if panel.selection.several:
        return 0.53 if long else 0.61
    return 0.61 if long else 0.65 if context.form == "narrow" else 0.71


def _value_range(selection: Selection, log: bool) -> tuple[float, float]:
    """Return the values (logarithms) at the bottom and the top of a panel; of ranks the best is on top."""
    values = [v for s in selection.series for v in s.values.values()]
    low, high = min(values), max(values)
    if log:
        return math.log10(low), math.log10(high)
    if selection.unit == "rank":
        return high, low
    return (min(0.0, low) if low < 0.5 * high else low), high


def _between(start: float, stop: float, low: float, high: float, value: float) -> float:
    """Return where a value stands from ``start`` (that of ``low``) to ``stop`` (that of ``high``)."""
    return start + (stop - start) * ((value - low) / (high - low) if high != low else 0.5)


def _bars(context: Context, panel: _Panel) -> list[Mark]:
    """Rank an indicator's entities in its panel, best first: a name with its value over a bar from zero."""
    one, period = panel.selection, panel.selection.best_period
    ranking = one.ranked(period)
    marks: list[Mark] = [panel.heading(context)]
    least, most = min(0.0, *(v for v, _ in ranking)), max(0.0, *(v for v, _ in ranking))
    for n, (v, s) in enumerate(ranking[:MAX_BARS]):
        y = panel.upper - (BAR_ROW * n + 24) / panel.row_height
        zero, length = (panel.left + 0.85 * (x - least) / ((most - least) or 1.0) for x in (0.0, v))
        end = point(context, one, s, period, length, y)
        dash: Dash = "dash" if s.provisional(period) else "solid"
        ink = one.colours[s.entity]
        marks.append(Line((Point(zero, y), end), ink, width=5.0, dash=dash, name=s.entity))
        value = f"{context.name(s.entity)} {wording.amount(v, one, context.lang)}"
        marks.append(Text(panel.left, y, value, ink, "start", dy=-12, strong=strong(s.entity), size=11))
    return marks


def _spread(wanted: list[float], gap: float) -> list[float]:
    """Return heights at least ``gap`` apart, in the order of those ``wanted`` and around them."""
    out = list(wanted)
    last = -math.inf
    order = sorted(range(len(wanted)), key=lambda n: (wanted[n], n))
    for n in order:
        out[n] = last = max(wanted[n], last + gap)
    over = sum(out[n] - wanted[n] for n in order) / len(order)
    return [y - over for y in out]
