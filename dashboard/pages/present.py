"""``/present``: the story for a projector, one claim per screen; each screen is a page of its own."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response

from dashboard.dataset import Lang
from dashboard.links import address
from dashboard.pages.claimview import claim_views, counts
from dashboard.pages.figureview import figure_view
from dashboard.pages.story import hero_id, known_claim
from dashboard.site import Site, add_page


def register(server: Flask, site: Site) -> None:
    add_page(
        server, "/present", "present", lambda: site.page("present.html", lambda lang: screen(site, "", lang))
    )
    add_page(server, "/present/<claim_id>", "present_claim", lambda claim_id: _claim(site, claim_id))


def _claim(site: Site, claim_id: str) -> Response:
    known_claim(site, claim_id)
    return site.page("present.html", lambda lang: screen(site, claim_id, lang))


def screen(site: Site, claim_id: str, lang: Lang) -> dict[str, Any]:
    """Return what one screen shows; the empty id is the title."""
    views = claim_views(site.dataset, lang)
    screens = [address("/present", lang), *(address(f"/present/{v.id}", lang) for v in views)]
    at = next((n for n, v in enumerate(views, 1) if v.id == claim_id), 0)
    return {
        "view": views[at - 1] if at else None,
        "figure": figure_view(claim_id or hero_id(site.dataset), site.dataset, lang),
        "counts": counts(site.dataset),
        "total": len(views),
        "position": at,
        "screens": screens,
        "leave": address(f"/#{claim_id}" if claim_id else "/", lang),
    }
