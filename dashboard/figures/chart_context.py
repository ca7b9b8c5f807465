"""What every story chart needs: its words, its points, the assembled record, its text alternative."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from dashboard import locale
from dashboard.dataset import Dataset, Lang, Note, Observation
from dashboard.figures.record import Axis, Bar, Chart, Form, Mark, Point, Table
from dashboard.figures.series import PROVISIONAL, Datum, Series
from dashboard.figures.source_line import source_line
from dashboard.figures.theme import entity_role, entity_roles

MOST = 8
"""Series described one by one; a listener loses the thread beyond that, and the table has them all."""
DRAWN_THROUGH = frozenset({"lines", "bars"})
"""Kinds of charts that draw every year of a series, so that a missing one is a gap in the figures."""
UNMEASURED = frozenset({"rank", "degrees", "%"})
"""Units in which the distance of two values is no value of that unit."""
FEW = 2
"""Measures in one chart up to which every note on them is shown."""
NOTE_ORDER = ("doubt", "break", "vintage", "definition", "coverage")


@dataclass(frozen=True)
class ChartContext:
    """Where a figure is built: its words, the dataset, and the chart made of both."""

    figure: str
    data: Dataset
    lang: Lang
    form: Form = "wide"
    title: str = ""
    subtitle: str = ""

    @property
    def narrow(self) -> bool:
        return self.form == "narrow"

    def msg(self, key: str, /, **values: object) -> str:
        return locale.text(f"figures.{key}", self.lang, **values)

    def name(self, entity_id: str) -> str:
        entity = self.data.entities.get(entity_id)
        return entity.name(self.lang) if entity else entity_id

    def names(self, entity_ids: Iterable[str]) -> str:
        return locale.join([self.name(e) for e in entity_ids], self.lang)

    def indicator(self, indicator_id: str) -> str:
        indicator = self.data.indicators.get(indicator_id)
        return indicator.name(self.lang) if indicator else indicator_id

    def short_name(self, entity_id: str, *, always: bool = False) -> str:
        return self._short(f"short.{entity_id}", self.name(entity_id), always)

    def short_indicator(self, indicator_id: str, *, always: bool = False) -> str:
        return self._short(f"brief.{indicator_id}", self.indicator(indicator_id), always)

    def _short(self, key: str, full: str, always: bool) -> str:
        short = (self.narrow or always) and locale.has(f"figures.{key}", self.lang)
        return self.msg(key) if short else full

    def fmt(self, value: float, unit: str, digits: int | None = 3) -> str:
        return locale.quantity(value, unit, self.lang, digits=digits)

    def fmt_all(self, values: Sequence[float], unit: str) -> list[str]:
        """Write values that stand beside each other with as many digits as tell them apart."""
        return locale.write_apart(values, lambda v, digits: self.fmt(v, unit, digits))

    def fmt_period(self, period: str) -> str:
        return locale.period(period, self.lang)

    def fmt_span(self, first: str, last: str) -> str:
        return first if first == last else f"{first}–{last}"

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
        x, y = datum.x if x is None else x, datum.value if y is None else y
        return Point(x, y, self.hover(series, datum), datum.keys)

    def bar(self, series: Series, datum: Datum, position: float, colour: str, label: str) -> Bar:
        text = self.hover(series, datum)
        return Bar(position, datum.value, 0.0, colour, label, text, datum.keys, datum.provisional)

    def hover(self, series: Series, datum: Datum) -> str:
        """Say who, when, how much, and what a derived value was made from."""
        period, value = self.fmt_period(datum.period), self.fmt(datum.value, series.unit)
        words = self.msg("point", name=series.label, period=period, value=value)
        extra = [self._status(o.status) for o in datum.used if o.status in PROVISIONAL][:1]
        if 1 < len(datum.used) <= 3:
            units = [self.data.indicators[o.indicator_id].unit for o in datum.used]
            used = zip(datum.used, units, strict=True)
            extra = [f"{self.name(o.entity_id)} {self.fmt(o.value, unit)}" for o, unit in used] + extra
        return words + (self.msg("aside", words=self.msg("join.semicolon").join(extra)) if extra else "")

    def _status(self, status: str) -> str:
        return locale.text(f"pages.status.{status}", self.lang)

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
        height: int | None = None,
    ) -> Chart:
        """Assemble the record: sources, notes, table and text alternative come from ``series``."""
        drawn = [s for s in series if s.data]
        used = [o for s in drawn for d in s.data for o in (*d.used, *d.base)]
        sources = tuple(s for s, _ in Counter(o.source_id for o in used).most_common())
        return Chart(
            id=self.figure,
            lang=self.lang,
            title=self.title,
            subtitle=subtitle or self.subtitle,
            x=x,
            y=y,
            marks=tuple(m for mark in marks for m in (mark if isinstance(mark, Iterable) else (mark,))),
            alt=alt_text(self, kind, self.title, drawn, sources),
            table=self._table(drawn),
            sources=sources,
            notes=tuple(dict.fromkeys([*notes, *self._notes(used, kind)])),
            form=self.form,
            height=height,
        )

    def _notes(self, used: Sequence[Observation], kind: str) -> list[str]:
        spans: dict[str, list[Observation]] = defaultdict(list)
        for o in used:
            spans[o.indicator_id].append(o)
        notes: list[Note] = []
        for indicator_id, observations in spans.items():
            years = [o.period[:4] for o in observations]
            for note in self.data.notes_for(indicator_id, {o.entity_id for o in observations}):
                # where many measures are shown, how each is defined stands with the measure itself
                if len(spans) > FEW and note.kind not in ("doubt", "break"):
                    continue
                # a note on a year that the chart does not show would only puzzle
                if not note.period or min(years) <= note.period[:4] <= max(years):
                    notes.append(note)
        notes.sort(key=lambda note: NOTE_ORDER.index(note.kind))
        out = [self.data.note_text(n, self.lang) for n in notes]
        for status in ("preliminary", "estimate"):
            if years := sorted({o.period[:4] for o in used if o.status == status}):
                key = f"note.{status}" + (".dashed" if kind in DRAWN_THROUGH else "")
                out.append(self.msg(key, years=self.fmt_span(years[0], years[-1])))
        return out

    def _table(self, series: Sequence[Series]) -> Table:
        rows: list[tuple[str | float | None, ...]] = []
        for s in series:
            unit = locale.unit_name(s.unit, self.lang)
            for d in s.data:
                status = next((o.status for o in d.used if o.status in PROVISIONAL), d.used[0].status)
                sources = [self.data.sources[o.source_id] for o in d.used]
                publishers = dict.fromkeys(self.data.publisher(source, self.lang) for source in sources)
                names = self.msg("join.semicolon").join(publishers)
                value = locale.quantity(d.value, "year", self.lang) if s.unit == "year" else d.value
                rows.append((s.label, d.period, value, unit, self._status(status), names))
        columns = ("series", "period", "value", "unit", "status", "publisher")
        return Table(tuple(self.msg(f"column.{c}") for c in columns), tuple(rows))


def alt_text(c: ChartContext, kind: str, title: str, series: Sequence[Series], sources: Sequence[str]) -> str:
    """Return the chart in words: ``kind`` names a message ``figures.alt.kind.<kind>``."""
    stop = "" if title.endswith((".", "。", "?", "？", "!", "！")) else "." if c.lang == "en" else "。"
    parts = [c.msg(f"alt.kind.{kind}"), title + stop]
    parts += [describe_series(c, s, gaps=kind in DRAWN_THROUGH) for s in series[:MOST]]
    if len(series) > MOST:
        parts.append(c.msg("alt.more", count=len(series) - MOST))
    parts.append(_distance(c, series))
    if names := source_line(c.data, sources, c.lang):
        parts.append(c.msg("alt.source", names=names))
    return (" " if c.lang == "en" else "").join(p for p in parts if p)


def describe_series(c: ChartContext, series: Series, *, gaps: bool = True) -> str:
    """Describe one series: first, last, highest, lowest, missing years; a single figure is just said.

    A smaller rank is a higher one. ``gaps`` names the years without a figure: only for charts that draw
    every year, others leave years out on purpose.
    """
    first, last = series.first, series.last

    def value(d: Datum) -> str:
        return c.fmt(d.value, series.unit)

    if len(series.data) == 1:
        return c.msg("alt.single", name=series.label, period=c.fmt_period(last.period), value=value(last))
    high, low = series.peak, min(series.data, key=lambda d: d.value)
    rise = last.value - first.value
    if series.unit == "rank":
        high, low, rise = low, max(series.data, key=lambda d: d.value), -rise
    words = c.msg(
        f"alt.series.{'up' if rise > 0 else 'down' if rise < 0 else 'flat'}", name=series.label,
        first=value(first), since=c.fmt_period(first.period),
        last=value(last), until=c.fmt_period(last.period),
    )  # fmt: skip
    for key, d in (("highest", high), ("lowest", low)):
        if d.period not in (first.period, last.period):
            words += c.msg(f"alt.{key}", value=value(d), period=c.fmt_period(d.period))
    words += c.msg("alt.stop")
    missing = _missing_years(c, series) if gaps else []
    return words + (c.msg("alt.missing", years=locale.join(missing, c.lang)) if missing else "")


def _missing_years(c: ChartContext, series: Series) -> list[str]:
    if any(len(d.period) != 4 for d in series.data):
        return []
    known = {int(d.period) for d in series.data}
    missing = [y for y in range(min(known), max(known)) if y not in known]
    runs = [[str(y) for _, y in run] for _, run in groupby(enumerate(missing), key=lambda p: p[1] - p[0])]
    return [c.fmt_span(run[0], run[-1]) for run in runs]


def _distance(c: ChartContext, series: Sequence[Series]) -> str:
    """Say how far Shenzhen and Hangzhou are apart in the last period both have, where both are shown."""
    pair = {s.id: s for s in series}
    a, b = pair.get("shenzhen"), pair.get("hangzhou")
    if a is None or b is None or a.unit != b.unit or a.unit in UNMEASURED:
        return ""
    values = {d.period: d for d in b.data}
    common = [(x, values[x.period]) for x in a.data if x.period in values]
    if not common:
        return ""
    x, y = common[-1]
    gap = c.fmt(abs(x.value - y.value), a.unit)
    return c.msg("alt.gap", a=a.label, b=b.label, period=c.fmt_period(x.period), gap=gap)
