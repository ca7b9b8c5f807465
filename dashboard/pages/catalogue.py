"""``/data``: the catalogue (indicators, documents, revisions, downloads) and one page an indicator."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import Flask, Response

from dashboard import locale
from dashboard.dataset import Dataset, Indicator, Lang, Observation
from dashboard.dataset.records import vocabulary
from dashboard.pages import citation, errors, expected
from dashboard.pages.documents import documents, licence
from dashboard.pages.package import package, pieces, tables
from dashboard.pages.spark import sparkline
from dashboard.pages.streams import send_csv
from dashboard.site import Site, add_page

LICENCE = "CC-BY-4.0"
LARGE = 4_000_000
"""Bytes from which a table is sent in pieces."""
SHOWN_FROM = 1978
"""Coverage strips begin here; the few older years are founding dates."""
SHOWN = 8
"""Entities with which the explorer opens from an indicator's page."""
LISTED = 60
"""Entities, and documents, that an indicator's page lists; the rest is in its CSV."""
DOMAINS = vocabulary("indicators", "domain")


def register(server: Flask, site: Site) -> None:
    site.env.globals["licence_name"] = licence
    add_page(server, "/data", "data", lambda: site.page("catalogue.html", partial(catalogue, site)))
    add_page(server, "/data/<indicator_id>", "indicator", lambda indicator_id: _indicator(site, indicator_id))
    server.add_url_rule("/data/table/<path:name>.csv", "table", lambda name: _table(site, name))
    server.add_url_rule("/data/pursuit.zip", "package", lambda: _package(site))


def catalogue(site: Site, lang: Lang) -> dict[str, Any]:
    dataset = site.dataset
    years, last_of = dataset.table.years, dataset.table.newest
    noted = Counter(n.indicator_id for n in dataset.notes if n.indicator_id)
    spans = [y for ys in years.values() for y in ys]
    first, last = (max(min(spans), SHOWN_FROM), max(spans)) if spans else (0, 0)
    domains: dict[str, list[dict[str, Any]]] = {d: [] for d in DOMAINS}
    for name, indicator in dataset.indicators.items():
        if have := years.get(name):
            row = {
                "indicator": indicator,
                "span": span(str(min(have)), str(max(have))),
                "years": have,
                "entities": len(dataset.entities_with(name)),
                "newest": last_of[name][0],
                "next": expected.of(dataset, indicator, last_of[name], lang),
                "notes": noted[name],
            }
            domains[indicator.domain].append(row)
    per_source = Counter(dataset.table.per_source)
    sources = sorted(dataset.sources.values(), key=lambda s: (-per_source[s.source_id], s.source_id))
    return {
        "domains": {d: items for d, items in domains.items() if items},
        "first": first,
        "last": last,
        "sources": [(s, per_source[s.source_id]) for s in sources],
        "tables": list(tables(dataset)),
        "revisions": dataset.revisions[:-51:-1],
        "freshness": _freshness(dataset),
        "jsonld": dataset_jsonld(site, lang),
    }


def _freshness(dataset: Dataset) -> list[dict[str, Any]]:
    """Return each collector's row of ``status.json``, in whatever shape it has, and when it looks again."""
    rows = dataset.status.get("collectors", {})
    return [{"id": k, **v, "next": _looks_again(v)} for k, v in rows.items()]


def _looks_again(row: dict[str, Any]) -> str:
    last, days = str(row.get("last_success") or "")[:10], row.get("cadence_days")
    try:
        return (date.fromisoformat(last) + timedelta(days=int(str(days)))).isoformat()
    except ValueError:
        return ""


def dataset_jsonld(site: Site, lang: Lang) -> dict[str, Any]:
    dataset = site.dataset
    years = [y for ys in dataset.table.years.values() for y in ys]
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": locale.text("pages.data.cite_title", "en"),
        "description": "Figures on cities and companies named in an essay of 2025, each with its document.",
        "url": site.absolute("/data", lang),
        "version": dataset.version,
        "license": f"https://spdx.org/licenses/{LICENCE}.html",
        "isAccessibleForFree": True,
        "dateModified": dataset.collected,
        **({"temporalCoverage": f"{min(years)}/{max(years)}"} if years else {}),
        "variableMeasured": [i.name_en for i in dataset.indicators.values()],
        "creator": {"@type": "Organization", "name": "Pursuit"},
        "citation": citation.cite(site, citation.DATASET, "en"),
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": site.absolute(path)}
            for kind, path in (
                ("application/zip", "/data/pursuit.zip"),
                ("text/csv", "/api/v1/observations.csv"),
                ("application/json", "/api/v1/observations.json"),
            )
        ],
    }


def _indicator(site: Site, indicator_id: str) -> Response:
    lang, known = site.lang(), site.dataset.indicators
    names = {i: r.name(lang) for i, r in known.items()}
    errors.require("indicator", indicator_id, names, "/data/{}", lang)
    return site.page("indicator.html", partial(indicator_page, site.dataset, known[indicator_id]))


def indicator_page(dataset: Dataset, indicator: Indicator, lang: Lang) -> dict[str, Any]:
    indicator_id = indicator.indicator_id
    names = dataset.entities_with(indicator_id)
    rows: list[dict[str, Any]] = []
    used: list[Observation] = []
    for entity_id in names:
        entity = dataset.entities[entity_id]
        every = dataset.all_of(indicator_id, entity_id)
        series = dataset.series(indicator_id, entity_id, doubtful=True)
        used += every
        if len(rows) == LISTED:
            continue
        rows.append(
            {
                "entity": entity,
                "latest": series[-1],
                "span": span(series[0].period, series[-1].period),
                "figures": len(every),
                "doubtful": sum(o.status == "doubtful" for o in every),
                "spark": sparkline(dataset, indicator, [entity], lang, doubtful=True),
            }
        )
    found = documents(dataset, used, lang)
    last = max((o.period for o in used), default="")
    of_last = [o.source_id for o in used if o.period == last]
    return {
        "indicator": indicator,
        "rows": rows,
        "entities": len(names),
        "notes": [dataset.note_text(n, lang) for n in dataset.notes_for(indicator_id, names)],
        "documents": found,
        "listed": LISTED,
        "figures": len(used),
        "next": expected.of(dataset, indicator, (last, of_last), lang) if used else "",
        "updated": max((d.source.retrieved[:10] for d in found), default=""),
        "explore": "~".join(_of_one_kind(dataset, names)[:SHOWN]),
    }


def _of_one_kind(dataset: Dataset, names: list[str]) -> list[str]:
    """Return those of the commonest kind: a country beside its cities would flatten them."""
    kinds = Counter(dataset.entities[n].kind for n in names)
    return [n for n in names if dataset.entities[n].kind == kinds.most_common(1)[0][0]]


def span(first: str, last: str) -> str:
    """Write a span of periods; one period stays one.

    >>> span("2025", "2025"), span("1990", "2025")
    ('2025', '1990–2025')
    """
    return first if first == last else f"{first}–{last}"


def _table(site: Site, name: str) -> Response:
    known = tables(site.dataset)
    errors.require("table", name, {n: n for n in known}, "/data/table/{}.csv", "")
    file, large = f"pursuit-{name.replace('/', '-')}.csv", known[name].stat().st_size > LARGE
    return send_csv(site, ("table", name), partial(pieces, known[name], mark=True), file, large=large)


def _package(site: Site) -> Response:
    name = f"pursuit-{site.dataset.version}.zip"
    make = partial(package, site.dataset)
    return site.send(("package",), make, "application/zip", expensive=True, filename=name)
