"""No public figure: a card of text that says what was looked for, and where."""

from dashboard.claims.finding import Finding
from dashboard.claims.record import essay
from dashboard.figures.chart_context import ChartContext
from dashboard.figures.record import Axis, Chart, Table


def draw(c: ChartContext, finding: Finding) -> Chart:
    claim = essay(c.data).claims.get(c.figure)
    tested = (claim.entities, claim.indicators) if claim else ((), ())
    gaps = [g for g in c.data.gaps if g.entity_id in tested[0] and g.indicator_id in tested[1]]
    newest = max(gaps, key=lambda g: g.looked_on, default=None)
    looked = c.msg("join.semicolon").join(g.looked_for(c.lang) for g in gaps)
    words = c.msg("empty", what=looked) if looked else c.msg("none")
    columns = ("entity", "looked_for", "looked_in", "looked_on")
    rows = tuple((c.name(g.entity_id), g.looked_for(c.lang), g.looked_in(c.lang), g.looked_on) for g in gaps)
    notes = newest and [c.msg("looked_in", where=newest.looked_in(c.lang), on=c.fmt_period(newest.looked_on))]
    return Chart(
        id=c.figure,
        lang=c.lang,
        title=c.title.rstrip(".。"),
        subtitle=c.msg("none"),
        x=Axis((0.0, 1.0), grid=False),
        y=Axis((0.0, 1.0), grid=False),
        marks=(),
        alt=f"{c.title} {words}",
        table=Table(tuple(c.msg(f"column.{name}") for name in columns), rows),
        notes=tuple(notes or ()),
        form=c.form,
        empty=words,
        height=200,
    )
