"""Check a whole dataset, and describe it in ``datapackage.json``, its Frictionless descriptor."""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from etl.checks import canonical_values, cell_problems, jumps, key_problems, observation_problems
from etl.errors import DataError, Problem, capped_problems
from etl.ledgers import custody_problems
from etl.schema import ALL, BOOK, CURATED, LEDGERS, OBSERVATIONS, TABLES, Table
from etl.tables import read_object, read_observations, read_small, used_categories
from etl.tidy import split_unit, to_halfwidth


@dataclass
class Tables:
    small: dict[str, pd.DataFrame] = field(default_factory=dict)
    observations: dict[str, pd.DataFrame] = field(default_factory=dict)
    curated: dict[str, pd.DataFrame] = field(default_factory=dict)


def read(directory: Path, *, published: bool = False) -> tuple[Tables, list[Problem]]:
    """Read a dataset; what cannot be read becomes problems. ``published``: only the published tables."""
    if not directory.is_dir():
        raise DataError(f"no such directory: {directory}", "give a directory that holds a dataset")
    tables, problems = Tables(), list[Problem]()
    ledgers = {} if published else {name: replace(table, optional=True) for name, table in LEDGERS.items()}
    for name, table in {**TABLES, **ledgers}.items():
        tables.small[name], faults = read_small(directory / table.path, table)
        problems += faults
    for domain, table in OBSERVATIONS.items():
        frame, faults = read_observations(directory / table.path, table.path, trusted=published)
        problems += faults
        if len(frame):
            tables.observations[domain] = frame
    if not published:
        for path in sorted((directory / "observations").glob("*.csv")):
            if path.stem not in OBSERVATIONS:
                problems.append(Problem(f"observations/{path.name}", 0, "no such domain", "remove the file"))
        tables.curated, faults = read_curated(directory)
        problems += faults
    return tables, problems


def read_curated(directory: Path) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Read the curated figure files by their file names; full-width digits in them are digits."""
    files, problems = {}, list[Problem]()
    for path in curated_files(directory):
        file = f"curated/{path.name}"
        if not file.isprintable():
            problems.append(Problem(file, 0, "the file's name is not plain text", "rename it"))
            continue
        frame, faults = read_small(path, CURATED, file)
        for column in ("period", "value", "published"):
            frame[column] = frame[column].map(to_halfwidth)
        files[file] = frame
        problems += faults
    return files, problems


def curated_files(directory: Path) -> list[Path]:
    folder = directory / "curated"
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return [p for p in files if p.suffix == ".csv" and p.stem not in LEDGERS and p.name[0] != "."]


def validate(directory: Path, today: date) -> tuple[Tables, list[Problem]]:
    tables, problems = read(directory)
    problems += check(tables, today)
    indicators = _catalogue(tables)
    units = dict(zip(indicators.index, indicators["unit"], strict=True))
    for file, frame in tables.curated.items():
        problems += canonical_values(frame, units, file)[1]
    for domain, frame in tables.observations.items():
        problems += jumps(frame, OBSERVATIONS[domain].path, indicators, tables.small["notes"])
    return tables, sorted(set(problems))


def check(tables: Tables, today: date) -> list[Problem]:
    small, problems = tables.small, list[Problem]()
    for name, frame in small.items():
        problems += cell_problems(frame, ALL[name], ALL[name].path, small, today)
        problems += key_problems(frame, ALL[name])
    problems += check_curated(tables)
    units = small["indicators"]
    scaled = np.array([bool(unit) and split_unit(unit)[0] != 1 for unit in units["unit"]], dtype=bool)
    what, fix = "has a multiplier", "name the plain unit"
    problems += capped_problems(units, ALL["indicators"].path, scaled, what, fix, cell="unit")
    indicators, used = _catalogue(tables), set[str]()
    for domain, frame in tables.observations.items():
        file, table = OBSERVATIONS[domain].path, OBSERVATIONS[domain]
        problems += [*cell_problems(frame, table, file, small), *key_problems(frame, table)]
        problems += observation_problems(frame, file, domain.removesuffix(BOOK), indicators, today)
        used |= used_categories(frame["source_id"])
    sources, file = small["sources"], ALL["sources"].path
    unused = ~sources["source_id"].isin(used).to_numpy(dtype=bool)
    what, fix = "no observation cites this document", "let `pursuit refresh` write it"
    problems += capped_problems(sources, file, unused, what, fix, cell="source_id", error=False)
    problems += custody_problems(sources, small["publishers"])
    return problems


def _catalogue(tables: Tables) -> pd.DataFrame:
    return tables.small["indicators"].drop_duplicates("indicator_id").set_index("indicator_id")


def check_curated(tables: Tables) -> list[Problem]:
    problems, seen = list[Problem](), pd.DataFrame(columns=CURATED.key)
    for file, frame in tables.curated.items():
        problems += cell_problems(frame, CURATED, file, tables.small)
        seen = pd.concat([seen, frame[list(CURATED.key)]])
        repeated = seen.duplicated().to_numpy()[len(seen) - len(frame) :]
        what = "read more than once from one document"
        problems += capped_problems(frame, file, repeated, what, "keep one row", named=True)
    return problems


def descriptor(files: Mapping[str, bytes], data_dir: Path, sources: pd.DataFrame) -> bytes:
    """Return the descriptor's bytes; ``files``: the generated tables by path, others are in ``data_dir``."""
    resources, digests = [], []
    for table in [*TABLES.values(), *OBSERVATIONS.values()]:
        content = files.get(table.path)
        if content is None:
            if table.role == "generated" or not (data_dir / table.path).is_file():
                continue
            content = (data_dir / table.path).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if table.role != "final":  # it names the version it was made from, so it cannot be part of that
            digests.append(f"{table.path} {digest}")
        resources.append(_resource(table, bytes=len(content), hash=f"sha256:{digest}"))
    for path in curated_files(data_dir):
        if path.name.isprintable():  # else refused where it is read
            table = replace(CURATED, name=f"curated_{path.stem}", path=f"curated/{path.name}")
            resources.append(_resource(table))
    licences = sorted(set(sources["licence"]) - {""})
    described = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "pursuit",
        "title": "Pursuit: Shenzhen against Hangzhou in public figures",
        "description": (
            "Tidy observations of cities and companies, each with the public document it stands in, "
            "beside the quotes of an essay they are held against."
        ),
        "version": hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest(),
        "licenses": [
            {"name": re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-")[:60] or "see-title", "title": text}
            for text in licences
        ],
        "sources": [{"title": name} for name in sorted(set(sources["publisher"]))],
        "resources": sorted(resources, key=lambda r: str(r["name"])),
    }
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _resource(table: Table, **measured: Any) -> dict[str, Any]:
    of_schema = ("fields", "missingValues", "primaryKey", "foreignKeys")
    return {
        "name": table.name,
        "type": "table",
        "path": table.path,
        "description": table.described["description"],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **measured,
        "schema": {key: table.described[key] for key in of_schema if key in table.described},
    }


def undescribed(data_dir: Path) -> list[Problem]:
    file = "datapackage.json"
    fix = "run `pursuit refresh curated`, which rewrites it"
    if not (data_dir / file).exists():
        return [Problem(file, 0, "file is missing", fix)]
    try:
        resources = {str(r["path"]): r for r in read_object(data_dir / file)["resources"]}
    except (KeyError, TypeError):
        return [Problem(file, 1, "not a package descriptor", fix)]
    problems = []
    for path, resource in sorted(resources.items()):
        place = data_dir / path
        if not place.is_file():
            problems.append(Problem(file, 1, f"{path} is described but not there", fix))
        elif "hash" in resource and os.access(place, os.R_OK):  # else it is named where it is read
            digest = hashlib.sha256(place.read_bytes()).hexdigest()
            if resource["hash"] != f"sha256:{digest}":
                problems.append(Problem(file, 1, f"{path} has changed since it was described", fix))
    return problems
