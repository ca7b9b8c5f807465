"""What the browser gets for a state: the figure and its words first, points on request."""

import math
import re
from typing import Any

from markupsafe import Markup

from dashboard import locale, pictures
from dashboard.claims.record import essay
from dashboard.claims.sentences import proposition
from dashboard.dataset import Dataset, Lang
from dashboard.explore import notes
from dashboard.explore.events import events_on
from dashboard.explore.parse import Rejected
from dashboard.explore.record import draw
from dashboard.explore.select import Context, Selection
from dashboard.explore.state import State, default_scale, parameters, to_query
from dashboard.explore.transforms import available_transforms
from dashboard.figures.layout import place
from dashboard.figures.plotly import to_plotly
from dashboard.figures.points import series_of
from dashboard.figures.record import Chart, Form
from dashboard.figures.source_line import source_line
from dashboard.figures.theme import SERIES, Theme, text_role
from dashboard.locale import text
from dashboard.type.text import isolated

SIZES: dict[int, tuple[Form, int]] = {920: ("wide", 490), 680: ("wide", 430), 358: ("narrow", 400)}
"""Widths at which charts are laid out, in CSS pixels, with form and height: a desk, a tablet, a phone.

The page scales the one nearest to its room, so that three answers serve every screen and caches hold them.
"""
MAX_FRAMES = 60
"""Periods that a player stops at, at most."""
PLAYER_COVERAGE = 0.8
"""The part of the series that has to have figures where a player begins."""


def size_of(chart: Chart, width: int) -> tuple[int, int]:
    return width, chart.height or SIZES[width][1]


def chart_answer(dataset: Dataset, state: State, lang: Lang, width: int, theme: Theme) -> dict[str, Any]:
    """Return ``{query, title, finding, subtitle, alt, empty, notes, sources, form, size, figure, labels}``.

    ``finding`` is the title as HTML that breaks at no name or number, ``labels`` SVG of every word in the
    chart, placed for ``size``; ``form`` what the controls show.
    """
    context = Context(dataset, state, lang, SIZES[width][0], with_texts=False)
    chart = draw(context)
    size = size_of(chart, width)
    drawn = not chart.empty and state.view != "table"
    figure = to_plotly(chart, theme, *size, labels=False) if drawn else {}
    figures = sum(len(s.values) for one in context.selections for s in one.series)
    return {
        "query": to_query(state),
        "title": isolated(chart.title),
        "finding": title_markup(context, chart.title),
        "subtitle": chart.subtitle,
        "alt": chart.alt,
        "empty": chart.empty,
        "notes": chart.notes,
        "announcement": text("explorer.changed", lang, title=chart.title, n=figures),
        "sources": source_line(dataset, chart.sources, lang),
        "form": form(context),
        "size": size,
        "figure": {"data": figure["data"], "layout": figure["layout"]} if drawn else None,
        "labels": pictures.labels(place(chart, *size)) if drawn else "",
    }


_AMOUNT = (
    r"(?:[A-Z]{3} )?[+−]?[0-9][0-9.,]*%?"
    r"(?: ?(?:trillion|billion|million|times|[万亿兆億萬元美倍年月日人个個家项項件辆輛]+))?"
)


def title_markup(context: Context, title: str) -> Markup:
    """Return a title as HTML in which names and amounts are not torn apart at the end of a line."""
    title = isolated(title)
    state, indicators = context.state, context.dataset.indicators
    known = {context.name(e) for e in (*state.entities, state.reference)}
    known |= {indicators[i].name(context.lang) for i in state.indicators}
    short = sorted((n for n in known if 1 < len(n) < 13 and n in title), key=lambda n: (-len(n), n))
    parts = re.split("(" + "|".join([*map(re.escape, short), _AMOUNT]) + ")", title)
    return Markup("").join(
        Markup('<span class="nw">{}</span>').format(part) if n % 2 else part for n, part in enumerate(parts)
    )


# -- controls -----------------------------------------------------------------------------------------


def form(context: Context) -> dict[str, Any]:
    """Return what the controls show: parameters, what is offered, the span, where a player stops."""
    first, view, state = context.selections[0], context.view, context.state
    indicator, in_range, every = first.indicator, first.in_range, first.every_period
    return {
        "parameters": {"v": state.view, "m": state.measure, **parameters(state)},
        "reference": state.reference,
        "available": available_transforms(indicator, context.dataset),
        "scale": state.scale or default_scale(indicator.scale, state.measure, state.view),
        "low": every.index(in_range[0]) if in_range else 0,
        "high": every.index(in_range[-1]) if in_range else max(0, len(every) - 1),
        "single": view.shows == "period" and not state.trail,
        "brush": view.shows == "span" and len(in_range) > 2 and not view.min_indicators > 1,
        "fixed": view.fixed,
        "pair": view.min_indicators > 1,
        "events": bool(events_on(context)),
        "alternatives": notes.shows_alternatives(state, state.measure, offered=True),
        "colours": {e: role for e, role in first.colours.items() if role in SERIES},
        "frames": _frames(first),
        "counts": list(first.counts.values()),
        "all": first.with_data,
        "base": _base_of_all(first, context.lang) if first.counts and first.without_base else None,
    }


def _frames(selection: Selection) -> list[str]:
    """Return the periods that a player stops at: from where most have a figure on."""
    full = PLAYER_COVERAGE * len(selection.series)
    start = next((p for p, n in selection.coverage.items() if n and n >= full), "")
    usable = [p for p, n in selection.coverage.items() if n and p >= start]
    return usable[:: -math.ceil(len(usable) / MAX_FRAMES) or -1][::-1]


def _base_of_all(selection: Selection, lang: Lang) -> dict[str, str] | None:
    """Return the period nearest to an index's own at which as many as ever could start."""
    every, most = selection.every_period, max(selection.counts.values(), default=0)
    full = [p for p in selection.in_range if selection.counts[p] == most]
    if not full or selection.base not in every or selection.base in full:
        return None
    nearest = min(full, key=lambda p: abs(every.index(p) - every.index(selection.base)))
    label = locale.period(nearest, lang)
    return {"period": nearest, "label": text("explorer.base.all", lang, period=label, n=str(most))}


def lists(dataset: Dataset, indicator_id: str, lang: Lang) -> dict[str, Any]:
    have = dataset.entities_with(indicator_id, doubtful=False)
    return {
        "periods": [(p, locale.period(p, lang)) for p in dataset.periods_of(indicator_id)],
        "have": have,
        "available": available_transforms(dataset.indicators[indicator_id], dataset),
        "claims": [  # that read the indicator: the way back to the essay
            (c.claim_id, proposition(c, dataset, lang))
            for c in essay(dataset).claims.values() if indicator_id in c.indicators
        ],
        "references": [(e, dataset.entities[e].name(lang)) for e in have],
    }  # fmt: skip


# -- what is asked for when it is wanted ------------------------------------------------------------------


def points_answer(dataset: Dataset, state: State, lang: Lang, width: int) -> dict[str, Any]:
    """Return every point where it is drawn: what it says, the observations it stands on, its value.

    A series is as in ``/api/v1/figures/….points.json``, with the value as a fifth item; ``names`` and
    ``colours`` say whose it is; ``periods`` names the columns by their pixel.
    """
    context = Context(dataset, state, lang, SIZES[width][0])
    chart = draw(context)
    wide, high = size_of(chart, width)
    found = [] if chart.empty else list(series_of(chart, wide, high))
    columns: dict[str, str] = {}
    if context.view.shows == "span":
        for _, _, spots in found:
            for x, _, _, keys, _ in spots:
                if keys:
                    columns.setdefault(f"{x:.1f}", keys[0].split("|")[2])
    return {
        "width": wide,
        "height": high,
        "series": [spots for _, _, spots in found],
        "names": [_named(context, name) for name, _, _ in found],
        "colours": [text_role(colour) for _, colour, _ in found],
        "periods": {x: [p, locale.period(p, lang)] for x, p in columns.items()},
    }


def _named(context: Context, mark: str) -> str:
    entity, _, rest = mark.partition(":")
    name, indicators = context.name(entity), context.dataset.indicators
    return f"{name} · {indicators[rest].name(context.lang)}" if rest in indicators else name


def open_documents(dataset: Dataset, state: State) -> list[str]:
    """Return the keys of the observations behind the point whose documents are open, ``|`` between parts."""
    entity, _, period = state.selected_point.partition(".")
    found = (dataset.value(i, entity, period) for i in state.indicators)
    return ["|".join(o.key) for o in found if o is not None]


def refused(state: State, dropped: list[Rejected]) -> dict[str, Any]:
    pieces = [piece._asdict() for piece in dropped]
    return {"error": "this state cannot be drawn", "dropped": pieces, "query": to_query(state)}
