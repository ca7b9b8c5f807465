"""Pursuit's pictures beside kaleido's and matplotlib's, on the same figures, in one run.

    python -m benchmarks.export_peers --peers /path/to/python --browser /usr/bin/chromium [--figures 6]

``--peers`` is a Python that has kaleido 1, plotly and matplotlib. Every way gets the same figures: ours
draws chart records; kaleido the plotly figures of the same records; matplotlib their lines as plain lines
(less than our pictures have: no labels, no notes). Each way runs in a process of its own, which times
the work after imports; a first figure is drawn unseen where a process draws many, so that "after start"
is compared. Kaleido "one by one" starts a browser a figure, as a script that calls it once does.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

FORMATS = ("svg", "pdf", "png")
OURS = """
import json, sys, time
from pathlib import Path
from dashboard.dataset import Dataset
from dashboard.export.formats import MAKERS, Figure
from dashboard.figures import build
from dashboard.paths import data_dir
ids, form, out = json.loads(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
dataset = Dataset.load(data_dir())
charts = [build(i, dataset, "zh-Hans") for i in ids]
def make(n):
    body = MAKERS[form](Figure(charts[n], dataset, "light", 640, None, 2))
    (out / f"{n}.{form}").write_bytes(body)
make(0)
times = []
for n in range(len(ids)):
    start = time.perf_counter(); make(n); times.append((time.perf_counter() - start) * 1e3)
print(json.dumps(times))
"""
KALEIDO = """
import json, sys, time
from pathlib import Path
import plotly.graph_objects as go, plotly.io as pio
pio.defaults.mathjax = False
figures, form, out, batch = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4] == "batch"
made = [go.Figure(**{k: v for k, v in json.loads(t).items() if k in ("data", "layout")})
        for t in figures.read_text("utf-8").splitlines()]
names = [out / f"{n}.{form}" for n in range(len(made))]
times = []
if batch:
    start = time.perf_counter()
    pio.write_images(made, names, width=640, height=500, scale=2)
    times = [(time.perf_counter() - start) * 1e3 / len(made)] * len(made)
else:
    for figure, name in zip(made, names):
        start = time.perf_counter()
        figure.write_image(name, width=640, height=500, scale=2)
        times.append((time.perf_counter() - start) * 1e3)
print(json.dumps(times))
"""
MATPLOTLIB = """
import json, sys, time
from pathlib import Path
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
figures, form, out = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
plt.rcParams["font.family"] = ["Noto Sans CJK JP", "DejaVu Sans"]
made = [json.loads(t) for t in figures.read_text("utf-8").splitlines()]
def make(n):
    drawn, axes = plt.subplots(figsize=(6.4, 5), dpi=200)
    for trace in made[n]["data"]:
        x, y = trace.get("x") or [], trace.get("y") or []
        if len(x) == len(y):
            axes.plot(range(len(x)) if any(isinstance(v, str) for v in x) else x,
                      range(len(y)) if any(isinstance(v, str) for v in y) else y)
    axes.set_title(made[n]["title"])
    drawn.savefig(out / f"{n}.{form}")
    plt.close(drawn)
make(0)
times = []
for n in range(len(made)):
    start = time.perf_counter(); make(n); times.append((time.perf_counter() - start) * 1e3)
print(json.dumps(times))
"""


def plotly_figures(ids: list[str], path: Path) -> None:
    """Write the plotly figures of story figures, one a line."""
    from dashboard.dataset import Dataset
    from dashboard.figures import build
    from dashboard.figures.plotly import to_plotly
    from dashboard.paths import data_dir

    dataset = Dataset.load(data_dir())
    rows = []
    for figure in ids:
        chart = build(figure, dataset, "zh-Hans")
        rows.append(json.dumps({**to_plotly(chart, width=640, height=500), "title": chart.title}))
    path.write_text("\n".join(rows), "utf-8")


def timed(python: str, code: str, arguments: list[str], browser: str) -> list[float]:
    """Return the milliseconds of each figure, as a process of its own measured them."""
    env = {**os.environ, "BROWSER_PATH": browser}
    done = subprocess.run(  # noqa: S603 - our own words, on an interpreter the caller names
        [python, "-c", code, *arguments], capture_output=True, text=True, timeout=900, env=env, check=False
    )
    if done.returncode:
        print((done.stderr.strip().splitlines() or ["?"])[-1][:200], file=sys.stderr)
        return []
    return [float(t) for t in json.loads(done.stdout.strip().splitlines()[-1])]


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peers", required=True, help="a Python with kaleido, plotly and matplotlib")
    parser.add_argument("--browser", default="/usr/bin/chromium", help="the browser that kaleido drives")
    parser.add_argument("--figures", type=int, default=6, help="how many of the story's figures")
    given = parser.parse_args()
    from dashboard.dataset import Dataset
    from dashboard.figures import figure_ids
    from dashboard.paths import data_dir

    ids = figure_ids(Dataset.load(data_dir()))[: given.figures]
    print(f"{'':26}{'ms a figure':>12}{'kB a file':>11}   n={len(ids)}")
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures.jsonl"
        plotly_figures(ids, figures)
        ways: list[tuple[str, str, str, list[str]]] = [
            ("Pursuit", sys.executable, OURS, [json.dumps(ids)]),
            ("kaleido, one by one", given.peers, KALEIDO, [str(figures)]),
            ("kaleido, batch", given.peers, KALEIDO, [str(figures)]),
            ("matplotlib", given.peers, MATPLOTLIB, [str(figures)]),
        ]
        for form in FORMATS:
            for name, python, code, first in ways:
                out = Path(folder) / f"{name}-{form}"
                out.mkdir()
                last = ["batch" if "batch" in name else "one"]
                times = timed(python, code, [*first, form, str(out), *last], given.browser)
                sizes = [p.stat().st_size / 1000 for p in out.glob(f"*.{form}")]
                if times and sizes:
                    row = f"{statistics.median(times):12.1f}{statistics.median(sizes):11.1f}"
                    print(f"{name + ', ' + form:26}{row}", flush=True)
                else:
                    print(f"{name + ', ' + form:26}{'failed':>12}", flush=True)


if __name__ == "__main__":
    main()
