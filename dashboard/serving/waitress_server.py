"""The application behind waitress, where gunicorn does not run: one process, a new dataset by a swap."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable
from socket import AF_INET, AF_INET6
from typing import Any

from flask import Flask
from waitress import wasyncore

from dashboard.serving.connections import Server, threads
from dashboard.serving.dataset_watch import EVERY, Watch


class Current:
    """A WSGI application that answers with whichever application is current."""

    def __init__(self, server: Flask) -> None:
        self.server = server

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Answer one request."""
        return self.server(environ, start)

    def follow(self, watch: Watch, again: Callable[[], Flask | None], end: threading.Event) -> None:
        """Take up every dataset that replaces the one served, until ``end``."""
        while not end.wait(EVERY):
            if watch.changed():
                self.server = again() or self.server


def run(
    server: Flask, host: str, port: int, count: int, watch: Watch, again: Callable[[], Flask | None]
) -> None:
    """Serve until interrupted, in one process whatever ``count``."""
    current, end = Current(server), threading.Event()
    threading.Thread(target=current.follow, args=(watch, again, end), daemon=True).start()
    with socket.create_server((host, port), family=AF_INET6 if ":" in host else AF_INET) as sock:
        channels: dict[int, Any] = {}
        serving = Server(current, channels, sock, threads())
        try:
            wasyncore.loop(1, use_poll=True, map=channels)
        except (KeyboardInterrupt, SystemExit):
            serving.task_dispatcher.shutdown()
        finally:
            end.set()
