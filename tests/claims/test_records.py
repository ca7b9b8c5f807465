"""Records: every mistake is told with file, key and fix; a claim is one file; an essay is a folder."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.app import create_app
from dashboard.claims import bench, essay, evaluate
from dashboard.claims.find import find
from dashboard.claims.report import faults
from dashboard.cli import app
from dashboard.dataset import Dataset
from dashboard.export import export
from dashboard.figures import figure_ids
from tests.claims.conftest import FIXTURES

NEW = """line = 9
order = 2
quote = "一件新事"
kind = "compare"
indicator = "gdp"
of = "nanjing"
to = "suzhou"
holds = "< 1"

[en]
proposition = "{of} is smaller than {to}."
says = "{of} has {ratio} of {to}’s in {period}."
title = "{of}: {ratio}"

[zh-Hans]
proposition = "{of}小于{to}。"
says = "{period}{of}相当于{to}的{ratio}。"
title = "{of}：{ratio}"
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('kind = "compare"', 'kind = "compares"', "kind: 'compares' is unknown; did you mean 'compare'?"),
        ('"gdp"', '"gpd"', "indicator: 'gpd' is unknown; did you mean 'gdp'?"),
        ('of = "nanjing"', 'of = "nankin"', "of: 'nankin' is unknown; did you mean"),
        ('holds = "< 1"', 'holds = "less"', "holds: 'less' is no condition; write a sign and a number"),
        ('holds = "< 1"\n', "", "holds: the kind compare needs it; add it"),
        ('holds = "< 1"', 'holds = "< 1"\nyears = 5', "years: is not read by the kind compare; take it out"),
        ('holds = "< 1"', 'holds = "< 1"\nsinse = "2010"', "key: 'sinse' is unknown; did you mean 'since'?"),
        ('title = "{of}: {ratio}"\n', "", "en.title: is missing; add it"),
        ("[en]", "[en", "correct the file"),
    ],
)
def test_a_mistake_is_told_with_its_key_and_fix(
    second: Dataset, tmp_path: Path, old: str, new: str, told: str
) -> None:
    folder = shutil.copytree(FIXTURES / "essay", tmp_path / "essay")
    (folder / "claims" / "new.toml").write_text(NEW.replace(old, new, 1), "utf-8")
    dataset = replace(second, essay=folder, _made={})
    found = essay(dataset).faults
    assert [line for line in found if line.startswith("claims/new.toml: ") and told in line], found
    assert len(evaluate(dataset)) == 12  # the others are answered


def test_a_new_claim_is_one_file(second: Dataset, tmp_path: Path) -> None:
    folder = shutil.copytree(FIXTURES / "essay", tmp_path / "essay")
    (folder / "claims" / "new.toml").write_text(NEW, "utf-8")
    dataset = replace(second, essay=folder, _made={})
    assert evaluate(dataset)["new"].outcome == "supported"
    client = create_app(dataset).server.test_client()
    assert "Nanjing" in client.get("/en/claim/new").get_data(as_text=True)
    assert client.get("/zh-hant/figure/new.svg").status_code == 200
    listed = json.loads(client.get("/api/v1/claims?lang=en").data)["claims"]
    assert [c["claim_id"] for c in listed].index("new") == list(evaluate(dataset)).index("new")


def test_a_second_essay_runs_from_its_folder_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PURSUIT_DATA", str(FIXTURES / "dataset"))
    monkeypatch.setenv("PURSUIT_ESSAY", "")  # so that what the option sets is undone
    out = CliRunner().invoke(app, ["--essay", str(FIXTURES / "essay"), "claims", "--json"])
    assert out.exit_code == 0, out.output
    claims = json.loads(out.stdout)["claims"]
    assert len(claims) == 12
    assert {c["outcome"] for c in claims} >= {"supported", "contradicted", "no_public_data", "not_testable"}
    dataset = Dataset.load(FIXTURES / "dataset")
    client = create_app(dataset).server.test_client()
    for path in ("/en/", "/zh-hans/claims", "/zh-hant/claim/richer", "/en/present", "/api/v1/figures"):
        assert client.get(path).status_code == 200, path
    page = client.get("/en/").get_data(as_text=True)
    assert all(f'id="{c["claim_id"]}"' in page for c in claims)
    ids = figure_ids(dataset)
    assert ids[0] == "pursuit"
    export(dataset, None, formats=["svg"], langs=["en"], out=tmp_path)
    assert {p.name.split(".")[0] for p in tmp_path.glob("*.svg")} == set(ids)


def test_validate_tells_the_faults_of_records(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = shutil.copytree(FIXTURES / "essay", tmp_path / "essay")
    monkeypatch.setenv("PURSUIT_ESSAY", str(folder))
    assert faults(FIXTURES / "dataset") == []
    (folder / "claims" / "new.toml").write_text(NEW.replace("{ratio}", "{ration}", 1), "utf-8")
    (file, _, what, fix), *rest = faults(FIXTURES / "dataset")
    assert (file, rest) == ("essay/claims/new.toml", [])
    assert "no number 'ration'" in what
    assert fix


def test_a_claim_is_tested_with_other_parameters(second: Dataset) -> None:
    claim = essay(second).claims["richer"]
    known = bench.controls(claim, second)
    assert evaluate(second)["richer"].outcome == "contradicted"
    parts = bench.parts_of(claim, known, bench.parse(known, {"holds": ["0.1"]}))
    assert find(claim, second, parts).outcome == "supported"
