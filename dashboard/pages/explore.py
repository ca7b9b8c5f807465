"""The explorer's page: complete HTML first, then Dash draws the same figure with interaction."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from dash import Dash
from flask import Response
from markupsafe import Markup

from dashboard import locale, pictures
from dashboard.dataset import Dataset, Lang
from dashboard.dataset.records import vocabulary
from dashboard.explore import answer, callbacks, notes, views
from dashboard.explore.parse import MAX_INDICATORS, Rejected, parse
from dashboard.explore.presets import groups, presets, provinces
from dashboard.explore.record import view_chart
from dashboard.explore.select import Context
from dashboard.explore.state import State, default_scale, to_query
from dashboard.explore.transforms import available_transforms
from dashboard.figures.record import Chart
from dashboard.figures.source_line import source_line
from dashboard.figures.theme import entity_role
from dashboard.links import address
from dashboard.pages.dash_scripts import DashScripts, dash_config
from dashboard.pages.explore_common import data_values, query, version
from dashboard.paths import ASSETS
from dashboard.site import Site, add_page

MOST_NAMED = 12
"""Pieces of an address named as left out; of a hostile one there may be hundreds."""
KINDS = vocabulary("entities", "kind")
DOMAINS = ("economy", "people", "innovation", "housing", "company", "attention")


def register_dash(app: Dash, site: Site) -> None:
    callbacks.register(app)
    add_page(app.server, "/explore", "explore", lambda: _page(app, site))
    scripts = DashScripts(app, site)
    scripts.register()
    app.server.extensions["pursuit_dash_scripts"] = scripts


def _page(app: Dash, site: Site) -> Response:
    lang = site.lang()
    state, dropped = parse(query(), site.dataset)
    key = ("explore", to_query(state), str(dropped), lang)

    def make() -> bytes:
        values = page_values(app, site, state, lang)
        warnings = _warnings(site.dataset, state, dropped, lang)
        return site.html("explore.html", lang, **values, warnings=warnings, path="/explore").encode()

    response = site.send(key, make, "text/html; charset=utf-8")
    response.headers["Content-Language"] = lang
    return response


def _shown(text: str) -> str:
    """Return a piece of somebody's address with a sign for what cannot be seen."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _warnings(dataset: Dataset, state: State, dropped: list[Rejected], lang: Lang) -> list[str]:
    out = []
    if dropped:
        items = [
            locale.text("explorer.dropped.item", lang, name=_shown(d.name), value=_shown(d.value))
            for d in dropped[:MOST_NAMED]
        ]
        items += ["…"] if len(dropped) > MOST_NAMED else []
        joined = locale.text("explorer.sub.list", lang).join(items)
        out.append(locale.text("explorer.dropped", lang, items=joined))
    if state.version and not dataset.version.startswith(state.version):
        out.append(locale.text("explorer.version", lang, old=state.version, new=dataset.version[:8]))
    return out


def page_values(app: Dash, site: Site, state: State, lang: Lang) -> dict[str, Any]:
    dataset = site.dataset
    charts = {form: view_chart(dataset, state, lang, form) for form in ("wide", "narrow")}
    pictures_ = [
        (name, w, answer.size_of(charts[answer.SIZES[w][0]], w)[1], _drawing(charts[answer.SIZES[w][0]], w))
        for name, w in zip(("wide", "middle", "slim"), answer.SIZES, strict=True)
    ]
    chart, indicator = charts["wide"], dataset.indicators[state.indicators[0]]
    context = Context(dataset, state, lang)
    short = to_query(replace(state, version="", selected_point=""))
    have = set(dataset.entities_with(indicator.indicator_id, doubtful=False))
    today = version(dataset)
    config = {
        "version": today, "dataset": dataset.version, "brand": locale.text("pages.brand", lang),
        "query": to_query(replace(state, version="")),
        "open_documents": answer.open_documents(dataset, state),
        "form": answer.form(context),
    }  # fmt: skip
    return {
        **data_values(dataset, chart, state, lang),
        "state": state,
        "pictures": pictures_,
        "query": short,
        "keep": parse_qsl(to_query(state)),
        "available": available_transforms(indicator, dataset),
        "scale": state.scale or default_scale(indicator.scale, state.measure, state.view),
        "views": [(name, views.view(name)) for name in views.names()],
        "view": views.view(state.view),
        "form": config["form"],
        "lists": answer.lists(dataset, indicator.indicator_id, lang),
        "finding": answer.title_markup(context, chart.title),
        "alternatives": notes.shows_alternatives(state, state.measure, offered=True),
        "presets": [(key, q, q == short) for key, q in presets(dataset)],
        "domains": _domains(dataset, lang),
        "rows_picked": min(MAX_INDICATORS, len(state.indicators) + 1),
        "entities": _entities(dataset, state, have, lang),
        "groups": groups(dataset, lang),
        "provinces": provinces(dataset, lang),
        "sources": source_line(dataset, chart.sources, lang),
        "config": json.dumps(config, ensure_ascii=True).replace("<", "\\u003c"),
        "version_key": today,
        "icon": _icon(),
        "dash": address(app.server.extensions["pursuit_dash_scripts"].url),
        "dash_config": dash_config(app),
    }


@cache
def _icon() -> str:
    """Return the site's mark as a data address: a file would be asked for at each change of address."""
    return "data:image/svg+xml;base64," + b64encode((ASSETS / "favicon.svg").read_bytes()).decode()


def _drawing(chart: Chart, width: int) -> Markup:
    if chart.empty or not chart.marks:
        return Markup("")
    width, height = answer.size_of(chart, width)
    return Markup(pictures.svg(chart, css=True, width=width, height=height))  # noqa: S704  (escapes)


def _domains(dataset: Dataset, lang: Lang) -> list[tuple[str, list[tuple[str, str]]]]:
    out: dict[str, list[tuple[str, str]]] = {}
    for i in dataset.indicators.values():
        if dataset.periods_of(i.indicator_id):
            out.setdefault(i.domain, []).append((i.indicator_id, i.name(lang)))
    return [(d, out[d]) for d in sorted(out, key=lambda d: DOMAINS.index(d) if d in DOMAINS else 9)]


def _entities(dataset: Dataset, state: State, have: set[str], lang: Lang) -> list[dict[str, Any]]:
    chosen = {e: n for n, e in enumerate(state.entities)}
    out = [
        {
            "id": e.entity_id, "name": e.name(lang), "kind": e.kind,
            "role": entity_role(e.entity_id, e.city_id),
            "checked": e.entity_id in chosen, "has": e.entity_id in have,
        }
        for e in dataset.entities.values()
    ]  # fmt: skip
    return sorted(
        out, key=lambda e: (chosen.get(e["id"], 999), KINDS.index(e["kind"]) if e["kind"] in KINDS else 9)
    )
