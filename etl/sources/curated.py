"""Figures read by hand (or by a recorded conversion) off public documents: ``data/curated/*.csv``."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from etl.checks import canonical_values, read_table
from etl.errors import DataError, ValidationError
from etl.ledgers import with_custody
from etl.sources.base import SOURCE_COLUMNS, Context, Parsed, Requests, Snapshot, Source
from etl.tidy import source_id_for
from etl.validate import Tables, check_curated, read_curated

DEFAULT_LICENCE = "facts with attribution"


class Curated(Source):
    id = "curated"
    title = "Figures read from public documents"
    cadence_days = 90

    def requests(self, context: Context) -> Requests:
        return []

    def parse(self, snapshots: Sequence[Snapshot], context: Context) -> Parsed:
        files, problems = read_curated(context.data_dir)
        if not files and not problems:
            raise DataError("no curated figures", f"put CSV files into {context.data_dir / 'curated'}")
        tables = Tables(small={"entities": context.entities, "indicators": context.indicators}, curated=files)
        problems += check_curated(tables)
        units = context.units()
        parts = []
        for file, frame in files.items():
            values, faults = canonical_values(frame, units, file)
            problems += faults
            parts.append(frame.assign(value=values, _file=file))
        if problems:
            raise ValidationError(sorted(set(problems)))
        rows = pd.concat(parts)
        rows = rows[rows["entity_id"].map(context.wants)]
        rows["source_id"] = rows["source_url"].map({u: source_id_for(u) for u in rows["source_url"].unique()})
        sources, notes = _documents(rows, context.data_dir)
        rows["note"] = [
            "; ".join(filter(None, pair)) for pair in zip(rows["basis"], rows["note"], strict=True)
        ]
        names = ["entity_id", "indicator_id", "period", "value", "source_id", "status", "note", "locator"]
        return Parsed(rows[names].reset_index(drop=True), sources, notes)


def _documents(rows: pd.DataFrame, data_dir: Path) -> tuple[pd.DataFrame, list[str]]:
    notes = []
    if odd := int((rows.groupby("source_url")["tier"].nunique() > 1).sum()):
        notes.append(f"{odd} documents are given with more than one tier; the first is taken")
    first = rows.drop_duplicates("source_url").set_index("source_url", drop=False)
    newest = rows.groupby("source_url")["published"].max()
    places = rows.groupby("source_url")["locator"].agg(lambda s: s.iloc[0] if s.nunique() == 1 else "")
    read_on = read_table("retrieved", data_dir).set_index("file")["retrieved"]
    licences = read_table("licences", data_dir).set_index("publisher")["licence"]
    publishers = read_table("publishers", data_dir)
    hosts = dict(zip(publishers["publisher"], publishers["hosts"], strict=True))
    sources = first.assign(
        title=first["source_title"],
        url=first["source_url"],
        licence=[licences.get(p) or DEFAULT_LICENCE for p in first["publisher"]],
        retrieved=[read_on.get(str(name).removeprefix("curated/"), "") for name in first["_file"]],
        locator_hint=places,
        published=newest,
        collector="curated",
        note="",
    ).reindex(columns=list(SOURCE_COLUMNS), fill_value="")
    return with_custody(sources, data_dir, hosts), notes
