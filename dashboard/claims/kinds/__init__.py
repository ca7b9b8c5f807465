"""The kinds of rules, one module each: what stands in this folder is a kind that a record may name.

A module has ``decide(data, params) -> Finding``, ``NEEDS`` (parameters a record must set) and ``USES``
(those it may set), and its docstring names the numbers that sentences can use.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


@cache
def kinds() -> dict[str, ModuleType]:
    """Return every kind by name, those of ``special`` (rules that only one essay's claim uses) too."""
    from dashboard.claims import special

    found = {}
    for package, paths in ((__name__, __path__), (special.__name__, special.__path__)):
        for module in iter_modules(paths):
            found[module.name] = import_module(f"{package}.{module.name}")
    return found
