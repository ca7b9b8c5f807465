"""``/``: the essay in its chapters, each quote beside its verdict and chart; ``/claim/<id>``: one claim."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from flask import Flask, Response

from dashboard.claims import claim_review, essay
from dashboard.claims.bench import controls
from dashboard.claims.finding import OUTCOMES
from dashboard.dataset import Dataset, Entity, Lang
from dashboard.figures import figure_ids
from dashboard.pages import errors
from dashboard.pages.claimview import ClaimView, claim_views, counts
from dashboard.pages.documents import Document
from dashboard.pages.figureview import figure_view
from dashboard.pages.standing import brief, cast_group
from dashboard.site import Site, add_page


def register(server: Flask, site: Site) -> None:
    site.env.globals["hero_id"] = hero_id(site.dataset)
    add_page(server, "/", "story", lambda: site.page("story.html", lambda lang: story(site, lang)))
    add_page(server, "/claim/<claim_id>", "claim", lambda claim_id: _claim(site, claim_id))


def story(site: Site, lang: Lang) -> dict[str, Any]:
    dataset, hero = site.dataset, hero_id(site.dataset)
    views, own = claim_views(dataset, lang), essay(dataset)
    answers = list(own.answer_claims)
    return {
        "essay": own,
        "cast": cast(dataset, lang),
        "answers": [v for v in views if v.id in answers],
        "first": first_mentions(),
        "endnotes": endnotes(views),
        "total": len(views),
        "counts": counts(dataset),
        "chapters": [
            {"number": n, "chapter": chapter, "claims": (of := list(members)), "tally": tally(of)}
            for n, (chapter, members) in enumerate(groupby(views, key=lambda v: v.chapter))
        ],
        "views": views,
        "hero": figure_view(hero, dataset, lang) if hero else None,
        "figures": {v.id: figure_view(v.id, dataset, lang) for v in views},
    }


def hero_id(dataset: Dataset) -> str:
    """Return the id of the opening chart, else of the first claim's; empty without an essay."""
    return next(iter(figure_ids(dataset)), "")


def tally(views: list[ClaimView]) -> dict[str, int]:
    return {o: n for o in OUTCOMES if (n := sum(v.outcome == o for v in views))}


def endnotes(views: list[ClaimView]) -> tuple[list[Document], dict[str, str]]:
    found = {d.source.source_id: d for view in views for d in view.documents}
    number = {source_id: n for n, source_id in enumerate(found, 1)}
    return list(found.values()), {
        v.id: spans(sorted(number[d.source.source_id] for d in v.documents)) for v in views
    }


def spans(numbers: list[int]) -> str:
    """Write whole numbers in order, runs of them by their ends.

    >>> spans([1, 2, 3, 7, 9, 10])
    '1–3, 7, 9–10'
    """
    runs = [
        [n for _, n in members]
        for _, members in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    ]
    return ", ".join(f"{r[0]}–{r[-1]}" if len(r) > 1 else str(r[0]) for r in runs)


CAST = ("elephants", "dragons", "ants", "pursuers", "giant", "yardsticks")
"""The essay's cast in the order shown; Hangzhou's own giant, which the essay leaves out, stands by itself."""


def cast(dataset: Dataset, lang: Lang) -> list[tuple[str, list[tuple[Entity, str]]]]:
    """Return the cast: (group, its members, each with one sentence); groups without a member are left out."""
    groups: dict[str, list[tuple[Entity, str]]] = {group: [] for group in CAST}
    for entity in dataset.entities.values():
        if entity.kind in ("city", "company") and (members := groups.get(cast_group(entity))) is not None:
            members.append((entity, brief(dataset, entity, lang)))
    return [(group, members) for group, members in groups.items() if members]


def first_mentions() -> Callable[[str], bool]:
    """Return what says once of each entity that it is new: there its profile is linked."""
    seen = {""}

    def first(entity_id: str) -> bool:
        new = entity_id not in seen
        seen.add(entity_id)
        return new

    return first


def known_claim(site: Site, claim_id: str) -> None:
    known = {i: c.quote for i, c in essay(site.dataset).claims.items()}
    errors.require("claim", claim_id, known, "/claim/{}", site.lang())


def _claim(site: Site, claim_id: str) -> Response:
    known_claim(site, claim_id)
    return site.page("claim.html", lambda lang: claim(site, claim_id, lang))


def claim(site: Site, claim_id: str, lang: Lang) -> dict[str, Any]:
    views = claim_views(site.dataset, lang)
    at = next(n for n, v in enumerate(views) if v.id == claim_id)
    view = views[at]
    review = claim_review(view.verdict, site.dataset, lang, site.absolute(f"/claim/{claim_id}", lang))
    return {
        "view": view,
        "first": first_mentions(),
        "bench": bool(controls(view.claim, site.dataset)),
        "figures": {claim_id: figure_view(claim_id, site.dataset, lang)},
        "before": views[at - 1] if at else None,
        "after": views[at + 1] if at + 1 < len(views) else None,
        "jsonld": review,
    }
