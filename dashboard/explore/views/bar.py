"""A ranking at one period: the latest in range for which most have a figure."""

from dashboard.explore import findings, wording
from dashboard.explore.marks import ROWS, merged, point, share_axis, value_axis
from dashboard.explore.panels import panels
from dashboard.explore.select import Context
from dashboard.explore.views import Drawn, View
from dashboard.figures import scales
from dashboard.figures.record import Bar, Bars


def draw(context: Context) -> Drawn:
    selections, first = context.selections, context.selections[0]
    if not share_axis(context) or len({one.best_period for one in selections if one.series}) > 1:
        return panels(context)
    lasts = [one.at(one.best_period) for one in selections]
    ranking = [(v, one, s) for one in lasts for v, s in one.ranked(one.best_period)]
    ranking.sort(key=lambda p: p[0] if first.lowest_first else -p[0])
    left_out, ranking = len(ranking) - ROWS, ranking[:ROWS]
    whole = merged(lasts)
    log = wording.is_log(whole, context.state)
    axis = value_axis(whole, context.lang, log, zero=not log)
    base = axis.domain[0] if log else 0.0
    amounts = wording.distinct_amounts([v for v, *_ in ranking], first, context.lang)
    items = []
    for n, (v, one, s) in enumerate(ranking):
        provisional = s.provisional(s.last)
        label = amounts[n] + ("*" if provisional else "")
        p = point(context, one, s, s.last, v, float(n))
        items.append(Bar(float(n), v, base, one.colours[s.entity], label, p.text, p.keys, provisional))
    rows = scales.categories(wording.series_name(context, one, s) for _, one, s in ranking)
    height = max(360 if context.form == "wide" else 330, 34 * len(items) + 70)
    return Drawn(axis, rows, (Bars(tuple(items), "h", 0.62, "bars"),), height, log, left_out=max(0, left_out))


VIEW = View(draw, order=20, finding=findings.ranked, provisional_style="lighter", shows="period", linear=True)
