# ruff: noqa: S603, S607 (starts nginx and wrk as the system has them)
"""Replicas behind a real nginx under load: what is lost through a publish, a kill, a rolling restart.

``python benchmarks/replicas.py`` needs nginx and wrk. The configuration is deploy/nginx.conf with other
ports and places. Prints a table: pages a second, answers that were not 200, connections that failed.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 12
PAGE = "/en/"


def free_port() -> int:
    """Return a port nobody listens on right now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Replica:
    """One ``pursuit serve``."""

    def __init__(self, data: Path) -> None:
        self.port, self.data = free_port(), data
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dashboard.cli", "serve", "--port", str(self.port), "--workers", "1",
             "--data", str(self.data)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        for _ in range(600):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2).read()
                return
            time.sleep(0.1)
        raise SystemExit("a replica does not answer")

    def stop(self, *, kill: bool = False) -> None:
        """End it, politely or not."""
        if kill:
            os.killpg(self.process.pid, signal.SIGKILL)  # its workers with it
        else:
            self.process.terminate()
        self.process.wait(30)


@contextlib.contextmanager
def nginx(replicas: list[Replica], *, cached: bool) -> Iterator[str]:
    """Run nginx over the replicas; give its address."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
        servers = "".join(f"    server 127.0.0.1:{r.port} max_fails=1 fail_timeout=2s;\n" for r in replicas)
        text = re.sub(r"    server pursuit:8050.*\n", servers, text)
        text = text.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/var/cache/nginx", folder)
        text = text.replace("limit_conn readers", "# limit_conn readers")  # wrk is one address
        if not cached:
            text = text.replace("proxy_cache           pursuit;", "proxy_cache           off;")
        whole = Path(folder) / "nginx.conf"
        whole.write_text(
            f"user root;\ndaemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
            "worker_processes 2;\n"
            f"events {{ worker_connections 1024; }}\nhttp {{ access_log off;\n"
            + "".join(
                f"{k}_temp_path {folder}/{k};\n" for k in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            )
            + f"{text}}}\n"
        )
        process = subprocess.Popen(["nginx", "-p", folder, "-c", str(whole)])
        try:
            for _ in range(100):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"http://127.0.0.1:{port}{PAGE}", timeout=20).read()
                    break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def load(address: str, meanwhile: Callable[[], None] | None = None) -> str:
    """Ask for the story as fast as wrk can; return what came of it."""
    thread = threading.Thread(target=meanwhile) if meanwhile else None
    if thread:
        thread.start()
    told = subprocess.run(
        ["wrk", "-t2", "-c32", f"-d{SECONDS}s", "-H", "Accept-Encoding: br", "--latency", address + PAGE],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    if thread:
        thread.join()
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    p99 = re.search(r"99%\s+(\S+)", told)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    failed = re.search(r"Socket errors: (.*)", told)
    return (
        f"{float(rate[1]) if rate else 0:8.0f} pages/s  p99 {p99[1] if p99 else '?':>9}  "
        f"not 200: {wrong[1] if wrong else 0}  failed: {failed[1] if failed else 0}"
    )


def publish(data: Path) -> None:
    """Replace the dataset with one in which a value differs, in one exchange of names."""
    following, old = data.with_name("following"), data.with_name("old")
    shutil.rmtree(old, ignore_errors=True)
    shutil.copytree(data, following)
    table = following / "observations" / "economy.csv"
    text = table.read_text("utf-8")
    table.write_text(re.sub(r"(?m)^(hangzhou,gdp,2024,\d+)", r"\g<1>1", text, count=1), "utf-8")
    data.rename(old)
    following.rename(data)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(ROOT / "data", data)
        replicas = [Replica(data) for _ in range(2)]

        def rolling() -> None:
            for replica in replicas:
                replica.stop()
                replica.start()

        def killed() -> None:
            time.sleep(2)
            replicas[0].stop(kill=True)
            time.sleep(2)
            replicas[0].start()

        try:
            print("one replica alone          ", load(f"http://127.0.0.1:{replicas[0].port}"))
            for cached in (False, True):
                with nginx(replicas, cached=cached) as address:
                    print(f"nginx, cache {'on ' if cached else 'off'}: quiet   ", load(address))
                    print("                  publish  ", load(address, lambda: publish(data)))
                    print("                  kill     ", load(address, killed))
                    print("                  rolling  ", load(address, rolling))
        finally:
            for replica in replicas:
                replica.stop()


if __name__ == "__main__":
    main()
