"""The application behind waitress, where gunicorn does not run: one process, a new dataset by a swap."""

from __future__ import annotations

import socket
import threading
from socket import AF_INET, AF_INET6
from typing import Any

from flask import Flask
from waitress import wasyncore

from dashboard.serving.connections import Server, start_threads
from dashboard.serving.dataset_watch import POLL_SECONDS, DatasetWatch, Reload


def follow(server: Server, watch: DatasetWatch, reload: Reload, stop: threading.Event) -> None:
    while not stop.wait(POLL_SECONDS):
        if watch.changed():
            server.application = reload() or server.application


def run(app: Flask, host: str, port: int, count: int, watch: DatasetWatch, reload: Reload) -> None:
    stop = threading.Event()
    with socket.create_server((host, port), family=AF_INET6 if ":" in host else AF_INET) as sock:
        channels: dict[int, Any] = {}
        server = Server(app, channels, sock, start_threads())
        threading.Thread(target=follow, args=(server, watch, reload, stop), daemon=True).start()
        try:
            wasyncore.loop(1, use_poll=True, map=channels)
        except (KeyboardInterrupt, SystemExit):
            server.task_dispatcher.shutdown()
        finally:
            stop.set()
