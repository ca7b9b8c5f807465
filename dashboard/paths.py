"""Where files are on disk; imports nothing from this package."""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ASSETS = PACKAGE / "assets"
FONTS = ASSETS / "fonts"
TEMPLATES = PACKAGE / "templates"
SHIPPED = PACKAGE.parent / "data" if (PACKAGE.parent / "data" / "schema").is_dir() else PACKAGE / "_data"
"""The dataset that comes with the code: beside the packages in a checkout, within them in a wheel."""
SCHEMA = SHIPPED / "schema"
"""The tables' schemas: of the code, wherever the dataset stands."""


def data_dir(directory: str | os.PathLike[str] | None = None) -> Path:
    """Return the dataset's directory: the one given, else ``PURSUIT_DATA``, else the one shipped."""
    chosen = directory or os.environ.get("PURSUIT_DATA")
    return Path(chosen).expanduser().resolve() if chosen else SHIPPED


def essay_dir(data: Path) -> Path:
    """Return the folder of the essay: ``PURSUIT_ESSAY``, else the one that comes with the dataset."""
    chosen = os.environ.get("PURSUIT_ESSAY")
    return Path(chosen).expanduser().resolve() if chosen else data / "essay"
