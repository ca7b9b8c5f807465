"""The shipped dataset and an empty one, read once."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.dataset import OBSERVATION_COLUMNS, Dataset


@pytest.fixture(scope="session")
def shipped(dataset: Dataset) -> Dataset:
    return dataset


@pytest.fixture(scope="session")
def nothing(shipped: Dataset) -> Dataset:
    """The same catalogue without a single observation."""
    return Dataset.from_frames(
        entities=shipped.entities.values(),
        indicators=shipped.indicators.values(),
        sources=[],
        observations=pd.DataFrame({c: [] for c in OBSERVATION_COLUMNS}),
        gaps=shipped.gaps,
    )
