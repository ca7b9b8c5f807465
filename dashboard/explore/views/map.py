"""Cities as dots on land: area and colour by the indicator, at one period."""

from __future__ import annotations

import math

from dashboard import locale
from dashboard.dataset import Dataset, Lang
from dashboard.explore import findings, wording
from dashboard.explore.marks import point, strong
from dashboard.explore.select import Selection, Shown
from dashboard.explore.state import State
from dashboard.explore.views import Drawn, View
from dashboard.figures import land
from dashboard.figures.record import Axis, Dots, Form, Land, Mark

LARGEST = {"wide": 44.0, "narrow": 30.0}
"""The largest dot's diameter in CSS pixels."""
MANY = 60
"""Cities from which dots are drawn at half the size, so that neighbours stay apart."""
MAX_LABELLED = {"wide": 12, "narrow": 6}


def draw(dataset: Dataset, shown: Shown, state: State, lang: Lang, form: Form) -> Drawn:
    """Draw the first indicator's figures of one period where the cities are."""
    selection = shown[0]
    at = selection.best_place
    here = [
        (value, s, place)
        for s in selection.series
        if (value := s.values[at]) is not None and (place := position(dataset, s.entity)) is not None
    ]
    if not here:
        return Drawn(empty=("no_place", {"period": locale.period(selection.periods[at], lang)}))
    low, high = _range(selection, [v for v, _, _ in here])
    here.sort(key=lambda p: -p[0])
    largest = LARGEST[form] * (0.5 if len(here) > MANY else 1.0)
    marks: list[Mark] = [Land(land.rings())]
    for n, (value, s, (x, y)) in enumerate(here):
        name = wording.name(dataset, s.entity, lang)
        share = (value - low) / (high - low) if high > low else 1.0
        size = 4 + (largest - 4) * math.sqrt(max(0.0, share))
        marks.append(
            Dots(
                (point(dataset, s, at, selection, lang, x, y),), "shenzhen",
                (name + ("*" if s.provisional(at) else ""),)
                if n < MAX_LABELLED[form] or strong(s.entity) else (),
                size, strong=strong(s.entity), name=s.entity, shade=0.25 + 0.75 * share,
            )
        )  # fmt: skip
    left, bottom, right, top = land.BOX
    height = 560 if form == "wide" else 340
    return Drawn(
        Axis((left, right), grid=False),
        Axis((bottom, top), grid=False),
        tuple(marks),
        height,
        at=at,
        equal=True,
    )


def _range(selection: Selection, values: list[float]) -> tuple[float, float]:
    """Return the values of the smallest and the largest dot; sizes begin at nought where values do."""
    every = [*values, *selection.extent]
    return min(0.0, min(every)) if selection.unit != "index" else min(every), max(every)


def position(dataset: Dataset, entity: str) -> tuple[float, float] | None:
    """Return where a city lies on the map, in kilometres from its centre; ``None`` if it is not on it."""
    found = dataset.entities[entity]
    latitude, longitude = found.latitude, found.longitude
    if latitude is None or longitude is None:
        seen = [dataset.latest(i, entity) for i in ("latitude", "longitude")]
        if seen[0] is None or seen[1] is None:
            return None
        latitude, longitude = seen[0].value, seen[1].value
    x, y = land.project((longitude, latitude))
    left, bottom, right, top = land.BOX
    return (x, y) if left < x < right and bottom < y < top else None


VIEW = View(draw, order=70, finding=findings.ranked, provisional_style="starred", shows="period", single=True)
