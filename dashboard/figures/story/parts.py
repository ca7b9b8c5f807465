"""Marks that several story charts share: lines with preliminary years, peaks, ladders, bars, heat maps."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dashboard.figures.record import (
    Axis,
    Bar,
    Bars,
    Cell,
    Cells,
    Dots,
    Line,
    Mark,
    Point,
    Rule,
    Symbol,
    Text,
)
from dashboard.figures.story.scene import Scene
from dashboard.figures.story.series import Datum, Series
from dashboard.figures.theme import CITY_SYMBOL

GAPS = {4: 1.01, 7: 0.26, 10: 0.012}
"""The longest step, in years, that still joins two points, by the length of the period (day, month, year)."""


def symbol_of(entity_id: str) -> Symbol:
    """Return the marker of an entity: a city's own, else a circle."""
    found = CITY_SYMBOL.get(entity_id, "circle")
    return found  # type: ignore[return-value]  # the table holds Symbols only


def line(
    scene: Scene,
    series: Series,
    label: str = "",
    *,
    width: float | None = None,
    markers: bool | None = None,
    bridge: bool = False,
) -> list[Line | Dots]:
    """Return a series as lines: preliminary years dashed, a missing year a gap, the label at the end.

    ``bridge`` joins the ends of a gap by a thin dotted line, for series with few figures.
    """
    runs: list[tuple[bool, list[Point]]] = []
    previous: Datum | None = None
    broken = False
    for datum in series.data:
        point = scene.point(series, datum)
        gap = previous is not None and datum.x - previous.x > GAPS.get(len(datum.period), 1.01)
        broken = broken or gap
        if runs and gap:
            runs[-1][1].append(Point((runs[-1][1][-1].x + point.x) / 2, None))
        if not runs or runs[-1][0] != datum.unsettled:
            joint = [] if gap or not runs else [runs[-1][1][-1]]
            runs.append((datum.unsettled, [*joint, point]))
        else:
            runs[-1][1].append(point)
        previous = datum
    dots = ((broken and len(series.data) < 10) or len(series.data) < 3) if markers is None else markers
    under: list[Line | Dots] = (
        [
            Line(tuple(scene.point(series, d) for d in series.data), series.colour, width=1.0, dash="dot",
                 name=f"{series.id}:bridge")
        ]
        if bridge and broken
        else []
    )  # fmt: skip
    drawn: list[Line | Dots] = [
        Line(
            points=tuple(points),
            colour=series.colour,
            label=label if n == len(runs) - 1 else "",
            width=width or (2.6 if series.strong else 1.7),
            dash="dash" if unsettled else "solid",
            strong=series.strong,
            markers=dots,
            symbol=symbol_of(series.id),
            name=series.id,
        )
        for n, (unsettled, points) in enumerate(runs)
    ]
    alone = [] if dots else [scene.point(series, d) for d in _alone(series)]
    if alone:
        drawn.append(
            Dots(tuple(alone), series.colour, size=6, symbol=symbol_of(series.id), name=f"{series.id}:alone")
        )
    return [*under, *drawn]


def _alone(series: Series) -> list[Datum]:
    """Return the data with a gap, or nothing, on both sides: a line cannot show them."""
    xs = [d.x for d in series.data]
    steps = [b - a > GAPS.get(len(series.first.period), 1.01) for a, b in pairwise(xs)]
    around = [True, *steps, True]
    return [d for d, before, after in zip(series.data, around, around[1:], strict=False) if before and after]


def peak(scene: Scene, series: Series, datum: Datum, words: str) -> Dots:
    """Return a ring around one datum with words beside it."""
    return Dots(
        (scene.point(series, datum),), series.colour, labels=(words,), size=8, symbol="ring", strong=True,
        name=f"{series.id}:peak",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rung:
    """One row of a ladder: a series with one datum, or ``None`` and the words that stand in its place."""

    label: str
    series: Series
    datum: Datum | None
    words: str
    strong: bool = False


def row_height(scene: Scene, rows: int, *, each: float = 26, extra: float = 56) -> int:
    """Return the height in CSS pixels that ``rows`` need; never below the form's own minimum."""
    return max(240, round(rows * each + extra))


def ladder(scene: Scene, rungs: Sequence[Rung], axis: Axis, *, start: float | None = None) -> list[Mark]:
    """Return rows of stems and dots from ``start`` (the axis' low end); words where there is no figure."""
    low = axis.domain[0] if start is None else start
    marks: list[Mark] = []
    for row, rung in enumerate(rungs):
        if rung.datum is None:
            marks.append(Text(axis.domain[0], row, rung.words, colour="muted", dx=6, size=11))
            continue
        colour = rung.series.colour
        marks.append(Rule(low, row, rung.datum.value, row, colour=colour, width=1.6))
        point = scene.point(rung.series, rung.datum, x=rung.datum.value, y=float(row))
        marks.append(
            Dots((point,), colour, labels=(rung.words,), size=10, symbol="circle", strong=rung.strong,
                 name=rung.series.id)
        )  # fmt: skip
    return marks


def bars(
    scene: Scene, rows: Iterable[tuple[Series, Datum, str]], *, base: float = 0.0, thickness: float = 0.62
) -> Bars:
    """Return lying bars, one a row, from ``base``; each with its words at the end."""
    return Bars(
        tuple(
            Bar(
                n,
                datum.value,
                base,
                series.colour,
                label=words,
                text=scene.hover(series, datum),
                keys=datum.keys,
                pattern="hatched" if datum.unsettled else "solid",
            )
            for n, (series, datum, words) in enumerate(rows)
        ),
        "h",
        thickness,
    )


def columns(
    scene: Scene,
    series: Series,
    *,
    labels: dict[str, str] | None = None,
    colour: str = "",
    negative: str = "",
) -> Bars:
    """Return standing bars, one a period at its own place in time; ``labels`` by period."""
    return Bars(
        tuple(
            Bar(d.x, d.value, 0.0, (negative if d.value < 0 and negative else colour or series.colour),
                label=(labels or {}).get(d.period, ""), text=scene.hover(series, d), keys=d.keys,
                pattern="hatched" if d.unsettled else "solid")
            for d in series.data
        ),
        "v",
        0.7,
        name=series.id,
    )  # fmt: skip


def heat(
    scene: Scene,
    rows: Sequence[Sequence[tuple[Series, Datum | None, float | None, str]]],
    *,
    none: str,
    ramp: str = "shenzhen",
) -> Cells:
    """Return a heat map; each field is its series, datum, share of the ramp (0–1) and words."""
    items: list[Cell] = []
    for r, fields in enumerate(rows):
        for c, (series, datum, shade, words) in enumerate(fields):
            if datum is None:
                items.append(Cell(c, r, None, "–", scene.say("nothing_for", name=series.label, none=none)))
            else:
                items.append(Cell(c, r, shade, words, scene.hover(series, datum), datum.keys))
    return Cells(tuple(items), ramp)


def decades(a: float, b: float) -> float:
    """Return how many powers of ten lie between two positive values."""
    return abs(math.log10(a / b))
