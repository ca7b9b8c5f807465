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
    hatched,
    joined,
    key_of,
    only,
    point,
    role,
    strong,
    value_axis,
)
from dashboard.explore.panels import panels
from dashboard.explore.select import Shown
from dashboard.explore.state import State
from dashboard.explore.views import Drawn, View
from dashboard.figures.record import Axis, Form, Line, Mark, Tick


def draw(dataset: Dataset, shown: Shown, state: State, lang: Lang, form: Form) -> Drawn:
    """Two periods and the way between them: the first and the last that most have."""
    with_figures = [s for s in shown if s.series]
    spans = {tuple(one.periods[k] for k in findings.common_ends(one)) for one in with_figures}
    if not alike(shown, form) or len(spans) > 1:
        ends = [only(one, findings.common_ends(one)) for one in with_figures]
        return panels(dataset, ends, state, lang, form)
    if all(start == end for start, end in spans):
        return Drawn(empty=("one_period", {"period": locale.period(min(spans)[0], lang)}))
    log = all_log(shown, state)
    marks: list[Mark] = []
    drawn = []
    for one, s in flat(shown):
        a, b = findings.common_ends(one)
        last = s.values[b]
        if s.values[a] is not None and last is not None and a != b:
            drawn.append((one, s, last))
    for (one, s, _), said in zip(drawn, end_labels(dataset, drawn, lang), strict=True):
        a, b = findings.common_ends(one)
        soft = any(hatched(s.cells[k]) for k in (a, b))
        points = tuple(point(dataset, s, k, one, lang, float(n), s.values[k]) for n, k in enumerate((a, b)))
        marks.append(
            Line(points, role(dataset, s.entity), said, 3.0 if strong(s.entity) else 1.8,
                 "dash" if soft else "solid", strong(s.entity), markers=True, name=key_of(s, one))
        )  # fmt: skip
    ticks = tuple(Tick(float(n), locale.period(p, lang)) for n, p in enumerate(min(spans)))
    x = Axis((-0.03, 1.0), ticks, grid=True)
    whole = joined([only(one, findings.common_ends(one)) for one in shown])
    return Drawn(x, value_axis(whole, lang, log), tuple(marks), log=log)


VIEW = View(draw, order=10, finding=findings.over_time, shows="ends")
