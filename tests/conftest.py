"""What many tests share: the shipped dataset, a running server, a real browser that reaches only loopback."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import settings

from dashboard.dataset import Dataset
from tests import shipped

settings.register_profile("pursuit", deadline=None)  # a busy machine is no failure
settings.load_profile("pursuit")

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
FROZEN = ROOT / "tests" / "fixtures" / "dataset"
"""What the claims read, as it was when it was frozen: a fiftieth of the whole."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


LONGEST = (
    "test_every_page.py",
    "test_explorer.py",
    "test_output.py",
    "test_present.py",
    "test_replica.py",
    "test_claims_agree.py",
)
"""Files that take longest: they begin first, so that no worker is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; files are handed to workers in this order, whole."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    """The dataset as shipped."""
    return shipped.dataset()


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.fixture(scope="session")
def wsgi(dataset: Dataset) -> Flask:
    """The application over the shipped dataset."""
    from dashboard.app import create_app

    flask: Flask = create_app(dataset).server
    flask.testing = True
    return flask


@contextmanager
def serving(log: Path) -> Iterator[str]:
    """`pursuit serve` on the shipped dataset, as a reader starts it; yields its address."""
    port = free_port()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard.cli", "serve", "--port", str(port), "--workers", "1"],
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(1800):  # a process that ended says so at once; a busy machine gets its time
                if process.poll() is not None:
                    raise RuntimeError(f"the server ended at once: {log.read_text('utf-8')[-2000:]}")
                try:
                    urllib.request.urlopen(f"{address}/healthz", timeout=5).read()
                    break
                except (urllib.error.URLError, ConnectionError, TimeoutError):
                    time.sleep(0.1)
            else:
                raise RuntimeError(f"the server did not answer: {log.read_text('utf-8')[-2000:]}")
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one server for all workers: the first that asks starts it, and stops it as the last."""
    home = tmp_path_factory.getbasetemp()
    home = home.parent if "PYTEST_XDIST_WORKER" in os.environ else home
    with (
        (home / "server").open("a+") as known,
        (home / "server.users").open("w") as users,
        ExitStack() as ours,
    ):
        fcntl.flock(known, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        known.seek(0)
        address = known.read()
        if not address:
            address = ours.enter_context(serving(home / "server.log"))
            known.write(address)
            known.flush()
            ours.callback(fcntl.flock, users, fcntl.LOCK_EX)  # waits for the others
            ours.callback(known.truncate, 0)
            ours.callback(fcntl.flock, known, fcntl.LOCK_EX)
        fcntl.flock(known, fcntl.LOCK_UN)
        yield address


def browser_path() -> str | None:
    """The Chromium to drive: BROWSER_PATH, the system's, else (None) Playwright's own.

    The shell without windows first: to open a page takes it a quarter of the time.
    """
    given = os.environ.get("BROWSER_PATH")
    if given:
        return given
    names = (
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    )
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    return None


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the session."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=browser_path(), headless=True, args=FLAGS)
        yield chromium
        chromium.close()
