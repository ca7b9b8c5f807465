"""«Shenzhen never lacks pursuers»: the giants' stock against the dragons' increment."""

from __future__ import annotations

from dataclasses import replace

from dashboard.claims.scope import GIANTS, MAGNITUDE
from dashboard.figures import scales
from dashboard.figures.record import Chart, Dots, Mark, Rule, Text
from dashboard.figures.story import parts
from dashboard.figures.story.money import in_yuan
from dashboard.figures.story.overture import founded_rows
from dashboard.figures.story.parts import Rung
from dashboard.figures.story.scene import Scene, story
from dashboard.figures.story.series import Datum, Series, indexed


def revenue_year(s: Scene) -> str:
    """Return the latest year in which every giant and at least one dragon have revenue; "" if none."""
    common = s.data.common_periods("revenue", GIANTS)
    dragons = {d.period for e in s.data.group("dragons") for d in s.series("revenue", e).data}
    return next((y for y in reversed(common) if y in dragons), "")


@story
def stock_vs_increment(s: Scene) -> Chart:
    """Scatter founding year against latest revenue, log."""
    born = {x.id: d for x, d in founded_rows(s)}
    dots: list[tuple[Series, Datum]] = []
    for e in born:
        last = s.latest("revenue", e)
        if last:
            dots.append((s.series("revenue", e), replace(last, base=born[e].used)))
    sides = {c: [(x, d) for x, d in dots if x.colour == c] for c in ("shenzhen", "hangzhou")}
    if not all(sides.values()):
        return s.empty(title=s.own("title.none"), indicators=["revenue", "founded_year"])
    elephants = [(x, d) for x, d in dots if x.id in s.data.group("elephants")]
    dragons = [(x, d) for x, d in dots if x.id in s.data.group("dragons")]
    ages = {g: [e for e in born if e in s.data.group(g)] for g in ("elephants", "dragons")}
    if not elephants or not dragons:
        return s.empty(title=s.own("title.none"), indicators=["revenue", "founded_year"])
    youngest = max(ages["elephants"], key=lambda e: born[e].value)
    oldest = min(ages["dragons"], key=lambda e: born[e].value)
    (small, least), (big, most) = (
        pick(side, key=lambda r: r[1].value) for pick, side in ((min, elephants), (max, dragons))
    )
    marks: list[Mark] = []
    for x, d in dots:
        point = s.point(x, d, x=born[x.id].x)
        point = replace(point, text=s.own("point", text=point.text, year=f"{born[x.id].value:.0f}"))
        marks.append(Dots((point,), x.colour, labels=(x.label,), size=11, strong=x.id in GIANTS, name=x.id,
                          symbol=parts.symbol_of(x.colour)))  # fmt: skip
    return s.chart(
        title=s.own("title.older" if born[youngest].value < born[oldest].value else "title.younger",
                    giant=s.name(youngest), giant_year=f"{born[youngest].value:.0f}",
                    dragon=s.name(oldest), dragon_year=f"{born[oldest].value:.0f}",
                    small=small.label, big=big.label, times=s.times(least.value / most.value)),
        subtitle=s.own("subtitle"),
        kind="scatter",
        x=scales.years(min(born[x.id].value for x, _ in dots) - 3, max(born[x.id].value for x, _ in dots) + 5,
                       count=4 if s.narrow else 7, ends=False),
        y=scales.log([d.value for _, d in dots], "CNY", s.lang, pad=0.1),
        marks=marks,
        series=[replace(x, data=(d,)) for x, d in dots],
        dashed=False,
    )  # fmt: skip


@story
def not_same_magnitude(s: Scene) -> Chart:
    """Draw the ladder of orders of magnitude: giants and dragons by revenue, and who publishes none."""
    year = revenue_year(s)
    if not year:
        return s.empty(title=s.own("title.none"), indicators=["revenue"])
    members = [(e, s.series("revenue", e)) for e in (*s.data.group("elephants"), *s.data.group("dragons"))]
    rungs: list[Rung] = []
    for e, x in members:
        datum = x.at(year)
        words = s.q(datum.value, "CNY") if datum else s.own("missing")
        rungs.append(Rung(x.label, replace(x, data=(datum,) if datum else ()), datum, words, e in GIANTS))
    rungs.sort(key=lambda r: (r.datum is None, -(r.datum.value if r.datum else 0)))
    giants = [r for r in rungs if r.datum and r.series.id in GIANTS]
    dragons = [r for r in rungs if r.datum and r.series.id in s.data.group("dragons")]
    small, big = giants[-1], dragons[0]
    assert small.datum is not None  # noqa: S101  chosen among those with figures
    assert big.datum is not None  # noqa: S101
    factor = small.datum.value / big.datum.value
    silent = sum(1 for r in rungs if r.datum is None and r.series.id in s.data.group("dragons"))
    axis = scales.log([r.datum.value for r in rungs if r.datum], "CNY", s.lang, whole=True, pad=0.02)
    at = rungs.index(big) - 0.5
    return s.chart(
        title=s.own("title.apart" if factor >= 10 else "title.near", times=s.times(factor), silent=silent,
                    dragons=len(s.data.group("dragons")),
                    big=big.label, small=small.label),
        subtitle=s.own("subtitle", year=s.per(year)),
        kind="ladder",
        x=axis,
        y=scales.categories([r.label for r in rungs]),
        marks=[
            *parts.ladder(s, rungs, axis),
            Rule(big.datum.value, at, small.datum.value, at, colour="ink", dash="dot", width=1.2),
            Text(small.datum.value, at, s.own("apart", times=s.times(factor)), anchor="end", dx=-4, dy=12,
                 strong=True),
        ],
        series=[r.series for r in rungs if r.datum],
        height=parts.row_height(s, len(rungs), each=27),
        dashed=False,
    )  # fmt: skip


@story
def ants_to_elephants(s: Scene) -> Chart:
    """Draw revenue as a multiple of the first year collected, log."""
    lines = [
        indexed(x) for e in ("tencent", "byd", "huawei") if len((x := in_yuan(s, "revenue", e)).data) > 1
    ]
    if not lines:
        return s.empty(title=s.own("title.none"), indicators=["revenue"], entities=GIANTS)
    lines = [replace(x, strong=x.id == "tencent") for x in lines]
    start = min(x.first.x for x in lines)
    most = max(lines, key=lambda x: x.last.value)
    least = min(lines, key=lambda x: x.last.value)
    return s.chart(
        title=s.own(
            "title.grew" if least.last.value >= MAGNITUDE else "title.not_all",
            most=s.own(
                "item", name=most.label, times=s.times(most.last.value), since=s.per(most.first.period)
            ),
            least=s.own(
                "item", name=least.label, times=s.times(least.last.value), since=s.per(least.first.period)
            ),
            count=sum(x.last.value >= MAGNITUDE for x in lines),
            all=len(lines),
            line=s.times(MAGNITUDE),
        ),
        subtitle=s.own("subtitle"),
        x=scales.years(
            min(x.first.x for x in lines), max(x.last.x for x in lines), count=4 if s.narrow else 7
        ),
        y=scales.log([d.value for x in lines for d in x.data], "ratio", s.lang, whole=True, pad=0.02),
        marks=[
            Rule(None, MAGNITUDE, None, MAGNITUDE, colour="muted", dash="dot"),
            Text(
                start + 0.7 * (max(x.last.x for x in lines) - start),  # below: above it the lines have passed
                MAGNITUDE,
                s.own("line", times=s.times(MAGNITUDE)),
                colour="muted",
                anchor="end",
                dy=9,
                size=11,
            ),
            *(parts.line(s, x, f"{x.label} {s.times(x.last.value)}") for x in lines),
        ],
        series=lines,
    )
