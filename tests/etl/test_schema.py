"""The schema files are the only place where columns stand: a column that is added there is everywhere."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from dashboard.claims.finding import OUTCOMES
from dashboard.dataset import Dataset, records
from etl.schema import ALL, TABLES
from tests.conftest import DATA
from tests.etl.etl_support import make_dataset
from tools.doc_tables import documents

ROOT = DATA.parent
REFRESH = """
import sys
from etl.cli import app
sys.exit(app(["refresh", "curated", "--offline"], standalone_mode=False))
"""
READ = """
import sys
from pathlib import Path
from dashboard.dataset import Dataset
from etl.validate import validate
from datetime import date
data = Path(sys.argv[1])
print(Dataset.load(data).length("gdp", "shenzhen"), validate(data, date(2026, 11, 29))[1])
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the code with its schemas, to be changed."""
    for package in ("etl", "dashboard"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "fonts", "_data")
        )
    shutil.copytree(DATA / "schema", tmp_path / "data" / "schema")
    return tmp_path


def ran(project: Path, code: str, data: Path, *args: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *args], cwd=project, capture_output=True, text=True, timeout=120,
        env={"PYTHONPATH": str(project), "PURSUIT_DATA": str(data), "PURSUIT_CACHE": str(project / "cache")},
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_column_is_added_in_one_file(project: Path, tmp_path: Path) -> None:
    for table, after in (("observations", "status"), ("sources", "tier")):
        path = project / "data" / "schema" / f"{table}.json"
        schema = json.loads(path.read_text("utf-8"))
        place = [f["name"] for f in schema["fields"]].index(after) + 1
        schema["fields"].insert(place, {"name": "weight", "type": "string", "description": "New."})
        path.write_text(json.dumps(schema), "utf-8")
    data = make_dataset(tmp_path / "world")
    ran(project, REFRESH, data)
    header = (data / "observations" / "economy.csv").read_text("utf-8").partition("\n")[0]
    assert header == "entity_id,indicator_id,period,value,source_id,status,weight,note,locator"
    assert ",tier,weight,custody," in (data / "sources.csv").read_text("utf-8").partition("\n")[0]
    resources = json.loads((data / "datapackage.json").read_text("utf-8"))["resources"]
    described = {f["name"] for r in resources if r["name"] == "sources" for f in r["schema"]["fields"]}
    assert "weight" in described
    assert ran(project, READ, data, str(data)).strip() == "2 []"


def test_the_rows_the_dashboard_reads_are_columns_of_their_table() -> None:
    for table, row in (
        ("entities", records.Entity), ("indicators", records.Indicator), ("sources", records.Source),
        ("publishers", records.Publisher), ("notes", records.Note), ("gaps", records.Gap),
        ("observations", records.Observation),
    ):  # fmt: skip
        assert {f.name for f in fields(row)} <= set(ALL[table].names), table
    assert TABLES["verdicts"].choices("outcome") == OUTCOMES


def test_the_generated_tables_of_the_docs_are_true(dataset: Dataset) -> None:
    for path, text in documents(dataset).items():
        assert path.read_text("utf-8") == text, f"run `make format`: {path.name}"
