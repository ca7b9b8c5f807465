"""The sources, the options of a refresh, and the environment it runs in."""

import importlib
import os
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import etl.sources
from etl import paths
from etl.errors import UsageError
from etl.network import Clock, Limits
from etl.publish import FinalStep
from etl.snapshots import SnapshotStore
from etl.sources.base import Source
from etl.status import States


@cache
def known() -> dict[str, Source]:
    """Return the sources by their ids, the hand-read figures first.

    A source is each class with an id in ``etl/sources``, and each object of a class without one.
    """
    found: dict[str, Source] = {}
    for module in pkgutil.iter_modules(etl.sources.__path__):
        for value in vars(importlib.import_module(f"etl.sources.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Source) and "id" in vars(value):
                value = value()
            if isinstance(value, Source) and value.__module__.endswith(f".{module.name}"):
                if value.id in found:
                    raise TypeError(f"two sources are called {value.id}")
                found[value.id] = value
    return dict(sorted(found.items(), key=lambda item: (item[0] != "curated", item[0])))


def chosen(names: Sequence[str]) -> list[Source]:
    sources = known()
    for name in names:
        if name not in sources:
            raise UsageError(f"no source named {name!r}", f"choose from {', '.join(sources)}")
    return [one for one in sources.values() if one.id in names or (not names and one.on_by_default)]


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
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    clock: Clock = field(default_factory=Clock)
    limits: Limits = field(default_factory=Limits)
    progress: Callable[[str, str, bool], None] = lambda source, line, done: None
    """Called with source id, a line, and whether the source is done, from any thread."""
    find: Callable[[Sequence[str]], list[Source]] = chosen
    final_step: FinalStep | None = None
    """What follows from a complete dataset (its verdicts), as files of the same publish."""

    @property
    def store(self) -> SnapshotStore:
        return SnapshotStore(paths.cache_dir(self.env) / "snapshots")

    @property
    def today(self) -> date:
        return date.fromisoformat(self.clock.now()[:10])

    def states(self, data_dir: Path) -> States:
        return States(paths.cache_dir(self.env), data_dir)
