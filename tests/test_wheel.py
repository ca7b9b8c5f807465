"""An installed Pursuit serves, exports and knows its dataset, away from any checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dashboard.dataset import Dataset
from tests.conftest import ROOT

PARTS = ("dashboard", "etl", "data", "pyproject.toml", "setup.py", "README.md", "LICENSE")

SERVE = """
import json, sys
from pathlib import Path
import dashboard, etl
from dashboard.paths import data_dir
from dashboard.serving.run import prepare
client = prepare().test_client()
paths = ("/en/", "/en/explore", "/en/data", "/en/figure/gdp_overtaken.svg")
found = {path: client.get(path).status_code for path in paths}
print(json.dumps({
    "homes": [str(Path(m.__file__).parent) for m in (dashboard, etl)],
    "data": str(data_dir()),
    "found": found,
    "version": client.get("/healthz").get_json()["dataset_version"],
}))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with what a wheel made from this tree puts there."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("installed")
    for part in PARTS:  # from a copy: a build leaves its folders beside the sources
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, source / part)
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
         "--no-index", "--disable-pip-version-check", "--wheel-dir", str(source / "dist"), str(source)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    (wheel,) = (source / "dist").glob("*.whl")
    assert wheel.stat().st_size <= 15_000_000, "the dataset in it has grown: see data/"
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(target)
    return target


def run(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python where the wheel's packages come first and no checkout is the working directory."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PURSUIT_", "COV_"))}
    return subprocess.run(
        [sys.executable, *arguments],
        env={**env, "PYTHONPATH": str(installed)},
        cwd=installed.parent,
        capture_output=True,
        text=True,
        timeout=240,
    )


def test_a_wheel_serves_its_own_dataset(installed: Path, dataset: Dataset) -> None:
    done = run(installed, "-c", SERVE)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["homes"] == [str(installed / "dashboard"), str(installed / "etl")]
    assert told["data"] == str(installed / "dashboard" / "_data")
    assert set(told["found"].values()) == {200}, told["found"]
    assert told["version"] == dataset.version


def test_a_wheel_exports_and_does_not_write_into_itself(installed: Path, tmp_path: Path) -> None:
    out = tmp_path / "figures"
    done = run(
        installed, "-m", "dashboard.cli", "export", "gdp_overtaken", "--format", "png", "--out", str(out)
    )
    assert done.returncode == 0, done.stderr
    assert [p.suffix for p in out.iterdir() if p.name.startswith("gdp_overtaken")] == [".png"]
    refused = run(installed, "-m", "dashboard.cli", "refresh", "curated")
    assert refused.returncode == 2
    assert "PURSUIT_DATA" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
