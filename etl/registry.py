"""All sources: each class with an id in ``etl/sources``, and each object of a class without one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache

import etl.sources
from etl.errors import UsageError
from etl.sources.base import Source


@cache
def known() -> dict[str, Source]:
    """Return the sources by their ids: the hand-read figures first, then by id."""
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
    """Return the named sources; none named means all that are on by default."""
    sources = known()
    for name in names:
        if name not in sources:
            raise UsageError(f"no source named {name!r}", f"choose from {', '.join(sources)}")
    return [one for one in sources.values() if one.id in names or (not names and one.on_by_default)]
