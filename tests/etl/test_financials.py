"""A figure of a report and a copy of it that disagree are both withheld, and both named."""

from __future__ import annotations

import pandas as pd

from etl.build import without_disagreements
from etl.sources.base import OBSERVATION_COLUMNS, SOURCE_COLUMNS, Parsed
from etl.tables import with_categories


def merged(*rows: tuple[str, str, float, str]) -> Parsed:
    frame = pd.DataFrame(
        [
            dict.fromkeys(OBSERVATION_COLUMNS, "")
            | {"entity_id": "tencent", "indicator_id": i, "period": p, "value": v, "source_id": s}
            for i, p, v, s in rows
        ]
    )
    sources = pd.DataFrame(
        [
            dict.fromkeys(SOURCE_COLUMNS, "") | {"source_id": name, "collector": collector}
            for name, collector in (("r", "filings"), ("c", "eastmoney"), ("h", "curated"))
        ]
    )
    return Parsed(with_categories(frame), sources)


def test_both_go_and_the_note_names_both() -> None:
    made = without_disagreements(
        merged(
            ("revenue", "2025", 751e9, "r"), ("revenue", "2025", 660e9, "c"), ("revenue", "2025", 750e9, "h"),
            ("revenue", "2024", 660e9, "c"), ("net_profit", "2025", 224_842e6, "r"),
            ("net_profit", "2025", 224_842_000_001, "c"),
        )
    )  # fmt: skip
    left = made.observations[["indicator_id", "period", "source_id"]].astype(str).to_numpy().tolist()
    assert left == [
        ["revenue", "2025", "h"], ["revenue", "2024", "c"], ["net_profit", "2025", "r"],
        ["net_profit", "2025", "c"],
    ]  # fmt: skip
    assert made.notes == [
        "tencent 2025, revenue: the report says 751,000,000,000, its copy 660,000,000,000: "
        "neither is published"
    ]


def test_without_a_disagreement_nothing_is_touched() -> None:
    before = merged(("revenue", "2025", 751e9, "r"), ("revenue", "2024", 660e9, "c"))
    assert without_disagreements(before) is before
