"""«Who lit the tree»: the giants and the dragons side by side, the two GDPs, Vanke."""

from __future__ import annotations

from dataclasses import replace

from dashboard.claims.evidence import Evidence
from dashboard.claims.scope import FEARED, GIANTS, NAMED
from dashboard.claims.tree import repositories
from dashboard.figures import scales
from dashboard.figures.record import Area, Chart, Rule, Text
from dashboard.figures.story import parts
from dashboard.figures.story.money import in_yuan
from dashboard.figures.story.scene import Scene, story
from dashboard.figures.story.series import Datum, Series


@story
def dragons_overtake_giants(s: Scene) -> Chart:
    """Draw revenue by year on a log axis: the giants and every dragon with public figures."""
    giants = [in_yuan(s, "revenue", e) for e in FEARED]
    dragons = [x for e in s.data.group("dragons") if (x := s.series("revenue", e)).data]
    giants = [x for x in giants if x.data]
    if not giants or not dragons:
        return s.empty(title=s.own("title.none"), indicators=["revenue"])
    big = min(giants, key=lambda x: x.last.value)
    small = max(dragons, key=lambda x: x.last.value)
    shown = [*giants, *dragons]
    values = [d.value for x in shown for d in x.data]
    near = parts.decades(big.last.value, small.last.value) < 1
    return s.chart(
        title=s.own(
            "title.near" if near else "title.far",
            small=small.label,
            big=big.label,
            times=s.times(big.last.value / small.last.value),
            value=s.q(small.last.value, "CNY"),
        ),
        subtitle=s.own("subtitle"),
        x=scales.years(
            min(x.first.x for x in shown), max(x.last.x for x in shown), count=4 if s.narrow else 7
        ),
        y=scales.log(values, "CNY", s.lang, count=6),
        marks=[
            parts.line(s, x, f"{x.label} {s.q(x.last.value, 'CNY')}" if not s.narrow else x.label)
            for x in shown
        ],
        series=shown,
    )


@story
def giants_failing(s: Scene) -> Chart:
    """Draw the change of revenue and of net profit in the giants' latest common year."""
    revenue = [s.series("revenue", e) for e in GIANTS]
    profit = [s.series("net_profit", e) for e in GIANTS]
    years = set.intersection(*({d.period for d in x.data} for x in (*revenue, *profit)))
    years = {y for y in years if str(int(y) - 1) in years}
    if not years:
        return s.empty(title=s.own("title.none"), indicators=["revenue", "net_profit"], entities=GIANTS)
    year = max(years)
    rows: list[tuple[Series, Datum, str]] = []
    for r, p in zip(revenue, profit, strict=True):
        for x, measure in ((r, "revenue"), (p, "net_profit")):
            now, before = x.at(year), x.at(str(int(year) - 1))
            assert now is not None  # noqa: S101  the year was chosen so
            assert before is not None  # noqa: S101
            # a change from a loss has no percentage; the sign of the difference still says the direction
            change = (now.value - before.value) / abs(before.value) * 100
            series = Series(x.id, f"{x.label} · {s.indicator(measure)}", x.colour, "%")
            datum = Datum(year, change, (*now.used, *before.used))
            rows.append(
                (
                    Series(
                        series.id, series.label, "contradicted" if change < 0 else x.colour, "%", (datum,)
                    ),
                    datum,
                    s.own("bar", change=signed(s, change), value=s.q(now.value, "CNY")),
                )
            )
    grew = sum(1 for n, (_, d, _) in enumerate(rows) if n % 2 == 0 and d.value > 0)
    lost = [r.label for r, (_, d, _) in zip(profit, rows[1::2], strict=True) if d.value < 0]
    title = "title.up" if grew == len(GIANTS) and not lost else "title.mixed" if grew else "title.down"
    if title == "title.mixed" and not lost:
        title = "title.mixed.all_up"
    changes = [d.value for _, d, _ in rows]
    low, high = min(0.0, *changes), max(0.0, *changes)
    # labels stand past the bars' ends on both sides
    room = (high - low) * (0.5 if s.narrow else 0.6)
    axis = scales.linear([low, high], "%", s.lang, count=4 if s.narrow else 6)
    axis = replace(axis, domain=(low - room if low < 0 else 0.0, high + room))
    return s.chart(
        title=s.own(title, year=s.per(year), grew=grew, all=len(GIANTS), lost=s.join(lost)),
        subtitle=s.own("subtitle", year=s.per(year)),
        kind="bars",
        x=axis,
        y=scales.categories([x.label for x, _, _ in rows]),
        marks=[parts.bars(s, rows), Rule(0, None, 0, None, colour="muted")],
        series=[x for x, _, _ in rows],
        dashed=False,
    )  # fmt: skip


def signed(s: Scene, value: float) -> str:
    """Write a change in percent with its sign."""
    text = s.pct(value)
    return text if value < 0 else f"+{text}"


@story
def gdp_overtaken(s: Scene) -> Chart:
    """Draw both GDPs and the gap between them in the latest common year."""
    a, b = s.series("gdp", "shenzhen"), s.series("gdp", "hangzhou")
    common = [d.period for d in a.data if b.at(d.period)]
    if not common:
        return s.empty(title=s.own("title.none"), indicators=["gdp"])
    a, b = a.between(common[0], common[-1]), b.between(common[0], common[-1])
    gap = a.last.value - b.last.value
    ever = any(x.value <= y.value for d in common if (x := a.at(d)) and (y := b.at(d)))
    title = "title.never" if gap > 0 and not ever else "title.ahead" if gap > 0 else "title.overtaken"
    end = float(common[-1])
    span = end - float(common[0])
    bracket = end + span * 0.025
    years = scales.years(float(common[0]), end, count=3 if s.narrow else 6)
    return s.chart(
        title=s.own(title, gap=s.q(abs(gap), "CNY"), year=s.per(common[-1]),
                    share=s.pct(b.last.value / a.last.value * 100)),
        subtitle=s.own("subtitle", span=s.span(common[0], common[-1])),
        x=replace(years, domain=(float(common[0]), end + span * 0.03)),
        y=scales.linear([*(d.value for d in (*a.data, *b.data))], "CNY", s.lang, zero=True, count=4),
        marks=[
            Area(tuple(s.point(a, d) for d in a.data), tuple(s.point(b, d) for d in b.data if a.at(d.period)),
                 "shenzhen"),
            parts.line(s, b, f"{b.label} {s.q(b.last.value, 'CNY')}"),
            parts.line(s, a, f"{a.label} {s.q(a.last.value, 'CNY')}"),
            Rule(bracket, b.last.value + gap * 0.1, bracket, a.last.value - gap * 0.1, colour="ink"),
            Text(bracket, (a.last.value + b.last.value) / 2, s.own("gap", gap=s.q(abs(gap), "CNY")), dx=5,
                 strong=True),
        ],
        series=[a, b],
    )  # fmt: skip


@story
def deepseek_alone(s: Scene) -> Chart:
    """Draw every company's stars: all its ranked repositories together, and its largest alone."""
    view = Evidence(s.data)
    owned = {e: found for e in NAMED if (found := repositories(view, e, ""))}
    if "deepseek" not in owned or len(owned) < 2:
        return s.empty(title=s.own("title.none"), entities=["deepseek"])
    rows: list[tuple[Series, Datum, str]] = []
    for e, figures in sorted(owned.items(), key=lambda kv: -sum(f.value for f in kv[1])):
        largest = max(figures, key=float)
        name = s.indicator(largest.used[0].indicator_id).replace("：", ":").rpartition(":")[2].strip()
        for label, of in (
            (s.own("row.all", name=s.name(e), count=len(figures)), figures),
            (s.own("row.largest", name=s.name(e), repo=name), [largest]),
        ):
            used = tuple(o for f in of for o in f.used)
            datum = Datum(max(f.period for f in of), sum(f.value for f in of), used)
            series = Series(e, label, s.role(e), "stars", (datum,), of is figures)
            rows.append((series, datum, s.num(datum.value)))
    whole = {x.id: d.value for x, d, _ in rows[::2]}
    second = max((e for e in whole if e != "deepseek"), key=lambda e: whole[e])
    return s.chart(
        title=s.own(
            "title.leads" if whole["deepseek"] > whole[second] else "title.behind",
            share=s.pct(100 * whole["deepseek"] / sum(whole.values())),
            stars=s.q(whole["deepseek"], "stars"),
            all=len(whole),
            owner=s.name(second),
            theirs=s.q(whole[second], "stars"),
        ),
        subtitle=s.own("subtitle", period=s.per(max(d.period for _, d, _ in rows))),
        kind="bars",
        x=scales.linear([d.value for _, d, _ in rows], "stars", s.lang, zero=True, headroom=0.12,
                        count=3 if s.narrow else 4),
        y=scales.categories([x.label for x, _, _ in rows]),
        marks=[parts.bars(s, rows)],
        series=[x for x, _, _ in rows],
        height=parts.row_height(s, len(rows), each=32),
        notes=[s.own("note")],
    )  # fmt: skip


@story
def giants_size(s: Scene) -> Chart:
    """Draw how many times all dragons together each giant is, by revenue and by employees."""
    rows: list[tuple[Series, Datum, str]] = []
    for indicator_id in ("revenue", "employees"):
        dragons = [o for x in s.data.group("dragons") if (o := s.data.latest(indicator_id, x))]
        for e in GIANTS:
            datum = s.latest(indicator_id, e)
            if datum is None or not dragons:
                continue
            ratio = datum.value / sum(o.value for o in dragons)
            made = Datum(datum.period, ratio, (*datum.used, *dragons))
            label = f"{s.name(e)} · {s.indicator(indicator_id)}"
            words = s.own("bar", times=s.times(ratio), count=len(dragons))
            rows.append((Series(e, label, s.role(e), "ratio", (made,)), made, words))
    if not rows:
        return s.empty(title=s.own("title.none"), indicators=["revenue", "employees"])
    least = min(rows, key=lambda r: r[1].value)
    return s.chart(
        title=s.own("title.larger" if least[1].value > 1 else "title.smaller", times=s.times(least[1].value),
                    name=least[0].label),
        subtitle=s.own("subtitle"),
        kind="bars",
        x=scales.log([1, *(d.value for _, d, _ in rows)], "ratio", s.lang, count=5, whole=True),
        y=scales.categories([x.label for x, _, _ in rows]),
        marks=[parts.bars(s, rows, base=1.0)],
        series=[x for x, _, _ in rows],
        notes=[s.own("note", names=s.names(dict.fromkeys(
            o.entity_id for _, d, _ in rows for o in d.used if o.entity_id not in GIANTS)))],
    )  # fmt: skip
