# ruff: noqa: S603, S607 (starts wrk as the system has it)
"""Pages beside 80 clients that ask for pictures nobody asked for before: p99 of a page, memory a worker.

``python benchmarks/pictures.py`` needs wrk and Linux.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from nginx_replicas import ROOT, Replica

SECONDS = 15
LUA = """
local n, kinds = 0, {"png", "pdf", "zip", "svg", "html"}
function init() math.randomseed(os.time()) end
request = function()
  n = n + 1
  local from, to, month = 1980 + math.random(0, 30), 2011 + math.random(0, 15), math.random(1, 12)
  local path = "/en/explore/figure.%s?i=gdp~population&e=cities&v=multiples&t=%d-01..%d-%02d"
  return wrk.format("GET", string.format(path, kinds[n % 5 + 1], from, to, month))
end
"""


def memory(master: int) -> list[int]:
    """Return the resident memory of each worker in MiB."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    sizes = [re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()) for pid in children]
    return [int(size[1]) // 1024 for size in sizes if size]


def main() -> None:
    """Measure and print."""
    replica = Replica(ROOT / "data")
    address = f"http://127.0.0.1:{replica.port}"
    try:
        print("MiB a worker before", memory(replica.process.pid))
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            script.write(LUA)
            script.flush()
            pictures = subprocess.Popen(
                ["wrk", "-t1", "-c80", f"-d{SECONDS}s", "-s", script.name, address], stdout=subprocess.DEVNULL
            )
            page = subprocess.run(
                ["wrk", "-t1", "-c4", f"-d{SECONDS - 2}s", "--latency", f"{address}/en/claims"],
                capture_output=True, text=True, check=True,
            ).stdout  # fmt: skip
            pictures.wait()
        print("page", *re.findall(r"(?:50|99)%\s+\S+", page))
        print("MiB a worker after", memory(replica.process.pid))
    finally:
        replica.stop()


if __name__ == "__main__":
    main()
