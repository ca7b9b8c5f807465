"""``pursuit import``: a page or workbook saved by hand becomes curated figures with their document.

A page is read as its source reads it. A workbook (or CSV) is a list, of which every row must be understood,
or a yearbook's table as printed. There a figure is taken where every one of its headings is understood; one
that is not (市辖区, the districts alone) leaves its figures out, and is named.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from etl.errors import DataError, UsageError, ValidationError
from etl.options import Options, RunEnvironment
from etl.publish import publish, writable_dataset
from etl.refresh import make_context, published_tables
from etl.schema import ALL, CURATED
from etl.sources import communiques
from etl.sources.base import Context, Request, Snapshot
from etl.sources.html_tables import page_text
from etl.sources.nbs_city import NAMES
from etl.sources.reading import abbreviate, decode, normalise_text, parse_number
from etl.tables import read_regular_file, with_rows
from etl.tidy import number_text

FILE = "imported.csv"
ALIASES = {
    "entity": "entity_id", "city": "entity_id", "company": "entity_id", "地区": "entity_id",
    "城市": "entity_id", "公司": "entity_id", "indicator": "indicator_id", "指标": "indicator_id",
    "year": "period", "年份": "period", "时期": "period", "数值": "value", "figure": "value", "单位": "unit",
}  # fmt: skip
NEEDED = ("entity_id", "indicator_id", "period", "value", "unit")
NOTHING = frozenset({"", "全市", "城市", "地区", "指标", "项目", "年份", "单位", "当年价格", "当年价", "市"})
"""Headings, and words in brackets, that say nothing of a figure."""
UNIT = re.compile(
    r"(?:单位:?)?(%|(?:万亿|百万|[千万亿])?(?:元/平方米|平方公里|公顷|美元|元|人|件|个|家|所|项))"
)
_CHINESE = re.compile("[\u4e00-\u9fff]")
YEAR = re.compile(r"((?:19|20)[0-9]{2})年?")
Names = Mapping[str, Mapping[str, str]]
Cells = Mapping[str, str]
Figures = list[dict[str, str]]


def import_file(file: Path, document: Cells, whole: Cells, run: RunEnvironment) -> tuple[Figures, list[str]]:
    """Read ``file`` into ``data/curated/imported.csv``; return the rows written and the headings left out.

    ``document``: cells of the document (without title or publisher: the page's own); ``whole``: entity and
    period that all its figures are of.
    """
    try:
        body = read_regular_file(file)
    except OSError as error:
        what = f"{file.name} cannot be read ({error.strerror})"
        raise UsageError(what, "give a file that is there") from None
    left_out: list[str] = []
    with writable_dataset(run.env) as data_dir:
        tables = published_tables(data_dir)
        context = make_context(communiques.Communiques(), Options(), run, tables, data_dir)
        if file.suffix.lower() in (".html", ".htm", ".shtml", ".mhtml"):
            rows = _page(body, document, context, run.clock.now())
        else:
            rows, left_out = _workbook(file, body, document, whole, context)
        read_on = [{"file": FILE, "retrieved": run.clock.now()[:10]}]
        files = ((replace(CURATED, path=f"curated/{FILE}"), rows), (ALL["retrieved"], read_on))
        publish(data_dir, dict(with_rows(data_dir, table, added) for table, added in files))
    return rows, left_out


def _page(body: bytes, document: Cells, context: Context, now: str) -> Figures:
    def saved(key: str) -> Snapshot:
        return Snapshot(Request(document["source_url"], key=key), 200, "text/html", body, "", now)

    text, units = page_text(decode(saved(""))), context.units()
    for kind, title in communiques.TITLES.items():
        if match := title.search(text):
            entity = communiques.COUNTRY if kind == "country" else _entity_of(text, kind, context)
            parsed = communiques.Communiques().parse([saved(f"{entity}-{match[1]}")], context)
            (source,) = parsed.sources.to_dict("records")
            of_page = {name: source[name] for name in ("publisher", "published")}
            document = {**of_page, "source_title": source["title"]} | {k: v for k, v in document.items() if v}
            rows = parsed.observations.assign(
                unit=parsed.observations["indicator_id"].map(units),
                value=parsed.observations["value"].map(number_text),
            )
            return [_row(row, document) for row in rows.to_dict("records")]
    what = "the page is neither a communiqué nor a province's table of its cities nor a bulletin on R&D"
    raise DataError(what, "copy its table into a workbook, with its headings")


def _entity_of(text: str, kind: str, context: Context) -> str:
    place = text.find("统计公报")
    near = text[max(0, place - 60) : place + 60] if kind == "city" else text
    named = sorted(entity for entity, name in context.names(kind).items() if name and name in near)
    if len(named) != 1:
        what = f"the page names {', '.join(named[:4]) or 'none'} of the catalogue"
        raise DataError(what, "it must be about one")
    return named[0]


def _workbook(
    file: Path, body: bytes, document: Cells, whole: Cells, context: Context
) -> tuple[Figures, list[str]]:
    try:
        if file.suffix.lower() in (".csv", ".tsv", ".txt"):
            text = body.decode("utf-8-sig")
            cells = list(csv.reader(io.StringIO(text), csv.Sniffer().sniff(text, ",;\t")))
        else:
            cells = sheet(body)
    except Exception:  # the readers raise anything on a damaged file
        raise DataError(f"{file.name} is not a workbook that can be read", "save it as XLSX or CSV") from None
    names = {
        "entity_id": _by_name(context.entities, "entity_id"),
        "indicator_id": NAMES | _by_name(context.indicators, "indicator_id"),
    }
    if not document["source_title"] or not document["publisher"]:
        raise UsageError("a workbook does not say what it is", "add --title and --publisher")
    heads = [ALIASES.get(head, head) for head in (normalise_text(cell).lower() for cell in cells[0])]
    if len(set(heads) & set(NEEDED)) > 2:
        return _list(file.name, heads, cells[1:], names, document), []
    entity = names["entity_id"].get(whole["entity_id"].casefold(), "")
    if whole["entity_id"] and not entity:
        raise UsageError(f"no entity is called {whole['entity_id'][:60]!r}", "give an id of entities.csv")
    known = {name: text for name, text in {**whole, "entity_id": entity}.items() if text}
    rows, left_out = figures(cells, names, known)
    if not rows:
        named = f"not understood: {abbreviate(left_out)}" if left_out else "it has no figure"
        what = f"{file.name} has no figure with city, indicator, year and unit ({named})"
        raise DataError(what, "add --entity or --period, or name its columns " + ", ".join(NEEDED))
    return [_row(row, document) for row in rows], left_out


def _list(name: str, heads: list[str], cells: list[list[str]], names: Names, document: Cells) -> Figures:
    if missing := [column for column in NEEDED if column not in heads]:
        raise DataError(f"{name} has no column {', '.join(missing)}", f"name them {', '.join(NEEDED)}")
    rows, problems = [], []
    for number, line in enumerate(cells, start=2):
        row = dict(zip(heads, map(str.strip, line), strict=False))
        if not row.get("value"):
            continue
        for column, known in names.items():
            called = row[column]
            row[column] = known.get(normalise_text(called).casefold(), "")
            if not row[column]:
                kind = column.removesuffix("_id")
                problems.append(f"{name}:{number}: no {kind} is called {called[:60]!r}")
        rows.append(_row(row | {"locator": row.get("locator") or f"row {number}"}, document))
    if problems:
        raise ValidationError(problems)
    if not rows:
        raise DataError(f"{name} has no row with a value", "look at its first sheet")
    return rows


def _by_name(frame: pd.DataFrame, key: str) -> dict[str, str]:
    """Return every name of the rows of a catalogue → id; of several the first."""
    ids: dict[str, str] = {}
    for column in [key, *(name for name in frame.columns if name.startswith("name_"))]:
        for text, one in zip(frame[column], frame[key], strict=True):
            name = normalise_text(str(text)).casefold()
            for form in (name, name.removesuffix("市"), f"{name}市") if key == "entity_id" else (name,):
                ids.setdefault(form, str(one))
    return ids


def _row(row: Mapping[Any, Any], document: Cells) -> dict[str, str]:
    cells = {name: str(row.get(name, "")) for name in CURATED.names} | dict(document)
    if cells["locator"].startswith("“"):
        cells["excerpt"] = cells["locator"].strip("“”")[:120]
    return cells | {"status": cells["status"] or "final"}


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
    titles = [row for row in rows[:top] if len({cell for cell in row if cell}) == 1]
    whole = dict(given)
    for row in titles:
        if unit := UNIT.search(normalise_text(max(row)).partition("单位")[2]):
            whole["unit"] = unit[1]
    above = [row for row in rows[:top] if row not in titles]
    read, unknown_headings = [], dict[str, None]()
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
                unknown_headings |= {" ".join(heading.split()): None} if meant is None else {}
                meaning |= meant or {}
            lacking = [name for name in NEEDED if name not in ("value", *meaning)]
            if not unknown and not lacking:
                read.append(meaning | {"value": str(value), "locator": f"row {number}, column {column + 1}"})
            elif not unknown and "indicator_id" in meaning:
                lacks = " or ".join(name.removesuffix("_id") for name in lacking)
                unknown_headings[f"{meaning['indicator_id']} has no {lacks}"] = None
    return read, list(unknown_headings)


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
    # a heading without its brackets, then what stands in each
    for word in (text, re.sub(r"\([^()]*\)", "", text), *re.findall(r"\(([^()]*)\)", text)):
        if match := UNIT.fullmatch(word):
            meaning["unit"] = match[1]
        elif known := {key: ids[word.casefold()] for key, ids in names.items() if word.casefold() in ids}:
            meaning |= known
            if word == text:
                break
        elif word not in NOTHING and word != text:
            return None
    return meaning or None
