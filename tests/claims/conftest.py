"""Small worlds: a few observations under the shipped catalogue of entities and indicators."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

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
    """Build a dataset of rows (entity, indicator, period, value); ``places`` says who was founded where."""

    def build(
        rows: Sequence[Row], places: Mapping[str, str] | None = None, source: Source = SOURCE, note: str = ""
    ) -> Dataset:
        entities = dataset.entities
        if places is not None:
            entities = {
                k: replace(e, founded_place=places.get(k, ""), city_id=e.city_id) for k, e in entities.items()
            }
        frame = pd.DataFrame(
            [(e, i, p, float(v), source.source_id, "final", note, "") for e, i, p, v in rows],
            columns=list(OBSERVATION_COLUMNS),
        )
        return Dataset.from_frames(
            entities=entities.values(),
            indicators=dataset.indicators.values(),
            sources=[source],
            observations=frame,
            essay=dataset.essay,
            version="small",
        )

    return build
