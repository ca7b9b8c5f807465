"""No public figure: a card of text that says what was looked for, and where."""

from __future__ import annotations

from dashboard.claims.finding import Finding
from dashboard.claims.record import essay
from dashboard.figures.record import Axis, Chart, Table
from dashboard.figures.scene import Scene


def draw(s: Scene, finding: Finding, title: str, subtitle: str) -> Chart:
    """Write the search that found nothing; there is nothing to draw."""
    claim = essay(s.data).claims.get(s.figure)
    gaps = [
        g
        for g in s.data.gaps
        if claim and g.entity_id in claim.entities and g.indicator_id in claim.indicators
    ]
    newest = max(gaps, key=lambda g: g.looked_on, default=None)
    looked = s.say("join.semicolon").join(g.looked_for(s.lang) for g in gaps)
    words = s.say("empty", what=looked) if looked else s.say("none")
    columns = ("entity", "looked_for", "looked_in", "looked_on")
    rows = tuple((s.name(g.entity_id), g.looked_for(s.lang), g.looked_in(s.lang), g.looked_on) for g in gaps)
    return Chart(
        id=s.figure,
        lang=s.lang,
        title=title,
        subtitle=s.say("none"),
        x=Axis((0.0, 1.0), grid=False),
        y=Axis((0.0, 1.0), grid=False),
        marks=(),
        alt=f"{title} {words}",
        table=Table(tuple(s.say(f"column.{c}") for c in columns), rows),
        notes=(s.say("looked_in", where=newest.looked_in(s.lang), on=s.per(newest.looked_on)),)
        if newest
        else (),
        form=s.form,
        empty=words,
        height=200,
    )
