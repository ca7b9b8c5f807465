"""Hand-made charts that look like the product's: every mark, three languages, hard cases."""

from __future__ import annotations

from dataclasses import replace

from dashboard.figures.record import (
    Axis,
    Bar,
    Bars,
    Cell,
    Cells,
    Chart,
    Dots,
    Land,
    Line,
    Mark,
    Point,
    Rule,
    Table,
    Text,
    Tick,
)

WORDS = {
    "zh-Hans": (
        "深圳",
        "杭州",
        "差距从未缩到零，2025 年为 1.57 万亿元",
        "地区生产总值，现价，万亿元；虚线为初步数",
    ),
    "zh-Hant": (
        "深圳",
        "杭州",
        "差距從未縮到零，2025 年為 1.57 兆元",
        "地區生產毛額，現價，兆元；虛線為初步數",
    ),
    "en": (
        "Shenzhen",
        "Hangzhou",
        "Hangzhou’s gap to Shenzhen has never closed: CNY 1.57 trillion in 2025",
        "Gross domestic product, current prices, CNY trillion; dashed: preliminary",
    ),
}
WORDS["zh-HK"] = WORDS["zh-Hant"]
UNIT = {"zh-Hans": " 万亿", "zh-Hant": " 兆", "zh-HK": " 萬億", "en": " trillion"}


def gdp(lang: str = "zh-Hans", form: str = "wide") -> Chart:
    """Return a two-line chart with a band, an annotation and end labels."""
    one, two, title, subtitle = WORDS[lang]
    years = range(2000, 2026)
    first = tuple(
        Point(y, 0.22 * 1.12 ** (y - 2000), f"{one} {y}", (("shenzhen", "gdp", str(y), "s1"),)) for y in years
    )
    second = tuple(
        Point(y, 0.14 * 1.12 ** (y - 2000), f"{two} {y}", (("hangzhou", "gdp", str(y), "s2"),)) for y in years
    )
    marks: tuple[Mark, ...] = (
        Line(first[:-2], "shenzhen", width=2.5, strong=True, name="shenzhen"),
        Line(first[-3:], "shenzhen", f"{one} 3.87{UNIT[lang]}", 2.5, "dash", True, name="shenzhen"),
        Line(second[:-2], "hangzhou", width=2.5, strong=True, name="hangzhou"),
        Line(second[-3:], "hangzhou", f"{two} 2.30{UNIT[lang]}", 2.5, "dash", True, name="hangzhou"),
        Text(2012, 1.6, "2008" if lang == "en" else "2008 年修订", "muted", "middle"),
    )
    return Chart(
        id="gdp_gap", lang=lang, title=title, subtitle=subtitle,
        x=Axis((2000, 2025), tuple(Tick(y, str(y)) for y in range(2000, 2026, 5)), grid=False),
        y=Axis((0, 4), tuple(Tick(v, str(v)) for v in range(5))),
        marks=marks, alt=f"{title}.", table=Table(("year", one), tuple((str(p.x), p.y) for p in first)),
        sources=("s1", "s2"), notes=(subtitle,), form=form,  # type: ignore[arg-type]
    )  # fmt: skip


def ladder(lang: str = "zh-Hans") -> Chart:
    """Return rows of dots on a logarithmic axis, with rules, names and 'no public figure'."""
    rows = [
        ("华为", 8621e8),
        ("比亚迪", 7771e8),
        ("腾讯", 6603e8),
        ("群核科技", 7.55e8),
        ("宇树科技", 3.93e8),
    ]
    marks: list[Mark] = []
    for n, (_, value) in enumerate(rows):
        colour = "shenzhen" if n < 3 else "hangzhou"
        marks.append(Rule(1e8, n, value, n, colour))
        marks.append(Dots((Point(value, n),), colour, (f"{value / 1e8:,.4g} 亿",), strong=True, name=str(n)))
    marks.append(Text(1e8, 5, "无公开营收", "muted", dx=6))
    return Chart(
        id="ladder", lang=lang, title="营收相差近三个数量级", subtitle="2024 年营业收入，人民币，对数轴",
        x=Axis((1e8, 1e12), tuple(Tick(10.0**k, f"{10 ** (k - 8):,} 亿") for k in range(8, 13)), "log"),
        y=Axis((-0.5, 5.5), tuple(Tick(n, t) for n, t in enumerate([*(r[0] for r in rows), "深度求索"])),
               grid=False, reverse=True, category=True),
        marks=tuple(marks), alt="…", table=Table(("a",), ()),
    )  # fmt: skip


def bars(lang: str = "en", orientation: str = "h") -> Chart:
    """Return bars, one negative, one hatched."""
    values = [92.0, 59.4, 40.0, -12.0]
    names = ["Shenzhen", "Hangzhou", "A rather long name of a place", "Chongqing"]
    items = tuple(
        Bar(
            n,
            v,
            0,
            "shenzhen" if n == 0 else "hangzhou",
            f"{v:g}%",
            names[n],
            provisional=n == 2,
        )
        for n, v in enumerate(values)
    )
    values_axis = Axis((-20, 100), tuple(Tick(v, f"{v}%") for v in range(-20, 101, 20)))
    names_axis = Axis(
        (-0.5, 3.5), tuple(Tick(n, t) for n, t in enumerate(names)), grid=False, reverse=orientation == "h",
        category=True,
    )  # fmt: skip
    across = orientation == "h"
    return Chart(
        id=f"bars_{orientation}", lang=lang, title="Shares", subtitle="%",
        x=values_axis if across else names_axis, y=names_axis if across else values_axis,
        marks=(Bars(items, "h" if across else "v"),), alt="…", table=Table(("a",), ()),
    )  # fmt: skip


def heat(lang: str = "zh-Hans") -> Chart:
    """Return a heat map with an empty field."""
    cells = tuple(
        Cell(
            c,
            r,
            None if (c, r) == (2, 1) else (c + r) / 7,
            "–" if (c, r) == (2, 1) else str(c + r + 1),
            keys=() if (c, r) == (2, 1) else ((f"city{r}", f"rank{c}", "2024", "s1"),),
        )
        for c in range(5)
        for r in range(4)
    )
    columns = tuple(Tick(n, t) for n, t in enumerate(["地区生产总值", "专利", "人口", "上市公司", "房价"]))
    rows = tuple(Tick(n, t) for n, t in enumerate(["深圳", "杭州", "苏州", "重庆"]))
    return Chart(
        id="heat", lang=lang, title="名次", subtitle="第几位",
        x=Axis((-0.5, 4.5), columns, grid=False, category=True),
        y=Axis((-0.5, 3.5), rows, grid=False, reverse=True, category=True),
        marks=(Cells(cells, name="ranks"),), alt="…", table=Table(("a",), ()),
    )  # fmt: skip


def lands(lang: str = "zh-Hant") -> Chart:
    """Return a map of equal units with two labelled cities."""
    ring = ((0.0, 0.0), (900.0, 100.0), (1000.0, 700.0), (300.0, 900.0), (0.0, 0.0))
    return Chart(
        id="map", lang=lang, title="相距一千公里", subtitle="大圓距離",
        x=Axis((0, 1000), grid=False), y=Axis((0, 1000), grid=False),
        marks=(
            Land((ring,)),
            Line((Point(200, 150), Point(500, 420), Point(860, 600)), "muted", dash="dot"),
            Dots((Point(200, 150),), "shenzhen", ("深圳",), strong=True, name="shenzhen"),
            Dots((Point(860, 600),), "hangzhou", ("杭州",), strong=True, name="hangzhou"),
        ),
        alt="…", table=Table(("a",), ()), equal=True,
    )  # fmt: skip


def crowd(lang: str = "en") -> Chart:
    """Return eight lines that end close together, and a cloud of labelled points."""
    names = ["Shenzhen", "Hangzhou", "Suzhou", "Chongqing", "Beijing", "Shanghai", "Guangzhou", "Hong Kong"]
    roles = ["shenzhen", "hangzhou", "suzhou", "chongqing", "beijing", "shanghai", "guangzhou", "hong_kong"]
    marks: list[Mark] = [
        Line(
            tuple(Point(x, 50 + x * (1 + k / 20)) for x in range(11)),
            role,
            f"{name} {60 + k / 2:g}",
            strong=k < 2,
        )
        for k, (role, name) in enumerate(zip(roles, names, strict=True))
    ]
    marks += [
        Dots((Point(2 + k / 3, 80 + k),), role, (name,), hollow=k % 2 == 0)
        for k, (role, name) in enumerate(zip(roles, names, strict=True))
    ]
    return Chart(
        id="crowd", lang=lang, title="A crowd", subtitle="index",
        x=Axis((0, 10), tuple(Tick(v, str(2015 + v)) for v in range(11))),
        y=Axis((40, 100), tuple(Tick(v, str(v)) for v in range(40, 101, 10)), title="Index, 2015 = 50"),
        marks=tuple(marks), alt="…", table=Table(("a",), ()),
    )  # fmt: skip


def nothing(lang: str = "zh-Hans") -> Chart:
    """Return a chart without figures."""
    return Chart(
        id="nothing", lang=lang, title="没有公开数字", subtitle="", x=Axis((0, 1)), y=Axis((0, 1)), marks=(),
        alt="没有公开数字", table=Table((), ()),
        empty="查找了深度求索的营业收入：年报、招股书、工商登记，均无公开数字。",
    )  # fmt: skip


ALL = {
    "gdp": gdp, "ladder": ladder, "bars_h": bars, "bars_v": lambda: bars("zh-Hans", "v"), "heat": heat,
    "lands": lands, "crowd": crowd, "nothing": nothing,
}  # fmt: skip

META = {
    "source": "深圳市统计局；杭州市统计局",
    "date": "2026-11-22",
    "version": "5f2a9c1b77de",
    "licence": "CC BY 4.0",
}


def plain(marks: tuple[Mark, ...], lang: str = "en", title: str = "Title") -> Chart:
    """Return marks on axes from 0 to 10."""
    return Chart("plain", lang, title, "sub", Axis((0, 10)), Axis((0, 10)), marks, "alt", Table((), ()))


def titled(title: str, lang: str) -> Chart:
    """Return a chart that is all title."""
    return plain((Rule(0, 0, 10, 10),), lang, title)


def gapped() -> Chart:
    """Return a line with gaps: two runs and a lone figure between."""
    ys = (1, 2, None, 4, None, 6, 7)
    return plain((Line(tuple(Point(x, y) for x, y in enumerate(ys)), "shenzhen"),))


def recoloured(role: str) -> Chart:
    """Return a chart whose marks name a colour role of nowhere."""
    return plain(
        (
            Line((Point(0, 0), Point(5, 5)), role, "x", name=role),
            Text(5, 5, "y", role),
            Cells((Cell(1, 1, 0.5),), role),
            Dots((Point(3, 3),), role, ("z",), name=role),
        )
    )


def everywhere(chart: Chart, words: str) -> Chart:
    """Return the chart with ``words`` in every text a record has."""

    def worded(value: object) -> object:
        if isinstance(value, Tick):
            return replace(value, label=words)
        if isinstance(value, Axis):
            return replace(value, ticks=tuple(map(worded, value.ticks)), title=words)  # type: ignore[arg-type]
        if isinstance(value, Point):
            return value._replace(text=words, keys=((words, words, words, words),))
        if isinstance(value, Line):
            return replace(value, points=tuple(map(worded, value.points)), label=words, name=words)  # type: ignore[arg-type]
        if isinstance(value, Dots):
            points = tuple(map(worded, value.points))
            return replace(value, points=points, labels=(words,) * len(points), name=words)  # type: ignore[arg-type]
        if isinstance(value, Text):
            return replace(value, text=words)
        if isinstance(value, Cells):
            items = tuple(replace(c, label=words, text=words) for c in value.items)
            return replace(value, items=items, name=words)
        return value

    return replace(
        chart, id=words, title=words, subtitle=words, alt=words, notes=(words,),
        empty=words if chart.empty else "", meta=dict.fromkeys(META, words),
        x=worded(chart.x), y=worded(chart.y), marks=tuple(map(worded, chart.marks)),  # type: ignore[arg-type]
    )  # fmt: skip
