"""«Anxiety is a drive»: the small companies, many without any public figure."""

from __future__ import annotations

from dataclasses import replace

from dashboard.claims import RULES
from dashboard.claims.verdict import ESSAY_PERIOD
from dashboard.figures import scales
from dashboard.figures.record import Bar, Bars, Chart, Dots, Mark, Rule, Text
from dashboard.figures.story import parts
from dashboard.figures.story.moments import ESSAY_DAY
from dashboard.figures.story.overture import founded_rows
from dashboard.figures.story.scene import Scene, story
from dashboard.figures.story.series import Datum, Series

TWO_YEARS = RULES["engineai_two_years"].default.threshold
BILLION = RULES["smallrig_billion"].default.threshold


@story
def inmotion_first(s: Scene) -> Chart:
    """Draw the one public share of InMotion there is, and say that it is of something else."""
    share = s.series("market_share_self_balancing", "inmotion")
    if not share.data:
        return s.empty(title=s.own("title.none"), entities=["inmotion"])
    last = share.last
    named = replace(share, label=s.own("row"))
    return s.chart(
        title=s.own("title", value=s.pct(last.value, 0), period=s.per(last.period)),
        subtitle=s.own("subtitle"),
        kind="bars",
        x=scales.linear([0, 100], "%", s.lang, zero=True, count=5),
        y=scales.categories([s.own("row.asked"), s.own("row")]),
        marks=[
            Bars(
                (Bar(1, last.value, 0, share.colour, s.pct(last.value, 0), s.hover(named, last), last.keys),),
                "h",
                0.5,
            ),
            Text(0, 0, s.say("none.short"), colour="muted", dx=6),
        ],
        series=[replace(named, data=(last,))],
        height=240,
        dashed=False,
    )


@story
def smallrig_billion(s: Scene) -> Chart:
    """Draw what is public of SmallRig's size against the essay's billion."""
    rows: list[tuple[str, str, Series, Datum | None]] = []
    for i in ("revenue", "gmv"):
        x = s.series(i, "smallrig")
        rows.append((i, s.own(f"row.{i}"), x, x.last if x.data else None))
    known = [(i, x, d) for i, _, x, d in rows if d]
    if not known:
        return s.empty(title=s.own("title.none"), entities=["smallrig"])
    marks: list[Mark] = [
        Rule(BILLION, None, BILLION, None, colour="ink", dash="dot", width=1.4),
        Text(BILLION, -0.45, s.own("line", value=s.q(BILLION, "CNY")), dx=5, strong=True, size=11),
    ]
    for n, (_, label, x, d) in enumerate(rows):
        if d is None:
            marks.append(Text(0, n, s.say("none.short"), colour="muted", dx=6))
        else:
            named = replace(x, label=f"{x.label} · {label}", data=(d,))
            marks.append(
                Bars(
                    (Bar(n, d.value, 0, x.colour, s.q(d.value, "CNY"), s.hover(named, d), d.keys),), "h", 0.5
                )
            )
    i, x, d = known[0]
    title = "title.revenue" if i == "revenue" else "title.gmv"
    return s.chart(
        title=s.own(f"{title}.{'above' if d.value >= BILLION else 'below'}", value=s.q(d.value, "CNY"),
                    year=s.per(d.period)),
        subtitle=s.own("subtitle"),
        kind="bars",
        x=scales.linear([BILLION * 1.2, *(d.value for _, _, d in known)], "CNY", s.lang, zero=True, count=4),
        y=scales.categories([label for _, label, _, _ in rows]),
        marks=marks,
        series=[replace(x, label=f"{x.label} · {s.own(f'row.{i}')}", data=(d,)) for i, x, d in known],
        height=240,
        dashed=False,
    )  # fmt: skip


@story
def nutribite_stores(s: Scene) -> Chart:
    """Say that no public store count was found."""
    return _nothing(s, "nutribite")


@story
def bandu_display(s: Scene) -> Chart:
    """Say that no public figure was found."""
    return _nothing(s, "bandu")


def _nothing(s: Scene, entity_id: str) -> Chart:
    """Return the empty chart of a company, or its figures one below the other once there are some."""
    found = [
        (i, d)
        for i in s.data.indicators_of(entity_id)
        if i != "founded_year" and (d := s.latest(i, entity_id))
    ]
    if not found:
        return s.empty(title=s.own("title.none"), entities=[entity_id])
    series = [Series(i, s.indicator(i), s.role(entity_id), s.data.indicators[i].unit, (d,)) for i, d in found]
    return s.chart(
        title=s.own("title.some", count=len(found)),
        subtitle=s.own("subtitle"),
        kind="bars",
        x=replace(scales.linear([0, 1], "", s.lang), ticks=(), grid=False),
        y=scales.categories([x.label for x in series]),
        marks=[Dots((s.point(x, x.last, x=0.02, y=float(n)),), x.colour, labels=(s.q(x.last.value, x.unit),))
               for n, x in enumerate(series)],
        series=series,
        height=parts.row_height(s, len(series)),
        dashed=False,
    )  # fmt: skip


@story
def engineai_two_years(s: Scene) -> Chart:
    """Draw every company's age on the day of the essay, the youngest first."""
    rows = [(x, d) for x, d in reversed(founded_rows(s)) if d.x <= ESSAY_DAY]
    own = next((d for x, d in rows if x.id == "engineai"), None)
    exact = s.data.entities.get("engineai")
    if own is None or exact is None:
        return s.empty(title=s.own("title.none"), indicators=["founded_year"], entities=["engineai"])
    bars: list[tuple[Series, Datum, str]] = []
    for x, d in rows:
        age = Datum(d.period, ESSAY_DAY - d.x, d.used)
        series = Series(x.id, x.label, x.colour, "years", (age,), x.id == "engineai")
        bars.append((series, age, s.own("bar", age=s.num(age.value, 2), year=f"{d.value:.0f}")))
    # words at the end of a bar that stops short of the line would be crossed by it: they stand past the line
    short = [(n, words) for n, (_, age, words) in enumerate(bars) if age.value < TWO_YEARS]
    bars = [(x, age, "" if age.value < TWO_YEARS else words) for x, age, words in bars]
    mine = next(a for x, a, _ in bars if x.id == "engineai")
    return s.chart(
        title=s.own(
            "title.under" if mine.value < TWO_YEARS else "title.over",
            age=s.q(mine.value, "years", 2),
            founded=s.per(own.period[:7]),
        ),
        subtitle=s.own("subtitle", when=s.per(ESSAY_PERIOD), line=s.q(TWO_YEARS, "years")),
        kind="bars",
        x=scales.linear([a.value for _, a, _ in bars], "", s.lang, zero=True, count=4 if s.narrow else 6),
        y=scales.categories([x.label for x, _, _ in bars]),
        marks=[
            parts.bars(s, bars),
            Rule(TWO_YEARS, None, TWO_YEARS, None, colour="ink", dash="dot", width=1.4),
            *(Text(TWO_YEARS, n, words, dx=6) for n, words in short),
        ],
        series=[x for x, _, _ in bars],
        height=parts.row_height(s, len(bars), each=22),
        dashed=False,
    )
