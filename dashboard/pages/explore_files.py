"""Explorer views as files: made without a browser, from the same record."""

from __future__ import annotations

from flask import Flask, Response, abort, request

from dashboard import locale, safe_csv
from dashboard.explore.parse import parse
from dashboard.explore.record import common_table, selections, view_chart
from dashboard.explore.state import to_query
from dashboard.export import formats
from dashboard.export.workbook import KIND, workbook
from dashboard.figures.record import Table
from dashboard.figures.theme import THEMES, Theme
from dashboard.links import web_address
from dashboard.pages.explore_common import query
from dashboard.pages.files import CARD, EXPENSIVE
from dashboard.pages.files import KINDS as FILES
from dashboard.site import Site, add_page

FRAMED = (960, None)
"""The size of its files: as high as title, chart, sources and all notes want."""


def register(server: Flask, site: Site) -> None:
    add_page(server, "/explore.csv", "explore_csv", lambda: _csv(site))
    add_page(server, "/explore.xlsx", "explore_xlsx", lambda: _xlsx(site))
    add_page(server, "/explore/figure.<form>", "explore_figure", lambda form: _figure(site, form))


def _csv(site: Site) -> Response:
    lang = site.lang()
    state, _ = parse(query(), site.dataset)

    def make() -> bytes:
        chart = view_chart(site.dataset, state, lang)
        return safe_csv.table(chart.table.columns, chart.table.rows)

    response = site.answer(
        site.cached(("explore.csv", to_query(state), lang), make, "text/csv; charset=utf-8")
    )
    response.headers["Content-Disposition"] = f'attachment; filename="pursuit-{state.indicators[0]}.csv"'
    return response


def _xlsx(site: Site) -> Response:
    lang = site.lang()
    state, _ = parse(query(), site.dataset)

    def make() -> bytes:
        shown = selections(site.dataset, state)
        chart = view_chart(site.dataset, state, lang)
        period, common = common_table(site.dataset, shown, lang)
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

    response = site.answer(site.cached(("explore.xlsx", to_query(state), lang), make, KIND))
    response.headers["Content-Disposition"] = f'attachment; filename="pursuit-{state.indicators[0]}.xlsx"'
    return response


def _figure(site: Site, form: str) -> Response:
    if form not in FILES:
        abort(404)
    lang = site.lang()
    state, _ = parse(query(), site.dataset)
    asked = request.args.get("theme", "light")
    theme: Theme = asked if asked in THEMES else "light"
    card = form == "png" and request.args.get("card") == "1"

    def make() -> bytes:
        chart = view_chart(site.dataset, state, lang)
        (width, height), scale = (CARD, 1) if card else (FRAMED, 2)
        figure = formats.Figure(chart, site.dataset, theme, width, height, scale)
        return formats.archive(figure) if form == "zip" else formats.MAKERS[form](figure)

    key = ("explore.figure", form, to_query(state), lang, theme, "card" if card else "")
    response = site.answer(site.cached(key, make, FILES[form], expensive=form in EXPENSIVE))
    # a page of its own script is for the reader's disk, not for this site's origin
    shown = "attachment" if form in ("html", "zip") else "inline"
    response.headers["Content-Disposition"] = f'{shown}; filename="pursuit-{state.indicators[0]}.{form}"'
    return response
