"""«Who lit the tree»: a stage and a worry: robots on the Gala, Vanke's year."""

from __future__ import annotations

from dashboard.figures import scales
from dashboard.figures.record import Axis, Chart, Dots, Mark, Point, Rule, Text
from dashboard.figures.story import parts
from dashboard.figures.story.scene import Scene, story
from dashboard.figures.story.series import Series

ESSAY_YEAR = "2024"
"""The last full year when the essay was written."""
ESSAY_DAY = 2025 + 2 / 12
"""The end of the essay's month, so that nobody is made younger than they were."""


@story
def ubtech_gala(s: Scene) -> Chart:
    """Draw the years in which robots of the two makers stood on the Spring Festival Gala's stage."""
    rows = [s.series("gala_appearance", e) for e in ("ubtech", "unitree")]
    if not all(x.data for x in rows):
        return s.empty(title=s.own("title.none"), indicators=["gala_appearance"])
    first, second = sorted(rows, key=lambda x: x.first.period)
    low = min(x.first.x for x in rows) - 1
    high = max(x.last.x for x in rows) + 1
    marks: list[Mark] = [
        Rule(ESSAY_DAY, None, ESSAY_DAY, None, colour="muted", dash="dot"),
        Text(ESSAY_DAY, -0.42, s.say("essay"), colour="muted", anchor="end", dx=-5, size=11),
    ]
    for n, x in enumerate(rows):
        marks.append(Rule(x.first.x, n, x.last.x, n, colour="rule", width=2))
        marks.append(
            Dots(
                tuple(
                    Point(d.x, n, s.own("point", name=x.label, period=s.per(d.period)), d.keys)
                    for d in x.data
                ),
                x.colour,
                size=13,
                strong=True,
                name=x.id,
            )
        )
        marks += [
            Text(d.x, n, d.period, colour=x.colour, anchor="middle", dy=-17, strong=True) for d in x.data
        ]
    same = first.first.period == second.first.period
    return s.chart(
        title=s.own("title.same" if same else "title.before", name=first.label, other=second.label,
                    first=s.per(first.first.period), second=s.per(second.first.period),
                    years=f"{second.first.x - first.first.x:.0f}"),
        subtitle=s.own("subtitle"),
        kind="timeline",
        x=scales.years(low, high, count=4 if s.narrow else 7, ends=False),
        y=scales.categories([x.label for x in rows]),
        marks=marks,
        series=rows,
        height=240,
        dashed=False,
    )  # fmt: skip


@story
def vanke_worry(s: Scene) -> Chart:
    """Draw Vanke's net profit by year."""
    profit = s.series("net_profit", "vanke")
    about = profit.between(until=ESSAY_YEAR)
    if not about.data:
        return s.empty(title=s.own("title.none"), indicators=["net_profit"], entities=["vanke"])
    then, revenue = about.last, s.series("revenue", "vanke").at(about.last.period)
    shown = {d.period: s.q(d.value, "CNY") for d in (profit.peak, profit.last) if d is not then}
    values = [d.value for d in profit.data]
    return s.chart(
        title=s.own(
            "title.loss" if then.value < 0 else "title.profit",
            value=s.q(abs(then.value), "CNY"),
            year=s.per(then.period),
            revenue=s.q(revenue.value, "CNY") if revenue else s.say("none.short"),
        ),
        subtitle=s.own("subtitle", span=s.span(profit.first.period, profit.last.period)),
        kind="bars",
        x=_year_room(profit, s),
        y=scales.linear(values, "CNY", s.lang, zero=True, count=5),
        marks=[
            parts.columns(s, profit, labels=shown, negative="contradicted"),
            Rule(None, 0, None, 0, colour="muted"),
            Text(
                then.x - 0.4,
                then.value,
                s.q(then.value, "CNY"),
                anchor="end",
                dx=-4,
                strong=True,
                dy=-6 if then.value < 0 else 8,
            ),
        ],
        series=[profit, *([s.series("revenue", "vanke")] if revenue else [])],
        dashed=False,
    )


def _year_room(series: Series, s: Scene) -> Axis:
    """Return a year axis with room for half a bar at both ends."""
    axis = scales.years(series.first.x, series.last.x, count=3 if s.narrow else 6)
    return Axis((series.first.x - 0.6, series.last.x + 0.6), axis.ticks, grid=False)
