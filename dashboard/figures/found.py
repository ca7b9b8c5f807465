"""A finding as a chart: its type by name, its series with their documents, its title and subtitle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dashboard.claims.evidence import Figure
from dashboard.claims.find import find
from dashboard.claims.finding import Finding, Row, Trace
from dashboard.claims.record import Claim, essay
from dashboard.claims.words import phrase, proposition, said
from dashboard.dataset import Dataset, Lang
from dashboard.figures.record import Chart, Form
from dashboard.figures.scene import Scene
from dashboard.figures.series import Datum, Series
from dashboard.locale import unit_name


def draw(claim: Claim, finding: Finding, dataset: Dataset, lang: Lang, form: Form = "wide") -> Chart:
    """Draw what was found for a claim; pure."""
    from dashboard.figures.types import types  # here, since the types import the helpers below

    scene = Scene(claim.claim_id, dataset, lang, form)
    name = finding.chart if finding.rows or finding.traces else "card"
    title = said(claim, finding, dataset, lang, "title").text
    own = claim.text("subtitle", lang)
    subtitle = phrase(own, finding.numbers, dataset, lang).text if own else measure(scene, finding, name)
    chart: Chart = types()[name].draw(scene, finding, title, subtitle)
    return replace(chart, meta={"claim": claim.claim_id, "outcome": finding.outcome})


def nothing(figure_id: str, dataset: Dataset, lang: Lang, form: Form = "wide") -> Chart:
    """Return the card that stands in for a claim's chart: its proposition, and what was searched."""
    from dashboard.figures.types import card

    claim = essay(dataset).claims.get(figure_id)
    title = proposition(claim, dataset, lang) if claim else figure_id
    return card.draw(Scene(figure_id, dataset, lang, form), Finding("no_public_data", {}), title, "")


def opening(dataset: Dataset) -> tuple[Claim, Finding] | None:
    """Return the record of the opening chart and what it finds, once per dataset; ``None`` without one."""
    claim = essay(dataset).opening
    if claim is None:
        return None
    return claim, dataset.once("opening", lambda: find(claim, dataset, claim.parts))


def measure(scene: Scene, finding: Finding, kind: str = "") -> str:
    """Say what is drawn: the measures, their unit, the span of the periods."""
    figures = [f for r in finding.rows for f in (r.figure, r.before) if f is not None]
    figures += [f for t in finding.traces for f in t.figures]
    used = [o for f in figures for o in f.used]
    drawn: list[Row | Trace] = [*finding.rows, *finding.traces]
    names = dict.fromkeys(r.indicator for r in drawn if r.indicator)
    units = dict.fromkeys(f.unit for f in figures)
    periods = sorted(o.period for o in used) or [""]
    measured = scene.join([scene.indicator(i) for i in names]) if len(names) <= 2 else ""
    unit = unit_name(next(iter(units)), scene.lang) if len(units) == 1 else ""
    if kind in ("arrows", "index") or unit in ("year", "event"):
        unit = ""
    span = scene.span(*(scene.per(p) for p in (periods[0], periods[-1])))
    how = scene.say(f"how.{kind}")
    return scene.say("join.comma").join(x for x in (measured, how, unit, span) if x)


def datum(figure: Figure, period: str = "") -> Datum:
    """Return a figure as a datum; a ratio is drawn in percent."""
    value = 100 * figure.value if figure.unit == "" else figure.value
    return Datum(period or figure.period, value, figure.used)


def unit_of(figure: Figure) -> str:
    """Return the unit in which a figure is drawn."""
    return figure.unit or "%"


def name_of(scene: Scene, entity: str) -> str:
    """Return the name of one entity, or of several together."""
    return scene.names(entity.split())


def series(scene: Scene, of: Trace | Row, figures: Iterable[Figure], label: str = "") -> Series:
    """Return figures as a series in the colour of their entity; with a label of its own where given."""
    found = tuple(figures)
    first = of.entity.split()[0] if of.entity else ""
    return Series(
        id=of.entity.replace(" ", "_"),
        label=label or name_of(scene, of.entity),
        colour=scene.role(first),
        unit=unit_of(found[0]) if found else "",
        data=tuple(datum(f) for f in found),
        strong=of.strong,
    )


def measured_label(scene: Scene, item: Trace | Row, items: Sequence[Trace | Row]) -> str:
    """Return a label that tells an item from the others: by entity, by measure, or by both."""
    entities, indicators = {i.entity for i in items}, {i.indicator for i in items}
    name, what = name_of(scene, item.entity), scene.brief(item.indicator, always=True)
    if len(entities) > 1 and len(indicators) > 1:
        return scene.say("of_measure", name=name, measure=what)
    return what if len(indicators) > 1 else name


def absent(scene: Scene, finding: Finding) -> list[str]:
    """Return the note that names whoever has no public figure."""
    drawn = {r.entity for r in finding.rows if r.figure is not None}
    lacking = [r.entity for r in finding.rows if r.figure is None and r.entity not in drawn]
    lacking += finding.numbers["absent"].text.split() if "absent" in finding.numbers else []
    return [scene.say("absent", names=scene.names(dict.fromkeys(lacking)))] if lacking else []
