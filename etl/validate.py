"""Check a dataset: every violation is reported, as ``file:line: what; fix``.

What the schema demands is checked by :mod:`etl.checks`, rules for observations beyond it by
:mod:`etl.observation_rules`. Errors stop a publish; notes (``error=False``) are worth a look.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from etl.checks import canonical_values, cell_problems, key_problems
from etl.csvfiles import read_observations, read_small
from etl.documents import custody_problems
from etl.errors import DataError
from etl.observation_rules import jumps, observation_problems
from etl.problems import Problem, capped_problems
from etl.schema import ALL, BOOK, CURATED, LEDGERS, OBSERVATIONS, TABLES
from etl.tidy import split_unit, to_halfwidth


@dataclass
class Tables:
    """All tables of a dataset in memory: small ones as text, observations by domain."""

    small: dict[str, pd.DataFrame] = field(default_factory=dict)
    observations: dict[str, pd.DataFrame] = field(default_factory=dict)
    curated: dict[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(map(len, self.observations.values()))


def read(directory: Path, *, published: bool = False) -> tuple[Tables, list[Problem]]:
    """Read a dataset; what cannot be read becomes problems. ``published``: only the published tables."""
    if not directory.is_dir():
        raise DataError(f"no such directory: {directory}", "give a directory that holds a dataset")
    tables, problems = Tables(), list[Problem]()
    ledgers = {} if published else {name: replace(table, optional=True) for name, table in LEDGERS.items()}
    for name, table in {**TABLES, **ledgers}.items():
        tables.small[name], found = read_small(directory / table.path, table)
        problems += found
    for domain, table in OBSERVATIONS.items():
        frame, found = read_observations(directory / table.path, table.path, trusted=published)
        problems += found
        if len(frame):
            tables.observations[domain] = frame
    if not published:
        for path in sorted((directory / "observations").glob("*.csv")):
            if path.stem not in OBSERVATIONS:
                problems.append(Problem(f"observations/{path.name}", 0, "no such domain", "remove the file"))
        tables.curated, found = read_curated(directory)
        problems += found
    return tables, problems


def read_curated(directory: Path) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Read the curated figure files by their file names; full-width digits in them are digits."""
    files, problems = {}, list[Problem]()
    for path in curated_files(directory):
        file = f"curated/{path.name}"
        if not file.isprintable():
            problems.append(Problem(file, 0, "the file's name is not plain text", "rename it"))
            continue
        frame, found = read_small(path, CURATED, file)
        for column in ("period", "value", "published"):
            frame[column] = frame[column].map(to_halfwidth)
        files[file] = frame
        problems += found
    return files, problems


def curated_files(directory: Path) -> list[Path]:
    folder = directory / "curated"
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [p for p in found if p.suffix == ".csv" and p.stem not in LEDGERS and p.name[0] != "."]


def validate(directory: Path, today: date) -> tuple[Tables, list[Problem]]:
    tables, problems = read(directory)
    problems += check(tables, today)
    indicators = _catalogue(tables)
    units = {str(name): str(unit) for name, unit in indicators["unit"].items()}
    for file, frame in tables.curated.items():
        problems += canonical_values(frame, units, file)[1]
    for domain, frame in tables.observations.items():
        problems += jumps(frame, OBSERVATIONS[domain].path, indicators, tables.small["notes"])
    return tables, sorted(set(problems))


def check(tables: Tables, today: date) -> list[Problem]:
    problems: list[Problem] = []
    for name, frame in tables.small.items():
        problems += cell_problems(frame, ALL[name], ALL[name].path, tables.small, today)
        problems += key_problems(frame, ALL[name])
    problems += check_curated(tables)
    problems += _unknown_units(tables.small["indicators"])
    indicators = _catalogue(tables)
    for domain, frame in tables.observations.items():
        file, table = OBSERVATIONS[domain].path, OBSERVATIONS[domain]
        problems += cell_problems(frame, table, file, tables.small)
        problems += observation_problems(frame, file, domain.removesuffix(BOOK), indicators, today)
    problems += _unused_sources(tables)
    problems += custody_problems(tables.small["sources"], tables.small["publishers"])
    return problems


def _catalogue(tables: Tables) -> pd.DataFrame:
    indicators = tables.small["indicators"].set_index("indicator_id")
    return indicators[~indicators.index.duplicated()]


def check_curated(tables: Tables) -> list[Problem]:
    problems: list[Problem] = []
    for file, frame in tables.curated.items():
        problems += cell_problems(frame, CURATED, file, tables.small)
    return [*problems, *_curated_keys(tables)]


def _curated_keys(tables: Tables) -> Iterator[Problem]:
    """Find figures read more than once from one document, over all curated files."""
    if not tables.curated:
        return
    repeated = pd.concat(tables.curated.values()).duplicated(list(CURATED.key)).to_numpy()
    ends = np.cumsum([len(frame) for frame in tables.curated.values()])[:-1]
    for (file, frame), wrong in zip(tables.curated.items(), np.split(repeated, ends), strict=True):
        what = "read more than once from one document"
        yield from capped_problems(frame, file, wrong, what, "keep one row", named=True)


def _unknown_units(indicators: pd.DataFrame) -> Iterator[Problem]:
    for line, unit in indicators["unit"].items():
        if unit and split_unit(str(unit))[0] != 1:
            what = f"unit {unit!r} has a multiplier"
            yield Problem(TABLES["indicators"].path, int(str(line)), what, "name the plain unit")


def _unused_sources(tables: Tables) -> Iterator[Problem]:
    used: set[str] = set()
    for observations in tables.observations.values():
        used.update(observations["source_id"].cat.remove_unused_categories().cat.categories)
    frame, file = tables.small["sources"], TABLES["sources"].path
    unused = ~frame["source_id"].isin(used).to_numpy(dtype=bool)
    what, fix = "no observation cites this document", "let `pursuit refresh` write it"
    yield from capped_problems(frame, file, unused, what, fix, cell="source_id", error=False)
