"""``/document/<id>``: one public document and every figure that was read from it."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response

from dashboard.dataset import Lang, Observation
from dashboard.pages import errors
from dashboard.pages.documents import documents, observation_line
from dashboard.site import Site, add_page

MOST = 200
"""Figures listed; the CSV has them all."""


def register(server: Flask, site: Site) -> None:
    add_page(server, "/document/<source_id>", "document", lambda source_id: _document(site, source_id))


def _document(site: Site, source_id: str) -> Response:
    dataset, lang = site.dataset, site.lang()
    titles = {i: dataset.document(s, lang) for i, s in dataset.sources.items()}
    errors.require("document", source_id, titles, "/document/{}", lang)

    def values(lang: Lang) -> dict[str, Any]:
        rows = dataset.table.select({"source_id": {source_id}})
        read = [Observation(*row) for row in rows.itertuples(index=False, name=None)]
        return {
            "source": dataset.sources[source_id],
            "documents": documents(dataset, read, lang),
            "figures": [
                (o.entity_id, o.indicator_id, observation_line(dataset, o, lang)) for o in read[:MOST]
            ],
            "total": len(read),
        }

    return site.page("document.html", values)
