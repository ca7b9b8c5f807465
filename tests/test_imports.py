"""The layers drawn in docs/architecture.md are the code's, and rooms stay small enough to take in."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def modules(package: str) -> dict[str, Path]:
    """Name -> file of every module of a package."""
    found = {}
    for file in sorted((ROOT / package).rglob("*.py")):
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = file
    return found


def imported(file: Path, known: dict[str, Path]) -> set[str]:
    """The modules among ``known`` that a file imports, at its top or in a function."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            parts = {f"{node.module}.{a.name}" for a in node.names}
            names |= (parts & known.keys()) or {node.module}
    return names & known.keys()


def layers(package: str) -> dict[str, int]:
    """Room -> its line in the drawing, counted from below."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    drawing = re.search(rf"```\n{package}\n(.*?)```", text, re.DOTALL)
    assert drawing, f"docs/architecture.md draws no layers of {package}"
    lines = [line.split() for line in drawing[1].splitlines()]
    return {f"{package}.{name}": height for height, line in enumerate(reversed(lines)) for name in line}


def room(module: str) -> str:
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize("package", ["dashboard", "etl"])
def test_layers(package: str) -> None:
    known = modules(package)
    height = layers(package)
    rooms = {room(m) for m in known} - {package}
    assert set(height) == rooms, "the drawing names every module or package, and no other"
    wrong = [
        f"{a} imports {b}"
        for a, file in known.items()
        if a != package
        for b in imported(file, known)
        if room(a) != room(b) and height[room(a)] <= height[room(b)]
    ]
    assert not wrong


def test_only_the_command_knows_both_packages() -> None:
    known = modules("dashboard") | modules("etl")
    across = {a for a, file in known.items() for b in imported(file, known) if a[:3] != b[:3]}
    assert across == {"dashboard.cli"}


def test_files_and_functions_stay_small() -> None:
    files = [*modules("dashboard").values(), *modules("etl").values()]
    length = {file: file.read_text("utf-8").count("\n") for file in files}
    assert [str(file) for file, lines in length.items() if lines > 300] == []
    assert sum(length.values()) / len(length) < 130
    functions = [
        n for f in files for n in ast.walk(ast.parse(f.read_text("utf-8"))) if isinstance(n, ast.FunctionDef)
    ]
    assert [n.name for n in functions if (n.end_lineno or 0) - n.lineno >= 50] == []
