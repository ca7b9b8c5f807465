"""``pursuit import``: a page or workbook saved by hand becomes curated figures with their document.

A page is read as its source reads it: a communiqué, or a province's table of its cities. A workbook (or CSV)
is a yearbook's table as printed (:mod:`etl.cross_table`), or a list with the columns of ``data/curated/`` or
their plain words in :data:`ALIASES`. Entities and indicators are given by id or by any of their names. Of a
list a row that cannot be matched is named and nothing is written.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from etl import cross_table, paths
from etl.csvfiles import read_regular_file, with_rows
from etl.dataset_lock import writable_dataset
from etl.errors import DataError, UsageError, ValidationError
from etl.options import Options, RunEnvironment
from etl.publish import publish
from etl.refresh import make_context, published_tables
from etl.schema import ALL, CURATED
from etl.sources import communiques
from etl.sources.base import Context, Request, Snapshot
from etl.sources.html_tables import page_text
from etl.sources.nbs_city import NAMES
from etl.sources.reading import abbreviate, decode, normalise_text
from etl.status import States
from etl.tidy import number_text

FILE = "imported.csv"
ALIASES = {
    "entity": "entity_id", "city": "entity_id", "company": "entity_id", "地区": "entity_id",
    "城市": "entity_id", "公司": "entity_id", "indicator": "indicator_id", "指标": "indicator_id",
    "year": "period", "年份": "period", "时期": "period", "数值": "value", "figure": "value", "单位": "unit",
}  # fmt: skip
NEEDED = ("entity_id", "indicator_id", "period", "value", "unit")
Names = Mapping[str, Mapping[str, str]]
Figures = list[dict[str, str]]


@dataclass(frozen=True)
class Document:
    """What the figures stand in (without title or publisher, the page's own), and what all are of."""

    url: str
    title: str = ""
    publisher: str = ""
    tier: str = "official"
    published: str = ""
    entity: str = ""
    period: str = ""


def import_file(
    file: Path, document: Document, run: RunEnvironment | None = None
) -> tuple[Figures, list[str]]:
    """Read ``file`` into ``data/curated/imported.csv``; return the rows written and the headings left out.

    Raises :class:`UsageError` or :class:`DataError` where the file is not what it must be, and
    :class:`ValidationError` with a line for each row that cannot be placed; nothing is written then.
    """
    run = run or RunEnvironment()
    try:
        body = read_regular_file(file)
    except OSError as error:
        raise UsageError(
            f"{file.name} cannot be read ({error.strerror})", "give a file that is there"
        ) from None
    left_out: list[str] = []
    with writable_dataset(run.env) as data_dir:
        tables = published_tables(data_dir)
        states = States(paths.cache_dir(run.env), data_dir)
        context = make_context(communiques.Communiques(), Options(), run, tables, data_dir, states)
        if file.suffix.lower() in (".html", ".htm", ".shtml", ".mhtml"):
            rows = _page(body, document, context, run.clock.now())
        else:
            rows, left_out = _workbook(file, body, document, context)
        read_on = [{"file": FILE, "retrieved": run.clock.now()[:10]}]
        files = ((replace(CURATED, path=f"curated/{FILE}"), rows), (ALL["retrieved"], read_on))
        publish(data_dir, dict(with_rows(data_dir, table, added) for table, added in files))
    return rows, left_out


def _page(body: bytes, document: Document, context: Context, now: str) -> Figures:
    def saved(key: str) -> Snapshot:
        return Snapshot(Request(document.url, key=key), 200, "text/html", body, "", now)

    text = page_text(decode(saved("")))
    for kind, title in communiques.TITLES.items():
        if match := title.search(text):
            entity = communiques.COUNTRY if kind == "country" else _entity_of(text, kind, context)
            parsed = communiques.Communiques().parse([saved(f"{entity}-{match[1]}")], context)
            (source,) = parsed.sources.to_dict("records")
            units = context.units()
            return [
                _row(
                    row | {"unit": units[row["indicator_id"]], "value": number_text(row["value"])},
                    document,
                    source,
                )
                for row in parsed.observations.to_dict("records")
            ]
    raise DataError(
        "the page is neither a communiqué nor a province's table of its cities nor a bulletin on R&D",
        "copy its table into a workbook, with its headings",
    )


def _entity_of(text: str, kind: str, context: Context) -> str:
    """Return the one entity of a kind whose name stands nearest the page's title."""
    place = text.find("统计公报")
    near = text[max(0, place - 60) : place + 60] if kind == "city" else text
    found = sorted(entity for entity, name in context.names(kind).items() if name and name in near)
    if len(found) != 1:
        named = ", ".join(found[:4]) or "none"
        raise DataError(f"the page names {named} of the catalogue", "it must be about one")
    return found[0]


def _workbook(file: Path, body: bytes, document: Document, context: Context) -> tuple[Figures, list[str]]:
    """Return the rows of a workbook, and the headings that are not understood."""
    try:
        if file.suffix.lower() in (".csv", ".tsv", ".txt"):
            text = body.decode("utf-8-sig")
            cells = list(csv.reader(io.StringIO(text), csv.Sniffer().sniff(text, ",;\t")))
        else:
            cells = cross_table.sheet(body)
    except Exception:  # the readers raise anything on a damaged file
        raise DataError(f"{file.name} is not a workbook that can be read", "save it as XLSX or CSV") from None
    names = {
        "entity_id": _by_name(context.entities, "entity_id"),
        "indicator_id": NAMES | _by_name(context.indicators, "indicator_id"),
    }
    if not document.title or not document.publisher:
        raise UsageError("a workbook does not say what it is", "add --title and --publisher")
    heads = [ALIASES.get(head, head) for head in (normalise_text(cell).lower() for cell in cells[0])]
    if len(set(heads) & set(NEEDED)) > 2:
        return _list(file.name, heads, cells[1:], names, document), []
    given = {"entity_id": names["entity_id"].get(document.entity.casefold(), ""), "period": document.period}
    if document.entity and not given["entity_id"]:
        raise UsageError(f"no entity is called {document.entity[:60]!r}", "give an id of entities.csv")
    found, left_out = cross_table.figures(cells, names, {k: v for k, v in given.items() if v})
    if not found:
        named = f"not understood: {abbreviate(left_out)}" if left_out else "it has no figure"
        raise DataError(
            f"{file.name} has no figure with city, indicator, year and unit ({named})",
            "add --entity or --period, or name its columns " + ", ".join(NEEDED),
        )
    return [_row(row, document, {}) for row in found], left_out


def _list(name: str, heads: list[str], cells: list[list[str]], names: Names, document: Document) -> Figures:
    if missing := [column for column in NEEDED if column not in heads]:
        raise DataError(f"{name} has no column {', '.join(missing)}", f"name them {', '.join(NEEDED)}")
    rows, problems = [], []
    for number, line in enumerate(cells, start=2):
        row = dict(zip(heads, map(str.strip, line), strict=False))
        if not row.get("value"):
            continue
        for column, known in names.items():
            given = normalise_text(row[column]).casefold()
            if given not in known:
                kind = column.removesuffix("_id")
                problems.append(f"{name}:{number}: no {kind} is called {row[column][:60]!r}")
            row[column] = known.get(given, "")
        rows.append(_row(row | {"locator": row.get("locator") or f"row {number}"}, document, {}))
    if problems:
        raise ValidationError(problems)
    if not rows:
        raise DataError(f"{name} has no row with a value", "look at its first sheet")
    return rows


def _by_name(frame: pd.DataFrame, key: str) -> dict[str, str]:
    """Return every name of the rows of a catalogue → id; of several the first."""
    found: dict[str, str] = {}
    for column in [key, *(name for name in frame.columns if name.startswith("name_"))]:
        for text, one in zip(frame[column], frame[key], strict=True):
            name = normalise_text(str(text)).casefold()
            for form in (name, name.removesuffix("市"), f"{name}市") if key == "entity_id" else (name,):
                found.setdefault(form, str(one))
    return found


def _row(row: Mapping[Any, Any], document: Document, known: Mapping[Any, Any]) -> dict[str, str]:
    named = {name: str(row.get(name, "")) for name in CURATED.names}
    excerpt = named["locator"].strip("“”")[:120] if named["locator"].startswith("“") else named["excerpt"]
    return named | {
        "source_title": document.title or known.get("title", ""),
        "source_url": document.url,
        "publisher": document.publisher or known.get("publisher", ""),
        "tier": document.tier,
        "published": document.published or known.get("published", ""),
        "status": named["status"] or "final",
        "excerpt": excerpt,
    }
