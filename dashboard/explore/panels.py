"""Small panels in one chart: each shows an entity or an indicator, as lines or as a ranking."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from dashboard import locale
from dashboard.dataset import Dataset, Lang
from dashboard.explore import wording
from dashboard.explore.marks import labelled, line_marks, mark_name, point, strong
from dashboard.explore.select import Selection, Series, Shown
from dashboard.explore.state import State
from dashboard.explore.views import Drawn
from dashboard.figures.record import Axis, Dash, Form, Line, Mark, Point, Rule, Text, time_value
from dashboard.type.text import wrap

MAX_PANELS = 36
MAX_BARS = 20
"""Rows of a ranking in one panel."""
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
    """A panel's place in the plane (its upper left corner), its title and what it shows."""

    title: str
    selection: Selection
    series: list[Series]
    column: int
    top: int
    across: int
    row_height: float

    def heading(self, x: float, y: float, form: Form, lang: Lang) -> Text:
        room = 0.94 * PLOT[form] / self.across
        title = wrap(self.title, room, 12.5, lang, strong=True, max_lines=1)[0]
        return Text(x, y, title, "ink", "start", dy=-14, strong=True, size=12.5)


def panels(dataset: Dataset, shown: Shown, state: State, lang: Lang, form: Form) -> Drawn:
    """Draw a small panel for each entity on one scale; for several indicators one each, on its own.

    Panels are laid out in one plane: a panel's column and row are whole numbers, its own axes run 0–1 inside.
    """
    several, ranking = len(shown) > 1, state.view == "bar"
    fields = [(one.indicator.name(lang), one, list(one.series)) for one in shown if one.series]
    if not several:
        fields = [(wording.name(dataset, s.entity, lang), shown[0], [s]) for s in shown[0].series]
    left_out, fields = max(0, len(fields) - MAX_PANELS), fields[:MAX_PANELS]
    slim = 1 if several and not ranking else 2  # on a phone values need the room beside the lines
    across = min(len(fields), (slim if form == "narrow" else 4 if len(fields) > 6 else 3)) or 1
    down = math.ceil(len(fields) / across) or 1
    bars = min(MAX_BARS, max((len(own) for _, _, own in fields), default=0)) if ranking else 0
    row_height = max(ROW, 56 + 24 * bars, 330 / down)
    log = wording.is_log(shown[0], state) and not several
    background: list[Line] = []
    if not several and not ranking and len(fields) <= MAX_BACKGROUND_PANELS:
        # the others stand behind, quietly, so that each panel can be compared
        every = (line_marks(dataset, shown[0], s, lang) for s in shown[0].series)
        background = [line for lines in every for line in lines]
    marks: list[Mark] = []
    for n, (title, one, own) in enumerate(fields):
        panel = _Panel(title, one, own, n % across, down - n // across, across, row_height)
        if ranking:
            marks += _bars(dataset, panel, lang, form)
        else:
            marks += _lines(dataset, panel, background, lang, form, log=log)
    height = round(row_height * down)
    x, y = Axis((0, across), grid=False), Axis((0, down), grid=False)
    return Drawn(x, y, tuple(marks), height, log, left_out=left_out)


def _lines(
    dataset: Dataset, panel: _Panel, background: list[Line], lang: Lang, form: Form, *, log: bool
) -> list[Mark]:
    """Draw a panel's lines with their last values, its title, the scale's top and the ends of time."""
    one, several = panel.selection, panel.selection.several
    labels = labelled(panel.series)
    ends = [
        (s.entity, v)
        for s in panel.series
        if (s.entity, s.indicator) in labels and (v := s.values[s.places[-1]]) is not None
    ]
    texts = [locale.axis_label(float(f"{v:.3g}"), one.unit, lang) for _, v in ends]
    if several:
        texts = [f"{wording.name(dataset, e, lang)} {v}" for (e, _), v in zip(ends, texts, strict=True)]
    scale = _Scale.of(panel, max(map(len, texts)), form, log=log)
    marks: list[Mark] = [panel.heading(scale.x0, scale.y1, form, lang)]
    if scale.high != scale.low and (several or panel.column == 0):
        top = locale.axis_label(float(f"{10**scale.high if log else scale.high:.3g}"), one.unit, lang)
        marks.append(Text(scale.x0, scale.y1, top, "muted", "start", dy=8, size=10.5))
    marks.append(Rule(scale.x0, scale.y0, scale.x1, scale.y0, "rule"))
    marks.append(Text(scale.x0, scale.y0, one.periods[0], "muted", "start", dy=15, size=11))
    marks.append(Text(scale.x1, scale.y0, one.periods[-1], "muted", "end", dy=15, size=11))
    own = [mark_name(s, one) for s in panel.series]
    for line in background:
        if line.name not in own:
            points = tuple(replace(scale.place(p), text="", keys=()) for p in line.points)
            marks.append(Line(points, "rule", width=1.0))
    for s in panel.series:
        quiet = (s.entity, s.indicator) not in labels
        for line in line_marks(dataset, one, s, lang, quiet=quiet):
            width = line.width if quiet else 2.6 if strong(s.entity) else 2.0
            points = tuple(map(scale.place, line.points))
            marks.append(replace(line, points=points, strong=False, width=width))
    places = _spread([scale.y(v) for _, v in ends], 12 / ROW)
    for (e, _), label, y in zip(ends, texts, places, strict=True):
        ink = one.colours[e]
        marks.append(Text(scale.x1, y, label, ink, "start", dx=5, dy=4, strong=True, size=10.5))
    return marks


@dataclass(frozen=True)
class _Scale:
    """Where a panel's times and values stand in the plane."""

    x0: float
    x1: float
    y0: float
    y1: float
    first: float
    last: float
    low: float
    high: float
    log: bool

    @classmethod
    def of(cls, panel: _Panel, longest: int, form: Form, *, log: bool) -> _Scale:
        """Return a panel's scale; a longer label at the end of a line leaves less room for the line."""
        one = panel.selection
        right = 0.68 if form == "narrow" else 0.74
        if one.several:
            right = 0.56 if longest > LONG_LABEL and panel.across > 2 else 0.64
        elif longest > LONG_VALUE and panel.across > 2:
            right = 0.64
        values = [v for s in one.series for v in s.values if v is not None]
        low, high = min(values), max(values)
        if log:
            low, high = math.log10(low), math.log10(high)
        elif one.unit == "rank":  # of ranks the best is on top
            low, high = high, low
        else:
            low = min(0.0, low) if low < 0.5 * high else low
        ends = one.span or one.periods
        return cls(
            panel.column + 0.03, panel.column + right,
            panel.top - 1 + PERIODS / panel.row_height, panel.top - TITLE / panel.row_height,
            time_value(ends[0]), time_value(ends[-1]), low, high, log,
        )  # fmt: skip

    def y(self, value: float) -> float:
        value = math.log10(value) if self.log else value
        part = (value - self.low) / (self.high - self.low) if self.high != self.low else 0.5
        return self.y0 + (self.y1 - self.y0) * part

    def place(self, p: Point) -> Point:
        """Return a point of the whole chart where it stands in the panel."""
        part = (p.x - self.first) / (self.last - self.first) if self.last > self.first else 0.5
        return replace(p, x=self.x0 + (self.x1 - self.x0) * part, y=None if p.y is None else self.y(p.y))


def _bars(dataset: Dataset, panel: _Panel, lang: Lang, form: Form) -> list[Mark]:
    """Rank an indicator's entities in its panel, best first: a name with its value over a bar from zero."""
    one, left, upper = panel.selection, panel.column + 0.03, panel.top - TITLE / panel.row_height
    k = one.best_place
    low = one.indicator.better == "lower" and one.unit == "rank"
    here = [(v, s) for s in one.series if (v := s.values[k]) is not None]
    here.sort(key=lambda p: (p[0] if low else -p[0], p[1].entity))
    marks: list[Mark] = [panel.heading(left, upper, form, lang)]
    least, most = min(0.0, *(v for v, _ in here)), max(0.0, *(v for v, _ in here))
    for n, (v, s) in enumerate(here[:MAX_BARS]):
        y = upper - (24 * n + 18) / panel.row_height
        zero, length = (left + 0.85 * (x - least) / ((most - least) or 1.0) for x in (0.0, v))
        end = point(dataset, s, k, one, lang, length, y)
        dash: Dash = "dash" if s.provisional(k) else "solid"
        ink = one.colours[s.entity]
        marks.append(Line((Point(zero, y), end), ink, width=5.0, dash=dash, name=s.entity))
        value = f"{wording.name(dataset, s.entity, lang)} {wording.amount(v, one, lang)}"
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
