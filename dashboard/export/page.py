"""A figure as one HTML page that needs no server, no network and no script."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import jinja2

from dashboard import locale
from dashboard.dataset import Dataset, Source
from dashboard.figures.record import Chart
from dashboard.figures.theme import Theme, colour
from dashboard.links import web_address
from dashboard.paths import ASSETS, TEMPLATES
from dashboard.pictures.frame import credit_line
from dashboard.type import fonts
from dashboard.type.text import isolated

BUNDLE = ASSETS / "vendor" / "plotly.min.js"


@cache
def bundle() -> str:
    """Return plotly.js, safe inside a ``<script>``; empty when it does not ship (the picture then stands)."""
    return BUNDLE.read_text("utf-8").replace("</script", "<\\/script") if BUNDLE.is_file() else ""


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(TEMPLATES)
    env = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True)
    env.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":"), "allow_nan": False}
    env.filters["isolated"] = isolated
    return env.get_template("figure_file.html")


def render(chart: Chart, theme: Theme, picture: str, figure: dict[str, Any], dataset: Dataset) -> bytes:
    """Return the page: the picture first, plotly over it once the script runs, table, documents.

    A document whose address is not safe to link is named without it.
    """
    lang = chart.lang

    def document(source: Source) -> tuple[str, str]:
        words = dataset.publisher(source, lang), dataset.document(source, lang)
        return " · ".join(w for w in words if w), web_address(source.url)

    sources = [dataset.sources[s] for s in chart.sources if s in dataset.sources]
    page = _template().render(
        chart=chart,
        theme=theme,
        picture=picture,
        figure=figure,
        plotly=bundle(),
        width=max(figure["layout"]["width"], 320),
        text=lambda key, /, **values: locale.text(key, lang, **values),
        colour=partial(colour, theme=theme),
        sans=fonts.family(lang),
        serif=fonts.family(lang, serif=True),
        credit=credit_line(chart),
        documents=[document(s) for s in sources],
    )
    return page.encode("utf-8")
