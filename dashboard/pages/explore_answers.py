"""What the explorer requests: charts, their points, tables, lists, the names to search; and views as files.

But for those of files, an address has the version of dataset and code and everything else its answer depends
on, so that any cache may keep the answer for ever.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import Any

from flask import Flask, Response, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from dashboard import locale
from dashboard.dataset import LANGS, Dataset, Lang
from dashboard.explore import answer
from dashboard.explore.parse import Rejected, parse
from dashboard.explore.record import common_table, view_chart
from dashboard.explore.select import Context
from dashboard.explore.state import State, to_query
from dashboard.export.files import code_version
from dashboard.export.workbook import KIND, workbook
from dashboard.figures.record import Chart, Table
from dashboard.figures.theme import THEMES, Theme
from dashboard.links import address, web_address
from dashboard.pages import errors
from dashboard.pages.files import CARD, KINDS, send_figure
from dashboard.pages.profile import search_names
from dashboard.site import FOREVER, Site, add_page

FRAMED = (960, None, 2)
"""Width, height and scale of its files: as high as title, chart, sources and all notes want."""
ROWS = 400
"""Rows of a table on the page; all are in the files."""
_code_version = cache(code_version)


def register(server: Flask, site: Site) -> None:
    def data(dataset: Dataset, state: State, lang: Lang, *size: object) -> str:
        values = data_values(dataset, view_chart(dataset, state, lang), state, lang)
        return site.html("explore_data.html", lang, **values, path="/explore")

    makers: dict[str, Callable[[Dataset, State, Lang, int, Theme], Any]] = {
        "chart": answer.chart_answer,
        "points": lambda *view: answer.points_answer(*view[:4]),
        "data": data,
        "indicator": _lists,
        "find": _names,
    }
    for name, make in makers.items():
        ending = "html" if name == "data" else "json"
        rule = f"/explore/{name}/<requested>.{ending}"
        server.add_url_rule(rule, rule, partial(_answer, site, make, ending))
    add_page(server, "/explore.xlsx", partial(_workbook, site))
    add_page(server, "/explore.csv", partial(_figure, site, "csv"))
    add_page(server, "/explore/figure.<ext>", partial(_figure, site))


def _answer(
    site: Site, make: Callable[[Dataset, State, Lang, int, Theme], Any], ending: str, requested: str
) -> Response | AnyResponse:
    """Answer for a state, or with 400; another version leads to the same question in today's."""
    today = version(site.dataset)
    if requested != today:
        place = address(f"{request.path.rpartition('/')[0]}/{today}.{ending}")
        response: AnyResponse = redirect(place + (f"?{query()}" if query() else ""), 302)
        response.headers["Cache-Control"] = "no-cache"
        return response
    state, dropped = parse(query(), site.dataset)
    options: dict[str, Any] = {"lang": "en", "w": str(next(iter(answer.SIZES))), "theme": "light"}
    for name, known in (("lang", LANGS), ("w", tuple(map(str, answer.SIZES))), ("theme", THEMES)):
        options[name] = request.args.get(name, options[name])
        if options[name] not in known:
            dropped.append(Rejected(name, options[name][:40], "unknown"))
    if dropped:
        refusal = json.dumps(answer.refused(state, dropped), ensure_ascii=False)
        return Response(refusal, 400, {"Cache-Control": "no-store"}, mimetype="application/json")

    def body() -> bytes:
        made = make(site.dataset, state, options["lang"], int(options["w"]), options["theme"])
        text = made if ending == "html" else json.dumps(made, ensure_ascii=False, separators=(",", ":"))
        return str(text).encode()

    key = (to_query(replace(state, version="")), *options.values())
    return site.send(body, KINDS[ending], *key, cache=FOREVER)


def _lists(dataset: Dataset, state: State, lang: Lang, *size: object) -> dict[str, Any]:
    lists = answer.lists(dataset, state.indicators[0], lang)
    item = Markup('<li><a href="{}">{}</a></li>')
    claims = (item.format(address(f"/claim/{c}", lang), words) for c, words in lists["claims"])
    return {**lists, "claims": "".join(claims)}


def _names(dataset: Dataset, *view: object) -> dict[str, dict[str, str]]:
    """Return what a search finds indicators and entities by: names in three scripts, pinyin, domains."""
    indicators = {}
    for i in dataset.indicators.values():
        if dataset.periods_of(i.indicator_id):
            domains = [locale.text(f"pages.domain.{i.domain}", lang) for lang in LANGS]
            indicators[i.indicator_id] = "|".join([i.indicator_id, search_names(i), *domains]).lower()
    entities = {e.entity_id: f"{e.entity_id}|{search_names(e)}".lower() for e in dataset.entities.values()}
    return {"indicators": indicators, "entities": entities}


def version(dataset: Dataset) -> str:
    """Return the version in addresses: of the data and, since words and looks travel along, of the code."""
    return f"{dataset.version or '0'}-{_code_version()[:6]}"


def query() -> str:
    """Return this request's query as it came, for :func:`parse`, which trusts nothing in it."""
    return request.query_string.decode("utf-8", "replace")


def data_values(dataset: Dataset, chart: Chart, state: State, lang: Lang) -> dict[str, Any]:
    rows = chart.table.rows[::-1]
    period, common = common_table(Context(dataset, state, lang))
    return {
        "chart": chart,
        "rows": rows[:ROWS],
        "rows_all": len(rows),
        "common_period": period,
        "common_table": common,
        "documents": [dataset.sources[s] for s in chart.sources if s in dataset.sources],
        "events": [e for e in dataset.events if e.event_id in chart.meta["events"].split()],
    }


def _workbook(site: Site) -> Response:
    lang, dataset = site.lang(), site.dataset
    state, _ = parse(query(), dataset)

    def make() -> bytes:
        chart = view_chart(dataset, state, lang)
        period, common = common_table(Context(dataset, state, lang))
        documents = [dataset.sources[s] for s in chart.sources if s in dataset.sources]
        rows = ((s.title, dataset.publisher(s, lang), web_address(s.url or s.copy_url)) for s in documents)
        head = tuple(locale.text(f"explorer.xlsx.{key}", lang) for key in ("title", "publisher", "url"))
        return workbook([
            (locale.text("explorer.data", lang), chart.table),
            (period or locale.text("explorer.period", lang), common),
            (locale.text("explorer.sources", lang), Table(head, tuple(rows))),
        ])  # fmt: skip

    return site.send(make, KIND, to_query(state), filename=f"pursuit-{state.indicators[0]}.xlsx")


def _figure(site: Site, ext: str) -> Response:
    lang = site.lang()
    errors.require("format", ext, KINDS.keys(), "/explore/figure.{}", lang)
    state, _ = parse(query(), site.dataset)
    requested = request.args.get("theme", "light")
    theme: Theme = requested if requested in THEMES else "light"
    card = ext == "png" and request.args.get("card") == "1"
    return send_figure(
        site,
        lambda: view_chart(site.dataset, state, lang),
        f"pursuit-{state.indicators[0]}.{ext}",
        theme,
        (*CARD, 1) if card else FRAMED,
        to_query(state),
        str(card),
    )
