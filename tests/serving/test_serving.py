# ruff: noqa: E501 (tables read better unbroken)
"""A server over the years: a dataset that is replaced, a worker that dies."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from flask import Flask

from dashboard.dataset import Dataset, DatasetError
from dashboard.serving import gunicorn_server, waitress_server
from dashboard.serving import run as serve
from dashboard.serving.dataset_watch import DatasetWatch, file_states
from tests.conftest import ROOT, free_port

TABLES = {
    "entities.csv": "entity_id,kind,group,name_en,name_zh_hans,name_zh_hant,wikidata_id,city_id,region_id,code,"
    "latitude,longitude,founded,founded_place,listing\n"
    "hangzhou,city,,Hangzhou,杭州,杭州,,,,,,,,,\nshenzhen,city,,Shenzhen,深圳,深圳,,,,,,,,,\n",
    "indicators.csv": "indicator_id,domain,entity_kind,name_en,name_zh_hans,name_zh_hant,unit,kind,frequency,better,"
    "definition_en,definition_zh_hans,definition_zh_hant,scale\n"
    "gdp,economy,city,GDP,生产总值,生產總值,CNY,flow,annual,higher,GDP,生产总值,生產總值,linear\n",
    "sources.csv": "source_id,title,publisher,url,copy_url,tier,custody,licence,retrieved,locator_hint,published,collector,sha256,note\n"
    "book,Yearbook,Bureau,https://example.org/,,official,issuer,,2026-01-01,,2025,curated,,\n",
    "observations/economy.csv": "entity_id,indicator_id,period,value,source_id,status,note,locator\n"
    + "".join(
        f"{e},gdp,{y},{more}{y}.5,book,final,,\n"
        for e, more in (("hangzhou", ""), ("shenzhen", "1"))
        for y in range(2000, 2025)
    ),
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    (data / "observations").mkdir(parents=True)
    for name, text in TABLES.items():
        (data / name).write_text(text, "utf-8")
    return data


def publish(data: Path, find: str, put: str) -> None:
    """Replace the directory in one exchange of names, as a publish does."""
    following, old = data.with_name("following"), data.with_name("old")
    (following / "observations").mkdir(parents=True)
    for name in TABLES:
        text = (data / name).read_text("utf-8")
        (following / name).write_text(text.replace(find, put), "utf-8")
    data.rename(old)
    following.rename(data)
    for path in sorted(old.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    old.rmdir()


# -- whether it was replaced ---------------------------------------------------------------------------


def test_a_replacement_is_told_once_and_not_while_it_goes_on(small: Path) -> None:
    watch = DatasetWatch(small)
    assert not watch.changed()
    publish(small, "2024.5", "2024.6")
    assert not watch.changed()  # seen for the first time: it may still be being written
    assert watch.changed()
    assert not watch.changed()
    (small / "observations" / "economy.csv").unlink()
    (small / "observations" / "economy.csv").write_text("x", "utf-8")
    assert not watch.changed()
    publish(small, "x", "y")
    assert not watch.changed()  # another one than at the last look
    assert watch.changed()


def test_two_versions_never_mix_while_one_is_read(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, reads = Dataset.load, []

    def replaced_meanwhile(directory: Path) -> Dataset:
        found = read(directory)
        if not reads:
            publish(small, "2024.5", "2024.6")
        reads.append(found)
        return found

    monkeypatch.setattr(Dataset, "load", replaced_meanwhile)
    served = serve.prepare(str(small)).extensions["pursuit"].dataset
    assert len(reads) == 2
    assert served.latest("gdp", "shenzhen").value == 12024.6


def test_a_dataset_that_never_rests_is_one_clear_line(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = iter(range(100))
    monkeypatch.setattr(serve, "file_states", lambda directory: (("x", next(count), 0, 0),))
    with pytest.raises(DatasetError, match="changes while it is read"):
        serve.prepare(str(small))


def test_gunicorn_forks_from_the_new_application_and_keeps_the_old_one_if_there_is_none() -> None:
    first, second = Flask("first"), Flask("second")
    made: list[Flask | None] = [None, second]
    application = gunicorn_server.Application(first, {"workers": 1}, lambda: made.pop(0))
    assert application.wsgi() is first
    application.reload()
    assert application.wsgi() is first
    application.reload()
    assert application.wsgi() is second


@pytest.mark.parametrize(
    "error",
    [
        IndexError("list index"),
        RecursionError("deep"),
        MemoryError(),
        KeyError("gdp"),
        DatasetError("entities.csv:2: x"),
    ],
)
def test_whatever_goes_wrong_with_a_replaced_dataset_the_old_one_is_served_on(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    found: list[Callable[[], Flask | None]] = []
    monkeypatch.setattr(gunicorn_server, "run", lambda *given: found.append(given[-1]))
    first = Flask("first")
    serve.serve(first, "127.0.0.1", free_port(), 1, str(small))

    def fails(directory: str | None = None) -> Flask:
        raise error

    monkeypatch.setattr(serve, "prepare", fails)
    application = gunicorn_server.Application(first, {"workers": 1}, found[0])
    application.reload()
    assert application.wsgi() is first
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert said[0].startswith("pursuit: the replaced dataset is not served: ")


def test_a_replaced_dataset_whose_pages_fail_is_not_taken_up(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found: list[Callable[[], Flask | None]] = []
    monkeypatch.setattr(gunicorn_server, "run", lambda *given: found.append(given[-1]))
    serve.serve(Flask("first"), "127.0.0.1", free_port(), 1, str(small))
    broken = Flask("broken")  # answers 404, then 500, and never raises
    broken.add_url_rule("/en/", "story", lambda: 1 / 0)  # type: ignore[return-value]
    monkeypatch.setattr(serve, "prepare", lambda directory=None: broken)
    assert found[0]() is None
    assert "answers 500" in capsys.readouterr().err


def test_a_directory_that_cannot_be_listed_ends_nothing(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = DatasetWatch(small)

    def refused(self: Path, pattern: str) -> Iterator[Path]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "glob", refused)
    assert file_states(small) == ()
    assert not watch.changed()


def test_waitress_swaps_the_application_when_the_dataset_changes() -> None:
    first, second = Flask("first"), Flask("second")
    server, stop = SimpleNamespace(application=first), threading.Event()
    polls = iter([False, True])

    def changed() -> bool:
        replaced = next(polls)
        if replaced:
            stop.set()
        return replaced

    ticking = SimpleNamespace(wait=lambda seconds: stop.is_set())
    waitress_server.follow(server, changed, lambda: second, ticking)  # type: ignore[arg-type]
    assert server.application is second


def test_waitress_serves_a_page(small: Path) -> None:
    """What runs where gunicorn does not, as a process of its own."""
    port = free_port()
    code = (
        "from dashboard.serving import run, waitress_server; "
        f"waitress_server.run(run.prepare({str(small)!r}), '127.0.0.1', {port}, 1, lambda: False, lambda: None)"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) as running:
        try:
            until(lambda: version(f"http://127.0.0.1:{port}"))
        finally:
            running.terminate()


# -- a process as it is run ----------------------------------------------------------------------------


@pytest.fixture
def process(small: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str, Path]]:
    port = free_port()
    log = tmp_path / "log"
    command = [sys.executable, "-m", "dashboard.cli", "serve", "--port", str(port), "--workers", "2"]
    with log.open("wb") as out:
        running = subprocess.Popen(
            [*command, "--data", str(small)], cwd=ROOT, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        yield running, f"http://127.0.0.1:{port}", log
    finally:
        running.kill()
        running.wait(30)


def version(address: str) -> str:
    """Return the dataset version that ``/healthz`` names; empty while nobody answers, however that fails."""
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:
            return str(json.load(answer)["dataset_version"])
    except (OSError, HTTPException, ValueError):
        return ""


def until(true: Callable[[], object], seconds: float = 180) -> None:
    """Wait for a state, as long as a slow machine needs."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_server_lives_through_a_dead_worker_and_a_replaced_dataset(
    process: tuple[subprocess.Popen[bytes], str, Path], small: Path
) -> None:
    running, address, log = process
    versions: list[str] = []

    def serves_another() -> bool:
        found = version(address)
        assert running.poll() is None, log.read_text("utf-8")
        if found and found not in versions:
            versions.append(found)
            return True
        return False

    until(serves_another)
    workers = psutil.Process(running.pid).children
    until(lambda: len(workers()) == 2)
    victim = workers()[0]
    victim.kill()
    until(lambda: victim not in workers() and len(workers()) == 2)
    until(lambda: version(address) == versions[0])

    publish(small, "2024.5", "2024.6")
    until(serves_another)
    until(lambda: f"serving dataset {versions[1]}" in log.read_text("utf-8"))

    publish(small, "2024.6", "many")
    until(lambda: "the replaced dataset is not served" in log.read_text("utf-8"))
    assert "value 'many' is not a number" in log.read_text("utf-8")
    until(lambda: version(address) == versions[1])

    running.terminate()
    assert running.wait(180) == 0
    assert not version(address)


def test_a_stamp_is_of_every_published_table(small: Path) -> None:
    assert {name for name, *_ in file_states(small)} == set(TABLES)
