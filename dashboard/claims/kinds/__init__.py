"""The kinds of rules, one module each: a record may name any module in this folder.

A module has ``decide(data, params) -> Finding``, ``NEEDS`` (parameters a record must set) and ``USES``
(those it may set) and, where a side is one entity, ``SINGLE`` (those sides). Its docstring names the numbers
that sentences can use.
"""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def modules_of(package: str, path: Iterable[str]) -> dict[str, ModuleType]:
    return {m.name: import_module(f"{package}.{m.name}") for m in iter_modules(path)}


def single(kind: str) -> tuple[str, ...]:
    return getattr(kinds()[kind], "SINGLE", ())


@cache
def kinds() -> dict[str, ModuleType]:
    """Return every kind by name, those of ``special`` (rules that only one essay's claim uses) too."""
    from dashboard.claims import special

    return {**modules_of(__name__, __path__), **modules_of(special.__name__, special.__path__)}
