"""One release page of the bureau's 70-city survey, read into its two tables.

Three generations of layout are known; columns are found by their headings, cities by their names. Tables by
size of home, of 15 cities, of half months, and of all new homes (新建住宅, which counts subsidised homes in)
are passed over. A market's 70 cities are in one table of two halves or in two tables of 35 each. Releases
before 2014 do not say the base year of 定基 in the table; such a column is not read.
"""

import re
from decimal import Decimal
from typing import Any, NamedTuple

from etl.sources.base import Snapshot, Unreadable
from etl.sources.html_tables import Grid, grids, tree
from etl.sources.reading import decode, normalise_text, parse_number, shipped_csv

TITLE = re.compile(
    r"(20[0-9][0-9])年([0-9]{1,2})月份?70个大中城市(?:及[0-9]{1,2}月[上下]半月一线和热点二线城市)?(?:商品)?住宅销售价格变动情况"
)
PAGE_DATE = re.compile(r"/t(20[0-9][0-9])([0-9][0-9])([0-9][0-9])_[0-9]+\.s?html?$")

SURVEYED = frozenset(row["city"] for row in shipped_csv("nbs_surveyed.csv"))
"""The 70 cities of the survey, as the release names them (Suzhou and Hong Kong are not among them)."""

_MARKETS = (("二手住宅", "secondhand"), ("新建商品住宅", "new"))
_ALL_NEW = "新建住宅"
_FEWEST = 30
"""Cities below which a table is no half of the survey (the comparison of 2016 to 2018 has 15)."""
_MEASURES = (("环比", "mom"), ("同比", "yoy"), ("定基", "fixed_base"), ("平均", "average"))
_BY_SIZE = re.compile(r"分类|[0-9]+(m2|平方米|m²|㎡)", re.IGNORECASE)
_MONTH = re.compile(r"(20[0-9][0-9])年([0-9]{1,2})月")
_BASE_YEAR = re.compile(r"(20[0-9][0-9])年(?:价格)?(?:为|=)100")
_FOOTNOTE = re.compile(r"市?(?:[*#※]|\(注?[0-9]*\))*\Z")

HEADS = {measure: head for head, measure in _MEASURES}
"""Measure → its heading in the table."""


class IndexTable(NamedTuple):
    """One market: its caption, and index numbers by (city, measure); ``None`` where the cell has no figure.

    Measures: ``mom``, ``yoy``, ``fixed_base_<year>``.
    """

    label: str
    values: dict[tuple[str, str], Decimal | None]

    @property
    def cities(self) -> set[str]:
        return {city for city, _ in self.values}


class ReleasePage(NamedTuple):
    period: str
    title: str
    published: str
    tables: dict[str, IndexTable]


def read_page(snapshot: Snapshot) -> ReleasePage:
    """Read a release page. Raise :class:`Unreadable` when it is not one, or not of the month asked for."""
    root = tree(decode(snapshot))
    heading = _heading(root)
    months = {month_of(*heading.groups())} if heading else set()
    parts: dict[str, list[IndexTable]] = {}
    before: tuple[str, IndexTable] | None = None
    for grid in grids(root):
        read = _market_table(grid)
        if read is None:
            before = None
            continue
        market, month, table = read
        if not market and before is not None and not before[1].cities & table.cities:
            market = before[0]  # the second half of a table, without a heading of its own
        before = market, table
        if market in ("", _ALL_NEW):
            continue  # 新建住宅 of before 2018 counts subsidised homes in, and is another series
        months |= {month} if month else set()
        parts.setdefault(market, []).append(table)
    tables = {market: whole for market, found in parts.items() if (whole := _whole(found, market))}
    key = snapshot.request.key
    months |= {key} if re.fullmatch(r"20[0-9][0-9]-[0-9][0-9]", key) else set()
    if missing := [name for _, name in _MARKETS if name not in tables]:
        raise Unreadable(f"no table of {' or '.join(missing)} homes")
    if len(months) != 1:
        found_months = " and ".join(sorted(months)) or "no month"
        raise Unreadable(f"the page says {found_months}, one month was expected")
    period = months.pop()
    title = f"{int(period[:4])}年{int(period[5:])}月份70个大中城市商品住宅销售价格变动情况"
    dated = re.match(r"(20[0-9][0-9])[/-]([0-9]{1,2})[/-]([0-9]{1,2})", _meta(root, "PubDate"))
    published = f"{dated[1]}-{int(dated[2]):02}-{int(dated[3]):02}" if dated else ""
    return ReleasePage(period, heading.group() if heading else title, published, tables)


def month_of(year: str, month: str) -> str:
    return f"{int(year):04}-{int(month):02}"


def _whole(parts: list[IndexTable], market: str) -> IndexTable | None:
    """Join a market's tables; ``None`` when they do not make up the survey.

    A page may carry its tables twice, for wide screens and for telephones, and each in two halves.
    """
    values: dict[tuple[str, str], Decimal | None] = {}
    for part in parts:
        for key, value in part.values.items():
            if values.setdefault(key, value) != value:
                raise Unreadable(f"two different tables of {market} homes")
    if 2 * sum(value is None for value in values.values()) > len(values):
        raise Unreadable(f"most cells of {market} homes have no figure")
    whole = IndexTable(parts[0].label, values)
    return whole if len(whole.cities) >= 2 * _FEWEST else None


def _market_table(grid: Grid) -> tuple[str, str, IndexTable] | None:
    """Return market and month ("" where unsaid) and table; ``None`` for a table that is not wanted."""
    rows = [tuple(_FOOTNOTE.sub("", cell, count=1) for cell in row) for row in grid.rows]
    start = next((n for n, row in enumerate(rows) if any(cell in SURVEYED for cell in row)), None)
    if start is None:
        return None
    header = grid.rows[:start]
    label = _label(grid.caption, header)
    heads = ["".join(dict.fromkeys(row[column] for row in header)) for column in range(len(grid.rows[0]))]
    if _BY_SIZE.search(label) or any(_BY_SIZE.search(head.replace(label, "")) for head in heads):
        return None
    market = _market("".join(heads)) or _market(label)
    columns = _columns(heads, label)
    if not columns or len({row[c] for row in rows for c, _ in columns} & SURVEYED) < _FEWEST:
        return None  # e.g. the comparison of 15 cities of 2016-2018
    month = _MONTH.search(label)
    values: dict[tuple[str, str], Decimal | None] = {}
    for names, row in zip(rows[start:], grid.rows[start:], strict=True):
        for city_column, measures in columns:
            city = names[city_column]
            if city not in SURVEYED:
                continue
            for column, measure in measures:
                value = parse_number(row[column])
                if value is None and any(c.isnumeric() for c in row[column]):
                    what = f"{city} has {row[column]!r} in {label}, a number was expected"
                    raise Unreadable(what)
                if values.setdefault((city, measure), value) != value:
                    raise Unreadable(f"{city} appears twice in {label}")
    return market, month_of(*month.groups()) if month else "", IndexTable(label.replace(":", "："), values)


def _market(text: str) -> str:
    """Return the market that a heading names, :data:`_ALL_NEW` for all new homes, ``""`` for none."""
    found = [(text.find(word), name) for word, name in (*_MARKETS, (_ALL_NEW, _ALL_NEW)) if word in text]
    return min(found)[1] if found else ""


def _columns(heads: list[str], label: str) -> list[tuple[int, list[tuple[int, str]]]]:
    """Return for each half of the table its city column and its columns of figures with their measure.

    Empty when the table is not one of the two wanted.
    """
    halves: list[tuple[int, list[tuple[int, str]]]] = []
    for column, head in enumerate(heads):
        own = head.replace(label, "")
        measure = next((key for word, key in _MEASURES if word in own), None)
        if "城市" in own and measure is None:
            halves.append((column, []))
        elif measure and measure != "average" and halves:
            if measure == "fixed_base":
                base = _BASE_YEAR.search(own)
                if base is None:
                    continue  # 100 of which year? the base year is unknown
                measure = f"fixed_base_{base.group(1)}"
            halves[-1][1].append((column, measure))
    for _, measures in halves:
        there = [measure for _, measure in measures]
        if not {"mom", "yoy"} <= set(there) or len(there) != len(set(there)):
            return []
    return halves


def _label(caption: str, header: tuple[tuple[str, ...], ...]) -> str:
    inside = [row[0] for row in header if row and len(set(row)) == 1 and "指数" in row[0]]
    before = re.findall(
        r"(?:表[0-9]+[::])?20[0-9][0-9]年[0-9]{1,2}月70个大中城市[^。;]*?指数(?:\([一二三四]\))?"
        r"|七十个大中城市住宅销售价格指数\(20[0-9][0-9]年[0-9]{1,2}月\)",
        caption,
    )
    return inside[-1] if inside else before[-1] if before else caption[-60:]


def _heading(root: Any) -> re.Match[str] | None:
    texts = [_meta(root, "ArticleTitle")]
    texts += ["".join(element.itertext()) for element in root.iter("title", "h1", "h2", "h3")]
    return next((found for text in texts if (found := TITLE.search(normalise_text(text)))), None)


def _meta(root: Any, name: str) -> str:
    return str(root.xpath("string(//meta[@name=$name]/@content)", name=name))
