"""The command line: exit codes, one clear line, JSON and nothing else."""

from __future__ import annotations

import json
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from dashboard import cli
from dashboard.claims import evaluate, history, margin_sentence, verdict_sentence
from dashboard.claims.report import MARKS
from dashboard.claims.sentences import proposition
from dashboard.cli import app
from dashboard.dataset import Dataset, Lang
from dashboard.serving import run as serve
from tests.conftest import DATA, FROZEN, free_port
from tests.shipped import FIGURES

run = CliRunner()


@pytest.fixture(scope="module", autouse=True)
def dataset() -> Iterator[Dataset]:
    """The frozen dataset, which the commands read: the whole one takes them ten times as long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PURSUIT_DATA", str(FROZEN))
        patch.setenv("PURSUIT_ESSAY", str(DATA / "essay"))
        yield Dataset.load(FROZEN)


def test_every_command_is_there_once() -> None:
    names = [c.name or c.callback.__name__ for c in app.registered_commands if c.callback]
    assert sorted(names) == sorted(set(names))
    assert {"serve", "claims", "figures", "export", "refresh", "status", "diff", "validate", "doctor"} <= set(
        names
    )
    for name in names:
        assert run.invoke(app, [name, "--help"]).exit_code == 0


def test_claims_as_json_is_one_document(dataset: Dataset) -> None:
    result = run.invoke(app, ["claims", "--json", "--lang", "zh-Hans"])
    body = json.loads(result.stdout)
    assert result.exit_code == 0
    assert body["dataset_version"] == dataset.version
    assert [c["claim_id"] for c in body["claims"]] == list(evaluate(dataset))


def test_figures_as_json() -> None:
    listed = json.loads(run.invoke(app, ["figures", "--json"]).stdout)
    assert sorted(f["id"] for f in listed) == sorted(FIGURES)


@pytest.mark.parametrize("command", ["serve", "claims", "figures"])
def test_no_dataset_is_one_clear_line(tmp_path: Path, command: str) -> None:
    port = ["--port", str(free_port())] if command == "serve" else []
    result = run.invoke(app, [command, "--data", str(tmp_path), *port])
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "pursuit refresh" in result.stderr
    assert not result.stdout


def test_a_damaged_table_is_named_with_its_line(tmp_path: Path) -> None:
    shutil.copytree(FROZEN, tmp_path / "data")
    path = tmp_path / "data" / "observations" / "economy.csv"
    lines = path.read_text("utf-8").splitlines()
    cells = lines[2].split(",")
    cells[3] = "many"
    lines[2] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    result = run.invoke(app, ["serve", "--data", str(tmp_path / "data"), "--port", str(free_port())])
    assert result.exit_code == 1
    assert "economy.csv:3: value 'many' is not a number" in result.stderr
    assert result.stderr.count("\n") == 1


def test_bad_usage_is_exit_code_2() -> None:
    assert run.invoke(app, ["claims", "--lang", "fr"]).exit_code == 2
    assert run.invoke(app, ["export"]).exit_code == 2
    assert run.invoke(app, ["serve", "--port", "99999"]).exit_code == 2


def test_an_unknown_figure_is_one_clear_line(tmp_path: Path) -> None:
    result = run.invoke(app, ["export", "gdp_overtakn", "--out", str(tmp_path)])
    assert result.exit_code == 2
    assert "gdp_overtaken" in result.stderr


def test_export_writes_what_was_asked(tmp_path: Path) -> None:
    asked = [
        "export",
        "gdp_overtaken",
        "--format",
        "svg,csv",
        "--lang",
        "en",
        "--out",
        str(tmp_path),
        "--json",
    ]
    body = json.loads(run.invoke(app, asked).stdout)
    assert sorted(body["written"]) == ["gdp_overtaken.en.light.csv", "gdp_overtaken.en.light.svg"]
    assert (tmp_path / "gdp_overtaken.en.light.svg").read_text("utf-8").startswith("<svg")


def test_a_port_in_use_is_one_clear_line() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        with pytest.raises(serve.ServeError, match=f"port {port} on 127.0.0.1 is in use"):
            serve.check_port("127.0.0.1", port)
        result = run.invoke(app, ["serve", "--port", str(port)])
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1


def test_verdicts_are_logged_once(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(FROZEN, data)
    files = history.updated(data, "2026-11-29")
    assert list(files) == [history.FILE]
    assert files[history.FILE].count(b"\n") == len(FIGURES)
    assert not (data / history.FILE).exists()  # who publishes the dataset writes it
    (data / history.FILE).write_bytes(files[history.FILE])
    assert history.updated(data, "2026-11-29") == {}


@pytest.mark.parametrize(("lang", "width"), [("en", "80"), ("zh-Hans", "80"), ("en", "140")])
def test_claims_are_read_as_text_at_any_width(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, lang: Lang, width: str
) -> None:
    monkeypatch.setattr(cli, "console", Console(width=int(width), force_terminal=True, color_system=None))
    lines = run.invoke(app, ["claims", "--lang", lang]).stdout.splitlines()
    verdicts = evaluate(dataset)
    heads = [line for line in lines if line[:1] in set(MARKS.values())][1:]  # the first counts them
    assert [head.split()[-1] for head in heads] == list(verdicts)
    assert not [line for line in lines if cell_len(line) > int(width) or line != line.rstrip()]
    squeezed = re.sub(r"\s", "", "".join(lines))
    for claim_id, verdict in verdicts.items():
        margin = margin_sentence(verdict, dataset, lang)
        said = verdict_sentence(verdict, dataset, lang).text
        for words in (
            verdict.claim.quote,
            proposition(verdict.claim, dataset, lang),
            said,
            margin and margin.text,
        ):
            assert re.sub(r"\s", "", words or "") in squeezed, (claim_id, words)
