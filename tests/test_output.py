"""What cannot be printed: the work is done, the exit code tells of the work, and nobody sees a trace."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from etl.options import known
from tests.conftest import DATA, FROZEN, ROOT

CLAIMS = ("gdp_overtaken", "hangzhou_chases", "past_pursuers")


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The essay with a few of its claims, so that a process is done soon."""
    folder = Path(shutil.copytree(DATA / "essay", tmp_path_factory.mktemp("few") / "essay"))
    for path in (folder / "claims").glob("*.toml"):
        if path.stem not in CLAIMS:
            path.unlink()
    return str(folder)


def pursuit(cache: Path, command: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a shell, as people and cron do; ``pursuit`` in it is the command line."""
    command = command.replace("pursuit", f"{sys.executable} -m dashboard.cli")
    places = {"PURSUIT_DATA": FROZEN, "PURSUIT_ESSAY": DATA / "essay", "PURSUIT_CACHE": cache}
    env = {"PATH": os.environ["PATH"]} | {name: str(path) for name, path in places.items()} | env
    return subprocess.run(["/bin/bash", "-c", command], cwd=ROOT, env=env, capture_output=True, check=False)


def test_a_full_disk_below_the_output_is_one_line_and_exit_3(tmp_path: Path) -> None:
    done = pursuit(tmp_path, "pursuit status --json > /dev/full")
    assert done.returncode == 3
    assert done.stderr == b"error: the output could not be written (No space left on device)\n"


@pytest.mark.parametrize(
    "command",
    [
        "pursuit status >&-",
        "pursuit status --json >&-",
        "pursuit status 2>&-",
        "pursuit status <&- >&- 2>&-",
        "set -o pipefail; pursuit figures | head -1",
        "set -o pipefail; pursuit claims --json | head -1",
    ],
)
def test_a_closed_output_and_a_reader_who_left_are_no_failure(tmp_path: Path, command: str) -> None:
    done = pursuit(tmp_path, command)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_exit_code_of_the_work_counts_more_than_a_lost_output(tmp_path: Path) -> None:
    done = pursuit(tmp_path, f"pursuit validate {tmp_path} > /dev/full")
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_json_is_utf8_and_words_are_readable_in_every_encoding(
    tmp_path: Path, few: str, encoding: str
) -> None:
    env = {"PYTHONIOENCODING": encoding, "PURSUIT_ESSAY": few}
    document = pursuit(tmp_path, "pursuit figures --json --lang zh-Hans", **env)
    titles = [row["title"] for row in json.loads(document.stdout.decode("utf-8"))]
    assert (document.returncode, document.stderr) == (0, b"")
    assert any("深圳" in title for title in titles)
    words = pursuit(tmp_path, "pursuit figures --lang zh-Hans", **env)
    assert (words.returncode, words.stderr) == (0, b"")
    shown = "深圳" if encoding == "gbk" else r"\u6df1\u5733"
    assert shown in words.stdout.decode(encoding)


def test_a_c_locale_is_no_failure(tmp_path: Path, few: str) -> None:
    env = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PURSUIT_ESSAY": few}
    done = pursuit(tmp_path, "pursuit claims --lang zh-Hans", **env)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("command", "count", "cells"),
    [
        ("figures", len(CLAIMS) + 1, 2),
        ("claims --lang zh-Hant", len(CLAIMS), 3),
        ("status", len(known()), 7),
    ],
)
def test_through_a_pipe_a_line_is_a_record(
    tmp_path: Path, few: str, command: str, count: int, cells: int
) -> None:
    lines = pursuit(tmp_path, f"pursuit {command}", PURSUIT_ESSAY=few).stdout.decode("utf-8").splitlines()
    assert len(lines) == count
    assert {len(line.split("\t")) for line in lines} == {cells}


@pytest.mark.parametrize("command", ["--help", "refresh --help", "nonsense", "add"])
def test_help_and_errors_have_no_boxes(command: str) -> None:
    assert not set("│╭╰─┃┏") & set(CliRunner().invoke(app, command.split()).output)
