"""What the shipped essay has figures for, known without reading the dataset."""

from __future__ import annotations

from dashboard.paths import data_dir

FIGURES = ["pursuit_lines", *sorted(p.stem for p in (data_dir() / "essay" / "claims").glob("*.toml"))]
