"""A ranking at one period."""

from __future__ import annotations

from dashboard.dataset import Dataset, Lang
from dashboard.explore import findings, wording
from dashboard.explore.marks import ROWS, all_log, merged, point, share_axis, value_axis
from dashboard.explore.panels import panels
from dashboard.explore.select import Shown
from dashboard.explore.state import State
from dashboard.explore.views import Drawn, View
from dashboard.figures import scales
from dashboard.figures.record import Bar, Bars, Form


def draw(dataset: Dataset, shown: Shown, state: State, lang: Lang, form: Form) -> Drawn:
    """Rank the entities at one period: the latest in range for which most have a figure."""
    lasts = [(one, one.best_place) for one in shown]
    years = {one.periods[at] for one, at in lasts if at >= 0}
    if not share_axis(shown, form) or len(years) > 1:
        return panels(dataset, shown, state, lang, form)
    first = shown[0]
    low = first.indicator.better == "lower" and first.unit == "rank"
    here = [(v, one, s, at) for one, at in lasts for s in one.series if (v := s.values[at]) is not None]
    here.sort(key=lambda p: (p[0] if low else -p[0], p[2].entity, p[1].indicator.indicator_id))
    left_out, here = len(here) - ROWS, here[:ROWS]
    whole = merged([one.at((at,)) for one, at in lasts])
    log = all_log([whole], state)
    axis = value_axis(whole, lang, log, zero=not log)
    base = axis.domain[0] if log else 0.0
    amounts = wording.distinct_amounts([v for v, *_ in here], first, lang)
    items = tuple(
        Bar(float(n), v, base, one.colours[s.entity],
            amounts[n] + ("*" if s.provisional(at) else ""),
            (p := point(dataset, s, at, one, lang, v, float(n))).text, p.keys,
            s.provisional(at))
        for n, (v, one, s, at) in enumerate(here)
    )  # fmt: skip
    rows = scales.categories(wording.series_name(dataset, s, one, lang) for _, one, s, _ in here)
    height = max(360 if form == "wide" else 330, 34 * len(items) + 70)
    return Drawn(axis, rows, (Bars(items, "h", 0.62, "bars"),), height, log, left_out=max(0, left_out))


VIEW = View(draw, order=20, finding=findings.ranked, provisional_style="lighter", shows="period", linear=True)
