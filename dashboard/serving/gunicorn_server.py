"""The application behind gunicorn: made before the fork, a new dataset by its reload."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.base import Worker
from waitress import wasyncore

from dashboard.serving.connections import Server, threads
from dashboard.serving.dataset_watch import EVERY, Watch

GRACE = 15.0
"""Seconds for answers under way when a worker ends."""
SWITCH = 0.001
"""Seconds that a thread which draws a picture runs before one that answers with a page gets its turn."""
LINGER = 2.0
"""Seconds that a worker which ends keeps idle connections for a request that is on its way already."""


class EventWorker(Worker):  # type: ignore[misc]
    """A gunicorn worker that leaves its connections to waitress's event loop."""

    def run(self) -> None:
        """Serve until told to end; then finish what has begun."""
        sys.setswitchinterval(SWITCH)
        channels: dict[int, Any] = {}
        workers = threads()
        servers = [Server(self.wsgi, channels, listener.sock, workers) for listener in self.sockets]
        while self.alive and self.ppid == os.getppid():
            self.notify()
            wasyncore.poll2(0.5, channels)
        for server in servers:
            server.ending, server.accepting = True, False
            channels.pop(server._fileno, None)
        began = time.monotonic()
        while any(s.active_channels for s in servers) and time.monotonic() - began < GRACE:
            self.notify()
            wasyncore.poll2(0.2, channels)
            for server in servers:
                server.maintenance(time.time())
                if time.monotonic() - began > LINGER:
                    server.leave()
        workers.shutdown(cancel_pending=True, timeout=1)


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
        if watch.changed():
            os.kill(os.getpid(), signal.SIGHUP)

    def begin(arbiter: object) -> None:
        # a timer of the master's own: a thread would not go well with forks; forks do not inherit it
        signal.signal(signal.SIGALRM, look)
        signal.setitimer(signal.ITIMER_REAL, EVERY, EVERY)

    options = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": count,
        "worker_class": EventWorker,
        "preload_app": True,
        "loglevel": "warning",
        "timeout": 60,
        "graceful_timeout": int(GRACE),
        "control_socket_disable": True,
        "when_ready": begin,
    }
    Application(server, options, again).run()
