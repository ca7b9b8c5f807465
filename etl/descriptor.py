"""``datapackage.json``: the Frictionless descriptor of every table, made from :mod:`etl.schema`.

Deterministic: the same tables give the same bytes. ``version`` is a hash of the published tables, so
two datasets with the same version hold the same figures. The curated input files are described too, but do
not count for the version; the figures made from them do.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from etl.problems import Problem
from etl.schema import CURATED, OBSERVATIONS, TABLES, Table
from etl.snapshots import read_object
from etl.validate import curated_files


def descriptor(files: Mapping[str, bytes], data_dir: Path, sources: pd.DataFrame) -> bytes:
    """Return the descriptor's bytes.

    ``files`` holds the generated tables by path; hand-written ones are read from ``data_dir``.
    """
    resources: list[dict[str, Any]] = []
    digests: list[str] = []
    for table in [*TABLES.values(), *OBSERVATIONS.values()]:
        content = files.get(table.path)
        if content is None and (table.hand_written or table.final) and (data_dir / table.path).is_file():
            content = (data_dir / table.path).read_bytes()
        if content is None:
            continue
        digest = hashlib.sha256(content).hexdigest()
        if not table.final:  # it names the version it was made from, so it cannot be part of that
            digests.append(f"{table.path} {digest}")
        resources.append(_resource(table, bytes=len(content), hash=f"sha256:{digest}"))
    for path in curated_files(data_dir):
        if path.name.isprintable():  # else refused where it is read
            table = replace(CURATED, name=f"curated_{path.stem}", path=f"curated/{path.name}")
            resources.append(_resource(table))
    licences = sorted({str(text) for text in sources["licence"] if text}) or ["facts with attribution"]
    publishers = sorted({str(name) for name in sources["publisher"] if name}) or ["see sources.csv"]
    described = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "pursuit",
        "title": "Pursuit: Shenzhen against Hangzhou in public figures",
        "description": (
            "Tidy observations of cities and companies, each with the public document it stands in, "
            "beside the quotes of an essay they are held against."
        ),
        "version": hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest(),
        "licenses": [{"name": _slug(text), "title": text} for text in licences],
        "sources": [{"title": name} for name in publishers],
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


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-")[:60] or "see-title"


def undescribed(data_dir: Path) -> list[Problem]:
    """Return a problem for each table that is not the one ``datapackage.json`` describes."""
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
