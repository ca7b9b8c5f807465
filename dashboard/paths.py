"""Where files are on disk; imports nothing from this package."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ASSETS = PACKAGE / "assets"
FONTS = ASSETS / "fonts"
TEMPLATES = PACKAGE / "templates"
_SHIPPED = next((d for d in (PACKAGE.parent / "data", PACKAGE / "_data") if (d / "schema").is_dir()), PACKAGE)
SCHEMA = _SHIPPED / "schema"
"""The tables' schemas: of the code, wherever the dataset stands."""


def data_dir(given: str | os.PathLike[str] | None = None) -> Path:
    """Return the dataset's directory: the one given, else ``PURSUIT_DATA``, else the one shipped.

    A checkout keeps it beside the packages (``data/``); an installed wheel carries it inside
    ``dashboard/_data``.
    """
    chosen = given or os.environ.get("PURSUIT_DATA")
    if chosen:
        return Path(chosen).expanduser().resolve()
    beside = PACKAGE.parent / "data"
    return beside if (beside / "entities.csv").is_file() else PACKAGE / "_data"


def essay_dir(data: Path) -> Path:
    """Return the folder of the essay: ``PURSUIT_ESSAY``, else the one that comes with the dataset."""
    chosen = os.environ.get("PURSUIT_ESSAY")
    return Path(chosen).expanduser().resolve() if chosen else data / "essay"
