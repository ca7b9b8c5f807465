"""The shipped dataset, read once in a process, and its figures, known without reading it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from dashboard.dataset import Dataset

DATA = Path(__file__).resolve().parent.parent / "data"
FIGURES = ["pursuit_lines", *sorted(p.stem for p in (DATA / "essay" / "claims").glob("*.toml"))]


@cache
def dataset() -> Dataset:
    return Dataset.load(DATA)
