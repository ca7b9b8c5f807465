"""``/claims``: the ledger of every claim; filtered and sorted by the query string."""

from __future__ import annotations

from typing import Any

from flask import Flask, request

from dashboard import locale
from dashboard.claims import claim_review
from dashboard.claims.finding import OUTCOMES
from dashboard.claims.record import essay
from dashboard.dataset import Dataset, Lang
from dashboard.pages.claimview import ClaimView, claim_views, counts
from dashboard.site import Site, add_page

FILTERS = ("verdict", "chapter", "entity", "robust", "sort")


GROUPS = {"cities": ("city", "region", "country"), "companies": ("company",), "data": ("university", "topic")}
"""The headings of the filter by name, each with the kinds of entities under it."""


def register(server: Flask, site: Site) -> None:
    add_page(
        server,
        "/claims",
        "claims",
        lambda: site.page("claims.html", lambda lang: ledger(site, lang, dict(request.args)), query=FILTERS),
    )


def ledger(site: Site, lang: Lang, asked: dict[str, str]) -> dict[str, Any]:
    """Return what the ledger shows; an unknown filter value filters nothing."""
    dataset = site.dataset
    views = claim_views(dataset, lang)
    chosen = _known(dataset, views, asked)
    order = {
        "verdict": lambda v: (OUTCOMES.index(v.outcome), v.position),
        "robust": lambda v: (_share(v), v.position),
    }
    key = order.get(chosen["sort"], lambda v: v.position)
    named = sorted(
        {e for v in views for e in v.claim.entities if e in dataset.entities},
        key=list(dataset.entities).index,
    )
    return {
        "views": sorted((v for v in views if _passes(v, chosen)), key=key),
        "counts": counts(dataset),
        "total": len(views),
        "chosen": chosen,
        "chapters": essay(dataset).chapters,
        "entities": [
            (locale.text(f"pages.nav.{label}", lang), members)
            for label, kinds in GROUPS.items()
            if (members := [e for e in map(dataset.entities.__getitem__, named) if e.kind in kinds])
        ],
        "jsonld": [
            claim_review(v.verdict, dataset, lang, site.absolute(f"/claim/{v.id}", lang)) for v in views
        ],
    }


def robustness(view: ClaimView) -> str:
    """Return ``all`` when every other choice gives the same answer, else ``some``; ``none`` without any."""
    same, compared = view.verdict.agreement
    if not compared:
        return "none"
    return "all" if same == compared else "some"


def _share(view: ClaimView) -> float:
    same, compared = view.verdict.agreement
    return same / compared if compared else 2.0


def _known(dataset: Dataset, views: list[ClaimView], asked: dict[str, str]) -> dict[str, str]:
    allowed: dict[str, set[str]] = {
        "verdict": set(OUTCOMES),
        "chapter": {c.chapter for c in essay(dataset).chapters},
        "entity": {e for v in views for e in v.claim.entities},
        "robust": {"all", "some", "none"},
        "sort": {"verdict", "robust"},
    }
    return {k: asked.get(k, "") if asked.get(k, "") in known else "" for k, known in allowed.items()}


def _passes(view: ClaimView, chosen: dict[str, str]) -> bool:
    return (
        chosen["verdict"] in ("", view.outcome)
        and chosen["chapter"] in ("", view.claim.chapter)
        and (not chosen["entity"] or chosen["entity"] in view.claim.entities)
        and chosen["robust"] in ("", robustness(view))
    )
