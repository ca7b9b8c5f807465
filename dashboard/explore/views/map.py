"""Cities as dots on land: area and colour by the indicator, at one period."""

import math

from dashboard import locale
from dashboard.dataset import Dataset
from dashboard.explore import findings
from dashboard.explore.marks import point, strong
from dashboard.explore.select import Context
from dashboard.explore.views import Drawn, View
from dashboard.figures import land
from dashboard.figures.record import Axis, Dots, Land, Mark

LARGEST = {"wide": 44.0, "narrow": 30.0}
"""The largest dot's diameter in CSS pixels."""
MANY = 60
"""Cities from which dots are drawn at half the size, so that neighbours stay apart."""
MAX_LABELLED = {"wide": 12, "narrow": 6}


def draw(context: Context) -> Drawn:
    selection, form = context.selections[0], context.form
    period = selection.best_period
    cities = [
        (s.values[period], s, place)
        for s in selection.series
        if period in s.values and (place := position(context.dataset, s.entity))
    ]
    if not cities:
        return Drawn(empty=("no_place", {"period": locale.period(period, context.lang)}))
    cities.sort(key=lambda p: -p[0])
    values = [*(v for v, _, _ in cities), *selection.extent]  # sizes begin at nought where values do
    low, high = min(values) if selection.unit == "index" else min(0.0, *values), max(values)
    largest = LARGEST[form] * (0.5 if len(cities) > MANY else 1.0)
    marks: list[Mark] = [Land(land.rings())]
    for n, (value, s, (x, y)) in enumerate(cities):
        share = (value - low) / (high - low) if high > low else 1.0
        named = n < MAX_LABELLED[form] or strong(s.entity)
        label = context.name(s.entity) + ("*" if s.provisional(period) else "")
        marks.append(
            Dots(
                (point(context, selection, s, period, x, y),), "shenzhen", (label,) if named else (),
                4 + (largest - 4) * math.sqrt(max(0.0, share)),
                strong=strong(s.entity), name=s.entity, shade=0.25 + 0.75 * share,
            )
        )  # fmt: skip
    left, bottom, right, top = land.BOX
    x_axis, y_axis = Axis((left, right), grid=False), Axis((bottom, top), grid=False)
    height = 560 if form == "wide" else 340
    return Drawn(x_axis, y_axis, tuple(marks), height, period=period, equal=True)


def position(dataset: Dataset, entity: str) -> tuple[float, float] | None:
    """Return where a city lies on the map, in kilometres from its centre; ``None`` if it is not on it."""
    found = dataset.entities[entity]
    if found.latitude is None or found.longitude is None:
        return None
    x, y = land.project((found.longitude, found.latitude))
    left, bottom, right, top = land.BOX
    return (x, y) if left < x < right and bottom < y < top else None


VIEW = View(draw, order=70, finding=findings.ranked, provisional_style="starred", shows="period", single=True)
