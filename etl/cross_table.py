"""A yearbook's table as printed: what each figure is of, read from the headings above and beside it.

Headings may stand in several rows, merged or not; indicators, cities and years may run either way. A figure
is taken only where every one of its headings is understood: one that is not (市辖区, the districts alone)
leaves its figures out, and is named. Titles, which stand alone in their row, only tell a unit.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from etl.sources.reading import normalise_text, parse_number

NOTHING = frozenset({"", "全市", "城市", "地区", "指标", "项目", "年份", "单位", "当年价格", "当年价", "市"})
"""Headings, and words in brackets, that say nothing of a figure."""
UNIT = re.compile(
    r"(?:单位:?)?(%|(?:万亿|百万|[千万亿])?(?:元/平方米|平方公里|公顷|美元|元|人|件|个|家|所|项))"
)
NEEDED = ("entity_id", "indicator_id", "period", "unit")
_CHINESE = re.compile("[\u4e00-\u9fff]")
YEAR = re.compile(r"((?:19|20)[0-9]{2})年?")


def sheet(body: bytes) -> list[list[str]]:
    """Return the cells of a workbook's first sheet as text, merged ones repeated."""
    # read-only workbooks do not know which cells are merged
    with pd.ExcelFile(io.BytesIO(body), "openpyxl", engine_kwargs={"read_only": False}) as book:
        page: Any = book.book.worksheets[0]
    rows = [["" if cell is None else str(cell) for cell in row] for row in page.values]
    for area in page.merged_cells.ranges:
        for row in range(area.min_row - 1, min(area.max_row, len(rows))):
            for column in range(area.min_col - 1, area.max_col):
                rows[row][column] = rows[area.min_row - 1][area.min_col - 1]
    return rows


def figures(
    rows: Sequence[Sequence[str]], names: Mapping[str, Mapping[str, str]], given: Mapping[str, str]
) -> tuple[list[dict[str, str]], list[str]]:
    """Return a row for each figure that is understood, and the headings that are not.

    ``names``: column (``entity_id``, ``indicator_id``) → name → id. ``given``: what all have in common.
    """
    top = next((n for n, row in enumerate(rows) if any(map(_is_figure, row))), len(rows))
    side = min((n for row in rows[top:] for n, cell in enumerate(row) if _is_figure(cell)), default=0)
    alone = [row for row in rows[:top] if len({cell for cell in row if cell}) == 1]
    whole = dict(given)
    for row in alone:
        if unit := UNIT.search(normalise_text(max(row)).partition("单位")[2]):
            whole["unit"] = unit[1]
    above = [row for row in rows[:top] if row not in alone]
    found, strange = [], dict[str, None]()
    for number, row in enumerate(rows[top:], start=top + 1):
        beside = [cell for cell in row[:side] if cell]
        for column, cell in list(enumerate(row))[side:]:
            value = parse_number(cell)
            if value is None:
                continue
            meaning, unknown = dict(whole), False
            headings = [*(line[column] for line in above), *beside]
            chinese = any(map(_CHINESE.search, headings))
            for heading in headings:
                meant = _meaning(heading, names)
                if meant is None and chinese and not _CHINESE.search(heading):
                    continue  # it only repeats the Chinese one
                unknown |= meant is None or any(
                    meaning.get(k, v) != v for k, v in meant.items() if k != "unit"
                )
                strange |= {" ".join(heading.split()): None} if meant is None else {}
                meaning |= meant or {}
            lacking = [name for name in NEEDED if name not in meaning]
            if not unknown and not lacking:
                found.append(meaning | {"value": str(value), "locator": f"row {number}, column {column + 1}"})
            elif not unknown and "indicator_id" in meaning:
                lacks = " or ".join(name.removesuffix("_id") for name in lacking)
                strange[f"{meaning['indicator_id']} has no {lacks}"] = None
    return found, list(strange)


def _is_figure(cell: str) -> bool:
    return parse_number(cell) is not None and not YEAR.fullmatch(cell.strip())


def _meaning(heading: str, names: Mapping[str, Mapping[str, str]]) -> dict[str, str] | None:
    """Return what a heading tells (``{}``: nothing), or ``None`` where it is not understood."""
    # what follows in English only repeats it; 2-7 is the number of a table, whose title stands below
    text = re.split(r"(?<=[\u4e00-\u9fff)%])(?=[A-Z][a-z])", normalise_text(heading))[0]
    if text in NOTHING or re.match(r"[0-9]+-[0-9]+", text):
        return {}
    if match := YEAR.fullmatch(text):
        return {"period": match[1]}
    meaning: dict[str, str] = {}
    for word in (text, *_pieces(text)):
        if match := UNIT.fullmatch(word):
            meaning["unit"] = match[1]
        elif known := {key: ids[word.casefold()] for key, ids in names.items() if word.casefold() in ids}:
            meaning |= known
            if word == text:
                break
        elif word not in NOTHING and word != text:
            return None
    return meaning or None


def _pieces(text: str) -> Iterator[str]:
    """Yield a heading without its brackets, then what stands in each."""
    yield re.sub(r"\([^()]*\)", "", text)
    yield from re.findall(r"\(([^()]*)\)", text)
