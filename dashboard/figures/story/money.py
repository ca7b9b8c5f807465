"""Series in yuan where some years were published in dollars only, as the rules count them."""

from __future__ import annotations

from dataclasses import replace

from dashboard.claims.evidence import Evidence
from dashboard.figures.story.scene import Scene
from dashboard.figures.story.series import Datum, Series


def in_yuan(s: Scene, indicator_id: str, entity_id: str) -> Series:
    """Return one indicator of one entity in yuan; dollars at the year's average rate, with both documents."""
    line = Evidence(s.data).yuan(indicator_id, entity_id)
    data = tuple(Datum(f.period, f.value, f.used) for f in line.values())
    return replace(s.series(indicator_id, entity_id), unit="CNY", data=data)
