"""A production server: gunicorn, one worker a core, the app made before the fork; elsewhere waitress."""

from __future__ import annotations

import ctypes
import errno
import gc
import os
import re
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from dashboard.app import create_app
from dashboard.claims import evaluate
from dashboard.dataset import LANGS, Dataset, DatasetError
from dashboard.links import address
from dashboard.paths import data_dir
from dashboard.serving.dataset_watch import Watch, stamp

TRIES = 3
_ARENAS = -8
"""glibc's M_ARENA_MAX."""
_FILE = re.compile(r'"((?:/[\w.~-]+)*/(?:assets|explore|dash)/[^"\s?]+\.(?:js|css|json)(?:\?[^"\s]*)?)"')


class ServeError(Exception):
    """The server cannot start. ``str(error)`` is one line: what, and how to fix it."""


def prepare(directory: str | None = None) -> Flask:
    """Return the WSGI application over a dataset directory, with the verdicts computed.

    Raises :class:`dashboard.dataset.DatasetError` when the directory is not sound.
    """
    dataset = _whole(data_dir(directory))
    app = create_app(dataset)
    evaluate(dataset)
    server: Flask = app.server
    return server


def _whole(directory: Path) -> Dataset:
    """Read a dataset that stays the same while it is read, so that no two versions mix."""
    for left in reversed(range(TRIES)):
        before = stamp(directory)
        try:
            dataset = Dataset.load(directory)
        except (DatasetError, OSError):
            if not left or stamp(directory) == before:
                raise
            continue
        if stamp(directory) == before:
            return dataset
    raise DatasetError(f"{directory}: changes while it is read; try again when the refresh has ended")


def warm(server: Flask) -> None:
    """Render story and explorer in every language, and compress what they load: no first reader waits.

    What is made here, before the fork, stands once in memory, however many workers there are. Raises
    :class:`ServeError` where one of the two cannot be made.
    """
    client = server.test_client()
    files: dict[str, None] = {}
    for lang in LANGS:
        for path in (address("/", lang), address("/explore", lang)):
            with client.get(path) as answer:
                if answer.status_code >= 500:
                    raise ServeError(f"{path} answers {answer.status_code}; the line above says why")
                files.update(dict.fromkeys(_FILE.findall(answer.get_data(as_text=True))))
            client.get(path, headers={"Accept-Encoding": "br"}).close()
    for path in files:
        client.get(path, headers={"Accept-Encoding": "br"}).close()


def free_port(host: str, port: int) -> None:
    """Raise :class:`ServeError` when ``host``:``port`` cannot be bound."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise ServeError(
                    f"port {port} on {host} is in use; stop what holds it or take --port N"
                ) from None
            raise ServeError(
                f"cannot listen on {host}:{port} ({error.strerror}); take another --host or --port"
            ) from None
        except OverflowError:
            raise ServeError(f"port {port} is not a port; take one from 1 to 65535") from None


def serve(
    server: Flask, host: str, port: int, workers: int | None = None, directory: str | None = None
) -> None:
    """Serve until interrupted; a dataset that is replaced in ``directory`` is taken up without a pause.

    ``workers``: processes, one a core unless given.
    """
    free_port(host, port)
    count = workers or min(os.cpu_count() or 1, 8)
    watch = Watch(Path(directory) if directory else data_dir())

    def again() -> Flask | None:
        """Make the application anew; whatever goes wrong, say so in one line and keep the old one."""
        try:
            made = prepare(directory)
            warm(made)
        except Exception as error:  # raised any further it would end the server
            what = str(error) if isinstance(error, (DatasetError, ServeError, OSError)) else repr(error)
            _say(f"the replaced dataset is not served: {' '.join(what.split())}")
            return None
        settle()
        _say(f"serving dataset {made.extensions['pursuit'].dataset.version}")
        return made

    settle()
    run = _gunicorn() if sys.platform != "win32" else None
    if run is None:
        from dashboard.serving.waitress_server import run as with_waitress

        with_waitress(server, host, port, count, watch, again)
    else:
        run(server, host, port, count, watch, again)


def settle() -> None:
    """Leave what stands in memory to be shared: workers' garbage collection does not touch it any more.

    What reading the tables took for a moment goes back to the system first, where glibc would keep it.
    """
    gc.unfreeze()
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim:
        trim(0)
        ctypes.CDLL(None).mallopt(_ARENAS, 2)  # else each thread that drew a picture keeps what it took
    gc.freeze()


def _say(line: str) -> None:
    print(f"pursuit: {line}", file=sys.stderr, flush=True)


Run = Callable[[Flask, str, int, int, Watch, Callable[[], Flask | None]], None]


def _gunicorn() -> Run | None:
    try:
        from dashboard.serving.gunicorn_server import run
    except ImportError:
        return None
    return run
