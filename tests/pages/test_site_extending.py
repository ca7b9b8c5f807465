"""Who follows docs/extending.md to the letter gets an indicator, a city, a company and a claim."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.app import create_app
from dashboard.cli import app
from dashboard.dataset import Dataset
from dashboard.paths import PACKAGE

ROOT = PACKAGE.parent
BLOCK = re.compile(r"```(?:csv|toml) (data/\S+)\n(.*?)```", re.S)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the data with every row of the manual added, refreshed and checked as the manual says."""
    home = tmp_path_factory.mktemp("extending")
    shutil.copytree(ROOT / "data", home / "data")
    text = re.sub(r"^   ", "", (ROOT / "docs" / "extending.md").read_text("utf-8"), flags=re.M)
    blocks = BLOCK.findall(text)
    assert {name for name, _ in blocks} >= {
        "data/indicators.csv",
        "data/entities.csv",
        "data/curated/ports.csv",
        "data/essay/claims/has_gdp_overtaken.toml",
    }
    for name, rows in blocks:
        with (home / name).open("a", encoding="utf-8", newline="") as table:
            table.write(rows)
    settings = {"PURSUIT_DATA": str(home / "data"), "PURSUIT_CACHE": str(home / "cache")}
    for command in (["refresh", "curated"], ["validate"]):
        done = CliRunner().invoke(app, command, env=settings)
        assert done.exit_code == 0, done.output
    return home / "data"


def test_what_the_manual_adds_is_on_the_pages(followed: Path) -> None:
    dataset = Dataset.load(followed)
    found = dataset.latest("port_throughput", "ningbo")
    assert found is not None
    assert found.value == 1_377_000_000
    source = dataset.sources[found.source_id]
    assert source.retrieved.startswith("2025-03-02")
    client = create_app(dataset).server.test_client()
    for path, words in (
        ("/zh-hant/data/port_throughput", "寧波"),
        ("/zh-hant/city/ningbo", "港口貨物吞吐量"),
        ("/zh-hant/city/ningbo?with=shenzhen", "深圳"),
        ("/zh-hant/company/example_robotics", "示例機器人"),
        ("/zh-hant/explore?i=port_throughput&e=ningbo~shenzhen&v=bar", "寧波"),
        ("/api/v1/observations?indicator=port_throughput", "13"),
        ("/en/claim/has_gdp_overtaken", "Hangzhou’s GDP has not overtaken Shenzhen’s."),
        ("/zh-hans/claim/has_gdp_overtaken/test", "杭州的地区生产总值没有反超深圳。"),
        ("/zh-hant/", 'id="has_gdp_overtaken"'),
        ("/zh-hk/figure/has_gdp_overtaken.svg", "深圳"),
        ("/api/v1/claims?lang=en", "has_gdp_overtaken"),
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert words in answer.get_data(as_text=True), path
