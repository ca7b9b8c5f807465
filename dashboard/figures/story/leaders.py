"""«Shenzhen never lacks pursuers»: who leads in sales, in profit, in research."""

from __future__ import annotations

from dataclasses import replace

from dashboard.claims.evidence import Evidence
from dashboard.claims.giants import highs_before
from dashboard.claims.scope import INTERNET, NAMED
from dashboard.figures import scales
from dashboard.figures.record import Axis, Chart, Text
from dashboard.figures.story import parts
from dashboard.figures.story.scene import Scene, story
from dashboard.figures.story.series import Datum, Series
from dashboard.locale import ordinal


@story
def byd_record(s: Scene) -> Chart:
    """Draw BYD's new-energy vehicle sales by year, with Tesla's beside them."""
    byd, tesla = s.series("nev_sales", "byd"), s.series("nev_sales", "tesla")
    if len(byd.data) < 2:
        return s.empty(title=s.own("title.none"), indicators=["nev_sales"], entities=["byd"])
    tesla = tesla.between(byd.first.period, byd.last.period)
    view = Evidence(s.data)
    own = view.line("nev_sales", "byd")
    high = highs_before(own, view.line("nev_sales", "tesla"))
    run = next((n for n, y in enumerate(sorted(high, reverse=True)) if own[y] <= high[y]), len(high))
    # a label on the rival's line could not be read
    shown = {d.period: s.num(d.value) for d in ((byd.last,) if s.narrow else byd.data)
             if (t := tesla.at(d.period)) is None or d.value > t.value * 1.1}  # fmt: skip
    named = next((d for d in tesla.data if (b := byd.at(d.period)) and d.value > b.value * 1.2), None)
    end = max(byd.last.x, tesla.last.x if tesla.data else 0.0)
    axis = scales.years(byd.first.x, byd.last.x, count=4 if s.narrow else 8)
    return s.chart(
        title=s.own(
            "title.record" if run else "title.no_record",
            run=run,
            place=ordinal(run, s.lang),
            sales=s.q(byd.last.value, "vehicles"),
            year=s.per(byd.last.period),
            best=s.per(byd.peak.period),
        ),
        subtitle=s.own("subtitle", span=s.span(byd.first.period, byd.last.period)),
        kind="bars",
        x=Axis((byd.first.x - 0.6, end + 0.6), axis.ticks, grid=False),
        y=scales.linear([d.value for d in (*byd.data, *tesla.data)], "vehicles", s.lang, zero=True, count=5),
        marks=[
            parts.columns(s, byd, labels=shown),
            *(parts.line(s, replace(tesla, colour="ink"), "" if named else tesla.label, markers=True)),
            *(
                [Text(named.x, named.value, tesla.label, anchor="end", dx=-2, dy=-14, strong=True)]
                if named
                else []
            ),
        ],
        series=[byd, tesla],
    )


@story
def tencent_profitable(s: Scene) -> Chart:
    """Rank internet companies by net profit in yuan, in the latest year Tencent has."""
    view = Evidence(s.data)
    year = max(view.line("net_profit", "tencent"), default="")
    rows: list[tuple[Series, Datum]] = []
    for e in INTERNET:
        figure = view.yuan("net_profit", e).get(year)
        if figure is not None:
            rows.append((Series(e, s.name(e), s.role(e), "CNY"), Datum(year, figure.value, figure.used)))
    if len(rows) < 2:
        return s.empty(title=s.own("title.none"), indicators=["net_profit"], entities=["tencent"])
    rows.sort(key=lambda r: -r[1].value)
    place = 1 + [x.id for x, _ in rows].index("tencent")
    absent = [s.name(e) for e in INTERNET if e not in {x.id for x, _ in rows}]
    return s.chart(
        title=s.own("title.first" if place == 1 else "title.rank", place=s.q(place, "rank"), all=len(rows),
                    value=s.q(rows[place - 1][1].value, "CNY"), year=s.per(year)),
        subtitle=s.own("subtitle", year=s.per(year)),
        kind="bars",
        x=scales.linear([d.value for _, d in rows], "CNY", s.lang, zero=True, headroom=0.12,
                        count=3 if s.narrow else 5),
        y=scales.categories([x.label for x, _ in rows]),
        marks=[parts.bars(s, [(x, d, s.q(d.value, "CNY")) for x, d in rows])],
        series=[replace(x, data=(d,)) for x, d in rows],
        notes=[s.own("note"), *([s.own("absent", names=s.join(absent))] if absent else [])],
        dashed=False,
    )  # fmt: skip


@story
def huawei_chips(s: Scene) -> Chart:
    """Draw R&D expense by year: Huawei against every other company named that publishes it."""
    lines = [x for e in NAMED if (x := s.series("rd_expense", e)).data]
    huawei = next((x for x in lines if x.id == "huawei"), None)
    others = [x for x in lines if x.id != "huawei"]
    if huawei is None or not others:
        return s.empty(title=s.own("title.none"), indicators=["rd_expense"])
    now = huawei.last
    revenue = s.series("revenue", "huawei").at(now.period)
    rival = max(others, key=lambda x: x.last.value)
    theirs = rival.last
    first = now.value > theirs.value
    lines = [
        replace(
            x,
            strong=x.id == "huawei",
            colour=x.colour if x.id == "huawei" or x.colour == "hangzhou" else "quiet",
        )
        for x in lines
    ]
    return s.chart(
        title=s.own(
            "title.first" if first else "title.behind",
            value=s.q(now.value, "CNY"),
            year=s.per(now.period),
            share=s.pct(now.value / revenue.value * 100) if revenue else s.say("none.short"),
            rival=rival.label,
            theirs=s.q(theirs.value, "CNY"),
            when=s.per(theirs.period),
        ),
        subtitle=s.own("subtitle"),
        x=scales.years(
            min(x.first.x for x in lines), max(x.last.x for x in lines), count=4 if s.narrow else 8
        ),
        y=scales.log([d.value for x in lines for d in x.data], "CNY", s.lang, count=6, pad=0.08),
        marks=[
            parts.line(s, x, x.label if s.narrow else f"{x.label} {s.q(x.last.value, 'CNY')}", bridge=True)
            for x in reversed(lines)
        ],
        series=lines,
    )
