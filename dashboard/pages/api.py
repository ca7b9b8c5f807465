"""``/api/v1/``: everything the pages show, as JSON and CSV; GET only, readable from any origin.

The header that lets any origin read them is set in :mod:`dashboard.server`, for errors too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

import pandas as pd
from flask import Flask, Response, request

from dashboard import locale, safe_csv
from dashboard.claims import essay, evaluate, to_json
from dashboard.dataset import OBSERVATION_COLUMNS, Lang
from dashboard.dataset.parquet import MOST_SELECTED, SelectionTooLarge
from dashboard.figures import build, figure_ids
from dashboard.figures.plotly import to_plotly
from dashboard.figures.points import walkable
from dashboard.figures.record import FORMS, Form
from dashboard.figures.theme import THEMES, Theme
from dashboard.links import address
from dashboard.pages import citation, errors, query, spark
from dashboard.pages.catalogue import LICENCE
from dashboard.pages.streams import stream
from dashboard.site import Site, add_page

MANY = 40_000
"""Observations from which a CSV is sent in pieces."""
JSON = "application/json; charset=utf-8"


def register(server: Flask, site: Site) -> None:
    tables: dict[str, Callable[[], Iterable[Any]]] = {
        "indicators": lambda: site.dataset.indicators.values(),
        "entities": lambda: site.dataset.entities.values(),
        "sources": lambda: site.dataset.sources.values(),
        "notes": lambda: site.dataset.notes,
        "gaps": lambda: site.dataset.gaps,
    }
    rules: dict[str, Callable[..., Response]] = {
        "claims": partial(_claims, site),
        "metadata": partial(_metadata, site),
        "observations": partial(_observations, site),
        "figures": partial(_figures, site),
    }
    for name, records in tables.items():
        rules[name] = partial(_rows, site, name, records)
        server.add_url_rule(f"/api/v1/{name}.csv", f"api_{name}_csv", partial(_rows_csv, site, name, records))
    for name, view in rules.items():
        server.add_url_rule(f"/api/v1/{name}", f"api_{name}", view)
        server.add_url_rule(f"/api/v1/{name}.json", f"api_{name}_json", view)
    server.add_url_rule(
        "/api/v1/observations.metadata.json", "api_about", partial(_observations_metadata, site)
    )
    server.add_url_rule("/api/v1/observations.csv", "api_csv", partial(_csv, site))
    server.add_url_rule("/api/v1/figures/<figure_id>.json", "api_figure", partial(_figure, site))
    server.add_url_rule("/api/v1/figures/<figure_id>.points.json", "api_points", partial(_points, site))
    server.add_url_rule("/api/v1/sparkline.json", "api_sparkline", partial(_sparkline, site))
    add_page(
        server,
        "/api/v1/",
        "api",
        lambda: site.page("api.html", lambda lang: {"figures": figure_ids(site.dataset), "most": query.MOST}),
    )


def _json(site: Site, key: tuple[str, ...], make: Callable[[], Any]) -> Response:
    def body() -> bytes:
        return json.dumps(make(), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")

    return site.answer(site.cached(("api", *key), body, JSON))


def _rows(site: Site, name: str, records: Callable[[], Iterable[Any]]) -> Response:
    return _json(
        site,
        (name,),
        lambda: {"dataset_version": site.dataset.version, name: [asdict(r) for r in records()]},
    )


def _rows_csv(site: Site, name: str, records: Callable[[], Iterable[Any]]) -> Response:
    def make() -> bytes:
        rows = [asdict(r) for r in records()]
        return safe_csv.table(list(rows[0]) if rows else [], (list(r.values()) for r in rows))

    response = site.answer(site.cached(("api", name, "csv"), make, "text/csv; charset=utf-8"))
    response.headers["Content-Disposition"] = f'attachment; filename="pursuit-{name}.csv"'
    return response


def _metadata(site: Site) -> Response:
    dataset = site.dataset
    return _json(
        site,
        ("metadata",),
        lambda: {
            "dataset_version": dataset.version,
            "licence": LICENCE,
            "counts": {
                "observations": len(dataset.table),
                "entities": len(dataset.entities),
                "indicators": len(dataset.indicators),
                "sources": len(dataset.sources),
                "claims": len(essay(dataset).claims),
            },
            "status": dataset.status,
        },
    )


def _claims(site: Site) -> Response:
    lang = site.lang()
    verdicts = evaluate(site.dataset).values()
    return _json(
        site,
        ("claims", lang),
        lambda: {
            "dataset_version": site.dataset.version,
            "claims": [to_json(v, site.dataset, lang) for v in verdicts],
        },
    )


def _query(site: Site, *also: str) -> query.Query:
    try:
        return query.parse(request.args.to_dict(flat=False), site.dataset, also)
    except query.QueryError as error:
        errors.bad(error.line(site.lang()))


def _select(site: Site, asked: query.Query) -> pd.DataFrame:
    """Return what a query finds; answer 400 where that is more than one answer may hold."""
    try:
        return query.select(site.dataset, asked)
    except SelectionTooLarge:
        errors.bad(locale.text("pages.api.error.too_large", site.lang(), most=MOST_SELECTED))


def _observations(site: Site) -> Response:
    asked, lang = _query(site), site.lang()
    if asked.keys:
        return _json(
            site,
            ("keys", lang, *map(str, asked.keys)),
            lambda: {"observations": query.by_key(site.dataset, asked, lang)},
        )

    def make() -> dict[str, Any]:
        found = _select(site, asked)
        page = query.paged(found, asked, query.USUAL)
        following = asked.offset + (query.USUAL if asked.limit is None else asked.limit)
        return {
            "dataset_version": site.dataset.version,
            "total": len(found),
            "offset": asked.offset,
            "next": following if asked.offset < following < len(found) else None,
            "observations": page.astype({c: str for c in OBSERVATION_COLUMNS if c != "value"}).to_dict(
                "records"
            ),
        }

    return _json(site, ("observations", repr(asked)), make)


def _observations_metadata(site: Site) -> Response:
    """Answer what the same query's observations mean: definitions, documents, notes, licence, citation."""
    asked, dataset, lang = _query(site), site.dataset, site.lang()

    def make() -> dict[str, Any]:
        found = _select(site, asked)
        indicators = set(found["indicator_id"].astype(str))
        entities = set(found["entity_id"].astype(str))
        sources = set(found["source_id"].astype(str))
        notes = {n.note_id: n for i in sorted(indicators) for n in dataset.notes_for(i, sorted(entities))}
        return {
            "dataset_version": dataset.version,
            "total": len(found),
            "licence": LICENCE,
            "citation": citation.words(citation.citation(site, citation.DATASET, lang)),
            "columns": list(OBSERVATION_COLUMNS),
            "indicators": [asdict(r) for i, r in dataset.indicators.items() if i in indicators],
            "entities": [asdict(r) for i, r in dataset.entities.items() if i in entities],
            "sources": [asdict(r) for i, r in dataset.sources.items() if i in sources],
            "notes": [asdict(n) for n in notes.values()],
        }

    return _json(site, ("about", lang, repr(asked)), make)


def _csv(site: Site) -> Response:
    asked, kind = _query(site), "text/csv; charset=utf-8"
    key = ("csv", repr(asked))

    def make() -> Iterator[bytes]:
        found = query.paged(_select(site, asked), asked, None)
        return safe_csv.pieces(OBSERVATION_COLUMNS, query.rows(found))

    if query.at_most(site.dataset, asked) > MANY:
        response = stream(site, key, make(), kind)
    else:
        response = site.answer(site.cached(key, lambda: b"".join(make()), kind))
    response.headers["Content-Disposition"] = 'attachment; filename="pursuit-observations.csv"'
    return response


def _figures(site: Site) -> Response:
    lang = site.lang()
    return _json(
        site,
        ("figures", lang),
        lambda: {
            "figures": [
                {"id": i, "title": build(i, site.dataset, lang).title} for i in figure_ids(site.dataset)
            ]
        },
    )


def _figure(site: Site, figure_id: str) -> Response:
    known_figure(site, figure_id)
    lang, form, theme = figure_options(site)

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
    known_figure(site, figure_id)
    lang, form, _ = figure_options(site)
    return _json(
        site,
        ("points", figure_id, lang, form),
        lambda: walkable(build(figure_id, site.dataset, lang, form)),
    )


def _sparkline(site: Site) -> Response:
    """Answer the points of a sparkline: one indicator, one series an entity."""
    asked, lang, dataset = _query(site, "doubtful"), site.lang(), site.dataset
    if len(asked.indicator) != 1 or not 0 < len(asked.entity) <= spark.MOST:
        errors.bad(locale.text("pages.api.error.sparkline", lang, most=spark.MOST))
    indicator = dataset.indicators[asked.indicator[0]]
    doubtful = request.args.get("doubtful") == "1"

    def make() -> dict[str, Any]:
        entities = [dataset.entities[e] for e in asked.entity]
        lines = spark.series_of(dataset, indicator.indicator_id, entities, doubtful=doubtful)
        return spark.points(dataset, indicator, lines, lang)

    key = ("sparkline", indicator.indicator_id, *asked.entity, str(doubtful), lang)
    return _json(site, key, make)


def known_figure(site: Site, figure_id: str) -> None:
    """Answer 404 with the nearest names when there is no such figure."""
    if figure_id not in figure_ids(site.dataset):
        lang = site.lang()
        errors.unknown(
            "figure", figure_id, [(i, address(f"/figure/{i}.svg", lang), i) for i in figure_ids(site.dataset)]
        )


def figure_options(site: Site) -> tuple[Lang, Form, Theme]:
    """Return language, form and theme that a figure is asked for; unknown values give the usual ones."""
    form, theme = request.args.get("form", "wide"), request.args.get("theme", "light")
    return (
        site.lang(),
        form if form in FORMS else "wide",
        theme if theme in THEMES else "light",
    )
