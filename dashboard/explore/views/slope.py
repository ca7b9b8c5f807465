"""Two periods and the change between them."""

from __future__ import annotations

from dashboard import locale
from dashboard.dataset import Dataset, Lang
from dashboard.explore import findings
from dashboard.explore.marks import (
    all_log,
    end_labels,
    labelled,
    mark_name,
    merged,
    point,
    share_axis,
    strong,
    value_axis,
)
from dashboard.explore.panels import panels
from dashboard.explore.select import Selection, Series, Shown
from dashboard.explore.state import State
from dashboard.explore.views import Drawn, View
from dashboard.figures.record import Axis, Dash, Form, Line, Mark, Point, Tick


def draw(dataset: Dataset, shown: Shown, state: State, lang: Lang, form: Form) -> Drawn:
    """Two periods and the way between them: the first and the last that most have."""
    with_figures = [s for s in shown if s.series]
    spans = {tuple(one.periods[k] for k in one.full_ends) for one in with_figures}
    if not share_axis(shown, form) or len(spans) > 1:
        ends = [one.at(one.full_ends) for one in with_figures]
        return panels(dataset, ends, state, lang, form)
    if all(start == end for start, end in spans):
        return Drawn(empty=("one_period", {"period": locale.period(min(spans)[0], lang)}))
    log = all_log(shown, state)
    pairs = [(one, one.at(one.full_ends)) for one in shown]
    drawn = [(one, s) for _, one in pairs for s in one.series if len(s.places) > 1]
    drawn.sort(key=lambda p: strong(p[1].entity))
    keys = labelled([s for _, s in drawn])
    marks: list[Mark] = []
    front = []
    for one, s in drawn:
        if (s.entity, s.indicator) in keys:
            front.append((one, s))
        else:
            marks.append(Line(_ends(dataset, one, s, lang), "background", width=1.0, name=mark_name(s, one)))
    for (one, s), label in zip(front, end_labels(dataset, front, lang), strict=True):
        dash: Dash = "dash" if s.provisional(0) or s.provisional(1) else "solid"
        width = 3.0 if strong(s.entity) else 1.8
        marks.append(
            Line(_ends(dataset, one, s, lang), one.colours[s.entity], label, width, dash, strong(s.entity),
                 markers=True, name=mark_name(s, one))
        )  # fmt: skip
    ticks = tuple(Tick(float(n), locale.period(p, lang)) for n, p in enumerate(min(spans)))
    x = Axis((-0.03, 1.0), ticks, grid=True)
    whole = merged([one for _, one in pairs])
    return Drawn(x, value_axis(whole, lang, log), tuple(marks), log=log)


def _ends(dataset: Dataset, one: Selection, series: Series, lang: Lang) -> tuple[Point, ...]:
    return tuple(point(dataset, series, k, one, lang, float(k), series.values[k]) for k in (0, 1))


VIEW = View(draw, order=10, finding=findings.over_time, shows="ends")
