"""A finding as a chart: its type by name, its series with their documents, its title and subtitle."""

from collections.abc import Sequence
from dataclasses import replace

from dashboard import locale
from dashboard.claims.dataset_view import Quantity
from dashboard.claims.find import find
from dashboard.claims.finding import Finding, Row, Trace
from dashboard.claims.record import Claim, essay
from dashboard.claims.sentences import finding_sentence, format_message, proposition
from dashboard.dataset import Dataset, Lang
from dashboard.figures.chart_context import ChartContext
from dashboard.figures.record import Chart, Form
from dashboard.figures.series import Datum, Series

ROWS = frozenset({"arrows", "bars", "board"})
"""Chart types that draw the rows of a finding; the others draw its traces."""
NAMED_BY_MEASURE = {
    "applications", "articles", "companies", "count", "enterprises", "event", "institutions", "models",
    "patents", "persons", "rank", "robots", "services", "stars", "titles", "units", "vehicles", "year",
}  # fmt: skip
"""Units that a measure's own name says: employees are people."""


def draw(
    claim: Claim, finding: Finding, dataset: Dataset, lang: Lang, form: Form = "wide", title: str = ""
) -> Chart:
    from dashboard.figures.types import TYPES  # here, since the types import the helpers below

    title = title or finding_sentence(claim, finding, dataset, lang, "title").text
    context = ChartContext(claim.claim_id, dataset, lang, form, title)
    name = finding.chart if finding.rows or finding.traces else "card"
    subtitle = format_message(claim.text("subtitle", lang), finding.numbers, dataset, lang).text
    subtitle = subtitle or what_is_drawn(context, finding, name)
    chart: Chart = TYPES[name].draw(replace(context, subtitle=subtitle), finding)
    return replace(chart, meta={"claim": claim.claim_id, "outcome": finding.outcome})


def nothing(figure_id: str, dataset: Dataset, lang: Lang, form: Form = "wide") -> Chart:
    from dashboard.figures.types import card

    claim = essay(dataset).claims.get(figure_id)
    title = proposition(claim, dataset, lang) if claim else figure_id
    return card.draw(ChartContext(figure_id, dataset, lang, form, title), Finding("no_public_data", {}))


def opening(dataset: Dataset) -> tuple[Claim, Finding] | None:
    """Return the record of the opening chart and what it finds, once per dataset; ``None`` without one."""
    claim = essay(dataset).opening
    if claim is None:
        return None
    return claim, dataset.once("opening", lambda: find(claim, dataset, claim.parts))


def what_is_drawn(context: ChartContext, finding: Finding, kind: str) -> str:
    """Say what is drawn: the measures, their unit, the span of the periods."""
    drawn: Sequence[Row | Trace] = finding.rows if kind in ROWS else finding.traces
    figures = finding.figures if kind in ROWS else [q for t in finding.traces for q in t.figures]
    names = dict.fromkeys(r.indicator for r in drawn)
    measured = locale.join([context.indicator(i) for i in names], context.lang) if len(names) <= 2 else ""
    unit, *others = {q.unit for q in figures} or {""}
    if others or kind in ("arrows", "index") or unit in NAMED_BY_MEASURE:
        unit = ""
    periods = sorted(q.period for q in figures) or [""]
    span = context.fmt_span(context.fmt_period(periods[0]), context.fmt_period(periods[-1]))
    words = (measured, locale.unit_name(unit, context.lang), span)
    what = locale.text("explorer.sub.comma", context.lang).join(w for w in words if w)
    return context.msg("join.semicolon").join(w for w in (what, context.msg(f"how.{kind}")) if w)


def series(context: ChartContext, of: Trace | Row, figures: Sequence[Quantity], label: str = "") -> Series:
    """Return figures as a series in the colour of their entity; a ratio is drawn in percent."""
    entities = of.entity.split()
    return Series(
        id=of.entity.replace(" ", "_"),
        label=label or context.names(entities),
        colour=context.role(entities[0]),
        unit=figures[0].unit or "%",
        data=tuple(Datum(q.period, q.value if q.unit else 100 * q.value, q.used) for q in figures),
        strong=of.strong,
    )


def measured_label(context: ChartContext, item: Trace | Row, items: Sequence[Trace | Row]) -> str:
    """Return a label that tells an item from the others: by entity, by measure, or by both."""
    entities, indicators = {i.entity for i in items}, {i.indicator for i in items}
    name = context.names(item.entity.split())
    measure = context.short_indicator(item.indicator, always=True)
    if len(entities) > 1 and len(indicators) > 1:
        return context.msg("of_measure", name=name, measure=measure)
    return measure if len(indicators) > 1 else name
