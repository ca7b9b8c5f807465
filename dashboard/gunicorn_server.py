"""The application behind gunicorn: made before the fork, kept connections, a new dataset by its reload."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from dashboard.replaced import EVERY, Watch

THREADS = 8
"""Threads of a worker: for answers that are on their way to slow readers, not for speed."""
LONGEST_LINE = 8190
"""Bytes of a request line; an explorer address with every city in it is shorter."""


class Application(BaseApplication):  # type: ignore[misc]
    """Gunicorn over an application that is already there; a reload (SIGHUP) makes it anew."""

    def __init__(self, server: Flask, options: dict[str, Any], again: Callable[[], Flask | None]) -> None:
        self.server, self.options, self.again = server, options, again
        super().__init__()

    def load_config(self) -> None:
        """Take the options as they are."""
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        """Return the application made before the fork, so that workers share its memory."""
        return self.server

    def reload(self) -> None:
        """Make the application anew in the master; the workers that follow are forked from it."""
        super().reload()
        self.callable = self.server = self.again() or self.server


def run(
    server: Flask, host: str, port: int, count: int, watch: Watch, again: Callable[[], Flask | None]
) -> None:
    """Serve with ``count`` workers until a signal ends it; see docs/serving.md for the signals."""

    def look(signum: int, frame: FrameType | None) -> None:
        if watch.replaced():
            os.kill(os.getpid(), signal.SIGHUP)

    def begin(arbiter: object) -> None:
        # a timer of the master's own: a thread would not go well with forks; forks do not inherit it
        signal.signal(signal.SIGALRM, look)
        signal.setitimer(signal.ITIMER_REAL, EVERY, EVERY)

    options = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": count,
        "worker_class": "gthread",
        "threads": THREADS,
        "preload_app": True,
        "loglevel": "warning",
        "timeout": 60,
        "graceful_timeout": 15,
        "keepalive": 15,
        "limit_request_line": LONGEST_LINE,
        "control_socket_disable": True,
        "when_ready": begin,
    }
    Application(server, options, again).run()
