"""``/embed/<figure>``: one figure for somebody else's page; the only page that others may frame."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response

from dashboard.dataset import Lang
from dashboard.pages.api import known_figure
from dashboard.pages.figureview import figure_view
from dashboard.site import Site


def register(server: Flask, site: Site) -> None:
    """Add the embeds."""
    server.add_url_rule("/embed/<figure_id>", "embed", lambda figure_id: _embed(site, figure_id))


def _embed(site: Site, figure_id: str) -> Response:
    known_figure(site, figure_id)

    def values(lang: Lang) -> dict[str, Any]:
        claim = figure_id if figure_id in site.dataset.claims else ""
        return {"figure": figure_view(figure_id, site.dataset, lang), "claim": claim}

    return site.page("embed.html", values)
