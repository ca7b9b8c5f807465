"""Figures of annual reports: revenue, profit attributable, research, employees; and of a year's sales.

English reports print unit and currency above the columns (``RMB'Million``); Chinese ones name the unit with
the item (``营业收入（元）``). A figure counts only where the document has it with one value. Untried on real
reports, but for the text of Huawei's page of 2022 and the figures of BYD's sales announcements.
"""

import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from etl.sources.base import Snapshot, Unreadable
from etl.sources.html_tables import grids, tree
from etl.sources.reading import decode, normalise_text, parse_number
from etl.tidy import unit_factor

MOST_PAGES = 400
STATEMENT = re.compile(r"consolidated\s+(income\s+statement|statements?\s+of\s+(profit|comprehensive))", re.I)
UNIT = re.compile(r"(RMB|US\$|HK\$)\s*['’‘]?\s*(million|000)", re.I)
CURRENCIES = {"RMB": "", "US$": "_usd"}
"""Currency of a statement → what is added to the indicator's name; others have no indicator here."""
FACTORS = {"million": Decimal(10**6), "000": Decimal(1000)}
_AMOUNT = re.compile(r"\(?[0-9]{1,3}(?:,[0-9]{3})+\)?")
LINES = {
    "revenue": re.compile(r"(total )?(revenues?|turnover|operating revenue)\b", re.I),
    "net_profit": re.compile(
        r"(-? ?(equity holders|owners|shareholders) of the (company|parent)"
        r"|profit( for the year)? attributable to (the )?(equity holders|owners|shareholders))\b", re.I,
    ),
    "rd_expense": re.compile(r"research and development (expenses?|costs?|expenditure)\b", re.I),
}  # fmt: skip
STAFF = re.compile(
    r"\b(?:had|employed)\s+(?:a total of\s+)?([0-9]{1,3}(?:,[0-9]{3})*)\s+(?:full-time\s+)?employees"
)
_N = r"\((元|千元|万元|百万元|亿元)\)(-?[0-9][0-9,]*(?:\.[0-9]{1,2})?)"
ITEMS = {
    "revenue": re.compile(rf"营业收入{_N}"),
    "net_profit": re.compile(rf"归属于上市公司股东的净利润{_N}"),
    "rd_expense": re.compile(rf"研发费用{_N}"),
    "employees": re.compile(r"在职员工的数量合计\((人)\)([0-9][0-9,]*)"),
}


class Figure(NamedTuple):
    indicator: str
    value: Decimal
    locator: str


def pages(body: bytes) -> list[str]:
    try:
        reader = PdfReader(io.BytesIO(body))
        found = [page.extract_text() for page in reader.pages[:MOST_PAGES]]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(f"no PDF that can be read ({type(error).__name__})") from None
    if not any(text.strip() for text in found):
        raise Unreadable("the report has no text layer", "read it by hand")
    return found


def figures(texts: Sequence[str], year: str) -> tuple[list[Figure], list[str]]:
    """Return what a report of ``year`` says once, and the indicators it says nothing of or several things."""
    found: dict[str, dict[Decimal, Figure]] = {}
    for number, text in enumerate(texts, start=1):
        for figure in (*_english(text, year, number), *_chinese(text, number)):
            found.setdefault(figure.indicator, {}).setdefault(figure.value, figure)
    one = [next(iter(values.values())) for values in found.values() if len(values) == 1]
    found_once = {figure.indicator.removesuffix("_usd") for figure in one}
    return one, sorted({*LINES, "employees"} - found_once)


def _english(text: str, year: str, page: int) -> Iterator[Figure]:
    if match := STAFF.search(" ".join(text.split())):
        yield Figure("employees", Decimal(match[1].replace(",", "")), f"page {page}: {match[0]}")
    unit = UNIT.search(text)
    if not unit or not STATEMENT.search(text) or not re.search(rf"\b{year}\b\s+{int(year) - 1}\b", text):
        return
    suffix = CURRENCIES.get(unit[1].upper())
    for line in text.splitlines() if suffix is not None else ():
        for indicator, pattern in LINES.items():
            amounts = _AMOUNT.findall(line)
            if pattern.match(line.strip()) and amounts:
                value = Decimal(amounts[0].strip("()").replace(",", "")) * FACTORS[unit[2].lower()]
                loss = amounts[0].startswith("(") and indicator != "rd_expense"
                locator = f"page {page}: {' '.join(line.split())[:120]}"
                yield Figure(f"{indicator}{suffix}", -value if loss else value, locator)


def _chinese(text: str, page: int) -> Iterator[Figure]:
    text = normalise_text(text)
    for indicator, pattern in ITEMS.items():
        for match in pattern.finditer(text):
            if (value := parse_number(match[2])) is not None:
                factor = unit_factor(match[1], "persons" if indicator == "employees" else "CNY")
                yield Figure(indicator, value * factor, f"page {page}: {match[0][:120]}")


def five_year_highlights(snapshot: Snapshot, year: str) -> list[Figure]:
    """Return the year's figures of a table of five years in CNY million; US dollars may stand before them."""
    for grid in grids(tree(decode(snapshot))):
        heads = "".join(cell for row in grid.rows[:2] for cell in row)
        if year not in heads or "(CNYMillion)" not in heads.replace(" ", ""):
            continue
        found, first = [], 1 + ("(USDMillion)" in heads.replace(" ", ""))
        for row in grid.rows:
            indicator = {"revenue": "revenue", "netprofit": "net_profit"}.get(row[0].lower().replace(" ", ""))
            value = parse_number(row[first]) if indicator and len(row) > first else None
            if indicator and value is not None:
                found.append(Figure(indicator, value * 10**6, f"{row[0]} {year}, CNY million: {row[first]}"))
        if found:
            return found
    return []


def annual_sales(texts: Sequence[str]) -> list[Figure]:
    """Return the new-energy vehicles sold in the year up to a December, which BYD prints each month.

    The row gives this and last year's production up to the month with its growth, then the same of sales. The
    printed growth tells which numbers are meant: those two pairs, and no others, must come to it.
    """
    text = " ".join(" ".join(texts).split())
    row = re.search(r"New energy vehicles?\b([-0-9,.% ]+)", text, re.IGNORECASE)
    cells = row[1] if row else ""
    numbers = [int(n.replace(",", "")) for n in re.findall(r"(?<![-.0-9])[0-9]{1,3}(?:,[0-9]{3})+", cells)]
    growths = {float(growth) for growth in re.findall(r"(-?[0-9]+\.[0-9]+) ?%", cells)}
    pairs = [
        (this, last)
        for this, last in pairwise(numbers)
        if any(abs(100 * (this / last - 1) - growth) < 0.006 for growth in growths)
    ]
    if len(pairs) != 2:
        return []
    this, last = pairs[1]
    return [Figure("nev_sales", Decimal(this), f"New energy vehicle, sales: {this:,}, before {last:,}")]
