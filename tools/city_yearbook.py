"""Check the shipped figures of the city yearbook against the typed workbooks.

    python -m tools.city_yearbook DIR

``DIR`` holds the workbooks that ``data/curated/city_yearbook/columns.csv`` names, in any folder below. Every
figure must stand in the row of its city, in its column, and the column must be headed as the table says; then
the figures are compared with those that other documents give for the same city, indicator and year.
Exits with 1 where a figure is not found.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from etl.paths import data_dir
from etl.sources.city_yearbook import COLUMNS, FOLDER, figures, source_id
from etl.tables import read_small

SAME = 0.005
"""Part by which a figure may differ from another document's and count as equal."""
DISTRICTS = ("市辖区", "市区")


def squeezed(text: object) -> str:
    """Return a cell's text without any blank."""
    return re.sub(r"\s+", "", str(text or ""))


def city(text: object) -> str:
    """Return a city's name as rows are found by: ``1.北京市`` and `` 北京`` are 北京."""
    return re.sub(r"^[0-9]+\.|[_*＊.]+|市$", "", squeezed(text).replace("市.", "市"))


def number(cell: object) -> float | None:
    """Return a cell's number, typed as one or as text; ``None`` for all else."""
    try:
        return float(re.sub(r"[\s,，]", "", str(cell)))
    except ValueError:
        return None


@dataclass
class Workbook:
    """The first sheet of a workbook: its cells, the places of names, and its merged headings filled out."""

    cells: list[list[Any]]
    places: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def open(cls, path: Path) -> Workbook:
        """Read a workbook."""
        sheet = openpyxl.load_workbook(path).worksheets[0]
        cells = [list(row) for row in sheet.iter_rows(values_only=True)]
        for merged in sheet.merged_cells.ranges:
            for row in range(merged.min_row - 1, merged.max_row):
                for column in range(merged.min_col - 1, merged.max_col):
                    cells[row][column] = cells[merged.min_row - 1][merged.min_col - 1]
        book = cls(cells)
        for at, row in enumerate(cells):
            for column, cell in enumerate(row):  # a book of several pages has them side by side
                if isinstance(cell, str) and number(cell) is None:
                    book.places[city(cell)].append((at, column))
        return book

    def values(self, name: str, offset: int) -> list[float | None]:
        """Return what stands ``offset`` columns right of a city's name, wherever the name stands."""
        return [
            number(self.cells[row][column + offset])
            for row, column in self.places.get(name, ())
            if column + offset < len(self.cells[row])
        ]

    def heading(self, offset: int, first: int) -> str:
        """Return all words above the first city in a column, its levels one after the other."""
        rows = self.cells[: max(first, 1)]
        levels = [squeezed(row[offset]) for row in rows if offset < len(row) and number(row[offset]) is None]
        return " > ".join(dict.fromkeys(filter(None, levels)))


def main(arguments: list[str] | None = None) -> int:
    """Check every figure; print what is not found, other headings, and differences to other documents."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workbooks", type=Path)
    folder = parser.parse_args(arguments).workbooks
    data = data_dir()
    _, rows, problems = figures(data)
    columns, faults = read_small(data / COLUMNS.path, COLUMNS)
    if problems or faults:
        print(*problems, *faults, sep="\n", file=sys.stderr)
        return 1
    lost = missing(rows, columns, printed_names(data), folder)
    for line in lost:
        print(f"not found: {line}")
    print(f"{len(rows) - len(lost):,} of {len(rows):,} figures stand in their cell")
    print(compared(data, rows))
    return bool(lost)


def printed_names(data: Path) -> dict[tuple[str, str], set[str]]:
    """Return how an edition may spell a city: by its name, or as ``names.csv`` says it was typed."""
    entities = pd.read_csv(data / "entities.csv", dtype=str, keep_default_na=False)
    usual = {e: city(n) for e, n in zip(entities["entity_id"], entities["name_zh_hans"], strict=True)}
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    spelt = pd.read_csv(data / FOLDER / "names.csv", dtype=str)
    for edition, entity, printed in spelt.itertuples(index=False):
        names[edition, entity].add(city(printed))
    names.update({("", entity): {name} for entity, name in usual.items()})
    return names


def missing(
    rows: pd.DataFrame, columns: pd.DataFrame, names: dict[tuple[str, str], set[str]], folder: Path
) -> list[str]:
    """Return the figures that do not stand in their cell, and say which columns are headed otherwise."""
    found = {path.name: path for path in folder.rglob("*.xlsx")}
    lost, otherwise = [], []
    for name, part in columns.groupby("workbook"):
        if name not in found:
            return [f"the workbook {name} is not in {folder}"]
        book = Workbook.open(found[str(name)])
        for column in part.itertuples():
            offset = int(str(column.offset))
            own = rows[
                (rows["edition"] == column.edition)
                & (rows["indicator_id"] == column.indicator_id)
                & (rows["period"] == column.period)
            ]
            first = len(book.cells)
            for entity, value in zip(own["entity_id"], own["value"], strict=True):
                spelt = names[column.edition, entity] | names["", entity]
                first = min([first, *(row for n in spelt for row, _ in book.places.get(n, ()))])
                typed = [v for n in spelt for v in book.values(n, offset)]
                if not any(v is not None and abs(v - float(value)) <= 1e-9 * abs(v) for v in typed):
                    lost.append(
                        f"{column.edition} {entity} {column.indicator_id} {value}: {typed or 'no row'}"
                    )
            above = book.heading(offset, first)
            districts = any(side in above.rpartition(" > ")[2] for side in DISTRICTS) and not column.note
            if above != column.heading or districts:
                otherwise.append(f"{column.edition} {column.indicator_id}: {above}")
    for line in otherwise:
        print(f"headed otherwise: {line}")
    return lost


def compared(data: Path, rows: pd.DataFrame) -> str:
    """Return a table of how the book's figures compare with those of other documents, and the differences."""
    tables = [pd.read_csv(p, dtype=str, keep_default_na=False) for p in (data / "observations").glob("*.csv")]
    every = pd.concat(tables)
    every["value"] = every["value"].astype(float)
    books = {source_id(edition) for edition in rows["edition"].unique()}
    own = every[every["source_id"].isin(books)]
    others = every[~every["source_id"].isin(books)]
    both = own.merge(others, on=["entity_id", "indicator_id", "period"], suffixes=("", "_other"))
    both["apart"] = (both["value"] - both["value_other"]).abs() / both["value_other"].abs()
    percent = both["indicator_id"].str.contains("growth|share")
    both.loc[percent, "apart"] = (both["value"] - both["value_other"]).abs() / 100
    both["equal"] = both["apart"] <= SAME
    by = both.groupby("indicator_id")["equal"].agg(["size", "sum"])
    lines = [f"{i}: {int(n.iloc[0])} pairs, {int(n.iloc[1])} equal" for i, n in by.iterrows()]
    lines.append(f"all: {len(both)} pairs, {int(both['equal'].sum())} equal within {SAME:.1%}")
    shown = ["entity_id", "indicator_id", "period", "value", "value_other", "source_id_other", "status_other"]
    return "\n".join([*lines, both[~both["equal"]].sort_values("apart")[shown].to_string(index=False)])


if __name__ == "__main__":
    raise SystemExit(main())
