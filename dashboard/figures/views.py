"""What the explorer shows: a state → a chart record, one function a view.

The browser draws the same records from the same payloads (``assets/js/explore/views.js``); a test compares
the two, mark by mark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from dashboard import locale
from dashboard.dataset import Dataset, Lang
from dashboard.explore import words
from dashboard.explore.panels import heat, multiples
from dashboard.explore.parts import (
    axis_for,
    breaks,
    hatched,
    key_of,
    line_marks,
    named,
    role,
    strong,
    time_axis,
    value_axis,
)
from dashboard.explore.select import Selection, Series, best_period, select
from dashboard.explore.state import State
from dashboard.figures import scales
from dashboard.figures.record import (
    Axis,
    Bar,
    Bars,
    Chart,
    Dots,
    Form,
    Line,
    Mark,
    Point,
    Rule,
    Table,
    Text,
    Tick,
    time_value,
)
from dashboard.locale import text


@dataclass(frozen=True)
class Drawn:
    """What a view adds to the record: axes, marks, a height of its own."""

    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    height: int | None = None
    log: bool = False
    at: int | None = None
    """The place of the one period shown, where the view chose it itself."""
    finding: tuple[str, dict[str, str | float]] | None = None


def view_chart(dataset: Dataset, state: State, lang: Lang, form: Form = "wide") -> Chart:
    """Return the chart record of a state; without any figure its ``empty`` says so."""
    selection = _one(dataset, state)
    shown = (
        selection,
        *(select(dataset, state, n) for n in range(1, len(state.indicators)) if selection.several),
    )
    at = best_period(selection)
    some = any(s.series for s in shown)
    drawn = VIEWS[state.view](dataset, shown, state, lang, form) if some else None
    log = bool(drawn and drawn.log)
    if drawn and drawn.at is not None:
        at = drawn.at
    title = words.title(dataset, selection, state, lang, at, drawn.finding if drawn else None)
    subtitle = words.subtitle(dataset, shown, state, lang, at, log)
    empty = "" if drawn and drawn.marks else _empty(dataset, state, lang)
    used = Counter(c.source_id for one in shown for s in one.series for c in s.cells if c is not None)
    return Chart(
        id="explore",
        lang=lang,
        title=title,
        subtitle=subtitle,
        x=drawn.x if drawn else Axis((0, 1)),
        y=drawn.y if drawn else Axis((0, 1)),
        marks=drawn.marks if drawn else (),
        alt=words.alternative_text(title, subtitle, shown, dataset, lang),
        table=table(dataset, shown, lang),
        sources=tuple(s for s, _ in sorted(used.items(), key=lambda p: (-p[1], p[0]))),
        notes=words.notes(dataset, shown, state, lang),
        form=form,
        height=drawn.height if drawn else None,
        empty=empty,
        meta={"view": state.view, "at": selection.periods[at] if at >= 0 else ""},
    )


def _one(dataset: Dataset, state: State) -> Selection:
    """Return the first indicator's selection; a pursuit leaves the pursued out."""
    selection = select(dataset, state)
    if state.view != "pursuit":
        return selection
    return replace(selection, series=tuple(s for s in selection.series if s.entity != state.reference))


def _empty(dataset: Dataset, state: State, lang: Lang) -> str:
    """Say that there is no figure, and for a single known gap what was looked for."""
    for gap in dataset.gaps:
        if gap.indicator_id in state.indicators and gap.entity_id in state.entities:
            return text("explorer.empty.gap", lang, what=gap.looked_for(lang))
    return text("explorer.empty", lang)


def table(dataset: Dataset, selections: Sequence[Selection], lang: Lang) -> Table:
    """Return the data shown: a row a period, a column a series, numbers as they are."""
    columns = [
        (one, s, dict(zip(one.periods, s.values, strict=True))) for one in selections for s in one.series
    ]
    head = (text("explorer.period", lang), *(words.whose(dataset, s, one, lang) for one, s, _ in columns))
    periods = sorted({p for one in selections for p in one.periods})
    rows = [(locale.period(p, lang), *(values.get(p) for _, _, values in columns)) for p in periods]
    return Table(head, tuple(r for r in rows if any(v is not None for v in r[1:])))


def one_axis(selections: Sequence[Selection], form: Form) -> bool:
    """Return whether several indicators may share an axis: one unit, one measure, and room to name each line.

    Others stand in a panel each: two scales on one chart would show a likeness that is not there.
    """
    alike = len({(s.unit, s.measure, s.indicator.frequency == "irregular") for s in selections}) == 1
    return len(selections) == 1 or (alike and form == "wide" and all(s.series for s in selections))


def _all_log(selections: Sequence[Selection], state: State) -> bool:
    """Return whether an axis that all share is logarithmic: the first wants it and all are above zero."""
    positive = all(v > 0 for one in selections for s in one.series for v in s.values if v is not None)
    return words.is_log(selections[0], state) and positive


def _flat(selections: Sequence[Selection]) -> list[tuple[Selection, Series]]:
    """Return every series with its selection; the two cities last, so that they lie on top."""
    return sorted(((one, s) for one in selections for s in one.series), key=lambda p: strong(p[1].entity))


def _joined(selections: Sequence[Selection]) -> Selection:
    """Return what an axis of all needs: every period, every series (their values keep their own places)."""
    periods = tuple(sorted({p for s in selections for p in s.periods}))
    return replace(selections[0], periods=periods, series=tuple(s for _, s in _flat(selections)))


def line(dataset: Dataset, shown: Shown, state: State, lang: Lang, form: Form) -> Drawn:
    """Lines over time, labels at their ends; figures of other sources as rings when asked for."""
    if not one_axis(shown, form):
        return _panels(dataset, shown, state, lang, form)
    log = _all_log(shown, state)
    marks: list[Mark] = []
    measure = shown[0].measure
    if measure in ("index", "ratio"):
        marks.append(Rule(None, 100, None, 100, "muted", "dot"))
    if measure == "change":
        marks.append(Rule(None, 0, None, 0, "muted"))
    told = named([s for _, s in _flat(shown)])
    for one, s in _flat(shown):
        marks += line_marks(dataset, one, s, state, lang, label=(s.entity, s.indicator) in told)
    if words.shows_alternatives(state, shown[0].measure):
        for one in shown:
            marks += _others(dataset, one, lang)
    whole = _joined(shown)
    y = value_axis(whole, lang, log, extra=_values(marks))
    return Drawn(time_axis(whole, lang, form), y, (*breaks(dataset, shown, lang, y), *marks), log=log)


def _others(dataset: Dataset, selection: Selection, lang: Lang) -> Iterable[Dots]:
    """Return what other documents say, as hollow points."""
    from dashboard.explore.compact import table as tables

    others = tables(dataset, selection.indicator.indicator_id).alternatives
    for s in selection.series:
        found = [
            Point(
                time_value(p), o.value,
                " · ".join((
                    words.whose(dataset, s, selection, lang), locale.period(p, lang),
                    locale.quantity(o.value, selection.indicator.unit, lang),
                    text("explorer.other_source", lang), words.publisher(dataset, o, lang),
                )),
                (o.key,),
            )
            for p in selection.periods for o in others.get((s.entity, p), ())
        ]  # fmt: skip
        if found:
            yield Dots(
                tuple(found),
                role(dataset, s.entity),
                size=6,
                symbol="ring",
                name=f"{key_of(s, selection)}:other",
            )


def _values(marks: Iterable[Mark]) -> list[float]:
    return [p.y for m in marks if isinstance(m, Dots) for p in m.points if p.y is not None]


def pursuit(dataset: Dataset, shown: Shown, state: State, lang: Lang, form: Form) -> Drawn:
    """Each entity as a share of the pursued, peaks marked with value and period."""
    selection = shown[0]
    marks: list[Mark] = [
        Rule(None, 100, None, 100, "shenzhen" if state.reference == "shenzhen" else "ink", "solid", 1.5)
    ]
    top = text("explorer.mark.reference", lang, ref=words.name(dataset, state.reference, lang))
    axis = time_axis(selection, lang, form)
    marks.append(Text(axis.domain[0], 100, top, "muted", "start", dx=4, dy=-9, size=11.5))
    told = named(selection.series)
    for s in sorted(selection.series, key=lambda s: strong(s.entity)):
        marks += line_marks(dataset, selection, s, state, lang, label=(s.entity, s.indicator) in told)
    peaks = [(max(v for v in s.values if v is not None), s) for s in selection.series]
    for peak, s in sorted(peaks, key=lambda p: -p[0])[: 3 if form == "wide" else 2]:
        k = s.values.index(peak)
        if k == s.points()[-1]:
            continue
        x = time_value(selection.periods[k])
        key = s.cells[k]
        marks.append(
            Dots((Point(x, peak, words.point_text(dataset, s, k, selection, lang),
                        (key.key,) if key else ()),),
                 role(dataset, s.entity), size=8, name=f"{s.entity}:peak", strong=True)
        )  # fmt: skip
        said = f"{locale.percent(peak, lang)} · {selection.periods[k]}"
        marks.append(Text(x, peak, said, role(dataset, s.entity), "middle", dy=-10, strong=True, size=11.5))
    y = value_axis(selection, lang, words.is_log(selection, state), extra=[0, 100])
    return Drawn(axis, y, (*breaks(dataset, shown, lang, y), *marks))


def slope(dataset: Dataset, shown: Shown, state: State, lang: Lang, form: Form) -> Drawn:
    """Two periods and the way between them: the first and the last that most have."""
    with_figures = [s for s in shown if s.series]
    spans = {tuple(one.periods[k] for k in words.common_ends(one)) for one in with_figures}
    if not one_axis(shown, form) or len(spans) > 1:
        ends = [_only(one, words.common_ends(one)) for one in with_figures]
        return _panels(dataset, ends, state, lang, form)
    log = _all_log(shown, state)
    marks: list[Mark] = []
    for one, s in _flat(shown):
        a, b = words.common_ends(one)
        first, last = s.values[a], s.values[b]
        if first is None or last is None or a == b:
            continue
        soft = any(hatched(s.cells[k]) for k in (a, b))
        points = tuple(
            Point(float(n), s.values[k], words.point_text(dataset, s, k, one, lang),
                  (c.key,) if (c := s.cells[k]) else ())
            for n, k in enumerate((a, b))
        )  # fmt: skip
        said = f"{words.whose(dataset, s, one, lang)} {words.amount(last, one, lang)}"
        marks.append(
            Line(points, role(dataset, s.entity), said, 3.0 if strong(s.entity) else 1.8,
                 "dash" if soft else "solid", strong(s.entity), markers=True, name=key_of(s, one))
        )  # fmt: skip
    ticks = tuple(Tick(float(n), locale.period(p, lang)) for n, p in enumerate(min(spans)))
    x = Axis((-0.03, 1.0), ticks, grid=True)
    whole = _joined([_only(one, words.common_ends(one)) for one in shown])
    return Drawn(x, value_axis(whole, lang, log), tuple(marks), log=log)


def _only(selection: Selection, places: tuple[int, ...]) -> Selection:
    """Return the selection at some places alone; who has nothing there is left out."""
    cut = (
        replace(s, values=tuple(s.values[k] for k in places), cells=tuple(s.cells[k] for k in places))
        for s in selection.series
    )
    series = tuple(s for s in cut if any(v is not None for v in s.values))
    return replace(selection, periods=tuple(selection.periods[k] for k in places), series=series)


def bar(dataset: Dataset, shown: Shown, state: State, lang: Lang, form: Form) -> Drawn:
    """Rank the entities at one period: the latest in range for which most have a figure."""
    lasts = [(one, best_period(one)) for one in shown]
    years = {one.periods[at] for one, at in lasts if at >= 0}
    if not one_axis(shown, form) or len(years) > 1:
        return _panels(dataset, shown, state, lang, form)
    first = shown[0]
    low = first.indicator.better == "lower" and first.unit == "rank"
    here = [(v, one, s, at) for one, at in lasts for s in one.series if (v := s.values[at]) is not None]
    here.sort(key=lambda p: (p[0] if low else -p[0], p[2].entity, p[1].indicator.indicator_id))
    whole = _joined([_only(one, (at,)) for one, at in lasts])
    log = _all_log([whole], state)
    axis = value_axis(whole, lang, log, zero=not log)
    base = axis.domain[0] if log else 0.0
    items = tuple(
        Bar(float(n), v, base, role(dataset, s.entity), words.amount(v, one, lang),
            words.point_text(dataset, s, at, one, lang), (c.key,) if (c := s.cells[at]) else (),
            "hatched" if hatched(s.cells[at]) else "solid")
        for n, (v, one, s, at) in enumerate(here)
    )  # fmt: skip
    rows = scales.categories(words.whose(dataset, s, one, lang) for _, one, s, _ in here)
    height = max(360 if form == "wide" else 330, 34 * len(items) + 70)
    return Drawn(axis, rows, (Bars(items, "h", 0.62, "bars"),), height, log)


def scatter(dataset: Dataset, shown_: Shown, state: State, lang: Lang, form: Form) -> Drawn:
    """First indicator over the second; the third is the points' area; with the way there if asked for."""
    selection = shown_[0]
    across = select(dataset, state, min(1, len(state.indicators) - 1), measure="value")
    sized = select(dataset, state, 2, measure="value") if len(state.indicators) > 2 else None
    xs = {s.entity: dict(zip(across.periods, s.values, strict=True)) for s in across.series}
    zs = {s.entity: dict(zip(sized.periods, s.values, strict=True)) for s in sized.series} if sized else {}
    periods = selection.periods
    both = [
        (
            k,
            [
                s
                for s in selection.series
                if s.values[k] is not None and xs.get(s.entity, {}).get(p) is not None
            ],
        )
        for k, p in enumerate(periods)
    ]
    most = max((len(found) for _, found in both), default=0)
    if not most:
        return Drawn(Axis((0, 1)), Axis((0, 1)), ())
    at, shown = [b for b in both if len(b[1]) == most][-1]
    marks: list[Mark] = []
    biggest = max((abs(z) for s in shown if (z := zs.get(s.entity, {}).get(periods[at]))), default=0.0)
    seen_x: list[float] = []
    seen_y: list[float] = []
    for s in shown:
        way = [
            Point(
                x,
                y,
                words.point_text(dataset, s, k, selection, lang),
                (c.key,) if (c := s.cells[k]) else (),
            )
            for k, p in enumerate(periods[: at + 1])
            if (y := s.values[k]) is not None and (x := xs[s.entity].get(p)) is not None
        ]
        if state.trail and len(way) > 1:
            marks.append(Line(tuple(way), role(dataset, s.entity), width=1.5, name=f"{s.entity}:trail"))
        end = way[-1]
        z = zs.get(s.entity, {}).get(periods[at])
        size = 6 + 26 * (abs(z) / biggest) ** 0.5 if z is not None and biggest else 10.0
        marks.append(
            Dots(
                (end,),
                role(dataset, s.entity),
                (words.name(dataset, s.entity, lang),),
                size,
                symbol="ring" if hatched(s.cells[at]) else "circle",
                strong=strong(s.entity),
                name=s.entity,
            )
        )
        kept = way if state.trail else [end]
        seen_x += [p.x for p in kept]
        seen_y += [p.y for p in kept if p.y is not None]
    log = words.is_log(selection, state) and min(seen_x) > 0
    across_axis = axis_for(
        seen_x,
        across.unit,
        lang,
        log and across.indicator.scale == "log",
        words.named(dataset, across, state, lang),
    )
    up_axis = axis_for(seen_y, selection.unit, lang, log, words.named(dataset, selection, state, lang))
    top_y = max(shown, key=lambda s: s.values[at] or 0.0).entity
    top_x = max(shown, key=lambda s: xs[s.entity][periods[at]] or 0.0).entity
    found: dict[str, str | float] = {
        "a": top_y, "b": top_x, "indicator": selection.indicator.indicator_id,
        "other": across.indicator.indicator_id, "period": periods[at],
    }  # fmt: skip
    key = "scatter_same" if top_x == top_y else "scatter"
    return Drawn(
        across_axis, up_axis, tuple(marks), log=log, at=at, finding=(key, found) if len(shown) > 1 else None
    )


def _heat(dataset: Dataset, shown: Shown, state: State, lang: Lang, form: Form) -> Drawn:
    x, y, marks, height, found = heat(dataset, shown[0], state, lang, form)
    return Drawn(x, y, marks, height, finding=found)


def _panels(dataset: Dataset, shown: Shown, state: State, lang: Lang, form: Form) -> Drawn:
    x, y, marks, height, log = multiples(dataset, shown, state, lang, form)
    return Drawn(x, y, marks, height, log)


Shown = Sequence[Selection]
VIEWS: dict[str, Callable[[Dataset, Shown, State, Lang, Form], Drawn]] = {
    "line": line, "slope": slope, "bar": bar, "scatter": scatter, "heat": _heat, "multiples": _panels,
    "pursuit": pursuit, "table": line,
}  # fmt: skip
