"""The notebook interface: tidy tables, Plotly figures; the notebook and the manual of `docs` run."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard import figure, open_dataset
from dashboard.dataset import TIDY, Dataset
from dashboard.figures import build
from tests.conftest import DATA, ROOT
from tests.shipped import FIGURES


@pytest.fixture(scope="module")
def data() -> Dataset:
    return open_dataset(DATA)


def test_a_tidy_table_carries_units_documents_and_notes(data: Dataset) -> None:
    table = data.tidy(["gdp", "gdp_growth_real"], ["shenzhen", "hangzhou"], lang="zh-Hans")
    assert tuple(table.columns) == TIDY
    assert set(table["unit"]) == {"CNY", "%"}
    assert not table.duplicated(["entity_id", "indicator_id", "period"]).any()
    row = table[
        (table.entity_id == "hangzhou") & (table.indicator_id == "gdp") & (table.period == "2020")
    ].iloc[0]
    preferred = data.value("gdp", "hangzhou", "2020")
    assert preferred is not None
    assert (row.value, row.entity) == (preferred.value, "杭州")
    assert row.source == data.sources[preferred.source_id].title
    assert row.series_notes.splitlines() == [n.text("zh-Hans") for n in data.notes_for("gdp", ["hangzhou"])]
    assert "doubtful" not in set(table["status"])


def test_every_document_and_every_member_of_a_group(data: Dataset) -> None:
    assert len(data.tidy("gdp", "hangzhou", every=True)) == data.table.count("gdp", "hangzhou")
    found = data.tidy("revenue", "dragons")
    assert set(found["entity_id"]) <= set(data.group("dragons"))
    assert set(data.tidy("gdp")["entity_id"]) == set(data.entities_with("gdp"))


def test_an_unknown_name_is_one_line_with_the_nearest(data: Dataset) -> None:
    with pytest.raises(ValueError, match=r"unknown indicator 'gpd'; nearest: .*gdp"):
        data.tidy("gpd")
    with pytest.raises(ValueError, match=r"unknown entity or group 'shenzen'; nearest: shenzhen"):
        data.tidy("gdp", ["shenzen"])
    with pytest.raises(ValueError, match=r"unknown figure 'gdp_overtakn'; nearest: gdp_overtaken"):
        figure("gdp_overtakn", data)


@pytest.mark.parametrize("of", FIGURES[::5])
def test_any_figure_is_a_plotly_figure_with_its_words(data: Dataset, of: str) -> None:
    plot = figure(of, data)
    chart = build(of, data, "en")
    assert isinstance(plot, go.Figure)
    assert (plot.layout.title.text, plot.layout.title.subtitle.text) == (chart.title, chart.subtitle)


@pytest.mark.parametrize("host", ["", "https://example.org"])
def test_an_address_of_the_explorer_is_its_view(data: Dataset, host: str) -> None:
    plot = figure(f"{host}/explore?i=gdp&e=shenzhen~hangzhou&v=bar", data, lang="zh-Hans", theme="dark")
    assert len(plot.data) > 0
    assert "深圳" in plot.layout.title.text


def test_the_notebook_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    shown = []
    for cell in json.loads((ROOT / "docs/pursuit.ipynb").read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            shown.append(_run("".join(cell["source"]), names))
    assert sum(isinstance(s, go.Figure) for s in shown) == 2
    assert sum(isinstance(s, (pd.DataFrame, pd.Series)) for s in shown) == 3


def _run(code: str, names: dict[str, Any]) -> Any:
    """Run a cell as a notebook does and return the value of its last line."""
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102  (our own notebook)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None  # noqa: S307


def test_the_manual_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    manual = (ROOT / "docs/notebook.md").read_text("utf-8")
    blocks = [b for b in re.findall(r"```python\n(.*?)```", manual, re.S) if "duckdb" not in b]
    results = [_run(block, {}) for block in blocks]
    assert [type(r).__name__ for r in results] == ["Figure", "DataFrame"]


def test_nothing_heavy_is_loaded_before_it_is_asked_for() -> None:
    code = "import sys, dashboard; print([m for m in ('pandas', 'plotly', 'dash') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
