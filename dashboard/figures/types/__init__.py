"""The chart types of findings, one module each: what stands in this folder is a type that a record may name.

A module has ``draw(scene, finding, title, subtitle) -> Chart``, a pure function of the finding.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


@cache
def types() -> dict[str, ModuleType]:
    """Return every chart type by name."""
    return {m.name: import_module(f"{__name__}.{m.name}") for m in iter_modules(__path__)}
