"""``/glossary``: the terms that the site uses, each under an anchor of its own."""

from __future__ import annotations

from flask import Flask

from dashboard.site import Site, add_page

TERMS = (
    "gdp", "nominal", "real", "per_head", "income", "ppp",
    "resident", "hukou", "rd_intensity", "pct", "invention_patents", "cluster",
    "index", "relative", "log_axis", "common_year", "status", "tier",
    "verdict", "robustness", "margin", "dragons", "elephants", "ants",
    "pursuers", "unicorn", "gmv", "price_index", "yoy", "li",
)  # fmt: skip
"""Ids of the terms (``glossary.<id>.term`` and ``.text`` are their messages), in the order shown."""


def register(server: Flask, site: Site) -> None:
    """Add the glossary."""
    add_page(
        server, "/glossary", "glossary", lambda: site.page("glossary.html", lambda lang: {"terms": TERMS})
    )
