"""The chart types of the explorer: every module in this folder is one.

A module ``views/<name>.py`` with a :class:`View` called ``VIEW`` is the chart type ``v=<name>``: it has a
tab, an address, a drawing, files. Its name is the message ``explorer.view.<name>``.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from dashboard.figures.record import Axis, Mark

if TYPE_CHECKING:
    from dashboard.dataset import Event
    from dashboard.explore.findings import Found
    from dashboard.explore.select import Context

_NO_AXIS = Axis((0, 1))


@dataclass(frozen=True)
class Drawn:
    """What a view adds to the record: axes, marks, a height of its own."""

    x: Axis = _NO_AXIS
    y: Axis = _NO_AXIS
    marks: tuple[Mark, ...] = ()
    height: int | None = None
    log: bool = False
    period: str = ""
    """The one period shown, where the view chose it itself."""
    finding: Found | None = None
    """The title's message and values, where the view finds them while it draws."""
    equal: bool = False
    """True for maps: one unit is as long on x as on y."""
    events: tuple[Event, ...] = ()
    """The events marked on its time axis."""
    left_out: int = 0
    """Those with a figure that found no room."""
    empty: tuple[str, dict[str, str]] | None = None
    """When there are figures but nothing to draw: the message that says why, and its values."""


@dataclass(frozen=True)
class View:
    """A chart type."""

    draw: Callable[[Context], Drawn]
    order: int
    """Its place among the tabs."""
    finding: Callable[[Context, str], Found] | None = None
    """What its title states, at one period if it draws one; ``None`` where :class:`Drawn` says it."""
    provisional_style: str = "dashed"
    """How preliminary figures look: the message ``explorer.note.<style>``."""
    shows: Literal["span", "period", "ends", "columns"] = "span"
    """Which periods it draws: all in range, one, the first and the last, or some as columns."""
    required_transform: str = ""
    """The transform that the first indicator has to offer (see ``available_transforms``); empty for none."""
    fixed: bool = False
    """True where the view itself is the measure, so that none can be chosen."""
    linear: bool = False
    """True where lengths are compared, so that no axis starts logarithmic."""
    single: bool = False
    """True where only the first indicator is drawn."""
    time_axis: bool = False
    """True where x is time, so that events can be marked on it."""
    min_indicators: int = 1
    """Indicators it needs; the state gets others that go with the first."""


@cache
def every() -> dict[str, View]:
    """Return the chart types by name, in the order of their tabs."""
    names = [m.name for m in pkgutil.iter_modules(__path__)]
    found: dict[str, View] = {n: importlib.import_module(f"{__name__}.{n}").VIEW for n in names}
    return dict(sorted(found.items(), key=lambda item: item[1].order))


def names() -> tuple[str, ...]:
    return tuple(every())


def view(name: str) -> View:
    return every()[name]
