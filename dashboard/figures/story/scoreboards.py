"""«Shenzhen never lacks pursuers» and after: scoreboards of cities over subjects of innovation."""

from __future__ import annotations

from dataclasses import replace

from dashboard.claims.scope import CITIES, FRONTIER, RIVALS, SCORED
from dashboard.figures import scales
from dashboard.figures.record import Bars, Cell, Chart, Rule
from dashboard.figures.story import board, parts
from dashboard.figures.story.scene import Scene, story
from dashboard.figures.story.series import Datum, Series


@story
def not_surpass(s: Scene) -> Chart:
    """Draw Hangzhou against Shenzhen in every innovation indicator that both have."""
    rows = board.compared(s, "hangzhou", "shenzhen", SCORED)
    if not rows:
        return s.empty(title=s.own("title.none"))
    leads = sum(1 for _, d, _ in rows if d.value > 1)
    values = [d.value for _, d, _ in rows]
    # labels stand past the bars' ends on both sides
    axis = scales.log([min(values) / 2, max(*values, 1) * (1.5 if s.narrow else 3)], "ratio", s.lang, count=5)
    bars = parts.bars(s, rows, base=1.0)
    return s.chart(
        title=s.own("title.across" if leads == len(rows) else "title.some" if leads else "title.nowhere",
                    count=leads, all=len(rows)),
        subtitle=s.own("subtitle"),
        kind="bars",
        x=axis,
        y=scales.categories([x.label for x, _, _ in rows]),
        marks=[Bars(bars.items, "h", 0.55), Rule(1, None, 1, None, colour="ink")],
        series=[x for x, _, _ in rows],
        height=parts.row_height(s, len(rows), each=33),
        dashed=False,
    )  # fmt: skip


@story
def all_round_champion(s: Scene) -> Chart:
    """Draw the place of each city in every contest that the verdict counts, and the sum below them."""
    cities = [c for c in CITIES if c in s.data.entities]
    subjects = board.contests(s, SCORED, cities)
    if not subjects:
        return s.empty(title=s.own("title.none"))
    rows = [row for years in subjects for row in years]
    won = dict.fromkeys(cities, 0.0)
    fields: list[list[tuple[Series, Datum | None, float | None, str]]] = []
    series: list[Series] = []
    for years in subjects:
        for row in years:
            line: list[tuple[Series, Datum | None, float | None, str]] = []
            for c in cities:
                datum, place = row.data.get(c), row.place(c)
                label = f"{s.name(c)} · {s.indicator(row.indicator_id)}"
                named = Series(c, label, s.role(c), row.unit, (datum,) if datum else ())
                shade = 0.0 if place is None else 1 - (place - 1) / max(1, len(row.data) - 1)
                line.append((named, datum, shade, "" if place is None else f"{place}"))
                series.append(named)
            fields.append(line)
            winner = min(row.data, key=lambda c: row.place(c) or len(cities))
            won[winner] += 1 / len(years) / len(subjects)
    cells = parts.heat(s, fields, none=s.say("none.short"))
    every = tuple(dict.fromkeys(k for line in fields for _, d, _, _ in line if d for k in d.keys))
    total = tuple(
        Cell(
            n,
            len(rows),
            won[c],
            s.pct(100 * won[c], 0),
            s.own("sum.of", name=s.name(c), share=s.pct(100 * won[c])),
            every,
        )
        for n, c in enumerate(cities)
    )
    firsts = sum(row.place("shenzhen") == 1 for row in rows)
    own, most = won["shenzhen"], max(won, key=lambda c: won[c])
    title = "title.most" if own > 1 / 2 else "title.some" if most == "shenzhen" else "title.behind"
    return s.chart(
        title=s.own(title, count=firsts, all=len(rows), share=s.pct(100 * own), rival=s.name(most),
                    rival_share=s.pct(100 * won[most])),
        subtitle=s.own("subtitle"),
        kind="heat",
        x=scales.categories([s.short(c) for c in cities], reverse=False),
        y=scales.categories([*(f"{r.name} {r.period[:4]}" for r in rows), s.own("sum")]),
        marks=[replace(cells, items=(*cells.items, *total))],
        series=series,
        height=parts.row_height(s, len(rows) + 1, each=22),
        dashed=False,
    )  # fmt: skip


@story
def short_of_beijing_shanghai(s: Scene) -> Chart:
    """Draw four cities in the AI and research indicators that Shenzhen and one of the two capitals have."""
    cities = ("shenzhen", *RIVALS, "hangzhou")
    rows = board.comparable(s, FRONTIER, cities[:3], cities[3:])
    if not rows:
        return s.empty(title=s.own("title.none"))
    below = 0
    fields: list[list[tuple[Series, Datum | None, float | None, str]]] = []
    series: list[Series] = []
    for row in rows:
        line: list[tuple[Series, Datum | None, float | None, str]] = []
        for c in cities:
            datum = row.data.get(c)
            named = Series(c, f"{s.name(c)} · {row.name}", s.role(c), row.unit, (datum,) if datum else ())
            line.append((named, datum, row.share(c), s.q(datum.value, row.unit) if datum else ""))
            series.append(named)
        below += all(row.better(c, "shenzhen") for c in RIVALS)
        fields.append(line)
    return s.chart(
        title=s.own("title.all" if below == len(rows) else "title.some" if below else "title.nowhere",
                    count=below, all=len(rows)),
        subtitle=s.own("subtitle"),
        kind="heat",
        x=scales.categories([s.short(c) for c in cities], reverse=False),
        y=scales.categories([f"{r.name} {r.period[:4]}" for r in rows]),
        marks=[parts.heat(s, fields, none=s.say("none.short"))],
        series=series,
        height=parts.row_height(s, len(rows), each=44),
        dashed=False,
    )  # fmt: skip
