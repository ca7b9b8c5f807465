"""A dataset in an object store: uploaded whole, switched at once, checked by hash; the last copy stays."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import fsspec
import pytest

from dashboard.dataset import DatasetError, object_store
from dashboard.dataset.object_store import pull
from etl.errors import DataError, UsageError
from etl.upload import upload


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PURSUIT_CACHE", str(tmp_path / "cache"))
    return f"file://{tmp_path}/bucket/pursuit"


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    directory = tmp_path / "data"
    for name, text in {
        "entities.csv": "entity_id\nshenzhen\n",
        "observations/economy.csv": "entity_id,value\nshenzhen,1\n",
        "curated/gdp.csv": "input, not published\n",
    }.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")
    return directory


def store_path(address: str) -> Path:
    return Path(address.removeprefix("file://"))


def test_what_was_uploaded_is_what_is_read(address: str, dataset: Path) -> None:
    version = upload(dataset, address)
    local = pull(address)
    assert local.resolve().name == version
    assert (local / "observations/economy.csv").read_bytes() == (
        dataset / "observations/economy.csv"
    ).read_bytes()
    assert not (local / "curated").exists()


def test_a_new_version_is_taken_up_and_only_two_are_kept(address: str, dataset: Path) -> None:
    seen = []
    for value in "123":
        (dataset / "observations/economy.csv").write_text(
            f"entity_id,value\nshenzhen,{value}\n", encoding="utf-8"
        )
        seen.append(upload(dataset, address))
        assert (pull(address) / "observations/economy.csv").read_text().endswith(f"{value}\n")
    copies = {
        p.name for p in object_store.copy_directory(address).iterdir() if p.is_dir() and not p.is_symlink()
    }
    assert copies == set(seen[1:])


def test_a_changed_byte_is_refused_and_the_last_copy_stays(address: str, dataset: Path) -> None:
    first = upload(dataset, address)
    pull(address)
    (dataset / "entities.csv").write_text("entity_id\nhangzhou\n", encoding="utf-8")
    second = upload(dataset, address)
    (store_path(address) / "versions" / second / "entities.csv").write_text(
        "entity_id\nhangzhoX\n", encoding="utf-8"
    )
    with pytest.raises(DatasetError, match=r"entities\.csv does not match its hash"):
        pull(address)
    assert (object_store.copy_directory(address) / "current").resolve().name == first


def test_an_upload_that_breaks_off_leaves_the_pointer(
    address: str, dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = upload(dataset, address)
    (dataset / "entities.csv").write_text("entity_id\nhangzhou\n", encoding="utf-8")
    write = fsspec.implementations.local.LocalFileSystem.pipe_file

    def full(self: object, path: str, value: bytes, **options: object) -> object:
        if path.endswith("economy.csv"):
            raise OSError(28, "No space left on device")
        return write(self, path, value, **options)

    monkeypatch.setattr(fsspec.implementations.local.LocalFileSystem, "pipe_file", full)
    with pytest.raises(DataError, match="No space left"):
        upload(dataset, address)
    assert pull(address).resolve().name == first


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{", b'{"version": "abcdef"}', b"[" * 100_000,
        json.dumps({"version": "../../etc", "files": {"a": "0" * 64}}).encode(),
        json.dumps({"version": "abcdef", "files": {"../../evil": "0" * 64}}).encode(),
        json.dumps({"version": "abcdef", "files": {"/evil": "0" * 64}}).encode(),
        json.dumps({"version": "abcdef", "files": {"a": "none"}}).encode(),
        json.dumps({"version": "abcdef", "files": {}}).encode(),
    ],
)  # fmt: skip
def test_a_pointer_that_is_none_is_refused(address: str, body: bytes) -> None:
    store_path(address).mkdir(parents=True)
    (store_path(address) / "current.json").write_bytes(body)
    with pytest.raises(DatasetError, match="is not a pointer"):
        pull(address)


def test_without_a_store_the_last_copy_is_followed(
    address: str, dataset: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(object_store.subprocess, "Popen", lambda *a, **k: None)
    with pytest.raises(DatasetError):
        object_store.follow(address)
    version = upload(dataset, address)
    assert object_store.follow(address).resolve().name == version
    shutil.rmtree(store_path(address))
    assert object_store.follow(address).resolve().name == version
    assert "serving the last copy" in capsys.readouterr().err


def test_an_address_nobody_knows_is_one_line() -> None:
    with pytest.raises(DatasetError, match="nosuch"):
        pull("nosuch://bucket/x")
    with pytest.raises(UsageError, match="nosuch"):
        upload(Path(), "nosuch://bucket/x")
