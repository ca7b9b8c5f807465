"""The chart record: everything a chart says and shows, before any renderer.

All coordinates are plain numbers. Time is a decimal year (:func:`time_value`), a category is its place
0, 1, 2 … Axes name their ticks themselves, in the reader's language, so no renderer formats anything.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from dashboard.dataset import Lang

Form = Literal["wide", "narrow"]
FORMS: dict[Form, tuple[int, int]] = {"wide": (640, 360), "narrow": (358, 330)}
"""Width and height in CSS pixels; ``narrow``, for a phone, is laid out anew, not shrunk."""

Dash = Literal["solid", "dash", "dot"]
Anchor = Literal["start", "middle", "end"]
ObservationKey = tuple[str, str, str, str]
"""entity, indicator, period, source: what a plotted point stands on."""


@dataclass(frozen=True, slots=True)
class Tick:
    value: float
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis. On a log axis ``domain`` and ticks are plain values, all above zero."""

    domain: tuple[float, float]
    ticks: tuple[Tick, ...] = ()
    scale: Literal["linear", "log"] = "linear"
    title: str = ""
    grid: bool = True
    reverse: bool = False
    category: bool = False
    """True when ticks are names of rows or columns, which need room measured by their text."""


class Point(NamedTuple):
    """One place of a mark. ``y`` ``None`` breaks a line: a gap is a gap. ``keys`` say what it rests on."""

    x: float
    y: float | None
    text: str = ""
    """What hovering or a screen reader says: entity, period, value, status; plain text."""
    keys: tuple[ObservationKey, ...] = ()
    value: str = ""
    """The value alone, as a list of all series at one place says it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A series. ``label`` stands at its last point, in its colour, never colliding with another."""

    points: tuple[Point, ...]
    colour: str
    label: str = ""
    width: float = 2.0
    dash: Dash = "solid"
    strong: bool = False
    markers: bool = False
    name: str = ""
    """Entity or series id: stable across languages, used by tests and by keyboard walking."""

    @property
    def last(self) -> Point | None:
        return next((p for p in reversed(self.points) if p.y is not None), None)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar at ``position`` on the category axis, from ``base`` to ``value`` on the other."""

    position: float
    value: float
    base: float
    colour: str
    label: str = ""
    text: str = ""
    keys: tuple[ObservationKey, ...] = ()
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars, horizontal (``h``) or vertical (``v``). ``thickness`` is a share of one category's room."""

    items: tuple[Bar, ...]
    orientation: Literal["h", "v"] = "h"
    thickness: float = 0.6
    name: str = ""


@dataclass(frozen=True, slots=True)
class Dots:
    """Points without a line. ``labels`` (same length or empty) stand beside them."""

    points: tuple[Point, ...]
    colour: str
    labels: tuple[str, ...] = ()
    size: float = 9.0
    hollow: bool = False
    strong: bool = False
    name: str = ""
    shade: float | None = None
    """On a map: how much of the colour, as a heat map's field has it; ``None`` for the colour itself."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight mark from (x0, y0) to (x1, y1); ``None`` means the edge of the plot."""

    x0: float | None
    y0: float | None
    x1: float | None
    y1: float | None
    colour: str = "muted"
    dash: Dash = "solid"
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Text:
    """Words at a place, shifted by ``dx``/``dy`` pixels (y downwards)."""

    x: float
    y: float
    text: str
    colour: str = "ink"
    anchor: Anchor = "start"
    dx: float = 0.0
    dy: float = 0.0
    strong: bool = False
    size: float = 12.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a heat map: column and row place, share 0–1 of the colour ramp, words in it."""

    column: int
    row: int
    shade: float | None
    label: str = ""
    text: str = ""
    keys: tuple[ObservationKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Cells:
    """A heat map. ``ramp`` is the colour role at shade 1; shade ``None`` is 'no figure'."""

    items: tuple[Cell, ...]
    ramp: str = "shenzhen"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Land:
    rings: tuple[tuple[tuple[float, float], ...], ...]


Mark = Line | Bars | Dots | Rule | Text | Cells | Land


@dataclass(frozen=True, slots=True)
class Table:
    """The data a chart shows, for readers, screen readers and CSV. Numbers stay numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | float | None, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """A chart record. Two are the same only if they are one object: layouts are kept by it."""

    id: str
    lang: Lang
    title: str
    """The finding, as a sentence."""
    subtitle: str
    """What is measured, its unit, the span; says so when an axis is logarithmic."""
    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    alt: str
    """The text alternative: trend, extremes, gap, source; every number from the data."""
    table: Table
    sources: tuple[str, ...] = ()
    """Ids of the documents it stands on, most used first."""
    notes: tuple[str, ...] = ()
    """Breaks, vintages, doubts, preliminary figures; plain text in the reader's language."""
    form: Form = "wide"
    height: int | None = None
    """Height in CSS pixels when the form's own does not fit (many rows)."""
    equal: bool = False
    """True for maps: one unit is as long on x as on y (after the record's own projection)."""
    empty: str = ""
    """When there is nothing to draw: the words that stand in its place."""
    meta: dict[str, str] = field(default_factory=dict)

    @property
    def size(self) -> tuple[int, int]:
        width, height = FORMS[self.form]
        return width, self.height or height


@lru_cache(maxsize=8192)
def time_value(period: str) -> float:
    """Return where a period begins as a decimal year: 2024.5 for ``2024-07``; ``ValueError`` if none."""
    year, *rest = period.split("-")
    if rest and rest[0].startswith("Q"):
        return int(year) + (int(rest[0][1:]) - 1) / 4
    return int(year) + sum((int(n) - 1) / parts for n, parts in zip(rest, (12, 372), strict=False))
