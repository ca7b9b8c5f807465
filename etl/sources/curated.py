"""Figures read by hand (or by a recorded conversion) off public documents: ``data/curated/*.csv``.

Values and units are kept as published there; here they become canonical. All faults of the input are
reported at once, each with file and line.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from etl.conversion import canonical
from etl.errors import DataError, ValidationError
from etl.schema import Column, Table
from etl.sources.base import Context, Parsed, Requests, Snapshot, Source
from etl.tables import read_small
from etl.tidy import source_id_for
from etl.validate import Tables, check_curated, read_curated

LICENCES = Table(
    "licences",
    "curated/licences.csv",
    "How a publisher's documents may be used.",
    (
        Column("publisher", "Publisher.", required=True),
        Column("licence", "SPDX id, or words."),
        Column("note", "Why."),
    ),
    ("publisher",),
    optional=True,
)
READ = Table(
    "retrieved",
    "curated/retrieved.csv",
    "The day on which a file's figures were read off their documents.",
    (
        Column("file", "Name of the file in this folder.", required=True),
        Column("retrieved", "The day.", "day", required=True),
    ),
    ("file",),
    optional=True,
)
DEFAULT_LICENCE = "facts with attribution"


class Curated(Source):
    """The hand-read figures; it asks the network for nothing."""

    id = "curated"
    title = "Figures read from public documents"
    cadence_days = 90

    def requests(self, context: Context) -> Requests:
        """Ask for nothing: the files are already here."""
        return []

    def parse(self, snapshots: Sequence[Snapshot], context: Context) -> Parsed:
        """Read every curated file; raise :class:`ValidationError` with all faults."""
        files, problems = read_curated(context.data_dir)
        if not files and not problems:
            raise DataError("no curated figures", f"put CSV files into {context.data_dir / 'curated'}")
        tables = Tables(small={"entities": context.entities, "indicators": context.indicators}, curated=files)
        problems += check_curated(tables)
        units = dict(zip(context.indicators["indicator_id"], context.indicators["unit"], strict=True))
        parts = []
        for shown, frame in files.items():
            values, faults = canonical(frame, units, shown)
            problems += faults
            parts.append(frame.assign(value=values, _file=shown))
        if problems:
            raise ValidationError([str(problem) for problem in sorted(set(problems))])
        rows = pd.concat(parts)
        rows = rows[rows["entity_id"].map(context.wants)]
        rows["source_id"] = rows["source_url"].map({u: source_id_for(u) for u in rows["source_url"].unique()})
        sources, notes = _documents(rows, _licences(context.data_dir), _read_on(context.data_dir))
        rows["note"] = [
            "; ".join(filter(None, pair)) for pair in zip(rows["basis"], rows["note"], strict=True)
        ]
        names = ["entity_id", "indicator_id", "period", "value", "source_id", "status", "note", "locator"]
        return Parsed(rows[names].reset_index(drop=True), sources, notes)


SOURCE = Curated()


def _documents(
    rows: pd.DataFrame, licences: dict[str, str], read_on: dict[str, str]
) -> tuple[pd.DataFrame, list[str]]:
    """Return one sources row a document; where rows disagree the first by file and line is taken."""
    notes = []
    for name in ("source_title", "publisher", "tier"):
        several = rows.groupby("source_url")[name].nunique()
        if (odd := int((several > 1).sum())) and name == "tier":
            notes.append(f"{odd} documents are given with more than one {name}; the first is taken")
    first = rows.drop_duplicates("source_url").set_index("source_url")
    newest = rows.groupby("source_url")["published"].max()
    places = rows.groupby("source_url")["locator"].agg(lambda s: s.iloc[0] if s.nunique() == 1 else "")
    sources = pd.DataFrame(
        {
            "source_id": first["source_id"],
            "title": first["source_title"],
            "publisher": first["publisher"],
            "url": first.index,
            "tier": first["tier"],
            "licence": [licences.get(p, DEFAULT_LICENCE) for p in first["publisher"]],
            "retrieved": [read_on.get(str(name), "") for name in first["_file"]],
            "locator_hint": places.reindex(first.index),
            "published": newest.reindex(first.index),
            "collector": "curated",
            "sha256": "",
            "note": "",
        }
    )
    return sources.reset_index(drop=True), notes


def _read_on(data_dir: Path) -> dict[str, str]:
    """Return the day each curated file's figures were read, by the file's shown name."""
    frame, problems = read_small(data_dir / READ.path, READ)
    if problems:
        raise ValidationError([str(problem) for problem in problems])
    return {f"curated/{f}": day for f, day in zip(frame["file"], frame["retrieved"], strict=True)}


def _licences(data_dir: Path) -> dict[str, str]:
    frame, problems = read_small(data_dir / LICENCES.path, LICENCES)
    if problems:
        raise ValidationError([str(problem) for problem in problems])
    return {
        p: licence or DEFAULT_LICENCE for p, licence in zip(frame["publisher"], frame["licence"], strict=True)
    }
