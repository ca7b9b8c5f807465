"""«Anxiety is a drive»: prices, twenty years, universities, migrants, who gets the dividend."""

from __future__ import annotations

from dataclasses import replace

from dashboard.claims.drive import begin, outgrown
from dashboard.claims.evidence import Evidence, NotPublicError
from dashboard.claims.rule import RULES
from dashboard.claims.scope import GIANTS
from dashboard.figures import scales
from dashboard.figures.record import Axis, Chart, Dots, Mark, Rule, Text
from dashboard.figures.story import parts
from dashboard.figures.story.money import in_yuan
from dashboard.figures.story.scene import Scene, story
from dashboard.figures.story.series import Datum, Series, derive, indexed
from dashboard.figures.story.stock import revenue_year
from dashboard.locale import has, text

CAMPUSES = (
    "tsinghua_university", "peking_university", "fudan_university", "shanghai_jiao_tong_university",
    "zhejiang_university", "shenzhen_university", "sustech", "cuhk_shenzhen", "westlake_university",
)  # fmt: skip


@story
def twenty_years_ago(s: Scene) -> Chart:
    """Draw the giants' revenue about twenty years before the latest year, and everybody's in it."""
    year = revenue_year(s)
    if not year:
        return s.empty(title=s.own("title.none"), indicators=["revenue"])
    since = str(int(year) - 20)
    rows: list[tuple[Series, Datum | None, Datum]] = []
    for e in GIANTS:
        x = in_yuan(s, "revenue", e)
        latest = x.at(year)
        assert latest is not None  # noqa: S101  a year all giants have
        rows.append((x, x.between(since).first, latest))
    for e in s.data.group("dragons"):
        x = s.series("revenue", e)
        if (own := x.at(year)) is not None:
            rows.append((x, None, own))
    rows.sort(key=lambda r: -(r[1].value if r[1] else r[2].value))
    values = [d.value for _, then, now in rows for d in (then, now) if d]
    marks: list[Mark] = []
    for n, (x, then, now) in enumerate(rows):
        if then:
            marks.append(Rule(then.value, n, now.value, n, colour=x.colour, width=1.6))
            marks.append(
                Dots((s.point(x, then, x=then.value, y=n),), x.colour, size=10, symbol="ring", name=x.id)
            )
            marks.append(
                Text(
                    then.value,
                    n,
                    s.own("then", year=then.period, value=s.q(then.value, "CNY")),
                    colour=x.colour,
                    dy=-14,
                    dx=-5,
                )
            )
        marks.append(
            Dots(
                (s.point(x, now, x=now.value, y=n),),
                x.colour,
                size=10,
                strong=True,
                name=x.id,
                labels=(
                    s.q(now.value, "CNY")
                    if then
                    else s.own("then", year=now.period, value=s.q(now.value, "CNY")),
                ),
            )
        )
    view, default = Evidence(s.data), RULES["twenty_years_ago"].default
    try:
        pace = {e: outgrown(view, begin(view, e, default.since), default.years) for e in GIANTS}
    except NotPublicError:
        return s.empty(title=s.own("title.none"), indicators=["revenue", "gdp"])
    if not s.narrow:
        marks += [
            Text(now.value, n, s.own("pace", years=default.years, times=s.times(pace[x.id][0].value),
                 city=s.times(pace[x.id][1].value)), colour="muted", anchor="end", dx=-9, dy=12, size=11)
            for n, (x, then, now) in enumerate(rows) if then
        ]  # fmt: skip
    faster = sum(grown > city for grown, city in pace.values())
    first = min((r for r in rows if r[1]), key=lambda r: r[1].value if r[1] else 0)
    dragon = max((r for r in rows if not r[1]), key=lambda r: r[2].value)
    assert first[1] is not None  # noqa: S101  chosen among those with an early figure
    return s.chart(
        title=s.say("join.semicolon").join([
            s.own("title.pace", count=faster, all=len(pace), years=default.years),
            s.own("title.smaller" if first[1].value <= dragon[2].value else "title.larger",
                  giant=first[0].label, then=s.q(first[1].value, "CNY"), since=s.per(first[1].period),
                  dragon=dragon[0].label, now=s.q(dragon[2].value, "CNY")),
        ]),
        subtitle=s.own("subtitle", year=s.per(year)),
        kind="ladder",
        x=scales.log(values, "CNY", s.lang, pad=0.12),
        y=scales.categories([x.label for x, _, _ in rows]),
        marks=marks,
        series=[replace(x, data=tuple(d for d in (then, now) if d)) for x, then, now in rows],
        height=parts.row_height(s, len(rows), each=42 if s.narrow else 54),
        dashed=False,
    )  # fmt: skip


@story
def universities(s: Scene) -> Chart:
    """Draw the world ranks of the four cities' leading universities by year, log, first on top."""
    lines = [x for e in CAMPUSES if (x := s.series("arwu_rank", e)).data]
    by_city = {
        c: [x for x in lines if x.colour == c] for c in ("shenzhen", "hangzhou", "beijing", "shanghai")
    }
    if not by_city["shenzhen"] or not by_city["hangzhou"]:
        return s.empty(title=s.own("title.none"), indicators=["arwu_rank"])
    year = max(d.period for x in by_city["shenzhen"] for d in x.data)
    best = {c: min(((x, d) for x in group if (d := x.at(year))), key=lambda r: r[1].value, default=None)
            for c, group in by_city.items()}  # fmt: skip
    sz, hz = best["shenzhen"], best["hangzhou"]
    if sz is None or hz is None:
        return s.empty(title=s.own("title.none"), indicators=["arwu_rank"])
    # one line a city: its best-placed university of the year; of Shenzhen all
    shown = [
        replace(x, strong=x.colour in ("shenzhen", "hangzhou"))
        for x in lines
        if (b := best[x.colour]) and (b[0].id == x.id or x.colour == "shenzhen")
    ]
    axis = scales.log([d.value for x in shown for d in x.data], "rank", s.lang, pad=0.08)
    return s.chart(
        title=s.own(
            "title.behind" if sz[1].value > hz[1].value else "title.ahead",
            sz=sz[0].label,
            hz=hz[0].label,
            sz_rank=s.q(sz[1].value, "rank"),
            hz_rank=s.q(hz[1].value, "rank"),
            year=s.per(year),
        ),
        subtitle=s.own("subtitle"),
        x=scales.years(
            min(x.first.x for x in shown), max(x.last.x for x in shown), count=4 if s.narrow else 7
        ),
        y=Axis(axis.domain, axis.ticks, "log", reverse=True),
        marks=[
            parts.line(
                s,
                x,
                f"{_campus(s, x) if s.narrow else x.label} {x.last.value:.0f}",
                bridge=True,
                markers=True,
            )
            for x in shown
        ],
        series=shown,
        notes=[s.own("note")],
    )


def _campus(s: Scene, series: Series) -> str:
    """Return a university's name as short as it is known by, its own where there is none."""
    key = f"figures.universities.short.{series.id}"
    return text(key, s.lang) if has(key, s.lang) else series.label


@story
def migrant_city(s: Scene) -> Chart:
    """Draw the share of residents without the city's own registration, by year."""
    lines: list[Series] = []
    for e in ("chongqing", "suzhou", "guangzhou", "beijing", "shanghai", "hangzhou", "shenzhen"):
        x = derive([s.series("population_resident", e), s.series("population_hukou", e)],
                   lambda a, b: (a - b) / a * 100, id=e, label=s.name(e), colour=s.role(e), unit="%",
                   strong=e in ("shenzhen", "hangzhou"))  # fmt: skip
        if x.data:
            lines.append(x)
    own = next((x for x in lines if x.id == "shenzhen"), None)
    if own is None:
        return s.empty(title=s.own("title.none"), indicators=["population_resident", "population_hukou"])
    now = own.last
    ranked = sorted(((x, x.last) for x in lines), key=lambda r: -r[1].value)
    second = next(((x, d) for x, d in ranked if x.id != "shenzhen"), None)
    title = (
        "title.alone"
        if second is None
        else "title.first"
        if ranked[0][0].id == "shenzhen"
        else "title.not_first"
    )
    return s.chart(
        title=s.own(
            title,
            value=s.pct(now.value),
            year=s.per(now.period),
            when=s.per(second[1].period) if second else "",
            other=second[0].label if second else "",
            theirs=s.pct(second[1].value) if second else "",
        ),
        subtitle=s.own("subtitle"),
        x=scales.years(
            min(x.first.x for x in lines), max(x.last.x for x in lines), count=4 if s.narrow else 7
        ),
        y=scales.linear([d.value for x in lines for d in x.data], "%", s.lang, zero=True, count=5),
        marks=[
            Rule(None, 0, None, 0, colour="muted"),
            *(parts.line(s, x, f"{x.label} {s.pct(x.last.value, 0)}", bridge=True) for x in lines),
        ],
        series=[own, *(x for x in lines if x is not own)],
    )


@story
def dividend_to_people(s: Scene) -> Chart:
    """Draw income a head against GDP a head in Shenzhen, both from the first year that has both."""
    income, output = (s.series(i, "shenzhen") for i in ("disposable_income_per_capita", "gdp_per_capita"))
    common = [d.period for d in income.data if output.at(d.period)]
    if len(common) < 2:
        return s.empty(
            title=s.own("title.none"), indicators=["disposable_income_per_capita", "gdp_per_capita"]
        )
    a, b = (indexed(replace(x, data=tuple(d for d in x.between(common[0], common[-1]).data)), 100)
            for x in (income, output))  # fmt: skip
    a = replace(a, id="income", label=s.own("income"), strong=True)
    b = replace(b, id="output", label=s.own("output"), colour="quiet", strong=False)
    up, gdp = a.last.value - 100, b.last.value - 100
    return s.chart(
        title=s.own(
            "title.follows" if up >= gdp else "title.lags" if up > 0 else "title.falls",
            income=s.pct(up),
            output=s.pct(gdp),
            since=s.per(common[0]),
            until=s.per(common[-1]),
        ),
        subtitle=s.own("subtitle", since=s.per(common[0])),
        x=scales.years(float(common[0]), float(common[-1]), count=4 if s.narrow else 6),
        y=scales.linear([100, *(d.value for x in (a, b) for d in x.data)], "index", s.lang, count=5),
        marks=[
            *parts.line(
                s, b, f"{b.label} +{s.pct(gdp)}" if gdp >= 0 else f"{b.label} {s.pct(gdp)}", bridge=True
            ),
            *parts.line(
                s, a, f"{a.label} +{s.pct(up)}" if up >= 0 else f"{a.label} {s.pct(up)}", bridge=True
            ),
            *(
                []
                if s.narrow
                else [
                    Text(
                        a.last.x,
                        100,
                        s.own(
                            "level",
                            share=s.pct(income_share(income, output, common[-1])),
                            year=s.per(common[-1]),
                        ),
                        anchor="end",
                        dy=-12,
                        colour="muted",
                    )
                ]
            ),
        ],
        series=[a, b],
    )


def income_share(income: Series, output: Series, year: str) -> float:
    """Return income a head as a percentage of GDP a head in ``year``; ``ValueError`` without both figures."""
    a, b = income.at(year), output.at(year)
    if a is None or b is None:
        raise ValueError(f"no figures for {year}")
    return a.value / b.value * 100
