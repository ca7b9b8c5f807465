"""Frames around real figures: nothing breaks off, names stay whole, type is large enough to be read."""

from __future__ import annotations

from collections import Counter

import pytest

from dashboard.dataset import LANGS, Dataset, Lang
from dashboard.export import SIZES
from dashboard.figures import build
from dashboard.figures.geometry import Box
from dashboard.figures.layout import place
from dashboard.figures.record import FORMS, Bars, Dots, Form, Line
from dashboard.pictures import credited
from dashboard.pictures.frame import Frame, framed
from tests.shipped import FIGURES

LEAST = {"slide": 11.5, "a4": 10.0, "square": 10.0, "article": 8.9}
"""Pixels of the smallest words in a plot: a slide is read from afar, a sheet in the hand."""


def frames(dataset: Dataset, lang: Lang, size: str) -> list[Frame]:
    width, height = SIZES[size]
    return [framed(credited(build(f, dataset, lang), dataset), width, height) for f in FIGURES]


@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
@pytest.mark.parametrize("form", FORMS)
def test_no_label_stands_on_a_mark(dataset: Dataset, lang: Lang, form: Form) -> None:
    """No label covers a column or a point; the grid and lines may run under words."""
    wrong = []
    for figure in FIGURES:
        chart = build(figure, dataset, lang, form)
        at = place(chart, FORMS[form][0], chart.height or FORMS[form][1])
        markers = [
            Box(at.x(p.x) - 2, at.y(p.y) - 2, at.x(p.x) + 2, at.y(p.y) + 2)
            for _, m in at.marks(Dots)
            for p in m.points
            if p.y is not None
        ]
        columns = [
            Box(at.x(b.position - m.thickness / 2), min(at.y(b.value), at.y(b.base)),
                at.x(b.position + m.thickness / 2), max(at.y(b.value), at.y(b.base)))
            for _, m in at.marks(Bars) if m.orientation == "v" for b in m.items
        ]  # fmt: skip
        for label in at.labels:
            taken = markers + columns if label.kind in ("end", "point", "text") else []
            wrong += [(figure, label.kind, label.lines) for box in taken if label.box.touches(box)]
    assert not wrong


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", LANGS)
def test_every_figure_in_every_size(dataset: Dataset, lang: Lang, size: str) -> None:
    broken, small, split = [], [], []
    names = [e.name(lang) for e in dataset.entities.values()]
    for frame in frames(dataset, lang, size):
        chart = frame.chart
        for words in frame.texts:
            if any(line.endswith("…") for line in words.lines):
                broken.append((chart.id, words.kind, words.lines[-1]))
            if lang != "en" and words.kind in ("title", "subtitle", "note"):
                whole = "".join(words.lines)
                split += [(chart.id, n) for n in names if n in whole and not any(n in x for x in words.lines)]
        least = min((label.size for label in frame.placed.labels), default=12.0)
        if least * frame.zoom < LEAST[size]:
            small.append((chart.id, round(least * frame.zoom, 1)))
        placed = Counter(label.kind for label in frame.placed.labels)
        assert placed["end"] == sum(isinstance(m, Line) and bool(m.label) for m in chart.marks), chart.id
        bars = [b for m in chart.marks if isinstance(m, Bars) for b in m.items if b.label]
        assert placed["bar"] == len(bars), chart.id
        if chart.y.category:
            assert placed["tick-y"] == sum(bool(t.label) for t in chart.y.ticks), chart.id
    assert not broken, "words break off"
    assert not small, "words too small to read"
    assert not split, "a name broken between lines"
