"""Check a dataset: every violation is reported, as ``file:line: what; fix``.

Cells and columns are checked by the pandera models of :mod:`etl.schema`; keys, references and dates of
tables here; observations also by :mod:`etl.observation_rules`, one function a rule.
Errors stop a publish; notes (``error=False``) are worth a look.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.errors

from etl.conversion import canonical_values
from etl.csvfiles import read_observations, read_small
from etl.documents import custody_problems
from etl.errors import DataError
from etl.jumps import jumps
from etl.observation_rules import domains, observation_keys, periods, ranges
from etl.problems import MOST, Problem, capped_problems
from etl.schema import BOOK, CURATED, LEDGERS, OBSERVATIONS, TABLES, Table, model
from etl.tidy import plain, split_unit


@dataclass
class Tables:
    """All tables of a dataset in memory: small ones as text, observations by domain."""

    small: dict[str, pd.DataFrame] = field(default_factory=dict)
    observations: dict[str, pd.DataFrame] = field(default_factory=dict)
    curated: dict[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many observations there are."""
        return sum(map(len, self.observations.values()))


def read(directory: Path, *, published: bool = False) -> tuple[Tables, list[Problem]]:
    """Read a dataset; what cannot be read becomes problems.

    ``published``: only the published tables, as we wrote them (see :func:`read_observations`).
    """
    if not directory.is_dir():
        raise DataError(f"no such directory: {directory}", "give a directory that holds a dataset")
    tables, problems = Tables(), list[Problem]()
    for name, table in TABLES.items():
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
            frame[column] = frame[column].map(plain)
        files[file] = frame
        problems += found
    return files, problems


def curated_files(directory: Path) -> list[Path]:
    """Return the curated figure files of a dataset (not its ledgers)."""
    folder = directory / "curated"
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [p for p in found if p.suffix == ".csv" and p.stem not in LEDGERS and p.name[0] != "."]


def validate(directory: Path, today: date) -> tuple[Tables, list[Problem]]:
    """Read and check the dataset in ``directory``; return it with all its problems, sorted."""
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
    """Return every problem of tables in memory."""
    problems: list[Problem] = []
    for name, frame in tables.small.items():
        problems += _columns(frame, name, TABLES[name].path)
        problems += _keys(frame, TABLES[name], TABLES[name].path)
        problems += _references(frame, TABLES[name], TABLES[name].path, tables)
        problems += _future(frame, TABLES[name], today)
    problems += check_curated(tables)
    problems += _units_known(tables)
    indicators = _catalogue(tables)
    for domain, frame in tables.observations.items():
        file, table = OBSERVATIONS[domain].path, OBSERVATIONS[domain]
        problems += _columns(frame, "observations", file)
        problems += _references(frame, table, file, tables)
        problems += observation_keys(frame, file)
        problems += domains(frame, file, domain.removesuffix(BOOK), indicators)
        problems += periods(frame, file, indicators, today)
        problems += ranges(frame, file, indicators)
    problems += _unused_sources(tables)
    problems += custody_problems(tables.small["sources"], tables.small["publishers"])
    return problems


def _catalogue(tables: Tables) -> pd.DataFrame:
    """Return the indicators by their id."""
    indicators = tables.small["indicators"].set_index("indicator_id")
    return indicators[~indicators.index.duplicated()]


def check_curated(tables: Tables) -> list[Problem]:
    """Return every problem of the curated input files (units are checked where they are converted)."""
    problems: list[Problem] = []
    for file, frame in tables.curated.items():
        problems += _columns(frame, "curated", file)
        problems += _references(frame, CURATED, file, tables)
    problems += _curated_keys(tables)
    return problems


def _columns(frame: pd.DataFrame, name: str, file: str) -> list[Problem]:
    """Run the pandera model of a table and report every failing cell."""
    if frame.empty:
        return []
    # positions, not line numbers: a hand-made index must not disturb pandera's report
    positioned = frame.reset_index(drop=True)
    try:
        model(name).validate(positioned, lazy=True)
    except pandera.errors.SchemaErrors as failure:
        problems: list[Problem] = []
        for error in failure.schema_errors:
            column = str(getattr(error.schema, "name", "") or "")
            text = str(error.check.error if error.check is not None and error.check.error else error)
            what, _, fix = " ".join(text.split()).partition("|")
            cases = error.failure_cases
            wrong = np.zeros(len(frame), dtype=bool)
            if isinstance(cases, pd.DataFrame) and "index" in cases and cases["index"].notna().any():
                wrong[cases["index"].dropna().astype("int64").to_numpy()] = True
            if wrong.any():
                problems += capped_problems(frame, file, wrong, what, fix or "fix it", cell=column)
            else:
                problems.append(Problem(file, 1, f"{column}: {what}"[:300], fix or "fix the column"))
        return problems
    return []


def _keys(frame: pd.DataFrame, table: Table, file: str) -> list[Problem]:
    if not table.key or frame.empty:
        return []
    named = ", ".join(table.key)
    twice = frame.duplicated(list(table.key), keep="first").to_numpy()
    return list(
        capped_problems(frame, file, twice, f"same key ({named}) as an earlier row", "remove one of them")
    )


def _curated_keys(tables: Tables) -> Iterator[Problem]:
    """Find figures read more than once from one document, over all curated files."""
    if not tables.curated:
        return
    together = pd.concat([f.assign(_file=file) for file, f in tables.curated.items()])
    twice = together.duplicated(list(CURATED.key), keep="first")
    for line, row in list(together[twice].iterrows())[:MOST]:
        what = f"{row['indicator_id']} of {row['entity_id']} in {row['period']}: read twice from one document"
        yield Problem(str(row["_file"]), int(str(line)), what, "keep one row")


def _references(frame: pd.DataFrame, table: Table, file: str, tables: Tables) -> list[Problem]:
    problems: list[Problem] = []
    if frame.empty:
        return problems
    for column, (target, key) in table.refers.items():
        known = set(tables.small[target][key])
        codes, distinct = pd.factorize(frame[column])
        lost = np.array([bool(v) and v not in known for v in map(str, distinct)], dtype=bool)
        if lost.any():
            problems += capped_problems(
                frame, file, lost[codes], f"is not in {TABLES[target].path}", "add it there or correct it",
                cell=column,
            )  # fmt: skip
    return problems


def _future(frame: pd.DataFrame, table: Table, today: date) -> list[Problem]:
    """No document was published, retrieved or looked for later than tomorrow (time zones).

    What we stamp ourselves is a note only: a clock was ahead once, and that must not stop later runs.
    """
    problems: list[Problem] = []
    limit = date.fromordinal(today.toordinal() + 1).isoformat()
    for column in ("published", "retrieved", "looked_on", "changed_at"):
        if column in frame:
            said = table.hand_written or column == "published"
            late = (frame[column].astype(str).str.slice(0, 10) > limit).to_numpy()
            what, fix = "lies in the future", "correct the date, or this machine's clock"
            problems += capped_problems(frame, table.path, late, what, fix, cell=column, error=said)
    return problems


def _units_known(tables: Tables) -> Iterator[Problem]:
    frame, file = tables.small["indicators"], TABLES["indicators"].path
    for line, unit in frame["unit"].items():
        factor, _ = split_unit(str(unit))
        if unit and factor != 1:
            yield Problem(file, int(str(line)), f"unit {unit!r} has a multiplier", "name the plain unit")


def _unused_sources(tables: Tables) -> Iterator[Problem]:
    used: set[str] = set()
    for frame in tables.observations.values():
        used.update(frame["source_id"].cat.remove_unused_categories().cat.categories)
    frame = tables.small["sources"]
    if used or len(frame):
        unused = ~frame["source_id"].isin(used).to_numpy() if len(frame) else np.zeros(0, dtype=bool)
        yield from capped_problems(
            frame, TABLES["sources"].path, unused, "no observation stands on this document",
            "let `pursuit refresh` write it", cell="source_id", error=False,
        )  # fmt: skip
