"""``/``: the essay in its chapters, each quote beside its verdict and its chart; ``/claim/<id>``: one."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Flask, Response

from dashboard.claims import claim_review, essay
from dashboard.dataset import Lang
from dashboard.figures import figure_ids
from dashboard.links import address
from dashboard.pages import errors
from dashboard.pages.claimview import ClaimView, claim_views, counts
from dashboard.pages.figureview import figure_view
from dashboard.pages.jsonld import script
from dashboard.site import Site, add_page, collected


def register(server: Flask, site: Site) -> None:
    """Add the story and the standalone claims."""
    site.env.globals["hero_id"] = figure_ids(site.dataset)[0]
    add_page(server, "/", "story", lambda: site.page("story.html", lambda lang: story(site, lang)))
    add_page(server, "/claim/<claim_id>", "claim", lambda claim_id: _claim(site, claim_id))


def story(site: Site, lang: Lang) -> dict[str, Any]:
    """Return what the story page shows."""
    views = claim_views(site.dataset, lang)
    chapters = [
        {"number": n, "chapter": chapter, "claims": list(members)}
        for n, (chapter, members) in enumerate(groupby(views, key=lambda v: v.chapter))
    ]
    return {
        "total": len(views),
        "counts": counts(site.dataset),
        "chapters": chapters,
        "views": views,
        "hero": figure_view(figure_ids(site.dataset)[0], site.dataset, lang),
        "figures": {v.id: figure_view(v.id, site.dataset, lang) for v in views},
        "observations": len(site.dataset.table),
        "sources": len(site.dataset.sources),
        "newest": newest(site),
    }


def newest(site: Site) -> str:
    """Return the day up to which the dataset was collected (``YYYY-MM-DD``), or an empty string."""
    return collected(site.dataset)


def known_claim(site: Site, claim_id: str) -> None:
    """Answer 404 with the nearest names when there is no such claim."""
    known, lang = essay(site.dataset).claims, site.lang()
    if claim_id not in known:
        errors.unknown(
            "claim", claim_id, [(i, address(f"/claim/{i}", lang), c.quote) for i, c in known.items()]
        )


def _claim(site: Site, claim_id: str) -> Response:
    known_claim(site, claim_id)
    return site.page("claim.html", lambda lang: claim(site, claim_id, lang))


def claim(site: Site, claim_id: str, lang: Lang) -> dict[str, Any]:
    """Return what a standalone claim page shows."""
    views = claim_views(site.dataset, lang)
    at = next(n for n, v in enumerate(views) if v.id == claim_id)
    view: ClaimView = views[at]
    review = claim_review(view.verdict, site.dataset, lang, site.absolute(f"/claim/{claim_id}", lang))
    return {
        "view": view,
        "figures": {claim_id: figure_view(claim_id, site.dataset, lang)},
        "before": views[at - 1] if at else None,
        "after": views[at + 1] if at + 1 < len(views) else None,
        "jsonld": script(review),
        "newest": newest(site),
    }
