# ruff: noqa: S603 (starts wrk as the system has it)
"""Replicas behind a real nginx under load: what is lost through a publish, a kill, a rolling restart.

``python benchmarks/replicas.py`` needs nginx and wrk. Readers ask for the story, its claims and profiles in
every language, turn and turn about. Prints a table: pages a second, answers that were not 200, connections
that failed; exit 1 where anything was lost.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from nginx_replicas import ROOT, Replica, nginx

SECONDS = 12
CLAIMS = sorted(path.stem for path in (ROOT / "data" / "essay" / "claims").glob("*.toml"))
PAGES = ("/", "/", "/", "/claims", "/city/shenzhen", "/company/byd", *(f"/claim/{c}" for c in CLAIMS[:6]))
LUA = """
local pages = {%s}
local at = 0
request = function() at = at %% #pages + 1; return wrk.format("GET", pages[at]) end
"""


def load(address: str, meanwhile: Callable[[], None] | None = None) -> tuple[str, bool]:
    """Ask for pages as fast as wrk can; return what came of it in a line, and whether nothing was lost."""
    thread = threading.Thread(target=meanwhile) if meanwhile else None
    pages = ", ".join(f'"/{lang}{page}"' for page in PAGES for lang in ("en", "zh-hans", "zh-hant"))
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(LUA % pages)
        script.flush()
        command = ["wrk", "-t2", "-c32", f"-d{SECONDS}s", "--timeout", "10s", "--latency"]
        command += ["-H", "Accept-Encoding: br", "-s", script.name, address]
        if thread:
            thread.start()
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if thread:
        thread.join()
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    p99 = re.search(r"99%\s+(\S+)", told)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    failed = re.search(r"Socket errors: (.*)", told)
    line = f"{float(rate[1]) if rate else 0:8.0f} pages/s  p99 {p99[1] if p99 else '?':>9}  "
    line += f"not 200: {wrong[1] if wrong else 0}  failed: {failed[1] if failed else 0}"
    return line, not wrong and not failed


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
    sound = True
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

        meanwhile = {"quiet": None, "publish": lambda: publish(data), "kill": killed, "rolling": rolling}
        try:
            print("one replica, no nginx      ", load(f"http://127.0.0.1:{replicas[0].port}")[0])
            for cached in (False, True):
                with nginx(replicas, cached=cached) as address:
                    for name, change in meanwhile.items():
                        line, whole = load(address, change)
                        print(f"nginx, cache {'on ' if cached else 'off'}: {name:8}", line, flush=True)
                        sound = sound and whole
        finally:
            for replica in replicas:
                replica.stop()
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
