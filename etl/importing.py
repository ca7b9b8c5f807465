"""``pursuit import``: a page or workbook saved by hand becomes curated figures with their document.

A page is read as its source reads it: a communiqué, or a province's table of its cities. A workbook (or CSV)
is a table with one header row whose columns are named as those of ``data/curated/`` or as their plain words
in :data:`ALIASES`; entities and indicators are given by id or by any of their names. If a row cannot be
matched, it is named and nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from etl import paths
from etl.csvfiles import read_regular_file, read_small, small_bytes
from etl.dataset_lock import writable_dataset
from etl.errors import DataError, UsageError, ValidationError
from etl.options import Options, RunEnvironment
from etl.publish import publish
from etl.refresh import make_context, published_tables
from etl.schema import ALL, CURATED, Table
from etl.sources import communiques
from etl.sources.base import Context, Request, Snapshot
from etl.sources.html_tables import tree, words
from etl.sources.reading import decode, normalise_text
from etl.status import States
from etl.tidy import number_text

FILE = "imported.csv"
ALIASES = {
    "entity": "entity_id", "city": "entity_id", "company": "entity_id", "地区": "entity_id",
    "城市": "entity_id", "公司": "entity_id", "indicator": "indicator_id", "指标": "indicator_id",
    "year": "period", "年份": "period", "时期": "period", "数值": "value", "figure": "value", "单位": "unit",
}  # fmt: skip
NEEDED = ("entity_id", "indicator_id", "period", "value", "unit")


@dataclass(frozen=True)
class Document:
    """What the figures stand in; without a title or publisher, the page's own."""

    url: str
    title: str = ""
    publisher: str = ""
    tier: str = "official"
    published: str = ""


def import_file(file: Path, document: Document, run: RunEnvironment | None = None) -> list[dict[str, str]]:
    """Read ``file`` into ``data/curated/imported.csv``; return the rows written.

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
    with writable_dataset(run.env) as data_dir:
        tables = published_tables(data_dir)
        states = States(paths.cache_dir(run.env), data_dir)
        context = make_context(communiques.SOURCE, Options(), run, tables, data_dir, states)
        page = file.suffix.lower() in (".html", ".htm", ".shtml", ".mhtml")
        rows = _page(body, document, context) if page else _workbook(file, document, context)
        day = run.clock.now()[:10]
        retrieved = [{"file": FILE, "retrieved": day}]
        tables_now = (replace(CURATED, path=f"curated/{FILE}"), rows), (ALL["retrieved"], retrieved)
        publish(data_dir, dict(_with_rows(data_dir, table, added) for table, added in tables_now))
    return rows


def _with_rows(data_dir: Path, table: Table, rows: list[dict[str, str]]) -> tuple[str, bytes]:
    """Return path and bytes of a table with ``rows`` in place of those of the same key."""
    before, problems = read_small(data_dir / table.path, replace(table, optional=True))
    if problems:
        raise ValidationError([str(p) for p in problems])
    frame = pd.concat([before, pd.DataFrame(rows, columns=table.names, dtype=object)], ignore_index=True)
    return table.path, small_bytes(frame.drop_duplicates(list(table.key), keep="last"), table)


def _page(body: bytes, document: Document, context: Context) -> list[dict[str, str]]:
    """Return the rows of a communiqué, a province's table or a national bulletin on R&D."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    bare = Snapshot(Request(document.url), 200, "text/html", body, "", now)
    text = normalise_text(words(tree(decode(bare))))
    kinds = ((communiques.BULLETIN, "country"), (communiques.TITLE, "city"), (communiques.TABLE, "region"))
    for title, kind in kinds:
        if match := title.search(text):
            entity = communiques.COUNTRY if kind == "country" else _entity_of(text, kind, context)
            snapshot = Snapshot(
                Request(document.url, key=f"{entity}-{match[1]}"), 200, "text/html", body, "", now
            )
            parsed = communiques.SOURCE.parse([snapshot], context)
            (source,) = parsed.sources.to_dict("records")
            known = {
                "title": source["title"],
                "publisher": source["publisher"],
                "published": source["published"],
            }
            units = dict(zip(context.indicators["indicator_id"], context.indicators["unit"], strict=True))
            return [
                _row(
                    row | {"unit": units[row["indicator_id"]], "value": number_text(row["value"])},
                    document,
                    known,
                )
                for row in parsed.observations.to_dict("records")
            ]
    raise DataError(
        "the page is neither a communiqué nor a province's table of its cities nor a bulletin on R&D",
        "copy its table into a workbook with the columns " + ", ".join(NEEDED),
    )


def _entity_of(text: str, kind: str, context: Context) -> str:
    """Return the one entity of a kind whose name stands nearest the page's title."""
    rows = context.entities[context.entities["kind"] == kind]
    place = text.find("统计公报" if kind == "city" else "各市地区生产总值")
    near = text[max(0, place - 60) : place + 60] if kind == "city" else text
    found = {
        e for e, name in zip(rows["entity_id"], rows["name_zh_hans"], strict=True) if name and name in near
    }
    if len(found) != 1:
        told = ", ".join(sorted(found)[:4]) or "none"
        raise DataError(f"the page names {told} of the catalogue", "it must be about one")
    return str(found.pop())


def _workbook(file: Path, document: Document, context: Context) -> list[dict[str, str]]:
    """Return the rows of a table; every one that cannot be placed is a problem."""
    try:
        read: Any = pd.read_csv if file.suffix.lower() in (".csv", ".tsv", ".txt") else pd.read_excel
        more = {"sep": None, "engine": "python"} if read is pd.read_csv else {}
        frame = read(file, dtype=str, keep_default_na=False, **more)
    except Exception:  # the readers raise anything on a damaged file
        raise DataError(f"{file.name} is not a workbook that can be read", "save it as CSV") from None
    frame.columns = [
        ALIASES.get(normalise_text(str(n)).lower(), normalise_text(str(n)).lower()) for n in frame.columns
    ]
    if missing := [name for name in NEEDED if name not in frame]:
        raise DataError(f"{file.name} has no column {', '.join(missing)}", f"name them {', '.join(NEEDED)}")
    if not document.title or not document.publisher:
        raise UsageError("a workbook does not say what it is", "add --title and --publisher")
    entities, indicators = (
        _by_name(context.entities, "entity_id"),
        _by_name(context.indicators, "indicator_id"),
    )
    rows, problems = [], []
    for number, row in enumerate(frame.to_dict("records"), start=2):
        row = {str(name): str(cell).strip() for name, cell in row.items()}
        if not row["value"]:
            continue
        for name, known in (("entity_id", entities), ("indicator_id", indicators)):
            if (given := normalise_text(row[name]).casefold()) in known:
                row[name] = known[given]
            else:
                problems.append(
                    f"{file.name}:{number}: no {name.removesuffix('_id')} is called {row[name][:60]!r}"
                )
        rows.append(_row(row | {"locator": row.get("locator") or f"row {number}"}, document, {}))
    if problems:
        raise ValidationError(problems)
    if not rows:
        raise DataError(f"{file.name} has no row with a value", "look at its first sheet")
    return rows


def _by_name(frame: pd.DataFrame, key: str) -> dict[str, str]:
    """Return every unambiguous name of the rows of a catalogue → id."""
    found: dict[str, str] = {}
    names = [key, *(name for name in frame.columns if name.startswith("name_"))]
    for column in names:
        for name, one in zip(frame[column], frame[key], strict=True):
            plain = normalise_text(str(name)).casefold()
            for form in {plain, plain.removesuffix("市"), f"{plain}市"} if key == "entity_id" else {plain}:
                found.setdefault(form, str(one))
    return found


def _row(row: Mapping[Any, Any], document: Document, known: Mapping[str, str]) -> dict[str, str]:
    given = {
        "source_title": document.title or known.get("title", ""),
        "source_url": document.url,
        "publisher": document.publisher or known.get("publisher", ""),
        "tier": document.tier,
        "published": document.published or known.get("published", ""),
    }
    told = {name: str(row.get(name, "")) for name in CURATED.names}
    excerpt = told["locator"].strip("“”")[:120] if told["locator"].startswith("“") else told["excerpt"]
    return told | given | {"status": told["status"] or "final", "excerpt": excerpt}
