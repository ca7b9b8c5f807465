"""Explorer views as files: made without a browser, from the same record."""

from __future__ import annotations

from flask import Flask, Response, abort, request

from dashboard import locale, safe_csv
from dashboard.explore.parse import parse
from dashboard.explore.record import common_table, view_chart
from dashboard.explore.select import Context
from dashboard.explore.state import to_query
from dashboard.export.workbook import KIND, workbook
from dashboard.figures.record import Table
from dashboard.figures.theme import THEMES, Theme
from dashboard.links import web_address
from dashboard.pages.explore_common import query
from dashboard.pages.files import CARD, send_figure
from dashboard.pages.files import KINDS as FILES
from dashboard.site import Site, add_page

FRAMED = (960, None, 2)
"""Width, height and scale of its files: as high as title, chart, sources and all notes want."""


def register(server: Flask, site: Site) -> None:
    add_page(server, "/explore.csv", "explore_csv", lambda: _csv(site))
    add_page(server, "/explore.xlsx", "explore_xlsx", lambda: _xlsx(site))
    add_page(server, "/explore/figure.<form>", "explore_figure", lambda form: _figure(site, form))


def _csv(site: Site) -> Response:
    lang = site.lang()
    state, _ = parse(query(), site.dataset)

    def make() -> bytes:
        table = view_chart(site.dataset, state, lang).table
        return safe_csv.table(table.columns, table.rows)

    name = f"pursuit-{state.indicators[0]}.csv"
    return site.send(("explore.csv", to_query(state), lang), make, FILES["csv"], filename=name)


def _xlsx(site: Site) -> Response:
    lang = site.lang()
    state, _ = parse(query(), site.dataset)

    def make() -> bytes:
        chart = view_chart(site.dataset, state, lang)
        period, common = common_table(Context(site.dataset, state, lang))
        documents = [site.dataset.sources[s] for s in chart.sources if s in site.dataset.sources]
        rows = [
            (s.title, site.dataset.publisher(s, lang), web_address(s.url or s.copy_url)) for s in documents
        ]
        head = tuple(locale.text(f"explorer.xlsx.{key}", lang) for key in ("title", "publisher", "url"))
        return workbook([
            (locale.text("explorer.data", lang), chart.table),
            (period or locale.text("explorer.period", lang), common),
            (locale.text("explorer.sources", lang), Table(head, tuple(rows))),
        ])  # fmt: skip

    name = f"pursuit-{state.indicators[0]}.xlsx"
    return site.send(("explore.xlsx", to_query(state), lang), make, KIND, filename=name)


def _figure(site: Site, form: str) -> Response:
    if form not in FILES:
        abort(404)
    lang = site.lang()
    state, _ = parse(query(), site.dataset)
    asked = request.args.get("theme", "light")
    theme: Theme = asked if asked in THEMES else "light"
    card = form == "png" and request.args.get("card") == "1"
    return send_figure(
        site,
        ("explore.figure", form, to_query(state), lang, theme, "card" if card else ""),
        lambda: view_chart(site.dataset, state, lang),
        theme,
        f"pursuit-{state.indicators[0]}.{form}",
        (*CARD, 1) if card else FRAMED,
    )
