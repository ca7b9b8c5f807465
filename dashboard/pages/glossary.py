"""``/glossary`` and ``/method``: terms and rules, each with its own anchor."""

from functools import partial
from typing import Any

from flask import Flask

from dashboard.dataset import Lang
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
    def values(name: str, terms: tuple[str, ...], lang: Lang) -> dict[str, Any]:
        return {"name": name, "terms": terms}

    for name, terms in (("glossary", TERMS), ("method", METHOD)):
        add_page(server, f"/{name}", partial(site.page, "glossary.html", partial(values, name, terms)))
