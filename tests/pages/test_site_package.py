"""The package describes itself: what the descriptor says of a table holds for the table in the ZIP."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboard.dataset import Dataset
from dashboard.pages.package import package, pieces
from dashboard.paths import PACKAGE

DATA = PACKAGE.parent / "data"


@pytest.fixture(scope="module")
def packed(shipped: Dataset) -> bytes:
    return package(shipped)


@pytest.fixture(scope="module")
def unpacked(packed: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("package")
    zipfile.ZipFile(io.BytesIO(packed)).extractall(where)
    return where


def test_bytes_and_hashes_are_those_in_the_package(unpacked: Path) -> None:
    descriptor = json.loads((unpacked / "datapackage.json").read_text("utf-8"))
    described = {r["path"] for r in descriptor["resources"]}
    assert described == {p.relative_to(unpacked).as_posix() for p in unpacked.rglob("*.csv")}
    assert {"sources.csv", "observations/economy.csv"} <= described
    for resource in descriptor["resources"]:
        body = (unpacked / resource["path"]).read_bytes()
        assert resource["bytes"] == len(body), resource["path"]
        assert resource["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}", resource["path"]


def test_the_package_is_valid_for_frictionless(unpacked: Path) -> None:
    """Without the long tables of the yearbook, which have the form of the others; `make check` reads all."""
    import frictionless

    descriptor = json.loads((unpacked / "datapackage.json").read_text("utf-8"))
    descriptor["resources"] = [r for r in descriptor["resources"] if "city_yearbook" not in r["path"]]
    (unpacked / "some.json").write_text(json.dumps(descriptor), "utf-8")
    report = frictionless.validate(str(unpacked / "some.json"))
    assert report.valid, report.flatten(["title", "message"])[:5]


def test_the_page_hands_out_the_same_bytes_however_often_they_are_made(
    client: FlaskClient, packed: bytes
) -> None:
    assert client.get("/data/pursuit.zip").data == packed


def test_published_tables_come_out_as_published_and_dangerous_cells_escaped(
    unpacked: Path, tmp_path: Path
) -> None:
    for path in unpacked.rglob("*.csv"):
        assert path.read_bytes() == (DATA / path.relative_to(unpacked)).read_bytes(), path.name
    dangerous = tmp_path / "b.csv"
    dangerous.write_bytes(b"a,b\n=1+1,-1.50\n")
    assert b"".join(pieces(dangerous, mark=False)) == b"a,b\n'=1+1,-1.50\n"
    assert b"".join(pieces(dangerous, mark=True)) == b"\xef\xbb\xbfa,b\n'=1+1,-1.50\n"


def test_a_descriptor_cannot_reach_outside_its_directory(shipped: Dataset, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n", "utf-8")
    inner = tmp_path / "data"
    inner.mkdir()
    paths = ["../secret.csv", str(tmp_path / "secret.csv"), "missing.csv"]
    (inner / "datapackage.json").write_text(
        json.dumps({"name": "x", "resources": [{"name": "r", "path": p} for p in paths]}), "utf-8"
    )
    made = package(type(shipped)(**{**_fields(shipped), "directory": inner}))
    assert zipfile.ZipFile(io.BytesIO(made)).namelist() == ["datapackage.json"]


def _fields(dataset: Dataset) -> dict[str, object]:
    return {name: getattr(dataset, name) for name in dataset.__dataclass_fields__}
