"""The explorer's page: complete HTML first, then Dash draws the same figure with interaction."""

from base64 import b64encode
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from dash import Dash
from flask import Response

from dashboard import locale
from dashboard.dataset import Dataset, Lang
from dashboard.dataset.records import vocabulary
from dashboard.explore import answer, callbacks, notes, views
from dashboard.explore.parse import MAX_INDICATORS, Rejected, parse
from dashboard.explore.presets import groups, presets, provinces
from dashboard.explore.record import view_chart
from dashboard.explore.select import Context
from dashboard.explore.state import State, default_scale, to_query
from dashboard.explore.transforms import available_transforms
from dashboard.figures.record import FORMS
from dashboard.figures.source_line import source_line
from dashboard.links import address
from dashboard.pages.catalogue import DOMAINS
from dashboard.pages.dash_scripts import dash_config, register_scripts
from dashboard.pages.explore_answers import data_values, query, version
from dashboard.pages.figureview import drawing
from dashboard.paths import ASSETS
from dashboard.site import Site, add_page

MOST_NAMED = 12
"""Pieces of an address named as left out; of a hostile one there may be hundreds."""
KINDS = vocabulary("entities", "kind")


def register_dash(app: Dash, site: Site) -> None:
    callbacks.register(app)
    scripts = register_scripts(app, site)

    def page() -> Response:
        state, dropped = parse(query(), site.dataset)

        def values(lang: Lang) -> dict[str, Any]:
            return {
                **page_values(site.dataset, state, lang),
                "warnings": _warnings(site.dataset, state, dropped, lang),
                "dash": address(scripts()),
                "dash_config": dash_config(app),
            }

        return site.page("explore.html", values, to_query(state), str(dropped))

    add_page(app.server, "/explore", page)


def _warnings(dataset: Dataset, state: State, dropped: list[Rejected], lang: Lang) -> list[str]:
    def printable(text: str) -> str:
        return "".join(c if c.isprintable() else "\ufffd" for c in text)

    out = []
    if dropped:
        items = [
            locale.text("explorer.dropped.item", lang, name=printable(d.name), value=printable(d.value))
            for d in dropped[:MOST_NAMED]
        ]
        items += ["…"] if len(dropped) > MOST_NAMED else []
        joined = locale.text("explorer.sub.list", lang).join(items)
        out.append(locale.text("explorer.dropped", lang, items=joined))
    if state.version and not dataset.version.startswith(state.version):
        out.append(locale.text("explorer.version", lang, old=state.version, new=dataset.version[:8]))
    return out


def page_values(dataset: Dataset, state: State, lang: Lang) -> dict[str, Any]:
    charts = {form: view_chart(dataset, state, lang, form) for form in FORMS}
    pictures = []
    for name, (width, (form, _)) in zip(("wide", "middle", "slim"), answer.SIZES.items(), strict=True):
        size = answer.size_of(charts[form], width)
        drawn = charts[form].marks and not charts[form].empty
        pictures.append((name, *size, drawing(charts[form], *size) if drawn else ""))
    chart, indicator = charts["wide"], dataset.indicators[state.indicators[0]]
    context = Context(dataset, state, lang)
    form_values = answer.form(context)
    short = to_query(replace(state, version="", selected_point=""))
    config = {
        "version": version(dataset), "dataset": dataset.version, "brand": locale.text("pages.brand", lang),
        "query": to_query(replace(state, version="")),
        "open_documents": answer.open_documents(dataset, state),
        "form": form_values,
    }  # fmt: skip
    chosen = {e: n for n, e in enumerate(state.entities)}
    icon = b64encode((ASSETS / "favicon.svg").read_bytes()).decode()
    return {
        **data_values(dataset, chart, state, lang),
        "state": state,
        "pictures": pictures,
        "query": short,
        "keep": parse_qsl(to_query(state)),
        "available": available_transforms(indicator, dataset),
        "scale": state.scale or default_scale(indicator.scale, state.measure, state.view),
        "views": [(name, views.view(name)) for name in views.names()],
        "view": views.view(state.view),
        "form": form_values,
        "lists": answer.lists(dataset, indicator.indicator_id, lang),
        "finding": answer.title_markup(context, chart.title),
        "alternatives": notes.shows_alternatives(state, state.measure, offered=True),
        "presets": [(key, q, q == short) for key, q in presets(dataset)],
        "domains": _domains(dataset, lang),
        "rows_picked": min(MAX_INDICATORS, len(state.indicators) + 1),
        "entities": sorted(
            dataset.entities.values(), key=lambda e: (chosen.get(e.entity_id, 999), KINDS.index(e.kind))
        ),
        "have": set(dataset.entities_with(indicator.indicator_id, doubtful=False)),
        "groups": groups(dataset, lang),
        "provinces": provinces(dataset, lang),
        "sources": source_line(dataset, chart.sources, lang),
        "config": config,
        "version_key": version(dataset),
        # a data address: a file would be asked for at each change of address
        "icon": f"data:image/svg+xml;base64,{icon}",
    }


def _domains(dataset: Dataset, lang: Lang) -> list[tuple[str, list[tuple[str, str]]]]:
    known = [i for i in dataset.indicators.values() if dataset.periods_of(i.indicator_id)]
    domains = [(d, [(i.indicator_id, i.name(lang)) for i in known if i.domain == d]) for d in DOMAINS]
    return [(d, members) for d, members in domains if members]
