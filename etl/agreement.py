"""A company's figure and a copy of it that disagree: neither is published, both are reported.

One of the two was misread, here or by whoever copied it, and nothing here can tell which.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from etl.build import Merged, collectors

REPORT, COPY = "filings", "eastmoney"
APART = 0.01
"""Share by which the two may differ (rounding, restatement to the thousand)."""
KEY = ["entity_id", "indicator_id", "period"]


def without_disagreements(merged: Merged) -> Merged:
    """Return the dataset without the figures of reports and of their copies that differ."""
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
