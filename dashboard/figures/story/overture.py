"""The opening and the first chapter: the pursuit at a glance, the distance, where the companies come from."""

from __future__ import annotations

from dashboard.claims.overture import LI_IN_KM as LI_KM
from dashboard.figures import land, scales
from dashboard.figures.record import Axis, Chart, Dots, Land, Line, Mark, Point, Rule, Text
from dashboard.figures.story import parts
from dashboard.figures.story.scene import Scene, story
from dashboard.figures.story.series import Datum, Series, share_of

CENTRE = (117.0, 26.5)
ATTENTION = "weibo_hot_search_titles_daily"


@story
def pursuit_lines(s: Scene) -> Chart:
    """Draw the GDP of each pursuer as a share of Shenzhen's, with the nearest each ever came."""
    base = s.series("gdp", "shenzhen")
    lines = [share_of(s.series("gdp", e), base) for e in ("suzhou", "chongqing", "hangzhou")]
    lines = [x for x in lines if x.data]
    if not lines:
        return s.empty(title=s.own("title.none"), indicators=["gdp"])
    since = max(x.first.period for x in lines)
    lines = [x.between(since) for x in lines]
    until = max(x.last.period for x in lines)
    best = max(lines, key=lambda x: x.peak.value)
    peaks = [
        parts.peak(s, x, x.peak, s.own("peak", year=x.peak.period, value=s.pct(x.peak.value))) for x in lines
    ]
    return s.chart(
        title=s.own(
            "title.passed" if best.peak.value >= 100 else "title.closest",
            name=best.label, value=s.pct(best.peak.value), period=s.per(best.peak.period),
        ),
        subtitle=s.own("subtitle", span=s.span(since, until)),
        x=scales.years(float(since), float(until), count=3 if s.narrow else 6),
        y=scales.linear([100, *(d.value for x in lines for d in x.data)], "%", s.lang, count=6),
        marks=[
            Rule(None, 100, None, 100, colour="shenzhen", width=1.6),
            Text(float(since), 100, s.own("base"), colour="shenzhen", dy=14, dx=2, strong=True),
            *(parts.line(s, x, f"{x.label} {s.pct(x.last.value)}") for x in lines),
            *peaks,
        ],
        series=lines,
    )  # fmt: skip


@story
def spring_festival_distance(s: Scene) -> Chart:
    """Draw the two cities on the coast, the great circle between them, and the days of the shock."""
    places = {
        e: (lon, lat)
        for e in ("shenzhen", "hangzhou")
        if (lon := s.latest("longitude", e)) and (lat := s.latest("latitude", e))
    }
    if len(places) < 2:
        return s.empty(title=s.own("title.none"), indicators=["latitude", "longitude"])
    a, b = ((lon.value, lat.value) for lon, lat in places.values())
    km = land.distance_km(a, b)
    box = (-470.0, -640.0, 1010.0, 600.0) if s.narrow else (-820.0, -620.0, 1380.0, 600.0)
    way = [land.project(p, CENTRE) for p in land.great_circle(a, b)]
    middle = way[len(way) // 2]
    ends = tuple(o.key for figures in places.values() for d in figures for o in d.used)
    cities: list[Series] = []
    marks: list[Mark] = [
        Land(land.land_rings(CENTRE, box)),
        Line(
            tuple(Point(x, y, s.own("way", km=s.q(km, "km")), ends) for x, y in way),
            "ink",
            width=1.6,
            dash="dash",
        ),
        Text(*middle, s.q(km, "km", 4), dx=-16, dy=-8, anchor="end", strong=True, size=15),
        Text(*middle, s.own("li", li=s.num(km / LI_KM, 4)), dx=-30, dy=11, anchor="end", colour="muted"),
    ]
    for (entity_id, figures), place in zip(places.items(), (way[0], way[-1]), strict=True):
        used = tuple(d.used[0] for d in reversed(figures))
        city = Series(entity_id, s.name(entity_id), s.role(entity_id), "degrees",
                      (Datum(used[0].period, used[0].value, used),) if used else ())  # fmt: skip
        cities.append(city)
        marks.append(
            Dots((Point(*place, s.name(entity_id), tuple(o.key for o in used)),), city.colour,
                 labels=(city.label,), size=11, strong=True, name=entity_id)
        )  # fmt: skip
    shock = s.series(ATTENTION, "deepseek")
    inset = _inset(s, shock, (570.0, -560.0, 970.0, -230.0) if s.narrow else (640.0, -540.0, 1330.0, -110.0))
    return s.chart(
        title=s.own("title.at_least" if km / LI_KM >= 1000 else "title.less",
                    km=s.q(km, "km", 4), li=s.num(km / LI_KM, 4)),
        subtitle=s.own("subtitle"),
        kind="map",
        x=Axis((box[0], box[2]), grid=False),
        y=Axis((box[1], box[3]), grid=False),
        marks=[*marks, *inset],
        series=[*cities, shock],
        remark=s.own("way", km=s.q(km, "km", 4)),
        notes=[s.own("note", li=s.q(LI_KM, "km"))],
        equal=True,
    )  # fmt: skip


def _inset(s: Scene, shock: Series, box: land.Box) -> list[Mark]:
    """Return the daily attention series as a small chart drawn at sea, within ``box`` of the map."""
    if len(shock.data) < 2 or shock.peak.value <= 0:
        return []
    left, bottom, right, top = box
    start, end, high = shock.first.x, shock.last.x, shock.peak
    points = tuple(
        s.point(shock, d, x=left + (d.x - start) / (end - start) * (right - left),
                y=bottom + d.value / high.value * (top - bottom))
        for d in shock.data
    )  # fmt: skip
    at = points[shock.data.index(high)]
    named = [(points[0], shock.first, "start"), (points[-1], shock.last, "end")]
    return [
        Rule(left, bottom, right, bottom, colour="muted"),
        Line(points, shock.colour, width=1.8, name=shock.id),
        Text(left, top, s.own("inset"), colour="muted", dy=-22, size=11),
        Text(
            at.x,
            top,
            s.own("inset.peak", day=scales.short_period(high.period, s.lang), count=s.num(high.value)),
            colour=shock.colour,
            dx=6,
            dy=6,
            strong=True,
            size=11,
        ),
        *(
            Text(
                p.x,
                bottom,
                scales.short_period(d.period, s.lang),
                colour="muted",
                dy=14,
                size=10.5,
                anchor="start" if side == "start" else "end",
            )
            for p, d, side in named
        ),
    ]


@story
def born_in_shenzhen(s: Scene) -> Chart:
    """Draw when every company that the essay names was founded, in the colour of its city."""
    rows = founded_rows(s)
    named = [s.series("founded_year", e) for e in ("huawei", "tencent", "dji")]
    if not rows or not all(x.data for x in named):
        return s.empty(title=s.own("title.none"), indicators=["founded_year"])
    cities = {e.city_id for x in named if (e := s.data.entities.get(x.id))}
    oldest = rows[0]
    marks: list[Mark] = []
    for n, (series, datum) in enumerate(rows):
        strong = series.id in {x.id for x in named}
        marks.append(Rule(None, n, datum.x, n, colour="rule"))
        marks.append(
            Dots((s.point(series, datum, y=float(n)),), series.colour, labels=(f"{datum.value:.0f}",),
                 size=10 if strong else 8, strong=strong, name=series.id)
        )  # fmt: skip
    return s.chart(
        title=s.own(
            "title.all" if cities == {"shenzhen"} else "title.not_all",
            list=s.join([s.say("named_year", name=x.label, year=f"{x.last.value:.0f}") for x in named]),
        ),
        subtitle=s.own("subtitle", oldest=oldest[0].label, newest=rows[-1][0].label),
        kind="timeline",
        x=scales.years(oldest[1].value - 1, max(d.value for _, d in rows) + 3, count=4 if s.narrow else 8,
                       ends=False),
        y=scales.categories([x.label for x, _ in rows]),
        marks=marks,
        series=[x.__class__(x.id, x.label, x.colour, x.unit, (d,)) for x, d in rows],
        height=parts.row_height(s, len(rows), each=22),
    )  # fmt: skip


def founded_rows(s: Scene) -> list[tuple[Series, Datum]]:
    """Return every company of the essay with its founding, the oldest first, most exact date each."""
    found: list[tuple[Series, Datum]] = []
    for e in s.data.entities.values():
        if e.kind == "company" and (e.group in ("elephants", "dragons", "ants") or e.entity_id == "vanke"):
            series = s.series("founded_year", e.entity_id)
            if series.data:
                last = series.last
                # the entity's own date is often exact to the month where the counted figure is a year
                when = e.founded if e.founded.startswith(last.period[:4]) else last.period
                found.append((series, Datum(when, last.value, last.used)))
    return sorted(found, key=lambda r: (r[1].x, r[0].id))
