"""``/claims``: the ledger of every claim; filtered and sorted by the query string."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from flask import Flask, request

from dashboard import locale
from dashboard.claims import claim_review
from dashboard.claims.finding import OUTCOMES
from dashboard.claims.record import essay
from dashboard.dataset import Lang
from dashboard.pages.claimview import ClaimView, claim_views, counts
from dashboard.site import Site, add_page

GROUPS = {"cities": ("city", "region", "country"), "companies": ("company",), "data": ("university", "topic")}
"""The headings of the filter by name, each with the kinds of entities under it."""
ORDERS: dict[str, Callable[[ClaimView], tuple[float, int]]] = {
    "": lambda v: (0, v.position),
    "verdict": lambda v: (OUTCOMES.index(v.outcome), v.position),
    "robust": lambda v: (_robustness(v)[1], v.position),
}


def register(server: Flask, site: Site) -> None:
    query = ("verdict", "chapter", "entity", "robust", "sort")
    add_page(server, "/claims", partial(site.page, "claims.html", partial(ledger, site), query=query))


def ledger(site: Site, lang: Lang) -> dict[str, Any]:
    """Return what the ledger shows; an unknown filter value filters nothing."""
    dataset = site.dataset
    views, chapters = claim_views(dataset, lang), essay(dataset).chapters
    known: dict[str, Collection[str]] = {
        "verdict": OUTCOMES,
        "chapter": [c.chapter for c in chapters],
        "entity": {e for v in views for e in v.claim.entities},
        "robust": ("all", "some", "none"),
        "sort": ORDERS,
    }
    chosen = {k: v if (v := request.args.get(k, "")) in values else "" for k, values in known.items()}

    def passes(view: ClaimView) -> bool:
        return (
            chosen["verdict"] in ("", view.outcome)
            and chosen["chapter"] in ("", view.claim.chapter)
            and chosen["entity"] in ("", *view.claim.entities)
            and chosen["robust"] in ("", _robustness(view)[0])
        )

    named = [e for e in dataset.entities.values() if e.entity_id in known["entity"]]
    return {
        "views": sorted(filter(passes, views), key=ORDERS[chosen["sort"]]),
        "counts": counts(views),
        "total": len(views),
        "chosen": chosen,
        "chapters": chapters,
        "entities": [
            (locale.text(f"pages.nav.{label}", lang), members)
            for label, kinds in GROUPS.items()
            if (members := [e for e in named if e.kind in kinds])
        ],
        "jsonld": [
            claim_review(v.verdict, dataset, lang, site.absolute(f"/claim/{v.id}", lang)) for v in views
        ],
    }


def _robustness(view: ClaimView) -> tuple[str, float]:
    """Return whether every other choice gives the same answer (``none``: there is none), and the share."""
    same, compared = view.verdict.agreement
    if not compared:
        return "none", 2.0
    return "all" if same == compared else "some", same / compared
