"""The application behind gunicorn: made before the fork, its memory shared, replaced by a reload."""

import ctypes
import gc
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.base import Worker
from waitress import wasyncore

from dashboard import chinese
from dashboard.serving.connections import Server, start_threads
from dashboard.serving.dataset_watch import POLL_SECONDS, Reload

GRACE_SECONDS = 15
"""For answers under way when a worker shuts down."""
KEEP_IDLE_SECONDS = 2.0
"""A worker that shuts down keeps idle connections so long, for a request that is on its way already."""
TRIM_SECONDS = 2.0
"""Between two times that a worker gives freed memory back."""
SWITCH_SECONDS = 0.001
"""A thread that draws a picture runs so long before one that answers with a page gets its turn."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""glibc's numbers of what ``mallopt`` sets."""
_BLOCK = 128 * 1024
_LIBC: Any = ctypes.CDLL(None)
_GLIBC = hasattr(_LIBC, "malloc_trim")


def share_memory() -> None:
    """Leave what is in memory to be shared by workers: garbage collection does not touch it any more.

    glibc keeps freed blocks for later, and raises the size from which it does not up to 32 MB as large ones
    are freed: a worker that drew pictures kept 100 MB more. Here that size is fixed.
    """
    chinese.unload()  # the essay's records are converted by now
    gc.unfreeze()
    gc.collect()
    if _GLIBC:
        _LIBC.mallopt(_MMAP_THRESHOLD, _BLOCK)
        _LIBC.mallopt(_TRIM_THRESHOLD, _BLOCK)
        _LIBC.mallopt(_ARENA_MAX, 2)
    give_back()
    gc.freeze()


def give_back() -> None:
    """Return freed memory to the system, where glibc would keep it between what is in use."""
    if _GLIBC:
        _LIBC.malloc_trim(0)


class EventWorker(Worker):  # type: ignore[misc]
    def run(self) -> None:
        sys.setswitchinterval(SWITCH_SECONDS)
        channels: dict[int, Any] = {}
        server = Server(self.wsgi, channels, self.sockets[0].sock, start_threads())
        trimmed = time.monotonic()
        while self.alive and self.ppid == os.getppid():
            self.notify()
            wasyncore.poll2(0.5, channels)
            if time.monotonic() - trimmed > TRIM_SECONDS:
                give_back()
                trimmed = time.monotonic()
        server.shutting_down, server.accepting = True, False
        channels.pop(server._fileno, None)
        began = time.monotonic()
        while server.active_channels and time.monotonic() - began < GRACE_SECONDS:
            self.notify()
            wasyncore.poll2(0.2, channels)
            server.maintenance(time.time())
            if time.monotonic() - began > KEEP_IDLE_SECONDS:
                server.close_idle()
        server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)


class Application(BaseApplication):  # type: ignore[misc]
    """Gunicorn over an application that is already there; its reload (SIGHUP) makes it anew."""

    def __init__(self, app: Flask, options: dict[str, Any], reload: Reload) -> None:
        self.app, self.options, self._reload = app, options, reload
        super().__init__()

    def load_config(self) -> None:
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        """Return the application made before the fork, so that workers share its memory."""
        return self.app

    def reload(self) -> None:
        """Make the application anew in the master; the workers that follow are forked from it."""
        super().reload()
        self.callable = self.app = self._reload() or self.app
        share_memory()


def run(app: Flask, host: str, port: int, count: int, changed: Callable[[], bool], reload: Reload) -> None:
    def poll(*_: object) -> None:
        if changed():
            os.kill(os.getpid(), signal.SIGHUP)

    def start_polling(arbiter: object) -> None:
        # a timer of the master's own: a thread would not go well with forks; forks do not inherit it
        signal.signal(signal.SIGALRM, poll)
        signal.setitimer(signal.ITIMER_REAL, POLL_SECONDS, POLL_SECONDS)

    options = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": count,
        "worker_class": EventWorker,
        "preload_app": True,
        "loglevel": "warning",
        "timeout": 60,
        "graceful_timeout": GRACE_SECONDS,
        "control_socket_disable": True,
        "when_ready": start_polling,
        # once Python shuts down nobody handles the signal, and it would end the process as a failure
        "on_exit": lambda arbiter: signal.setitimer(signal.ITIMER_REAL, 0),
    }
    share_memory()
    Application(app, options, reload).run()
