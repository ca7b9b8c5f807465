"""The kinds of rules: a record may name any; their docstrings name the numbers that sentences can use."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from dashboard.claims.dataset_view import DatasetView
from dashboard.claims.finding import Finding
from dashboard.claims.params import Params

Decide = Callable[[DatasetView, Params], Finding]


@dataclass(frozen=True)
class Kind:
    decide: Decide
    needs: tuple[str, ...]
    uses: tuple[str, ...]
    single: tuple[str, ...]


def kind(needs: str, *, uses: str = "", single: str = "") -> Callable[[Decide], Kind]:
    """Mark a rule: what a record must set and may set, and the sides that are one entity."""
    return lambda decide: Kind(decide, *(tuple(names.split()) for names in (needs, uses, single)))


def modules_of(package: str, path: Iterable[str]) -> dict[str, ModuleType]:
    return {m.name: import_module(f"{package}.{m.name}") for m in iter_modules(path)}


@cache
def kinds() -> dict[str, Kind]:
    modules = modules_of(__name__, __path__).values()
    return {name: one for m in modules for name, one in vars(m).items() if isinstance(one, Kind)}
