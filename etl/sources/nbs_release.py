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
from etl.sources.html_tables import Grid, grids, published_on, tree
from etl.sources.reading import decode, normalise_text, parse_number, shipped_csv

TITLE = re.compile(
    r"(20[0-9][0-9])年([0-9]{1,2})月份?70个大中城市(?:及[0-9]{1,2}月[上下]半月一线和热点二线城市)?(?:商品)?住宅销售价格变动情况"
)
SURVEYED = frozenset(row["city"] for row in shipped_csv("nbs_surveyed.csv"))
"""The 70 cities of the survey, as the release names them (Suzhou and Hong Kong are not among them)."""
MARKETS = {"二手住宅": "secondhand", "新建商品住宅": "new"}
MEASURES = {"环比": "mom", "同比": "yoy", "定基": "fixed_base"}
_FEWEST = 30
"""Cities below which a table is no half of the survey (the comparison of 2016 to 2018 has 15)."""
_MARKET = re.compile("二手住宅|新建商品住宅|新建住宅")
_BY_SIZE = re.compile(r"分类|[0-9]+(m2|平方米|m²|㎡)", re.IGNORECASE)
_MONTH = re.compile(r"(20[0-9][0-9])年([0-9]{1,2})月")
_BASE_YEAR = re.compile(r"(20[0-9][0-9])年(?:价格)?(?:为|=)100")
_FOOTNOTE = re.compile(r"市?(?:[*#※]|\(注?[0-9]*\))*\Z")
_LABEL = re.compile(
    r"(?:表[0-9]+[::])?20[0-9][0-9]年[0-9]{1,2}月70个大中城市[^。;]*?指数(?:\([一二三四]\))?"
    r"|七十个大中城市住宅销售价格指数\(20[0-9][0-9]年[0-9]{1,2}月\)"
)


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
    """Market (``new``, ``secondhand``) → its table."""


def read_page(snapshot: Snapshot) -> ReleasePage:
    """Read a release page. Raise :class:`Unreadable` when it is not one, or not of the month asked for."""
    root = tree(decode(snapshot))
    heading = _heading(root)
    months = {month_of(*heading.groups())} if heading else set()
    parts: dict[str, list[IndexTable]] = {name: [] for name in MARKETS}
    market, before = "", set[str]()
    for grid in grids(root):
        read = _market_table(grid)
        if read is None:
            market = ""
            continue
        word, month, table = read
        # the second half of a table may have no heading of its own
        market = word or ("" if before & table.cities else market)
        before = table.cities
        if market in parts:
            months |= {month} if month else set()
            parts[market].append(table)
    tables = {MARKETS[name]: whole for name, found in parts.items() if (whole := _whole(found, name))}
    key = snapshot.request.key
    months |= {key} if re.fullmatch(r"20[0-9][0-9]-[0-9][0-9]", key) else set()
    if missing := [name for name in MARKETS.values() if name not in tables]:
        raise Unreadable(f"no table of {' or '.join(missing)} homes")
    if len(months) != 1:
        named = " and ".join(sorted(months)) or "no month"
        raise Unreadable(f"the page says {named}, one month was expected")
    period = months.pop()
    title = f"{int(period[:4])}年{int(period[5:])}月份70个大中城市商品住宅销售价格变动情况"
    return ReleasePage(period, heading.group() if heading else title, published_on(root), tables)


def month_of(year: str, month: str) -> str:
    return f"{year}-{int(month):02}"


def _whole(parts: list[IndexTable], market: str) -> IndexTable | None:
    """Join a market's tables; ``None`` when they do not make up the survey.

    A page may carry its tables twice, for wide screens and for telephones, and each in two halves.
    """
    values: dict[tuple[str, str], Decimal | None] = {}
    for part in parts:
        for key, value in part.values.items():
            if values.setdefault(key, value) != value:
                raise Unreadable(f"two different tables of {market}")
    if 2 * sum(value is None for value in values.values()) > len(values):
        raise Unreadable(f"most cells of {market} have no figure")
    whole = IndexTable(parts[0].label if parts else "", values)
    return whole if len(whole.cities) >= 2 * _FEWEST else None


def _market_table(grid: Grid) -> tuple[str, str, IndexTable] | None:
    """Return market and month ("" where unsaid) and table; ``None`` for a table that is not wanted."""
    rows = [tuple(_FOOTNOTE.sub("", cell, count=1) for cell in row) for row in grid.rows]
    start = next((n for n, row in enumerate(rows) if not SURVEYED.isdisjoint(row)), 0)
    header = grid.rows[:start]
    label = _label(grid.caption, header)
    heads = ["".join(dict.fromkeys(column)) for column in zip(*header, strict=True)]
    bare = [head.replace(label, "") for head in heads]
    columns = _columns(bare)
    by_size = any(map(_BY_SIZE.search, (label, *bare)))
    if by_size or len({row[city] for row in rows for city, _, _ in columns} & SURVEYED) < _FEWEST:
        return None
    values: dict[tuple[str, str], Decimal | None] = {}
    for names, row in zip(rows[start:], grid.rows[start:], strict=True):
        for city_column, column, measure in columns:
            city, text = names[city_column], row[column]
            if city not in SURVEYED:
                continue
            value = parse_number(text)
            if value is None and any(c.isnumeric() for c in text):
                raise Unreadable(f"{city} has {text!r} in {label}, a number was expected")
            if values.setdefault((city, measure), value) != value:
                raise Unreadable(f"{city} appears twice in {label}")
    market = _MARKET.search("".join(heads)) or _MARKET.search(label)
    month = _MONTH.search(label)
    table = IndexTable(label.replace(":", "："), values)
    return market[0] if market else "", month_of(*month.groups()) if month else "", table


def _columns(heads: list[str]) -> list[tuple[int, int, str]]:
    """Return each column of figures: the column of its cities, its own, and its measure.

    Empty when the table is not one of those wanted.
    """
    columns: list[tuple[int, int, str]] = []
    city = -1
    for column, head in enumerate(heads):
        measure = next((name for word, name in MEASURES.items() if word in head), "")
        base = _BASE_YEAR.search(head)
        if "城市" in head and not measure:
            city = column
        elif measure == "fixed_base":
            if city >= 0 and base:  # else 100 of which year? the base year is unknown
                columns.append((city, column, f"fixed_base_{base[1]}"))
        elif city >= 0 and measure:
            columns.append((city, column, measure))
    read = [(city, measure) for city, _, measure in columns]
    wanted = {(city, measure) for city, _ in read for measure in ("mom", "yoy")}
    return columns if wanted <= set(read) and len(read) == len(set(read)) else []


def _label(caption: str, header: tuple[tuple[str, ...], ...]) -> str:
    inside = [row[0] for row in header if len(set(row)) == 1 and "指数" in row[0]]
    before = _LABEL.findall(caption)
    return (inside or before or [caption[-60:]])[-1]


def _heading(root: Any) -> re.Match[str] | None:
    texts = (normalise_text("".join(one.itertext())) for one in root.iter("title", "h1", "h2", "h3"))
    return next(filter(None, map(TITLE.search, texts)), None)
