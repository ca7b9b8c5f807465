"""The essay in its chapters, each quote beside its verdict and chart; each claim; a claim per screen.

``/``, ``/claim/<id>``, and for a projector ``/present``.
"""

from functools import partial
from itertools import groupby
from typing import Any

from flask import Flask, Response

from dashboard.claims import claim_review, essay
from dashboard.claims.bench import controls
from dashboard.dataset import Dataset, Entity, Lang, Source
from dashboard.figures import figure_ids
from dashboard.links import address
from dashboard.pages import errors
from dashboard.pages.claimview import ClaimView, claim_views, counts
from dashboard.pages.figureview import figure_view
from dashboard.pages.standing import brief, cast_group
from dashboard.site import Site, add_page


def register(server: Flask, site: Site) -> None:
    site.env.globals["hero_id"] = hero_id(site.dataset)
    add_page(server, "/", partial(site.page, "story.html", partial(story, site.dataset)))
    add_page(server, "/claim/<claim_id>", partial(_claim, site))
    add_page(server, "/present", partial(_present, site))
    add_page(server, "/present/<claim_id>", partial(_present, site))


def story(dataset: Dataset, lang: Lang) -> dict[str, Any]:
    hero, views, of = hero_id(dataset), claim_views(dataset, lang), essay(dataset)
    chapters = [(chapter, list(claims)) for chapter, claims in groupby(views, key=lambda v: v.chapter)]
    return {
        "essay": of,
        "cast": cast(dataset, lang),
        "answers": [v for v in views if v.id in of.answer_claims],
        "seen": [],
        "endnotes": endnotes(views),
        "total": len(views),
        "counts": counts(views),
        "chapters": [
            {"number": n, "chapter": chapter, "claims": claims, "tally": counts(claims)}
            for n, (chapter, claims) in enumerate(chapters)
        ],
        "views": views,
        "hero": figure_view(hero, dataset, lang) if hero else None,
        "figures": {v.id: figure_view(v.id, dataset, lang) for v in views},
    }


def hero_id(dataset: Dataset) -> str:
    """Return the id of the opening chart, else of the first claim's; empty without an essay."""
    return next(iter(figure_ids(dataset)), "")


def endnotes(views: list[ClaimView]) -> tuple[list[Source], dict[str, str]]:
    """Return the documents of all claims, and by claim the numbers of its own."""
    sources = list(dict.fromkeys(source for view in views for source, _ in view.documents))
    number = {source: n for n, source in enumerate(sources, 1)}
    return sources, {v.id: spans(sorted(number[source] for source, _ in v.documents)) for v in views}


def spans(numbers: list[int]) -> str:
    """Write whole numbers in order, runs of them by their ends (``1–3, 7, 9–10``)."""
    runs = [[n for _, n in run] for _, run in groupby(enumerate(numbers), key=lambda p: p[1] - p[0])]
    return ", ".join(f"{r[0]}–{r[-1]}" if len(r) > 1 else str(r[0]) for r in runs)


CAST = ("elephants", "dragons", "ants", "pursuers", "giant", "yardsticks")
"""The essay's cast in the order shown; Hangzhou's own giant, which the essay leaves out, stands by itself."""


def cast(dataset: Dataset, lang: Lang) -> list[tuple[str, list[tuple[Entity, str]]]]:
    """Return the cast: (group, its members, each with one sentence); groups without a member are left out."""
    groups: dict[str, list[tuple[Entity, str]]] = {group: [] for group in CAST}
    for entity in dataset.entities.values():
        if entity.kind in ("city", "company") and cast_group(entity) in groups:
            groups[cast_group(entity)].append((entity, brief(dataset, entity, lang)))
    return [(group, members) for group, members in groups.items() if members]


def known_claim(site: Site, claim_id: str) -> None:
    known = {i: c.quote for i, c in essay(site.dataset).claims.items()}
    errors.require("claim", claim_id, known, "/claim/{}", site.lang())


def _claim(site: Site, claim_id: str) -> Response:
    known_claim(site, claim_id)

    def values(lang: Lang) -> dict[str, Any]:
        views = claim_views(site.dataset, lang)
        at = next(n for n, v in enumerate(views) if v.id == claim_id)
        url = site.absolute(f"/claim/{claim_id}", lang)
        return {
            "view": views[at],
            "total": len(views),
            "seen": [],
            "bench": bool(controls(views[at].claim, site.dataset)),
            "figures": {claim_id: figure_view(claim_id, site.dataset, lang)},
            "before": views[at - 1] if at else None,
            "after": views[at + 1] if at + 1 < len(views) else None,
            "jsonld": claim_review(views[at].verdict, site.dataset, lang, url),
        }

    return site.page("claim.html", values)


def _present(site: Site, claim_id: str = "") -> Response:
    if claim_id:
        known_claim(site, claim_id)

    def values(lang: Lang) -> dict[str, Any]:
        views = claim_views(site.dataset, lang)
        at = next((n for n, v in enumerate(views, 1) if v.id == claim_id), 0)
        return {
            "view": views[at - 1] if at else None,
            "figure": figure_view(claim_id or hero_id(site.dataset), site.dataset, lang),
            "counts": counts(views),
            "total": len(views),
            "position": at,
            "screens": [address("/present", lang), *(address(f"/present/{v.id}", lang) for v in views)],
            "leave": address(f"/#{claim_id}" if claim_id else "/", lang),
        }

    return site.page("present.html", values)
