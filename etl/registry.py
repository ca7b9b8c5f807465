"""All sources: every module in ``etl/sources`` that holds an instance of ``Source``."""

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
            if isinstance(value, Source) and found.setdefault(value.id, value) is not value:
                raise TypeError(f"two sources are called {value.id}")
    return dict(sorted(found.items(), key=lambda item: (item[0] != "curated", item[0])))


def chosen(names: Sequence[str]) -> list[Source]:
    """Return the named sources; none named means all that are on by default."""
    sources = known()
    for name in names:
        if name not in sources:
            raise UsageError(f"no source named {name!r}", f"choose from {', '.join(sources)}")
    return [one for one in sources.values() if one.id in names or (not names and one.on_by_default)]
