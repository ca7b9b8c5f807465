"""The China City Statistical Yearbook, edition by edition, as typed into ``data/curated/city_yearbook/``.

An edition is a file with a row per city and a column per indicator, in the unit the book prints. What holds
for a whole column is in ``columns.csv``, what holds for one figure in ``remarks.csv``.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from etl.checks import canonical_values, read_table
from etl.errors import Problem, SkipSource, ValidationError
from etl.schema import EDITION, LEDGERS, YEARBOOK, Column, Table
from etl.sources.base import Context, Parsed, Requests, Snapshot, Source
from etl.tables import read_small

FOLDER = f"curated/{YEARBOOK}"
TYPED = "2026-11-29"
"""Day on which the typed copies were retrieved."""
DOCUMENTS, COLUMNS = LEDGERS["yearbook_documents"], LEDGERS["yearbook_columns"]
FIGURE = ["edition", "entity_id", "indicator_id", "period"]
PRINTED = ["edition", "indicator_id", "period"]


class CityYearbook(Source):
    id = YEARBOOK
    title = "China City Statistical Yearbook"
    cadence_days = 365
    publisher = "国家统计局城市社会经济调查司"
    tier = "official"
    custody = "archive"

    def requests(self, context: Context) -> Requests:
        if not (context.data_dir / DOCUMENTS.path).is_file():
            raise SkipSource(f"no {DOCUMENTS.path}", "copy the folder from a release to have it")
        return []

    def parse(self, snapshots: Sequence[Snapshot], context: Context) -> Parsed:
        documents, rows, problems = figures(context.data_dir)
        values: list[str] = []
        for file, part in rows.groupby("file", sort=False):
            converted, faults = canonical_values(part, context.units(), str(file))
            values += converted
            problems += faults
        if problems:
            raise ValidationError(sorted(set(problems)))
        rows = rows.assign(value=values, source_id=rows["edition"].map(source_id))
        rows = rows[rows["entity_id"].map(context.wants).astype(bool)]
        documents = documents[documents["edition"].isin(rows["edition"])]
        sources = documents[["title", "url", "published"]].assign(
            source_id=documents["edition"].map(source_id), publisher=self.publisher, tier=self.tier,
            custody=self.custody, licence=self.licence, retrieved=TYPED, collector=self.id,
            note="typed copy of the book, kept in a public repository",
        )  # fmt: skip
        return Parsed(rows.drop(columns=["edition", "unit", "file"]).reset_index(drop=True), sources)


def source_id(edition: str) -> str:
    return f"{EDITION}{edition.replace('-', '_')}"


def figures(data_dir: Path) -> tuple[pd.DataFrame, pd.DataFrame, list[Problem]]:
    """Return the editions, every figure as printed, and what is wrong with the files.

    Figures have ``edition, entity_id, indicator_id, period, value, unit, status, note, locator, file``; the
    index is the line in ``file``.
    """
    documents, columns, remarks = (
        read_table(f"yearbook_{name}", data_dir) for name in ("documents", "columns", "remarks")
    )
    parts, found = zip(*(_edition(data_dir, str(one)) for one in documents["edition"]), strict=True)
    problems = [problem for several in found for problem in several]
    rows = pd.concat(parts).astype(object)
    rows = rows.merge(columns[[*PRINTED, "unit", "table"]], on=PRINTED, how="left")
    for row in rows[rows["unit"].isna()].drop_duplicates(["file", "indicator_id"]).itertuples():
        what = f"{row.indicator_id}: no such column of edition {row.edition} in {row.period}"
        problems.append(Problem(str(row.file), 1, what, f"describe it in {COLUMNS.path}"))
    rows = rows.merge(remarks, on=FIGURE, how="left", suffixes=("", "_own"), indicator=True)
    if unused := len(remarks) - int((rows["_merge"] == "both").sum()):
        what = f"{unused} remarks on figures that are not there"
        problems.append(Problem(LEDGERS["yearbook_remarks"].path, 1, what, "remove them"))
    rows["unit"] = rows["unit_own"].where(rows["unit_own"].fillna("") != "", rows["unit"]).fillna("")
    rows["status"] = rows["status"].fillna("final")
    rows["note"] = rows["note"].fillna("")
    # the number of a table where the book gives it one, else its title
    rows["locator"] = rows["table"].fillna("").str.replace(r"^([0-9]+-[0-9]+).*", r"\1", regex=True)
    return documents, rows.drop(columns=["unit_own", "table", "_merge"]).set_index("line"), problems


def _edition(data_dir: Path, edition: str) -> tuple[pd.DataFrame, list[Problem]]:
    file = f"{FOLDER}/{edition}.csv"
    path = data_dir / file
    header = path.read_text("utf-8").partition("\n")[0].split(",") if path.is_file() else []
    if header[:2] != ["entity_id", "period"]:
        fault = Problem(file, 1, "not a city a row", "begin with the columns entity_id,period")
        return pd.DataFrame(columns=[*FIGURE, "value", "file", "line"]), [fault]
    frame, problems = read_small(path, Table(edition, file, tuple(Column(name) for name in header)))
    twice = frame.index[frame.duplicated(["entity_id", "period"])]
    problems += [Problem(file, int(n), "city and period stand twice", "keep one row") for n in twice]
    frame["line"] = frame.index
    long = frame.melt(["entity_id", "period", "line"], var_name="indicator_id", value_name="value")
    return long[long["value"] != ""].assign(edition=edition, file=file), problems
