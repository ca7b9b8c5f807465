"""``/api/v1/``: everything the pages show, as JSON and CSV; GET only, readable from any origin.

The header that lets any origin read them is set in :mod:`dashboard.app`, for errors too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
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
TABLES: dict[str, Callable[[Dataset], Iterable[Any]]] = {
    "indicators": lambda dataset: dataset.indicators.values(),
    "entities": lambda dataset: dataset.entities.values(),
    "sources": lambda dataset: dataset.sources.values(),
    "notes": lambda dataset: dataset.notes,
    "gaps": lambda dataset: dataset.gaps,
}


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
    add_page(
        server,
        "/api/v1/",
        "api",
        lambda: site.page("api.html", lambda lang: {"figures": figure_ids(site.dataset), "most": query.MOST}),
    )


def _json(site: Site, key: tuple[str, ...], make: Callable[[], Any]) -> Response:
    def body() -> bytes:
        return json.dumps(make(), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")

    return site.send(("api", *key), body, "application/json; charset=utf-8")


def _rows(dataset: Dataset, name: str) -> list[dict[str, Any]]:
    return [asdict(r) for r in TABLES[name](dataset)]


def _table_csv(site: Site, name: str) -> Response:
    def make() -> bytes:
        rows = _rows(site.dataset, name)
        return safe_csv.table(list(rows[0]) if rows else [], (list(r.values()) for r in rows))

    key = ("api", name, "csv")
    return site.send(key, make, "text/csv; charset=utf-8", filename=f"pursuit-{name}.csv")


def _whole(site: Site, name: str) -> Response:
    """Answer with a table, or what is known of the dataset, its claims or its figures, unfiltered."""
    dataset, lang = site.dataset, site.lang()

    def make() -> dict[str, Any]:
        if name == "metadata":
            return {"licence": LICENCE, "counts": _counts(dataset), "status": dataset.status}
        if name == "claims":
            return {name: [to_json(v, dataset, lang) for v in evaluate(dataset).values()]}
        if name == "figures":
            return {name: [{"id": i, "title": build(i, dataset, lang).title} for i in figure_ids(dataset)]}
        return {name: _rows(dataset, name)}

    key = (name,) if name in TABLES else (name, lang)
    return _json(site, key, lambda: {"dataset_version": dataset.version, **make()})


def _counts(dataset: Dataset) -> dict[str, int]:
    return {
        "observations": len(dataset.table),
        "entities": len(dataset.entities),
        "indicators": len(dataset.indicators),
        "sources": len(dataset.sources),
        "claims": len(essay(dataset).claims),
    }


def _query(site: Site, *also: str) -> query.Query:
    return query.parse(request.args.to_dict(flat=False), site.dataset, site.lang(), also)


def _observations(site: Site) -> Response:
    asked, lang = _query(site), site.lang()
    if asked.keys:
        key = ("keys", lang, *map(str, asked.keys))
        return _json(site, key, lambda: {"observations": query.by_key(site.dataset, asked, lang)})

    def make() -> dict[str, Any]:
        found = query.select(site.dataset, asked)
        texts = {c: str for c in OBSERVATION_COLUMNS if c != "value"}
        page = query.paged(found, asked, query.USUAL).astype(texts)
        following = asked.offset + (query.USUAL if asked.limit is None else asked.limit)
        return {
            "dataset_version": site.dataset.version,
            "total": len(found),
            "offset": asked.offset,
            "next": following if asked.offset < following < len(found) else None,
            "observations": page.to_dict("records"),
        }

    return _json(site, ("observations", repr(asked)), make)


def _observations_metadata(site: Site) -> Response:
    """Answer what the same query's observations mean: definitions, documents, notes, licence, citation."""
    asked, dataset, lang = _query(site), site.dataset, site.lang()

    def make() -> dict[str, Any]:
        found = query.select(site.dataset, asked)
        columns = ("indicator_id", "entity_id", "source_id")
        indicators, entities, sources = (set(found[c].astype(str)) for c in columns)
        notes = {n.note_id: n for i in sorted(indicators) for n in dataset.notes_for(i, sorted(entities))}
        return {
            "dataset_version": dataset.version,
            "total": len(found),
            "licence": LICENCE,
            "citation": citation.cite(site, citation.DATASET, lang),
            "columns": list(OBSERVATION_COLUMNS),
            "indicators": [asdict(r) for i, r in dataset.indicators.items() if i in indicators],
            "entities": [asdict(r) for i, r in dataset.entities.items() if i in entities],
            "sources": [asdict(r) for i, r in dataset.sources.items() if i in sources],
            "notes": [asdict(n) for n in notes.values()],
        }

    return _json(site, ("about", lang, repr(asked)), make)


def _observations_csv(site: Site) -> Response:
    asked = _query(site)

    def make() -> Iterator[bytes]:
        found = query.paged(query.select(site.dataset, asked), asked, None)
        return safe_csv.pieces(OBSERVATION_COLUMNS, query.rows(found))

    large = query.at_most(site.dataset, asked) > MANY
    return send_csv(site, ("csv", repr(asked)), make, "pursuit-observations.csv", large=large)


def _figure(site: Site, figure_id: str) -> Response:
    lang, form, theme = figure_options(site, figure_id)

    def make() -> dict[str, Any]:
        chart = build(figure_id, site.dataset, lang, form)
        return {
            "id": figure_id,
            "lang": lang,
            "title": chart.title,
            "subtitle": chart.subtitle,
            "alt": chart.alt,
            "notes": list(chart.notes),
            "sources": list(chart.sources),
            **to_plotly(chart, theme),
        }

    return _json(site, ("figure", figure_id, lang, form, theme), make)


def _points(site: Site, figure_id: str) -> Response:
    lang, form, _ = figure_options(site, figure_id)
    key = ("points", figure_id, lang, form)
    return _json(site, key, lambda: chart_points(build(figure_id, site.dataset, lang, form)))


def _sparkline(site: Site) -> Response:
    asked, lang, dataset = _query(site, "doubtful"), site.lang(), site.dataset
    if len(asked.indicator) != 1 or not 0 < len(asked.entity) <= spark.MOST:
        raise BadRequest(locale.text("pages.api.error.sparkline", lang, most=spark.MOST))
    indicator = dataset.indicators[asked.indicator[0]]
    doubtful = request.args.get("doubtful") == "1"

    def make() -> dict[str, Any]:
        entities = [dataset.entities[e] for e in asked.entity]
        lines = spark.series_of(dataset, indicator.indicator_id, entities, doubtful=doubtful)
        return spark.points(dataset, indicator, lines, lang)

    return _json(site, ("sparkline", indicator.indicator_id, *asked.entity, str(doubtful), lang), make)


def figure_options(site: Site, figure_id: str) -> tuple[Lang, Form, Theme]:
    """Return language, form and theme that a figure is asked for; unknown values give the usual ones.

    Answers 404 with the nearest names when there is no such figure.
    """
    lang = site.lang()
    errors.require("figure", figure_id, {i: i for i in figure_ids(site.dataset)}, "/figure/{}.svg", lang)
    form, theme = request.args.get("form", "wide"), request.args.get("theme", "light")
    return lang, form if form in FORMS else "wide", theme if theme in THEMES else "light"
