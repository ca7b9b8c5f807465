"""«Shenzhen never lacks pursuers»: city against city."""

from __future__ import annotations

from dashboard.claims.scope import CHASED, CLOSE, FIELDS, PURSUERS
from dashboard.figures import scales
from dashboard.figures.record import Axis, Chart, Dots, Mark, Rule, Text
from dashboard.figures.story import parts
from dashboard.figures.story.scene import Scene, story
from dashboard.figures.story.series import Datum, Series, share_of

NEAR = 100 * CLOSE
ACROSS, ACROSS_NARROW = 45, 22
"""From this share on a label beside its point reaches over the rules at nine tenths and at the whole."""


def _decade_before(series: Series) -> Datum:
    """Return the newest figure at least ten years older than the last one, else the first."""
    until = str(int(series.last.period[:4]) - 10)
    return next((d for d in reversed(series.data) if d.period <= until), series.first)


@story
def hangzhou_chases(s: Scene) -> Chart:
    """Draw Hangzhou as a percentage of Shenzhen, one line an indicator."""
    lines: list[Series] = []
    for i in CHASED:
        found = share_of(s.series(i, "hangzhou"), s.series(i, "shenzhen"))
        if len(found.data) > 1:
            first = i == "gdp"
            lines.append(
                Series(i, s.say(f"brief.{i}"), "hangzhou" if first else "quiet", "%", found.data, first)
            )
    if not lines:
        return s.empty(title=s.own("title.none"), indicators=CHASED)
    main = lines[0]
    closer = [x for x in lines if x.last.value > _decade_before(x).value]
    low = min(main.data, key=lambda d: d.value)
    title = "title.all" if len(closer) == len(lines) else "title.some" if closer else "title.none_closer"
    return s.chart(
        title=s.own(
            title,
            count=len(closer),
            all=len(lines),
            label=main.label,
            first=s.pct(main.first.value),
            since=s.per(main.first.period),
            low=s.pct(low.value),
            when=s.per(low.period),
            last=s.pct(main.last.value),
            until=s.per(main.last.period),
        ),
        subtitle=s.own("subtitle"),
        x=scales.years(
            min(x.first.x for x in lines), max(x.last.x for x in lines), count=3 if s.narrow else 6
        ),
        y=scales.linear([100, *(d.value for x in lines for d in x.data)], "%", s.lang, count=5),
        marks=[
            Rule(None, 100, None, 100, colour="shenzhen", width=1.6),
            *(parts.line(s, x, f"{x.label} {s.pct(x.last.value, 0)}", bridge=True) for x in reversed(lines)),
            Text(
                min(x.first.x for x in lines),
                100,
                s.say("base.shenzhen"),
                colour="shenzhen",
                dy=-11,
                dx=2,
                strong=True,
            ),
        ],
        series=lines,
    )


@story
def regional_poles(s: Scene) -> Chart:
    """Draw the world ranks of the innovation clusters that the cities belong to."""
    lines = [
        x
        for e in ("shanghai", "beijing", "hangzhou", "shenzhen")
        if (x := s.series("gii_cluster_rank", e)).data
    ]
    have = {x.id: x for x in lines}
    if not {"shenzhen", "hangzhou"} <= set(have):
        return s.empty(title=s.own("title.none"), indicators=["gii_cluster_rank"])
    sz, hz = have["shenzhen"].last, have["hangzhou"].last
    sh = have["shanghai"].at(hz.period) if "shanghai" in have else None
    title = (
        "title" if sh is None else "title.shanghai_first" if sh.value < hz.value else "title.hangzhou_first"
    )
    axis = scales.log([d.value for x in lines for d in x.data], "rank", s.lang, pad=0.08)
    return s.chart(
        title=s.own(
            title,
            sz=s.q(sz.value, "rank"),
            hz=s.q(hz.value, "rank"),
            period=s.per(hz.period),
            sh=s.q(sh.value, "rank") if sh else "",
            sz_period=s.per(sz.period),
        ),
        subtitle=s.own("subtitle"),
        x=scales.years(
            min(x.first.x for x in lines), max(x.last.x for x in lines), count=4 if s.narrow else 8
        ),
        y=Axis(axis.domain, axis.ticks, "log", reverse=True),
        marks=[
            parts.line(s, x, f"{x.label} {s.q(x.last.value, 'rank')}", bridge=True, markers=True)
            for x in lines
        ],
        series=lines,
    )


@story
def past_pursuers(s: Scene) -> Chart:
    """Draw how near Suzhou and Chongqing ever came to Shenzhen, field by field."""
    rows: list[tuple[str, list[Series]]] = []
    for i in FIELDS:
        base = s.series(i, "shenzhen")
        found = [share_of(s.series(i, e), base) for e in PURSUERS]
        if any(x.data for x in found):
            rows.append((i, [x for x in found if x.data]))
    if not rows:
        return s.empty(title=s.own("title.none"), indicators=FIELDS)
    caught = {c: [i for i, row in rows for x in row if x.id == c and _rose(x)] for c in PURSUERS}
    values = [v for _, r in rows for x in r for v in (x.peak.value, x.last.value)]
    axis = scales.log([*values, 100], "%", s.lang, count=5, pad=0.1)
    marks: list[Mark] = [
        Rule(100, None, 100, None, colour="shenzhen", width=1.6),
        Rule(NEAR, None, NEAR, None, colour="shenzhen", dash="dot"),
    ]
    shown: list[Series] = []
    for n, (i, row) in enumerate(rows):
        for k, x in enumerate(row):
            y = n + (k - (len(row) - 1) / 2) * 0.36
            marks.append(Rule(x.last.value, y, x.peak.value, y, colour=x.colour, width=1.4))
            label = s.own("peak", value=s.pct(x.peak.value, 0), year=x.peak.period)
            named = Series(x.id, f"{x.label} · {s.indicator(i)}", x.colour, "%", (x.peak, x.last))
            marks.append(Dots((s.point(named, x.last, x=x.last.value, y=y),), x.colour, size=6, symbol="ring",
                              name=f"{x.id}:last"))  # fmt: skip
            # a label that would lie over the rules stands beyond them
            crossing = (ACROSS_NARROW if s.narrow else ACROSS) <= x.peak.value < 100
            if crossing:
                marks.append(Text(100, y, label, x.colour, "start", dx=7, dy=4, strong=i in caught[x.id]))
            marks.append(
                Dots(
                    (s.point(named, x.peak, x=x.peak.value, y=y),),
                    x.colour,
                    labels=() if crossing else (label,),
                    size=9,
                    symbol=parts.symbol_of(x.id),
                    strong=i in caught[x.id],
                    name=f"{x.id}:peak",
                )
            )
            shown.append(named if x.peak != x.last else Series(x.id, named.label, x.colour, "%", (x.peak,)))
    reached = sum(map(bool, caught.values()))
    a, b = PURSUERS
    return s.chart(
        title=s.own(
            "title.both" if reached == len(PURSUERS) else "title.one" if reached else "title.neither",
            a=s.name(a),
            a_count=len(caught[a]),
            b=s.name(b),
            b_count=len(caught[b]),
            all=len(rows),
            near=s.pct(NEAR, 0),
        ),
        subtitle=s.own("subtitle", near=s.pct(NEAR, 0)),
        kind="dots",
        x=axis,
        y=scales.categories([s.brief(i) for i, _ in rows]),
        marks=marks,
        series=shown,
        height=parts.row_height(s, len(rows), each=36),
        dashed=False,
    )


def _rose(series: Series) -> bool:
    """Return whether a share was once below nine tenths and later reached them."""
    start = next((n for n, d in enumerate(series.data) if d.value < NEAR), len(series.data))
    return any(d.value >= NEAR for d in series.data[start:])
