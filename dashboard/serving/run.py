"""The production server: the application made and warmed up, then gunicorn (on Windows: waitress alone)."""

import errno
import os
import re
import socket
import sys
from importlib import import_module
from pathlib import Path

from flask import Flask

from dashboard.app import create_app
from dashboard.dataset import LANGS, Dataset, DatasetError
from dashboard.links import address
from dashboard.paths import data_dir
from dashboard.serving.dataset_watch import DatasetWatch, file_states

READ_ATTEMPTS = 3
_SCRIPT_OR_STYLE = re.compile(
    r'"((?:/[\w.~-]+)*/(?:assets|explore|dash)/[^"\s?]+\.(?:js|css|json)(?:\?[^"\s]*)?)"'
)


class ServeError(Exception):
    """The server cannot start. ``str(error)`` is one line: what, and how to fix it."""


def prepare(directory: str | None = None) -> Flask:
    """Return the WSGI application over a dataset directory; :class:`DatasetError` when that is not sound."""
    server: Flask = create_app(_read(data_dir(directory))).server
    return server


def _read(directory: Path) -> Dataset:
    """Read a dataset that stays the same while it is read, so that no two versions mix."""
    for _ in range(READ_ATTEMPTS):
        before = file_states(directory)
        try:
            dataset = Dataset.load(directory)
        except (DatasetError, OSError):
            if file_states(directory) == before:
                raise
        else:
            if file_states(directory) == before:
                return dataset
    raise DatasetError(f"{directory}: changes while it is read; try again when the refresh has ended")


def warm_up(app: Flask) -> None:
    """Render story and explorer in every language, and compress what they load: no first reader waits.

    What is made here, before the fork, is in memory once, however many workers there are. Raises
    :class:`ServeError` where one of the two cannot be made.
    """
    client = app.test_client()
    files: dict[str, None] = {}
    for lang in LANGS:
        for path in (address("/", lang), address("/explore", lang)):
            with client.get(path) as answer:
                if answer.status_code >= 500:
                    raise ServeError(f"{path} answers {answer.status_code}; the line above says why")
                files.update(dict.fromkeys(_SCRIPT_OR_STYLE.findall(answer.get_data(as_text=True))))
            client.get(path, headers={"Accept-Encoding": "br"}).close()
    for path in files:
        client.get(path, headers={"Accept-Encoding": "br"}).close()


def check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = "in use" if error.errno == errno.EADDRINUSE else f"not to be had: {error.strerror}"
            raise ServeError(f"port {port} on {host} is {why}; take another --port or --host") from None


def serve(app: Flask, host: str, port: int, workers: int | None = None, directory: str | None = None) -> None:
    """Serve until interrupted; a dataset that is replaced in ``directory`` is taken up without a pause.

    ``workers``: processes, one a core unless given.
    """
    count = workers or min(os.cpu_count() or 1, 8)
    watch = DatasetWatch(Path(directory) if directory else data_dir())

    def reload() -> Flask | None:
        """Make the application anew; whatever goes wrong, say so in one line and keep the old one."""
        try:
            made = prepare(directory)
            warm_up(made)
        except Exception as error:  # raised any further it would end the server
            what = str(error) if isinstance(error, (DatasetError, ServeError, OSError)) else repr(error)
            _log(f"the replaced dataset is not served: {' '.join(what.split())}")
            return None
        _log(f"serving dataset {made.extensions['pursuit'].dataset.version}")
        return made

    server = "waitress_server" if sys.platform == "win32" else "gunicorn_server"
    import_module(f"dashboard.serving.{server}").run(app, host, port, count, watch.changed, reload)


def _log(line: str) -> None:
    print(f"pursuit: {line}", file=sys.stderr, flush=True)
