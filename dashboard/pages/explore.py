"""The explorer: complete HTML first, then plotly, then Dash — each adds, none replaces."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from dash import ClientsideFunction, Dash, Input, Output, dcc
from dash.development.base_component import Component
from flask import Response, abort, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from dashboard import locale, pictures, safe_csv, vocabulary
from dashboard.dataset import LANGS, Dataset, Lang
from dashboard.explore import catalogue, compact, words
from dashboard.explore.offers import POPULATIONS, RATES, deflator_for, offers
from dashboard.explore.parts import role
from dashboard.explore.presets import presets
from dashboard.explore.select import within
from dashboard.explore.state import MAX_INDICATORS, VIEWS, State, default, own_scale, parse, to_query
from dashboard.exporting import formats
from dashboard.figures.record import Table
from dashboard.figures.theme import THEMES, Theme
from dashboard.figures.views import view_chart
from dashboard.links import address
from dashboard.locale.pinyin import spellings
from dashboard.pages.dash_scripts import DashScripts, dash_config
from dashboard.pages.documents import publishers
from dashboard.pages.files import CARD, COSTLY
from dashboard.pages.files import KINDS as FILES
from dashboard.paths import ASSETS, TEMPLATES
from dashboard.server import FOREVER
from dashboard.site import Site, add_page

WIDE, NARROW = (920, 534), (358, 400)
"""Sizes at which the server draws the chart: the room it has on a desk, on a phone, in CSS pixels."""
FRAMED = (960, None)
"""The size of its files: as high as title, chart, sources and all notes want."""
GROUPS = catalogue.GROUPS
MOST_NAMED = 12
"""Pieces of an address named as left out; of a hostile one there may be hundreds."""
KINDS = vocabulary.words("entities", "kind")
CONFIG: Any = {"displayModeBar": False, "displaylogo": False, "showSendToCloud": False, "staticPlot": True}


def register(app: Dash, site: Site) -> None:
    """Give Dash its layout and the server the explorer's routes."""
    app.layout = _layout()
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("explore", "follow"), Output("graph", "figure"), Input("state", "data")
    )
    server = app.server
    script = _script()
    add_page(server, "/explore", "explore", lambda: _page(app, site))
    server.add_url_rule(
        f"/explore/app.{_hash(script)}.js",
        "explore_script",
        lambda: _kept(site, "script", lambda: script, "text/javascript"),
    )
    server.add_url_rule(
        "/explore/data/<name>.<version>.json",
        "explore_data",
        lambda name, version: _data(site, name, version),
    )
    server.add_url_rule(
        "/explore/language-<lang>.<version>.json",
        "explore_language",
        lambda lang, version: _language(app, site, lang, version),
    )
    add_page(server, "/explore.csv", "explore_csv", lambda: _csv(site))
    add_page(server, "/explore/figure.<form>", "explore_figure", lambda form: _figure(site, form))
    scripts = DashScripts(app, site)
    scripts.register()
    app.server.extensions["pursuit_dash_scripts"] = scripts
    app.server.extensions["pursuit_explore_script"] = f"/explore/app.{_hash(script)}.js"


def _layout() -> list[Component]:
    """Return what Dash keeps: the state in a store, and the graph that takes over the first drawing."""
    return [
        dcc.Store(id="state"),
        dcc.Graph(id="graph", figure={"data": [], "layout": {}}, config=CONFIG, responsive=False),
    ]


@cache
def _script() -> bytes:
    """Return the explorer's scripts as one file: one request, in the order of their names."""
    parts = sorted((ASSETS / "js" / "explore").glob("*.js"))
    return b"\n".join(p.read_bytes() for p in parts)


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:10]


def _kept(site: Site, key: str, make: Callable[[], bytes], kind: str) -> Response:
    return site.answer(site.packed(("explore", key), make, kind), cache=FOREVER)


def _data(site: Site, name: str, version: str) -> Response | AnyResponse:
    """Answer with an indicator's payload or a language's catalogue; an old version leads to today's."""
    dataset = site.dataset
    lang = name.removeprefix("catalogue-")
    known = name in dataset.indicators or (name.startswith("catalogue-") and lang in LANGS)
    if not known:
        abort(404)
    if version != _version(dataset):
        return redirect(address(f"/explore/data/{name}.{_version(dataset)}.json"), 302)
    if name in dataset.indicators:
        return _kept(site, name, lambda: compact.as_json(dataset, name), "application/json")
    return _kept(site, name, lambda: catalogue.as_json(dataset, lang), "application/json")  # type: ignore[arg-type]


def _language(app: Dash, site: Site, lang: str, version: str) -> Response | AnyResponse:
    """Answer with what another language takes: its catalogue, and the page's fixed words without data.

    An old version leads to today's; nothing is remembered of who asked.
    """
    if lang not in LANGS:
        abort(404)
    known = _version(site.dataset)
    if version != known:
        return redirect(address(f"/explore/language-{lang}.{known}.json"), 302)

    def make() -> bytes:
        values = page_values(app, site, default(site.dataset), lang)
        chart = replace(values["chart"], table=Table((), ()), notes=())
        bare: dict[str, Any] = dict.fromkeys(
            ("domains", "entities", "periods", "references", "documents"), ()
        )
        bare |= {"chart": chart, "wide": "", "narrow": "", "dash_config": "", "first": (), "warnings": ()}
        page = site.html("explore.html", lang, **{**values, **bare}, path="/explore")
        named = catalogue.as_json(site.dataset, lang)
        return b'{"catalogue":%b,"page":%b}' % (named, json.dumps(page, ensure_ascii=False).encode())

    return _kept(site, f"language-{lang}", make, "application/json")


def _version(dataset: Dataset) -> str:
    """Return the version in addresses: of the data and, since words travel along, of the messages."""
    return f"{dataset.version or '0'}-{_words()}"


@cache
def _words() -> str:
    """Return a digest of every message and of the page's own form: what the words' addresses depend on."""
    said = json.dumps([locale.messages(lang) for lang in LANGS], sort_keys=True).encode()
    form = [(TEMPLATES / name).read_bytes() for name in ("base.html", "explore.html")]
    return _hash(b"".join((said, *form)))[:6]


def _query() -> str:
    """Return this request's query as it came, for :func:`parse`, which trusts nothing in it."""
    return urlsplit(request.full_path).query


def _page(app: Dash, site: Site) -> Response:
    lang = site.lang()
    state, dropped = parse(_query(), site.dataset)
    key = ("explore", to_query(state), str(dropped), lang)

    def make() -> bytes:
        values = page_values(app, site, state, lang)
        warnings = _warnings(site.dataset, state, dropped, lang)
        return site.html("explore.html", lang, **values, warnings=warnings, path="/explore").encode()

    response = site.answer(site.packed(key, make, "text/html; charset=utf-8"))
    response.headers["Content-Language"] = lang
    return response


def _shown(text: str) -> str:
    """Return a piece of somebody's address with a sign for what cannot be seen."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _warnings(dataset: Dataset, state: State, dropped: list[Any], lang: Lang) -> list[str]:
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
    """Return what the template shows for a state: chart, controls, sources, and the scripts' settings."""
    dataset = site.dataset
    chart = view_chart(dataset, state, lang)
    narrow = view_chart(dataset, state, lang, "narrow")
    indicator = dataset.indicators[state.indicators[0]]
    own = compact.table(dataset, indicator.indicator_id)
    inside = [n for n, p in enumerate(own.periods) if within(p, state)]
    sources = [dataset.sources[s] for s in chart.sources if s in dataset.sources]
    query = to_query(state)
    plain = to_query(_without(state))
    version = _version(dataset)
    return {
        "state": state,
        "chart": chart,
        "wide": _drawing(chart, WIDE),
        "narrow": _drawing(narrow, NARROW),
        "size": (WIDE[0], max(WIDE[1], chart.height or 0)),
        "narrow_size": (NARROW[0], max(NARROW[1], narrow.height or 0)),
        "query": query,
        "keep": _pairs(query),
        "offers": offers(indicator, dataset),
        "scale": state.scale or own_scale(indicator.scale, state.measure, state.view),
        "views": VIEWS,
        "finding": _phrase(
            chart.title, [words.name(dataset, e, lang) for e in (*state.entities, state.reference)]
        ),
        "alternatives": words.shows_alternatives(replace(state, alternatives=True), state.measure),
        "presets": [(key, q, q == plain) for key, q in presets(dataset)],
        "domains": _domains(dataset, lang),
        "rows": min(MAX_INDICATORS, len(state.indicators) + 1),
        "entities": _entities(dataset, state, own, lang),
        "groups": [g for g in GROUPS if dataset.group(g)],
        "periods": [(p, locale.period(p, lang)) for p in own.periods],
        "low": inside[0] if inside else 0,
        "high": inside[-1] if inside else max(0, len(own.periods) - 1),
        "references": [
            (e, dataset.entities[e].name(lang))
            for e in dict.fromkeys((state.reference, *own.values)) if e in dataset.entities
        ],
        "source_line": publishers(dataset, sources, lang),
        "documents": sources,
        "config": json.dumps(
            {
                "lang": lang, "version": version,
                "catalogue": address(f"/explore/data/catalogue-{lang}.{version}.json"),
                "first": _needed(dataset, state), "brand": locale.text("pages.brand", lang), "langs": LANGS,
                "dash": address(app.server.extensions["pursuit_dash_scripts"].url),
            },
            ensure_ascii=True,
        ).replace("<", "\\u003c"),
        "first": _needed(dataset, state),
        "version_key": version,
        "icon": _icon(),
        "script": address(app.server.extensions["pursuit_explore_script"]),
        "dash_config": dash_config(app),
        "unit": indicator.unit,
    }  # fmt: skip


@cache
def _icon() -> str:
    """Return the site's mark as a data address: a file would be asked for at each change of address."""
    return "data:image/svg+xml;base64," + b64encode((ASSETS / "favicon.svg").read_bytes()).decode()


def _without(state: State) -> State:
    return replace(state, version="", opened="")


_AMOUNT = (
    r"(?:[A-Z]{3} )?[0-9][0-9.,]*%?"
    r"(?: ?(?:trillion|billion|million|times|[万亿兆億萬元美倍年月日人个個家项項件辆輛]+))?"
)


def _phrase(title: str, names: list[str]) -> Markup:
    """Return a title in which names and amounts are not torn apart at the end of a line."""
    short = sorted({n for n in names if 1 < len(n) < 13 and n in title}, key=lambda n: (-len(n), n))
    parts = re.split("(" + "|".join([*map(re.escape, short), _AMOUNT]) + ")", title)
    return Markup("").join(
        Markup('<span class="nw">{}</span>').format(part) if n % 2 else part for n, part in enumerate(parts)
    )


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query)


def _drawing(chart: Any, size: tuple[int, int]) -> Markup:
    if chart.empty or not chart.marks:
        return Markup("")
    height = max(size[1], chart.height or 0)
    return Markup(pictures.svg(chart, frame=False, css=True, width=size[0], height=height))  # noqa: S704  (escapes)


def _needed(dataset: Dataset, state: State) -> list[str]:
    """Return the indicators whose payloads the first drawing in the browser needs."""
    shown = state.indicators[:1] if state.view == "pursuit" else state.indicators
    out = dict.fromkeys(shown)
    for i in shown:
        if state.head:
            out.update(dict.fromkeys(POPULATIONS))
        if state.money:
            out[RATES["ppp" if state.money == "ppp" else "usd"]] = None
        if state.real:
            out[deflator_for(dataset.indicators[i])] = None
    return [i for i in out if i in dataset.indicators]


def _domains(dataset: Dataset, lang: Lang) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the indicators that have figures, by domain, by name."""
    out: dict[str, list[tuple[str, str]]] = {}
    for i in dataset.indicators.values():
        if compact.having(dataset, i.indicator_id):
            out.setdefault(i.domain, []).append((i.indicator_id, i.name(lang)))
    order = ("economy", "people", "innovation", "housing", "company", "attention")
    return [(d, out[d]) for d in sorted(out, key=lambda d: order.index(d) if d in order else 9)]


def _entities(dataset: Dataset, state: State, own: compact.Table, lang: Lang) -> list[dict[str, Any]]:
    """Return every entity by kind, with what a search finds it by: id, names in three scripts, pinyin."""
    out = [
        {
            "id": e.entity_id, "name": e.name(lang), "kind": e.kind, "role": role(dataset, e.entity_id),
            "checked": e.entity_id in state.entities, "has": e.entity_id in own.values,
            "search": _findable(
                "|".join((e.entity_id, e.name_en, e.name_zh_hans, e.name_zh_hant, *spellings(e.name_zh_hans)))
            ),
        }
        for e in dataset.entities.values()
    ]  # fmt: skip
    chosen = {e: n for n, e in enumerate(state.entities)}
    return sorted(
        out, key=lambda e: (chosen.get(e["id"], 99), KINDS.index(e["kind"]) if e["kind"] in KINDS else 9)
    )


def _findable(names: str) -> str:
    """Return names as a search compares them: lower case, without spaces, hyphens and apostrophes."""
    return re.sub(r"[\s_'’-]+", "", names.lower())


# -- downloads of what is shown ---------------------------------------------------------------------------


def _csv(site: Site) -> Response:
    """Answer with the chart's table as CSV; text that a spreadsheet would run is neutralised."""
    lang = site.lang()
    state, _ = parse(_query(), site.dataset)

    def make() -> bytes:
        chart = view_chart(site.dataset, state, lang)
        return safe_csv.table(chart.table.columns, chart.table.rows)

    response = site.answer(
        site.packed(("explore.csv", to_query(state), lang), make, "text/csv; charset=utf-8")
    )
    response.headers["Content-Disposition"] = f'attachment; filename="pursuit-{state.indicators[0]}.csv"'
    return response


def _figure(site: Site, form: str) -> Response:
    """Answer with the chart as a file, framed for print; made without a browser."""
    if form not in FILES:
        abort(404)
    lang = site.lang()
    state, _ = parse(_query(), site.dataset)
    asked = request.args.get("theme", "light")
    theme: Theme = asked if asked in THEMES else "light"
    card = form == "png" and request.args.get("card") == "1"

    def make() -> bytes:
        chart = view_chart(site.dataset, state, lang)
        (width, height), scale = (CARD, 1) if card else (FRAMED, 2)
        figure = formats.Figure(chart, site.dataset, theme, width, height, scale)
        return formats.archive(figure) if form == "zip" else formats.MAKERS[form](figure)

    key = ("explore.figure", form, to_query(state), lang, theme, "card" if card else "")
    response = site.answer(site.packed(key, make, FILES[form], costly=form in COSTLY))
    # a page of its own script is for the reader's disk, not for this site's origin
    shown = "attachment" if form in ("html", "zip") else "inline"
    response.headers["Content-Disposition"] = f'{shown}; filename="pursuit-{state.indicators[0]}.{form}"'
    return response
