"""Two periods and the way between them."""

from __future__ import annotations

from dashboard import locale
from dashboard.dataset import Dataset, Lang
from dashboard.explore import findings
from dashboard.explore.marks import (
    alike,
    all_log,
    end_labels,
    flat,
    joined,
    labelled,
    mark_name,
    point,
    role,
    strong,
    value_axis,
)
from dashboard.explore.panels import panels
from dashboard.explore.select import Shown
from dashboard.explore.state import State
from dashboard.explore.views import Drawn, View
from dashboard.figures.record import Axis, Dash, Form, Line, Mark, Tick


def draw(dataset: Dataset, shown: Shown, state: State, lang: Lang, form: Form) -> Drawn:
    """Two periods and the way between them: the first and the last that most have."""
    with_figures = [s for s in shown if s.series]
    spans = {tuple(one.periods[k] for k in one.full_ends) for one in with_figures}
    if not alike(shown, form) or len(spans) > 1:
        ends = [one.at(one.full_ends) for one in with_figures]
        return panels(dataset, ends, state, lang, form)
    if all(start == end for start, end in spans):
        return Drawn(empty=("one_period", {"period": locale.period(min(spans)[0], lang)}))
    log = all_log(shown, state)
    marks: list[Mark] = []
    every = [(one, s.at(one.full_ends)) for one, s in flat(shown)]
    drawn = [(one, s) for one, s in every if len(s.places) > 1]
    keys = labelled([s for _, s in drawn])
    for (one, s), said in zip(drawn, end_labels(dataset, drawn, lang), strict=True):
        pair = one.at(one.full_ends)
        points = tuple(point(dataset, s, k, pair, lang, float(k), s.values[k]) for k in (0, 1))
        name = mark_name(s, one)
        if (s.entity, s.indicator) not in keys:
            marks.insert(0, Line(points, "background", width=1.0, name=name))
            continue
        dash: Dash = "dash" if s.provisional(0) or s.provisional(1) else "solid"
        width = 3.0 if strong(s.entity) else 1.8
        marks.append(
            Line(
                points, role(dataset, s.entity), said, width, dash, strong(s.entity), markers=True, name=name
            )
        )
    ticks = tuple(Tick(float(n), locale.period(p, lang)) for n, p in enumerate(min(spans)))
    x = Axis((-0.03, 1.0), ticks, grid=True)
    whole = joined([one.at(one.full_ends) for one in shown])
    return Drawn(x, value_axis(whole, lang, log), tuple(marks), log=log)


VIEW = View(draw, order=10, finding=findings.over_time, shows="ends")
