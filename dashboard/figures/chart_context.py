"""What every story chart needs: series, points, and the assembled record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dashboard import locale
from dashboard.dataset import Note, Observation
from dashboard.figures.describe import alt_text
from dashboard.figures.formatter import Formatter
from dashboard.figures.record import Axis, Bar, Chart, Mark, Point, Table
from dashboard.figures.series import PROVISIONAL, Datum, Series
from dashboard.figures.theme import entity_role, entity_roles
from dashboard.locale import quantity, unit_name

FEW = 2
"""Measures in one chart up to which every note on them is shown."""
NOTE_ORDER = ("doubt", "break", "vintage", "definition", "coverage")


@dataclass(frozen=True)
class ChartContext(Formatter):
    """Where a figure is built: its words, the dataset, and the chart made of both."""

    title: str = ""
    subtitle: str = ""

    def role(self, entity_id: str) -> str:
        entity = self.data.entities.get(entity_id)
        return entity_role(entity_id, entity.city_id if entity else "")

    def distinct(self, series: Sequence[Series]) -> list[Series]:
        """Return series in colours that tell those of one city apart; the strong keep their city's."""
        entities = self.data.entities
        known = dict.fromkeys(s.id for s in sorted(series, key=lambda s: not s.strong) if s.id in entities)
        roles = entity_roles((e, entities[e].city_id) for e in known)
        return [replace(s, colour=roles.get(s.id, s.colour)) for s in series]

    def point(self, series: Series, datum: Datum, *, x: float | None = None, y: float | None = None) -> Point:
        return Point(
            datum.x if x is None else x,
            datum.value if y is None else y,
            self.hover(series, datum),
            datum.keys,
        )

    def bar(self, series: Series, datum: Datum, position: float, colour: str, label: str) -> Bar:
        text = self.hover(series, datum)
        return Bar(position, datum.value, 0.0, colour, label, text, datum.keys, datum.provisional)

    def hover(self, series: Series, datum: Datum) -> str:
        """Say who, when, how much, and what a derived value was made from."""
        words = self.msg(
            "point",
            name=series.label,
            period=self.fmt_period(datum.period),
            value=self.fmt(datum.value, series.unit),
        )
        extra = [
            locale.text(f"pages.status.{o.status}", self.lang) for o in datum.used if o.status in PROVISIONAL
        ][:1]
        if 1 < len(datum.used) <= 3:
            extra = [self._figure(o) for o in datum.used] + extra
        return words + (self.msg("aside", words=self.msg("join.semicolon").join(extra)) if extra else "")

    def _figure(self, o: Observation) -> str:
        found = self.data.indicators.get(o.indicator_id)
        return f"{self.name(o.entity_id)} {self.fmt(o.value, found.unit if found else '')}"

    def chart(
        self,
        *,
        x: Axis,
        y: Axis,
        marks: Iterable[Mark | Iterable[Mark]],
        series: Sequence[Series],
        kind: str = "lines",
        subtitle: str = "",
        notes: Iterable[str] = (),
        dashed: bool = True,
        height: int | None = None,
    ) -> Chart:
        """Assemble the record: sources, notes, table and text alternative come from ``series``."""
        shown = [s for s in series if s.data]
        used = [o for s in shown for d in s.data for o in (*d.used, *d.base)]
        sources = tuple(s for s, _ in Counter(o.source_id for o in used).most_common())
        drawn = tuple(m for mark in marks for m in (mark if isinstance(mark, Iterable) else (mark,)))
        return Chart(
            id=self.figure,
            lang=self.lang,
            title=self.title,
            subtitle=subtitle or self.subtitle,
            x=x,
            y=y,
            marks=drawn,
            alt=alt_text(self, kind, self.title, shown, sources),
            table=self._table(shown),
            sources=sources,
            notes=tuple(dict.fromkeys([*notes, *self._notes(used, dashed=dashed)])),
            form=self.form,
            height=height,
        )

    def _notes(self, used: Sequence[Observation], *, dashed: bool) -> list[str]:
        spans: dict[str, list[Observation]] = {}
        for o in used:
            spans.setdefault(o.indicator_id, []).append(o)
        found: list[Note] = []
        for indicator_id, shown in spans.items():
            years = [o.period[:4] for o in shown]
            for note in self.data.notes_for(indicator_id, {o.entity_id for o in shown}):
                # where many measures are shown, how each is defined stands with the measure itself
                if len(spans) > FEW and note.kind not in ("doubt", "break"):
                    continue
                # a note on a year that the chart does not show would only puzzle
                if not note.period or min(years) <= note.period[:4] <= max(years):
                    found.append(note)
        found.sort(key=lambda n: NOTE_ORDER.index(n.kind) if n.kind in NOTE_ORDER else len(NOTE_ORDER))
        out = [self.data.note_text(n, self.lang) for n in found]
        for status in ("preliminary", "estimate"):
            years = sorted({o.period[:4] for o in used if o.status == status})
            if years:
                key = f"note.{status}" + (".dashed" if dashed else "")
                out.append(self.msg(key, years=self.fmt_span(years[0], years[-1])))
        return out

    def _table(self, series: Sequence[Series]) -> Table:
        rows: list[tuple[str | float | None, ...]] = []
        for s in series:
            for d in s.data:
                status = next((o.status for o in d.used if o.status in PROVISIONAL), d.used[0].status)
                publishers = dict.fromkeys(
                    self.data.publisher(self.data.sources[o.source_id], self.lang)
                    for o in d.used
                    if o.source_id in self.data.sources
                )
                names = self.msg("join.semicolon").join(publishers)
                unit = unit_name(s.unit, self.lang)
                value = quantity(d.value, "year", self.lang) if s.unit == "year" else d.value
                words = locale.text(f"pages.status.{status}", self.lang)
                rows.append((s.label, d.period, value, unit, words, names))
        columns = ("series", "period", "value", "unit", "status", "publisher")
        return Table(tuple(self.msg(f"column.{c}") for c in columns), tuple(rows))
