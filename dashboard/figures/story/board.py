"""City against city over many subjects: the rows and contests of the rules, as the charts draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.claims import boards
from dashboard.claims.evidence import Evidence, Figure
from dashboard.claims.scope import Subjects
from dashboard.figures.story.scene import Scene
from dashboard.figures.story.series import Datum, Series


@dataclass(frozen=True)
class Row:
    """One indicator in one period, the figures by city."""

    indicator_id: str
    name: str
    unit: str
    lower: bool
    """Whether a lower value is better (ranks)."""
    period: str
    data: dict[str, Datum] = field(default_factory=dict)

    def better(self, a: str, b: str) -> bool:
        """Return whether city ``a`` stands strictly better than ``b``."""
        x, y = self.data[a].value, self.data[b].value
        return x < y if self.lower else x > y

    def place(self, city: str) -> int | None:
        """Return a city's place among those with a figure: 1 is best, equals share a place."""
        if city not in self.data:
            return None
        return 1 + sum(self.better(other, city) for other in self.data)

    def share(self, city: str) -> float | None:
        """Return how near a city is to the best of the row, 0 to 1."""
        if city not in self.data:
            return None
        values = [d.value for d in self.data.values()]
        own = self.data[city].value
        if self.lower:
            return min(values) / own if own else None
        return own / max(values) if max(values) else 0.0


def row_of(s: Scene, figures: Sequence[Figure], *, brief: bool = False) -> Row:
    """Return figures of one indicator as a row, named in ``brief`` if asked; the first tells the year."""
    name = figures[0].used[0].indicator_id
    found = s.data.indicators[name]
    data = {f.entity: Datum(f.period, f.value, f.used) for f in figures}
    return Row(
        name, s.brief(name, always=brief), found.unit, found.better == "lower", figures[0].period[:4], data
    )


def comparable(s: Scene, subjects: Subjects, cities: Sequence[str], others: Sequence[str] = ()) -> list[Row]:
    """Return the rows that the rules weigh for ``cities``; ``others`` join where they have that year."""
    view = Evidence(s.data)
    out = []
    for figures in boards.rows(view, subjects, cities):
        indicator, year = figures[0].used[0].indicator_id, figures[0].period[:4]
        also = [f for c in others if (f := boards.by_year(view.line(indicator, c)).get(year))]
        out.append(row_of(s, [*figures, *also]))
    return out


def contests(s: Scene, subjects: Subjects, cities: Sequence[str]) -> list[list[Row]]:
    """Return, for each subject that has any, its contests as the rules hold them, the newest first."""
    view = Evidence(s.data)
    held = [boards.contests(view, subject, cities) for subject in subjects]
    return [[row_of(s, field, brief=True) for field in reversed(years)] for years in held if years]


def compared(s: Scene, one: str, other: str, subjects: Subjects) -> list[tuple[Series, Datum, str]]:
    """Return ``one`` over ``other`` in every comparable indicator, the best for ``one`` first.

    Above 1 is better for ``one``: ranks, where lower is better, are turned over.
    """
    rows: list[tuple[Series, Datum, str]] = []
    for row in comparable(s, subjects, (other, one)):
        a, b = row.data[one], row.data[other]
        if a.value <= 0 or b.value <= 0:
            continue
        ratio = b.value / a.value if row.lower else a.value / b.value
        datum = Datum(row.period, ratio, (*a.used, *b.used))
        leader = one if ratio > 1 else other
        series = Series(row.indicator_id, f"{row.name} {row.period}", s.role(leader), "ratio", (datum,))
        words = s.say("versus", one=s.q(a.value, row.unit), other=s.q(b.value, row.unit))
        rows.append((series, datum, words if not s.narrow else s.num(ratio)))
    return sorted(rows, key=lambda r: -r[1].value)
