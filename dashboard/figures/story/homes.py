"""«Anxiety is a drive»: what homes cost, and how much dearer they have become."""

from __future__ import annotations

from dataclasses import replace

from dashboard.claims.derive import ASKED, HOME_M2, HOUSEHOLD, years_of_income
from dashboard.claims.evidence import Evidence
from dashboard.claims.scope import PAIR
from dashboard.figures import scales
from dashboard.figures.record import Anchor, Chart, Dots, Line, Mark, Point, Rule, Text
from dashboard.figures.story import parts
from dashboard.figures.story.scene import Scene, story
from dashboard.figures.story.series import Datum, Series

MONTHLY = "house_price_new_mom_index"
CHAIN_FROM = "2011-01"
"""The 70-city release has had one method since January 2011."""


def chained(series: Series, since: str = CHAIN_FROM) -> Series:
    """Return a month-on-month index (previous month = 100) chained from ``since`` = 100.

    It ends where a month is missing: a chain cannot be carried over a gap.
    """
    level, data = 100.0, []
    previous: Datum | None = None
    for d in series.between(since).data:
        if previous is not None and d.x - previous.x > 1.5 / 12:
            break
        level *= d.value / 100 if previous is not None else 1
        data.append(Datum(d.period, level, d.used))
        previous = d
    return replace(series, unit="index", data=tuple(data))


@story
def high_house_prices(s: Scene) -> Chart:
    """Draw new-home prices chained since 2011; the title has the price per square metre."""
    a, b = (chained(s.series(MONTHLY, e)) for e in PAIR)
    prices = [s.series(ASKED, e) for e in PAIR]
    years = sorted({d.period for d in prices[0].data} & {d.period for d in prices[1].data})
    if not a.data or not b.data or not years:
        return s.empty(title=s.own("title.none"), indicators=[MONTHLY, ASKED])
    sz, hz = (x.at(years[-1]) for x in prices)
    assert sz is not None  # noqa: S101  a common year
    assert hz is not None  # noqa: S101
    rises = {x.id: x.last.value - 100 for x in (a, b)}
    more = max(rises, key=lambda k: rises[k])
    start, end = a.first.period, min(a.last.period, b.last.period)
    axis = scales.years(float(start[:4]), a.last.x, count=4 if s.narrow else 8, ends=False)
    values = [100, *(d.value for x in (a, b) for d in x.data)]
    burden = [_burden(s, e) for e in PAIR]
    levels = scales.linear(values, "index", s.lang, count=5)
    panel, top = _panel(s, burden, (a, b))
    return s.chart(
        title=s.own(
            "title.higher" if sz.value > hz.value else "title.lower",
            times=s.times(sz.value / hz.value),
            year=s.per(years[-1]),
            more=s.name(more),
            since=s.per(start),
            sz=s.q(sz.value, "CNY/m2"),
            hz=s.q(hz.value, "CNY/m2"),
            rise=s.pct(rises[more], 0),
            other=s.pct(rises["hangzhou" if more == "shenzhen" else "shenzhen"], 0),
        ),
        subtitle=s.own("subtitle", since=s.per(start), until=s.per(end)),
        x=axis,
        y=replace(levels, domain=(levels.domain[0], max(levels.domain[1], top))),
        marks=[
            *panel,
            Rule(None, 100, None, 100, colour="muted", dash="dot"),
            *parts.line(s, b, f"{b.label} {b.last.value:.0f}"),
            *parts.line(s, a, f"{a.label} {a.last.value:.0f}"),
            *(
                parts.peak(
                    s, x, x.peak, s.own("peak", period=s.per(x.peak.period), value=f"{x.peak.value:.0f}")
                )
                for x in (a, b)
                if x.last.x - x.peak.x > 1
            ),
        ],
        series=[a, b, *(replace(x, label=s.own("price", name=x.label)) for x in prices), *burden],
        notes=[s.own("note"), s.own("note.income", area=s.num(HOME_M2), people=s.num(HOUSEHOLD))],
    )


def _burden(s: Scene, city: str) -> Series:
    """Return the years of income a home costs in a city, for the years with documents."""
    line = years_of_income(Evidence(s.data), city)
    data = tuple(Datum(f.period, f.value, f.used) for f in line.values())
    return Series(city, s.own("burden", name=s.name(city)), s.role(city), "years", data)


def _panel(s: Scene, burden: list[Series], under: tuple[Series, ...]) -> tuple[list[Mark], float]:
    """Return the years of income as a small chart from zero, and the height it reaches.

    It stands over the first years, above what the lines reach there. Years without a document are gaps.
    """
    shown = [x for x in burden if x.data]
    if not shown:
        return [], 0.0
    left = min(x.first.x for x in under) + 0.3
    width, label = (4.4, 2.4) if s.narrow else (3.9, 1.1)
    reached = [d.value for x in under for d in x.data if d.x <= left + width + label]
    span = max(d.value for x in under for d in x.data) - 100
    bottom = max(reached) + 0.12 * span
    height = (0.6 if s.narrow else 0.45) * span
    first, last = min(x.first.x for x in shown), max(x.last.x for x in shown)
    high = max(d.value for x in shown for d in x.data)

    def place(x: float) -> float:
        return left + (x - first) / max(last - first, 1) * width

    marks: list[Mark] = [
        Rule(left, bottom, left + width, bottom, colour="muted"),
        Text(left, bottom + height, s.own("panel"), colour="muted", dy=-16, size=11),
    ]
    ends: tuple[tuple[float, Anchor], ...] = ((first, "start"), (last, "end"))
    marks += [
        Text(place(x), bottom, f"{x:.0f}", colour="muted", anchor=anchor, dy=11, size=10.5)
        for x, anchor in ends
    ]
    for series in shown:
        points: list[Point] = []
        for n, d in enumerate(series.data):
            if n and d.x - series.data[n - 1].x > 1.01:
                points.append(Point(place(d.x), None))
            points.append(s.point(series, d, x=place(d.x), y=bottom + d.value / high * height))
        name, known = f"{series.id}:income", tuple(p for p in points if p.y is not None)
        marks += [
            Line(tuple(points), series.colour, width=1.8, name=name),
            Dots(known, series.colour, size=4.5, name=name),
            Text(known[-1].x, known[-1].y or bottom, s.num(series.last.value), colour=series.colour, dx=6,
                 strong=True, size=11),
        ]  # fmt: skip
    return marks, bottom + height + 0.2 * span
