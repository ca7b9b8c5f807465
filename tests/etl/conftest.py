"""Lets the tests here use each other's support modules, and does not wait for the disk."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(folder) for folder in (HERE, HERE / "sources") if str(folder) not in sys.path]


@pytest.fixture(autouse=True, scope="package")
def quick_disk() -> Iterator[None]:
    """Do not wait until bytes are on the disk: only a power cut tells the difference, and no test is one.

    What is killed in the middle runs in a process of its own, with the real thing.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield
