"""The manuals hold: every command and option is documented, every line in them is one that works."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from dashboard import cli
from tests.conftest import DATA, FROZEN, ROOT
from tests.etl.etl_support import make_dataset

MANUALS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXT = {p.name: p.read_text("utf-8") for p in MANUALS}
LINES = sorted(
    {
        (name, line.split("#")[0].strip())
        for name, text in TEXT.items()
        for block in re.findall(r"```sh\n(.*?)```", text, re.S)
        for line in block.splitlines()
        if line.strip().startswith(".venv/bin/pursuit")
    }
)


@pytest.fixture(scope="module")
def root() -> Any:
    return typer.main.get_command(cli.app)


def _commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def test_every_command_and_option_says_what_it_is_for(root: Any) -> None:
    silent = [
        f"{name} {parameter.name}"
        for name, command in _commands(root)
        for parameter in command.params
        if not getattr(parameter, "help", "x")
    ] + [name for name, command in _commands(root) if not command.help]
    assert silent == []


def test_every_command_is_in_a_manual(root: Any) -> None:
    everything = "\n".join(TEXT.values())
    missing = [name for name, _ in _commands(root) if f"pursuit {name}" not in everything]
    assert missing == []


@pytest.mark.parametrize(("manual", "line"), LINES)
def test_every_line_of_a_manual_is_understood(root: Any, manual: str, line: str) -> None:
    words = shlex.split(line.removeprefix(".venv/bin/").split("&&")[0])[1:]
    command: Any = root
    while hasattr(command, "commands"):
        name = words.pop(0)
        assert name in command.commands, f"{manual}: {line}"
        command = command.commands[name]
    command.make_context(command.name, words)  # raises for what is not understood


COLLECTING, SHOWING = ("status", "diff", "validate", "doctor"), ("claims", "figures", "export")
"""Commands that ask nobody and publish nothing; refreshes run in tests/etl, `--all` in test_export.py."""
RUN = sorted({line for _, line in LINES if line.split()[1] in COLLECTING + SHOWING and "--all" not in line})


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small dataset, published from hand-read figures."""
    root = tmp_path_factory.mktemp("collected")
    data = make_dataset(root)
    env = {"PURSUIT_DATA": str(data), "PURSUIT_CACHE": str(root / "cache")}
    done = CliRunner().invoke(cli.app, ["refresh", "curated"], env=env)
    assert done.exit_code == 0, done.output
    return data


@pytest.mark.parametrize("line", RUN)
def test_every_line_that_needs_no_network_runs(
    collected: Path, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PURSUIT_CACHE", str(tmp_path / "cache"))
    if line.split()[1] in COLLECTING:
        monkeypatch.setenv("PURSUIT_DATA", str(collected))
    else:
        monkeypatch.setenv("PURSUIT_DATA", str(FROZEN))
        monkeypatch.setenv("PURSUIT_ESSAY", str(DATA / "essay"))
    monkeypatch.chdir(ROOT)
    words = [str(tmp_path / w) if w == "figures/" else w for w in shlex.split(line)[1:]]
    done = CliRunner().invoke(cli.app, words)
    assert done.exit_code == 0, f"{line}: {done.output}"
    assert done.output.strip()
    asked = words[words.index("--format") + 1].split(",") if "--format" in words else []
    assert sorted({p.suffix[1:] for p in tmp_path.rglob("*.*") if p.stem != "manifest"}) == sorted(asked)


def test_links_between_files_lead_somewhere() -> None:
    dead = [
        f"{path.name}: {target}"
        for path in MANUALS
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8"))
        if not re.match(r"[a-z]+:", target) and not (path.parent / target).exists()
    ]
    assert dead == []


def test_every_setting_in_the_code_is_in_the_manual() -> None:
    code = "\n".join(p.read_text("utf-8") for d in ("etl", "dashboard") for p in (ROOT / d).rglob("*.py"))
    named = set(re.findall(r"\b(PURSUIT_[A-Z_]*[A-Z])\b", code))
    manual = TEXT["refresh.md"]
    missing = sorted(n for n in named if n not in manual and not n.startswith("PURSUIT_BASE_URL"))
    assert missing == []


def test_every_place_the_map_names_exists() -> None:
    table = TEXT["architecture.md"].split("| to change | go to |")[1].split("\n\n")[0]
    rows = table.strip().splitlines()[1:]
    places = re.findall(r"`((?:data|etl|dashboard|tests)/[^`]*)`", table)
    assert len(rows) == 15
    assert all(re.search(r"`(?:data|etl|dashboard|tests)/", row) for row in rows)
    assert [place for place in places if not (ROOT / place).exists()] == []
