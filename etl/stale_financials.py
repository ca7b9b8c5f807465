"""Which companies' figures are older than their newest annual report.

An annual report that is out and not read yet makes a company's figures stale, however new they were when
they were read.
"""

from __future__ import annotations

import pandas as pd

from etl.sources.filing import ANNUAL, report_year

FIGURE = "revenue"
"""The figure every annual report states and every company here is followed by."""


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
