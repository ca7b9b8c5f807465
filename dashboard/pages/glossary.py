"""``/glossary`` and ``/method``: terms and rules, each with its own anchor."""

from __future__ import annotations

from functools import partial

from flask import Flask, Response

from dashboard.site import Site, add_page

TERMS = (
    "gdp", "nominal", "real", "per_head", "income", "ppp",
    "resident", "hukou", "rd_intensity", "pct", "invention_patents", "cluster",
    "index", "relative", "log_axis", "common_year", "status", "tier",
    "verdict", "robustness", "margin", "dragons", "elephants", "ants",
    "pursuers", "unicorn", "gmv", "price_index", "yoy", "li",
)  # fmt: skip
"""Ids of the terms (``glossary.<id>.term`` and ``.text`` are their messages), in the order shown."""


METHOD = (
    "verdict", "not", "dates", "tests", "margin", "thresholds",
    "once", "documents", "relayed", "comparable", "missing", "attention",
    "money",
)  # fmt: skip
"""Ids of the parts of the method, in the order shown."""


def register(server: Flask, site: Site) -> None:
    for name, terms in (("glossary", TERMS), ("method", METHOD)):
        add_page(server, f"/{name}", name, partial(_page, site, name, terms))


def _page(site: Site, name: str, terms: tuple[str, ...]) -> Response:
    return site.page("glossary.html", lambda lang: {"name": name, "terms": terms})
