"""Small worlds: a few observations under the shipped catalogue of entities and indicators."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dashboard.dataset import OBSERVATION_COLUMNS, Dataset, Source

Row = tuple[str, str, str, float]
World = Callable[..., Dataset]
SOURCE = Source(
    "doc",
    "A document",
    "A statistics bureau",
    "https://example.org/doc",
    "",
    "official",
    "issuer",
    "",
    "",
    "",
    "",
    "curated",
    "",
    "",
)


@pytest.fixture(scope="session")
def world(dataset: Dataset) -> World:
    """Build a dataset of rows (entity, indicator, period, value).

    ``places`` says who was founded where; what is in ``reported`` is known only from a report.
    """

    def build(
        rows: Sequence[Row],
        places: Mapping[str, str] | None = None,
        source: Source = SOURCE,
        note: str = "",
        reported: Sequence[Row] = (),
    ) -> Dataset:
        notes = {e: f"founded in {place}" for e, place in (places or {}).items()}
        report = replace(SOURCE, source_id="report", custody="relay")
        read = [(source, row) for row in rows] + [(report, row) for row in reported]
        frame = pd.DataFrame(
            [(e, i, p, float(v), s.source_id, "final", notes.get(e, note), "") for s, (e, i, p, v) in read],
            columns=list(OBSERVATION_COLUMNS),
        )
        return Dataset.from_frames(
            entities=dataset.entities.values(),
            indicators=dataset.indicators.values(),
            sources=[source, report],
            observations=frame,
            essay=dataset.essay,
            version="small",
        )

    return build


FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
ESSAY = Path(__file__).resolve().parent.parent.parent / "data" / "essay"


@pytest.fixture(scope="session")
def frozen() -> Dataset:
    """What the claims read, as it was when it was frozen, with the essay as it is: no refresh changes it."""
    return replace(Dataset.load(FIXTURES / "dataset"), essay=ESSAY)


@pytest.fixture(scope="session")
def second() -> Dataset:
    """The frozen figures with another essay: a dozen sentences on another pair of cities."""
    return replace(Dataset.load(FIXTURES / "dataset"), essay=FIXTURES / "essay")
