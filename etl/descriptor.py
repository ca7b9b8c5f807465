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
        if not table.final:  # it names the version it stands on, so it cannot be part of that
            digests.append(f"{table.path} {digest}")
        resources.append(_resource(table, table.path, digest, len(content)))
    for path in curated_files(data_dir):
        if not path.name.isprintable():  # refused where it is read
            continue
        table = replace(CURATED, name=f"curated_{path.stem}", path=f"curated/{path.name}")
        resources.append(_resource(table, table.path))
    described = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "pursuit",
        "title": "Pursuit: Shenzhen against Hangzhou in public figures",
        "description": (
            "Tidy observations of cities and companies, each with the public document it stands in, "
            "beside the quotes of an essay they are held against."
        ),
        "version": hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest(),
        "licenses": _licences(sources),
        "sources": _publishers(sources),
        "resources": sorted(resources, key=lambda r: str(r["name"])),
    }
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _resource(table: Table, path: str, digest: str = "", size: int = 0) -> dict[str, Any]:
    of_schema = ("fields", "missingValues", "primaryKey", "foreignKeys")
    found: dict[str, Any] = {
        "name": table.name,
        "type": "table",
        "path": path,
        "description": table.described["description"],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
    }
    if digest:
        found |= {"bytes": size, "hash": f"sha256:{digest}"}
    return found | {"schema": {k: table.described[k] for k in of_schema if k in table.described}}


def _licences(sources: pd.DataFrame) -> list[dict[str, str]]:
    texts = sorted({str(t) for t in sources["licence"] if t})
    return [{"name": _slug(text), "title": text} for text in texts] or [
        {"name": "facts-with-attribution", "title": "facts with attribution"}
    ]


def _publishers(sources: pd.DataFrame) -> list[dict[str, str]]:
    names = sorted({str(p) for p in sources["publisher"] if p})
    return [{"title": name} for name in names] or [{"title": "see sources.csv"}]


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
