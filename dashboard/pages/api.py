"""``/api/v1/``: everything the pages show, as JSON and CSV; GET only, readable from any origin.

The header that lets any origin read them is set in :mod:`dashboard.app`, for errors too.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest

from dashboard import locale, safe_csv
from dashboard.claims import essay, evaluate, to_json
from dashboard.dataset import OBSERVATION_COLUMNS, Dataset, Lang
from dashboard.dataset.parquet import MOST_SELECTED, SelectionTooLarge
from dashboard.figures import build, figure_ids
from dashboard.figures.plotly import to_plotly
from dashboard.figures.points import chart_points
from dashboard.figures.record import FORMS, Form
from dashboard.figures.theme import THEMES, Theme
from dashboard.pages import citation, errors, query, spark
from dashboard.pages.catalogue import LICENCE
from dashboard.pages.streams import send_csv
from dashboard.site import Site, add_page

MANY = 40_000
"""Observations from which a CSV is sent in pieces."""
TABLES = ("indicators", "entities", "sources", "notes", "gaps")


def register(server: Flask, site: Site) -> None:
    def too_large(error: SelectionTooLarge) -> Response:
        line = locale.text("pages.api.error.too_large", site.lang(), most=MOST_SELECTED)
        return errors.answer(site, BadRequest(line))

    server.register_error_handler(SelectionTooLarge, too_large)

    def add(name: str, view: Callable[..., Response], *values: Any) -> None:
        server.add_url_rule(f"/api/v1/{name}", f"api {name}", partial(view, site, *values))

    for name in TABLES:
        add(f"{name}.csv", _table_csv, name)
    for name in (*TABLES, "metadata", "claims", "figures"):
        add(name, _whole, name)
        add(f"{name}.json", _whole, name)
    add("observations", _observations)
    add("observations.json", _observations)
    add("observations.metadata.json", _observations_metadata)
    add("observations.csv", _observations_csv)
    add("figures/<figure_id>.json", _figure)
    add("figures/<figure_id>.points.json", _points)
    add("sparkline.json", _sparkline)
    values = {"figures": figure_ids(site.dataset), "most": query.MOST}
    add_page(server, "/api/v1/", lambda: site.page("api.html", lambda lang: values))


def _json(site: Site, make: Callable[[], Any], *key: str) -> Response:
    def body() -> bytes:
        return json.dumps(make(), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")

    return site.send(body, "application/json; charset=utf-8", *key)


def _records(dataset: Dataset, name: str) -> list[dict[str, Any]]:
    table = getattr(dataset, name)
    return [asdict(row) for row in (table.values() if isinstance(table, dict) else table)]


def _table_csv(site: Site, name: str) -> Response:
    def make() -> Iterator[bytes]:
        rows = _records(site.dataset, name)
        return safe_csv.pieces(list(rows[0]) if rows else [], (list(r.values()) for r in rows))

    return send_csv(site, make, f"pursuit-{name}.csv")


def _whole(site: Site, name: str) -> Response:
    dataset, lang = site.dataset, site.lang()

    def make() -> dict[str, Any]:
        if name == "metadata":
            counts = {t: len(getattr(dataset, t)) for t in ("entities", "indicators", "sources")}
            counts |= {"observations": len(dataset.table), "claims": len(essay(dataset).claims)}
            return {"licence": LICENCE, "counts": counts, "status": dataset.status}
        if name == "claims":
            return {name: [to_json(v, dataset, lang) for v in evaluate(dataset).values()]}
        if name == "figures":
            return {name: [{"id": i, "title": build(i, dataset, lang).title} for i in figure_ids(dataset)]}
        return {name: _records(dataset, name)}

    key = () if name in TABLES else (lang,)
    return _json(site, lambda: {"dataset_version": dataset.version, **make()}, *key)


def _observations(site: Site) -> Response:
    dataset, lang = site.dataset, site.lang()
    selection = query.parse(request.args, dataset, lang, limit=query.USUAL)

    def make() -> dict[str, Any]:
        if selection.keys:
            return {"observations": query.by_key(dataset, selection, lang)}
        table = query.select(dataset, selection)
        following = selection.offset + (selection.limit or 0)
        texts = {c: str for c in OBSERVATION_COLUMNS if c != "value"}
        return {
            "dataset_version": dataset.version,
            "total": len(table),
            "offset": selection.offset,
            "next": following if selection.offset < following < len(table) else None,
            "observations": table.iloc[selection.offset : following].astype(texts).to_dict("records"),
        }

    return _json(site, make, repr(selection), lang if selection.keys else "")


def _observations_metadata(site: Site) -> Response:
    """Answer what the same query's observations mean: definitions, documents, notes, licence, citation."""
    dataset, lang = site.dataset, site.lang()
    selection = query.parse(request.args, dataset, lang)

    def make() -> dict[str, Any]:
        table = query.select(dataset, selection)
        columns = ("indicator_id", "entity_id", "source_id")
        indicators, entities, sources = (set(table[c].astype(str)) for c in columns)
        notes = {n.note_id: n for i in sorted(indicators) for n in dataset.notes_for(i, sorted(entities))}
        return {
            "dataset_version": dataset.version,
            "total": len(table),
            "licence": LICENCE,
            "citation": str(citation.cite(site, citation.DATASET, lang)),
            "columns": list(OBSERVATION_COLUMNS),
            "indicators": [asdict(r) for i, r in dataset.indicators.items() if i in indicators],
            "entities": [asdict(r) for i, r in dataset.entities.items() if i in entities],
            "sources": [asdict(r) for i, r in dataset.sources.items() if i in sources],
            "notes": [asdict(n) for n in notes.values()],
        }

    return _json(site, make, lang, repr(selection))


def _observations_csv(site: Site) -> Response:
    selection = query.parse(request.args, site.dataset, site.lang())

    def make() -> Iterator[bytes]:
        table = query.select(site.dataset, selection).iloc[selection.offset :][: selection.limit]
        return safe_csv.pieces(OBSERVATION_COLUMNS, query.rows(table))

    large = query.at_most(site.dataset, selection) > MANY
    return send_csv(site, make, "pursuit-observations.csv", repr(selection), large=large)


def _figure(site: Site, figure_id: str) -> Response:
    lang, form, theme = figure_options(site, figure_id)

    def make() -> dict[str, Any]:
        chart = build(figure_id, site.dataset, lang, form)
        texts = {name: getattr(chart, name) for name in ("title", "subtitle", "alt", "notes", "sources")}
        return {"id": figure_id, "lang": lang, **texts, **to_plotly(chart, theme)}

    return _json(site, make, lang, form, theme)


def _points(site: Site, figure_id: str) -> Response:
    lang, form, _ = figure_options(site, figure_id)
    return _json(site, lambda: chart_points(build(figure_id, site.dataset, lang, form)), lang, form)


def _sparkline(site: Site) -> Response:
    lang, dataset = site.lang(), site.dataset
    selection = query.parse(request.args, dataset, lang, also=("doubtful",))
    indicators, entities = (selection.filters.get(c, ()) for c in ("indicator_id", "entity_id"))
    if len(indicators) != 1 or not 0 < len(entities) <= spark.MOST:
        raise BadRequest(locale.text("pages.api.error.sparkline", lang, most=spark.MOST))
    indicator, doubtful = dataset.indicators[indicators[0]], request.args.get("doubtful") == "1"

    def make() -> dict[str, Any]:
        named = [dataset.entities[e] for e in entities]
        lines = spark.series_of(dataset, indicator, named, lang, doubtful=doubtful)
        return spark.points(dataset, lines, lang)

    return _json(site, make, repr(selection), str(doubtful), lang)


def figure_options(site: Site, figure_id: str) -> tuple[Lang, Form, Theme]:
    """Return language, form and theme that a figure is selection for; unknown values give the usual ones.

    Answers 404 with the nearest names when there is no such figure.
    """
    lang = site.lang()
    errors.require("figure", figure_id, figure_ids(site.dataset), "/figure/{}.svg", lang)
    form, theme = request.args.get("form", "wide"), request.args.get("theme", "light")
    return lang, form if form in FORMS else "wide", theme if theme in THEMES else "light"
