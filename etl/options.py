"""The options of a refresh and the environment it runs in."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from etl import registry
from etl.pacing import Clock, Limits
from etl.publish import FinalStep
from etl.sources.base import Source

Progress = Callable[[str, str, bool], None]
"""Called with source id, a line, and whether the source is done. May be called from any thread."""


@dataclass(frozen=True)
class Options:
    sources: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    dry_run: bool = False
    offline: bool = False
    accept: bool = False
    """Publish figures that jumped or series that vanished, too."""
    jobs: int = 8
    scheduler: str = ""
    """Address of a Dask scheduler; empty: threads of this process."""


@dataclass
class RunEnvironment:
    """Settings, clock and sources of a run; tests give their own."""

    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    clock: Clock = field(default_factory=Clock)
    limits: Limits = field(default_factory=Limits)
    progress: Progress = lambda source, line, done: None
    find: Callable[[Sequence[str]], list[Source]] = registry.chosen
    final_step: FinalStep | None = None
    """What follows from a complete dataset (its verdicts), as files of the same publish."""
