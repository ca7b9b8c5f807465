# ruff: noqa: S310, S603, S607 (starts nginx as the system has it, asks our own addresses)
"""Replicas of ``pursuit serve`` behind a real nginx with deploy/nginx.conf, for benchmarks."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """Return a port nobody listens on right now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def wait_for(address: str) -> None:
    """Return when an address answers; leave with a line when it does not within a minute."""
    for _ in range(600):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address, timeout=20).read()
            return
        time.sleep(0.1)
    raise SystemExit(f"{address} does not answer")


class Replica:
    """One ``pursuit serve``, with further options after the port."""

    def __init__(self, data: Path, *options: str, **environment: str) -> None:
        self.port, self.options = free_port(), ["--data", str(data), *options]
        self.environment = {**os.environ, **environment}
        self.prefix = options[options.index("--prefix") + 1] if "--prefix" in options else ""
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "dashboard.cli", "serve", "--port", str(self.port), "--workers", "1"]
        self.process = subprocess.Popen(
            [*command, *self.options], cwd=ROOT, env=self.environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_for(f"http://127.0.0.1:{self.port}{self.prefix}/healthz")

    def stop(self, *, kill: bool = False) -> None:
        """End it, with SIGKILL for it and its workers where ``kill``."""
        if kill:
            os.killpg(self.process.pid, signal.SIGKILL)
        else:
            self.process.terminate()
        self.process.wait(30)


@contextlib.contextmanager
def nginx(
    replicas: list[Replica],
    *,
    cached: bool = True,
    changes: tuple[tuple[str, str], ...] = (),
    path: str = "/healthz",
) -> Iterator[str]:
    """Run nginx over the replicas, with further changes to its configuration; give its address."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
        servers = "".join(f"    server 127.0.0.1:{r.port} max_fails=1 fail_timeout=2s;\n" for r in replicas)
        text = re.sub(r"    server pursuit:8050.*\n", servers, text)
        text = text.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/var/cache/nginx", folder)
        text = text.replace("limit_conn readers", "# limit_conn readers")  # a benchmark is one address
        if not cached:
            text = text.replace("proxy_cache           pursuit;", "proxy_cache           off;")
        for before, after in changes:
            if before not in text:
                raise SystemExit(f"deploy/nginx.conf has no line {before!r}")
            text = text.replace(before, after)
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        configuration = Path(folder) / "nginx.conf"
        configuration.write_text(
            f"user root;\ndaemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
            "worker_processes 2;\nevents { worker_connections 1024; }\n"
            f"http {{ access_log off;\n{temporary}{text}}}\n"
        )
        process = subprocess.Popen(["nginx", "-p", folder, "-c", str(configuration)])
        try:
            wait_for(f"http://127.0.0.1:{port}{path}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)
