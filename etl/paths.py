"""Where files are and how settings are read; imports only ``errors`` from this package."""

import os
from collections.abc import Mapping
from pathlib import Path

import platformdirs

from etl.errors import UsageError

PACKAGE = Path(__file__).resolve().parent
CHECKOUT_DATA = PACKAGE.parent / "data"
PACKAGED_DATA = PACKAGE.parent / "dashboard" / "_data"
SCHEMA = (CHECKOUT_DATA if CHECKOUT_DATA.is_dir() else PACKAGED_DATA) / "schema"
"""The tables' schemas; they belong to the code, not to a dataset."""


def data_dir(env: Mapping[str, str] | None = None) -> Path:
    """Return the dataset's directory: ``PURSUIT_DATA``, else the checkout's, else the packaged copy."""
    chosen = (os.environ if env is None else env).get("PURSUIT_DATA", "").strip()
    if "://" in chosen:
        what = f"PURSUIT_DATA is {chosen}, and this command works on a directory"
        raise UsageError(what, "set PURSUIT_DATA to a directory, then `pursuit upload` it")
    if chosen:
        return Path(chosen).expanduser().resolve()
    return CHECKOUT_DATA if CHECKOUT_DATA.is_dir() or not PACKAGED_DATA.is_dir() else PACKAGED_DATA


def existing_data_dir(env: Mapping[str, str] | None = None) -> Path:
    chosen = data_dir(env)
    if not (chosen / "entities.csv").is_file():
        fix = "set PURSUIT_DATA to a directory that holds one, or copy the packaged data there"
        raise UsageError(f"no dataset in {chosen} (entities.csv is missing)", fix)
    return chosen


def cache_dir(env: Mapping[str, str] | None = None) -> Path:
    chosen = (os.environ if env is None else env).get("PURSUIT_CACHE", "").strip()
    return Path(chosen).expanduser().resolve() if chosen else platformdirs.user_cache_path("pursuit")
