"""Companies' figures beside their reports: copies that disagree, and figures older than the newest report."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from etl.build import Merged, collectors
from etl.sources.exchanges import ANNUAL, report_year

REPORT, COPY = "filings", "eastmoney"
APART = 0.01
"""Share by which the two may differ (rounding, restatement to the thousand)."""
KEY = ["entity_id", "indicator_id", "period"]
FIGURE = "revenue"
"""The figure every annual report states and every company here is followed by."""


def without_disagreements(merged: Merged) -> Merged:
    """Leave out a report's figure and its copy where they differ: nothing here can tell which was misread."""
    who = merged.observations["source_id"].astype(str).map(collectors(merged.sources))
    frame = merged.observations[[*KEY, "value"]].astype(dict.fromkeys(KEY, str))
    reports = frame[who == REPORT].drop_duplicates(KEY)
    both = frame[who == COPY].reset_index().merge(reports, on=KEY, suffixes=("", "_report"))
    odd = both[(both["value"] - both["value_report"]).abs() > APART * both["value_report"].abs()]
    if odd.empty:
        return merged
    notes = [
        f"{row.entity_id} {row.period}, {row.indicator_id}: the report says {row.value_report:,.0f}, "
        f"its copy {row.value:,.0f}: neither is published"
        for row in odd.itertuples()
    ]
    keys = set(odd[KEY].itertuples(index=False, name=None))
    named = pd.MultiIndex.from_frame(frame[KEY]).isin(keys)
    gone = who.isin([REPORT, COPY]).to_numpy() & named
    return replace(merged, observations=merged.observations[~gone], notes=[*merged.notes, *notes])


def stale_financials(observations: pd.DataFrame) -> list[str]:
    """Return a line for each company whose newest ``revenue`` year is before its newest annual report's.

    ``observations``: columns of ``observations/*.csv``.
    """
    wanted = observations[observations["indicator_id"].isin([ANNUAL, FIGURE]).to_numpy()]
    newest: dict[str, tuple[int, str]] = {}
    figures: dict[str, int] = {}
    for entity, indicator, period, status, title in zip(
        *(wanted[c].astype(str) for c in ("entity_id", "indicator_id", "period", "status", "locator")),
        strict=True,
    ):
        if indicator == ANNUAL:
            newest[entity] = max(newest.get(entity, (0, "")), (report_year(title, period), period))
        elif len(period) == len("2024") and status != "doubtful":
            figures[entity] = max(figures.get(entity, 0), int(period))
    lines = []
    for entity, (year, filed) in sorted(newest.items()):
        have = figures.get(entity)
        if have is None or have < year:
            state = f"the newest {FIGURE} here is of {have}" if have else f"no {FIGURE} is here"
            lines.append(f"{entity}: stale: the annual report {year} was filed on {filed}, {state}")
    return lines
