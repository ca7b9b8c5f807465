"""``/data``: the catalogue (indicators, documents, revisions, downloads) and one page an indicator."""

from collections import Counter
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import Flask, Response

from dashboard import locale
from dashboard.dataset import Dataset, Indicator, Lang
from dashboard.dataset.records import vocabulary
from dashboard.pages import citation, errors
from dashboard.pages.documents import documents
from dashboard.pages.expected import expected_in_words
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
    add_page(server, "/data", partial(site.page, "catalogue.html", partial(catalogue, site)))
    add_page(server, "/data/<indicator_id>", partial(_indicator, site))
    server.add_url_rule("/data/table/<path:name>.csv", "table", partial(_table, site))
    server.add_url_rule("/data/pursuit.zip", "package", partial(_package, site))


def catalogue(site: Site, lang: Lang) -> dict[str, Any]:
    dataset = site.dataset
    years, last_of = dataset.table.years, dataset.table.newest
    noted = Counter(n.indicator_id for n in dataset.notes if n.indicator_id)
    spans = [y for ys in years.values() for y in ys]
    first, last = (max(min(spans), SHOWN_FROM), max(spans)) if spans else (0, 0)
    domains: dict[str, list[dict[str, Any]]] = {d: [] for d in DOMAINS}
    for name, indicator in dataset.indicators.items():
        if have := years.get(name):
            domains[indicator.domain].append({
                "indicator": indicator,
                "span": span(str(min(have)), str(max(have))),
                "years": have,
                "entities": len(dataset.entities_with(name)),
                "newest": last_of[name][0],
                "next": expected_in_words(dataset, indicator, last_of[name], lang),
                "notes": noted[name],
            })  # fmt: skip
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
    """Return each collector's row of ``status.json``, with the day on which it looks again."""
    out = []
    for name, row in dataset.status.get("collectors", {}).items():
        last, days = str(row.get("last_success") or "")[:10], row.get("cadence_days")
        try:
            following = (date.fromisoformat(last) + timedelta(days=int(str(days)))).isoformat()
        except ValueError:
            following = ""
        out.append({"id": name, **row, "next": following})
    return out


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
        "citation": str(citation.cite(site, citation.DATASET, "en")),
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
    entities = [dataset.entities[e] for e in dataset.entities_with(indicator_id)]
    every = {e.entity_id: dataset.all_of(indicator_id, e.entity_id) for e in entities}
    used = [o for observations in every.values() for o in observations]
    rows = []
    for entity in entities[:LISTED]:
        series = dataset.series(indicator_id, entity.entity_id, doubtful=True)
        rows.append({
            "entity": entity,
            "latest": series[-1],
            "span": span(series[0].period, series[-1].period),
            "figures": len(every[entity.entity_id]),
            "doubtful": sum(o.status == "doubtful" for o in every[entity.entity_id]),
            "spark": sparkline(dataset, indicator, [entity], lang, doubtful=True),
        })  # fmt: skip
    listed = documents(dataset, used)
    last = max((o.period for o in used), default="")
    of_last = [o.source_id for o in used if o.period == last]
    # the explorer opens with one kind: a country beside its cities would flatten them
    kind = Counter(e.kind for e in entities).most_common(1)[0][0] if entities else ""
    return {
        "indicator": indicator,
        "rows": rows,
        "entities": len(entities),
        "notes": [dataset.note_text(n, lang) for n in dataset.notes_for(indicator_id, every)],
        "documents": listed,
        "listed": LISTED,
        "figures": len(used),
        "next": expected_in_words(dataset, indicator, (last, of_last), lang) if used else "",
        "updated": max((source.retrieved[:10] for source, _ in listed), default=""),
        "explore": "~".join([e.entity_id for e in entities if e.kind == kind][:SHOWN]),
    }


def span(first: str, last: str) -> str:
    return first if first == last else f"{first}–{last}"


def _table(site: Site, name: str) -> Response:
    known = tables(site.dataset)
    errors.require("table", name, known.keys(), "/data/table/{}.csv", "")
    file, large = f"pursuit-{name.replace('/', '-')}.csv", known[name].stat().st_size > LARGE
    return send_csv(site, partial(pieces, known[name], mark=True), file, large=large)


def _package(site: Site) -> Response:
    name = f"pursuit-{site.dataset.version}.zip"
    return site.send(partial(package, site.dataset), "application/zip", expensive=True, filename=name)
