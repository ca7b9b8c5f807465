"""City against city: which figures may be set side by side, when, and who leads.

A *row* is one subject in its newest common period; a *contest* is one subject in one year.
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.claims.evidence import Evidence, Figure
from dashboard.claims.scope import Subjects

FIELD = 3
"""A first place counts where at least this many cities have a figure."""


def ahead(data: Evidence, a: Figure, b: Figure) -> bool:
    """Return whether ``a`` is the better of two figures of one indicator (a lower rank is better)."""
    lower = data.lower_is_better(a.used[0].indicator_id)
    return a < b if lower else a > b


def best(data: Evidence, figures: Sequence[Figure]) -> Figure:
    """Return the best of an indicator's figures."""
    lower = data.lower_is_better(figures[0].used[0].indicator_id)
    return min(figures, key=float) if lower else max(figures, key=float)


def place(data: Evidence, own: Figure, field: Sequence[Figure]) -> int:
    """Return the place of ``own`` in its field, 1 is best; equals share a place."""
    return 1 + sum(ahead(data, other, own) for other in field)


def by_year(line: dict[str, Figure]) -> dict[str, Figure]:
    """Return year → the last figure of that year."""
    return {p[:4]: line[p] for p in sorted(line)}


def rows(data: Evidence, subjects: Subjects, cities: Sequence[str]) -> list[list[Figure]]:
    """Return, for each subject, all the cities' figures in the newest period that all of them share.

    Of several indicators of one subject the one with the newest such period stands for it; a subject
    without a common period is left out.
    """
    found = []
    for subject in subjects:
        common = [(periods[-1], i) for i in subject if (periods := data.periods(i, cities))]
        if common:
            period, indicator = max(common, key=lambda c: c[0])
            found.append([data.at(indicator, city, period) for city in cities])
    return found


def contests(
    data: Evidence, subject: Sequence[str], cities: Sequence[str], since: str = "", least: int = FIELD
) -> list[list[Figure]]:
    """Return the subject's figures of each year in which the first city and ``least`` of them have one.

    A year with several indicators of one subject is one contest: the first of them that qualifies.
    """
    years: dict[str, list[Figure]] = {}
    for indicator in subject:
        lines = [by_year(data.line(indicator, c)) for c in cities]
        for year in lines[0]:
            field = [line[year] for line in lines if year in line]
            if len(field) >= least and field[0].period >= since:
                years.setdefault(year, field)
    return [years[y] for y in sorted(years)]
