"""The application behind waitress, where gunicorn does not run: one process, a new dataset by a swap."""

import socket
import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from waitress import wasyncore

from dashboard.serving.connections import Server, start_threads
from dashboard.serving.dataset_watch import POLL_SECONDS, Reload


def follow(server: Server, changed: Callable[[], bool], reload: Reload, stop: threading.Event) -> None:
    while not stop.wait(POLL_SECONDS):
        if changed():
            server.application = reload() or server.application


def run(app: Flask, host: str, port: int, count: int, changed: Callable[[], bool], reload: Reload) -> None:
    stop = threading.Event()
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as sock:
        channels: dict[int, Any] = {}
        server = Server(app, channels, sock, start_threads())
        threading.Thread(target=follow, args=(server, changed, reload, stop), daemon=True).start()
        try:
            wasyncore.loop(1, use_poll=True, map=channels)
        except (KeyboardInterrupt, SystemExit):
            server.task_dispatcher.shutdown()
        finally:
            stop.set()
