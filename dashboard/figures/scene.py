"""What every story chart is made with: series, points, and the assembled record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.dataset import Note, Observation
from dashboard.figures.describe import alt_text
from dashboard.figures.record import Axis, Chart, Line, Mark, Point, Table
from dashboard.figures.series import UNSETTLED, Datum, Series
from dashboard.figures.speech import Speech
from dashboard.figures.theme import entity_role
from dashboard.locale import quantity, unit_name

FEW = 2
"""Measures in one chart up to which every note on them is shown."""
NOTE_ORDER = ("doubt", "break", "vintage", "definition", "coverage")


@dataclass(frozen=True)
class Scene(Speech):
    """Where a figure is built: who speaks, what is known, and the chart made of it."""

    def role(self, entity_id: str) -> str:
        """Return the colour role of an entity: its own or its city's."""
        entity = self.data.entities.get(entity_id)
        return entity_role(entity_id, entity.city_id if entity else "")

    # -- data --------------------------------------------------------------------------------------

    def series(self, indicator_id: str, entity_id: str, *, since: str = "", until: str = "9999") -> Series:
        """Return the preferred figures of one indicator for one entity."""
        found = self.data.indicators.get(indicator_id)
        return Series(
            id=entity_id,
            label=self.name(entity_id),
            colour=self.role(entity_id),
            unit=found.unit if found else "",
            data=tuple(
                Datum(o.period, o.value, (o,))
                for o in self.data.series(indicator_id, entity_id)
                if since <= o.period <= until
            ),
            strong=entity_id in ("shenzhen", "hangzhou"),
        )

    def latest(self, indicator_id: str, entity_id: str, until: str = "9999") -> Datum | None:
        """Return the newest figure at or before ``until``."""
        found = self.data.latest(indicator_id, entity_id, until)
        return Datum(found.period, found.value, (found,)) if found else None

    def point(self, series: Series, datum: Datum, *, x: float | None = None, y: float | None = None) -> Point:
        """Return the datum as a plotted point with its hover text and keys."""
        return Point(
            datum.x if x is None else x,
            datum.value if y is None else y,
            self.hover(series, datum),
            datum.keys,
        )

    def hover(self, series: Series, datum: Datum) -> str:
        """Say who, when, how much, and what a derived value was made from."""
        said = self.say(
            "point", name=series.label, period=self.per(datum.period), value=self.q(datum.value, series.unit)
        )
        extra = [self.say(f"status.{o.status}") for o in datum.used if o.status in UNSETTLED][:1]
        if 1 < len(datum.used) <= 3:
            extra = [self._figure(o) for o in datum.used] + extra
        return said + (self.say("aside", words=self.say("join.semicolon").join(extra)) if extra else "")

    def _figure(self, o: Observation) -> str:
        found = self.data.indicators.get(o.indicator_id)
        return f"{self.name(o.entity_id)} {self.q(o.value, found.unit if found else '')}"

    # -- the chart ---------------------------------------------------------------------------------

    def chart(
        self,
        *,
        title: str,
        subtitle: str,
        x: Axis,
        y: Axis,
        marks: Iterable[Mark | Iterable[Mark]],
        series: Sequence[Series],
        kind: str = "lines",
        remark: str = "",
        table: Table | None = None,
        notes: Iterable[str] = (),
        dashed: bool = True,
        height: int | None = None,
        equal: bool = False,
    ) -> Chart:
        """Assemble the record: sources, notes, table and text alternative come from ``series``."""
        shown = [s for s in series if s.data]
        used = [o for s in shown for d in s.data for o in (*d.used, *d.base)]
        sources = tuple(s for s, _ in Counter(o.source_id for o in used).most_common())
        drawn = tuple(m for mark in marks for m in (mark if isinstance(mark, Iterable) else (mark,)))
        bridged = any(isinstance(m, Line) and m.name.endswith(":bridge") for m in drawn)
        told = [*notes, *([self.say("note.bridge")] if bridged else []), *self._notes(used, dashed=dashed)]
        return Chart(
            id=self.figure,
            lang=self.lang,
            title=title,
            subtitle=subtitle,
            x=x,
            y=y,
            marks=drawn,
            alt=alt_text(self, kind, title, shown, sources, remark),
            table=table or table_of(self, shown),
            sources=sources,
            notes=tuple(dict.fromkeys(told)),
            form=self.form,
            height=height,
            equal=equal,
        )

    def _notes(self, used: Sequence[Observation], *, dashed: bool) -> list[str]:
        """Return the dataset's notes on what is shown, doubts first, and on unsettled figures."""
        spans: dict[str, tuple[set[str], set[str]]] = {}
        for o in used:
            entities, periods = spans.setdefault(o.indicator_id, (set(), set()))
            entities.add(o.entity_id)
            periods.add(o.period[:4])
        found: list[Note] = []
        for indicator_id, (entities, periods) in spans.items():
            for note in self.data.notes_for(indicator_id, entities):
                # where many measures are shown, how each is defined stands with the measure itself
                if len(spans) > FEW and note.kind not in ("doubt", "break"):
                    continue
                # a note on a year that the chart does not show would only puzzle
                if not note.period or min(periods) <= note.period[:4] <= max(periods):
                    found.append(note)
        found.sort(key=lambda n: NOTE_ORDER.index(n.kind) if n.kind in NOTE_ORDER else len(NOTE_ORDER))
        out = [n.text(self.lang) for n in found]
        for status in ("preliminary", "estimate"):
            years = sorted({o.period[:4] for o in used if o.status == status})
            if years:
                out.append(
                    self.say(
                        f"note.{status}" + (".dashed" if dashed else ""), years=self.span(years[0], years[-1])
                    )
                )
        return out


def table_of(scene: Scene, series: Sequence[Series]) -> Table:
    """Return every datum shown as a row: who, when, how much, unit, status, publisher."""
    rows: list[tuple[str | float | None, ...]] = []
    for s in series:
        for d in s.data:
            status = next((o.status for o in d.used if o.status in UNSETTLED), d.used[0].status)
            publishers = dict.fromkeys(
                scene.data.publisher(scene.data.sources[o.source_id], scene.lang)
                for o in d.used
                if o.source_id in scene.data.sources
            )
            names = scene.say("join.semicolon").join(publishers)
            unit = unit_name(s.unit, scene.lang)
            value = quantity(d.value, "year", scene.lang) if s.unit == "year" else d.value
            rows.append((s.label, d.period, value, unit, scene.say(f"status.{status}"), names))
    columns = ("series", "period", "value", "unit", "status", "publisher")
    return Table(tuple(scene.say(f"column.{c}") for c in columns), tuple(rows))
