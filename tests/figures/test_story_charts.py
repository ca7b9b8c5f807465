"""Story charts: series of one city are told apart, boards have no holes."""

from __future__ import annotations

import pytest

from dashboard.dataset import Dataset
from dashboard.figures import build
from dashboard.figures.record import FORMS, Cells, Form, Line
from tests.shipped import FIGURES


@pytest.mark.parametrize("figure", FIGURES)
def test_no_two_entities_share_a_line_colour(dataset: Dataset, figure: str) -> None:
    lines = {(m.name, m.colour) for m in build(figure, dataset, "en").marks if isinstance(m, Line)}
    colours = [colour for _, colour in lines if colour not in ("quiet", "background", "muted")]
    assert len(colours) == len(set(colours))


@pytest.mark.parametrize("form", FORMS)
def test_a_board_without_a_common_contestant_names_two_in_a_row(dataset: Dataset, form: Form) -> None:
    chart = build("top_of_field", dataset, "en", form)
    (cells,) = (m for m in chart.marks if isinstance(m, Cells))
    assert max(c.column for c in cells.items) == 1
    assert {c.column for c in cells.items if c.row == 0} >= {0}, "every row begins at the first column"
    assert any(c.label.startswith("BYD ") for c in cells.items), "fields say whose figure they show"
