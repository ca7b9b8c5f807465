"""The story's figures: one pure builder a claim, grouped by the essay's chapters."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module

from dashboard.figures.record import Chart
from dashboard.figures.story.scene import Scene, story


@cache
def builders() -> dict[str, Callable[[Scene], Chart]]:
    """Return every builder by figure id."""
    for chapter in (
        "overture",
        "tree",
        "moments",
        "pursuers",
        "scoreboards",
        "stock",
        "leaders",
        "drive",
        "homes",
        "small",
    ):
        import_module(f"dashboard.figures.story.{chapter}")  # so that its builders register themselves
    return dict(story.by_id)
