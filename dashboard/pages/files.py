"""Figures as files (``/figure/<id>.svg`` and the like), the sitemap, ``robots.txt``."""

from collections.abc import Callable
from functools import partial

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest

from dashboard import locale, pictures
from dashboard.claims.record import essay
from dashboard.dataset import Lang
from dashboard.export import formats
from dashboard.figures import build
from dashboard.figures.record import FORMS, Chart
from dashboard.figures.theme import Theme
from dashboard.pages import errors
from dashboard.pages.api import figure_options
from dashboard.pages.claimview import claim_views
from dashboard.pages.story import known_claim
from dashboard.pictures.card import WIDE, CardText, card
from dashboard.site import SHARED, Site, add_page

KINDS = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "zip": "application/zip",
}
CARD = (1200, 630)
"""The size of a link's picture, as the Open Graph readers of large sites ask for it."""


def register(server: Flask, site: Site) -> None:
    add_page(server, "/figure/<figure_id>.<ext>", partial(_figure, site))
    add_page(server, "/card/<figure_id>.png", partial(_card, site))
    add_page(server, "/poster/<claim_id>.png", partial(_poster, site))
    server.add_url_rule("/sitemap.xml", "sitemap", partial(_sitemap, site))
    server.add_url_rule("/robots.txt", "robots", partial(_robots, site))


def _figure(site: Site, figure_id: str, ext: str) -> Response:
    lang, form, theme = figure_options(site, figure_id)
    errors.require("format", ext, KINDS.keys(), f"/figure/{figure_id}.{{}}", lang)
    name, size = f"{figure_id}.{lang}.{theme}.{ext}", (FORMS[form][0], None, 2)
    return send_figure(site, lambda: build(figure_id, site.dataset, lang, form), name, theme, size, form)


def send_figure(
    site: Site,
    chart: Callable[[], Chart],
    filename: str,
    theme: Theme,
    size: tuple[int, int | None, float],
    *key: str,
) -> Response:
    """Answer with a chart as a file, in the format that ``filename`` ends in; ``size``: of ``Figure``."""
    ext = filename.rpartition(".")[2]

    def make() -> bytes:
        figure = formats.Figure(chart(), site.dataset, theme, *size)
        return formats.archive(figure) if ext == "zip" else formats.MAKERS[ext](figure)

    # a page of its own script is for the reader's disk, not for this site's origin
    inline, expensive = ext not in ("html", "zip"), ext not in ("csv", "json")
    response = site.send(make, KINDS[ext], theme, *key, filename=filename, inline=inline, expensive=expensive)
    if ext == "svg":  # a picture on its own runs nothing and carries its fonts with it
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; font-src data:"
        )
    return response


def _card(site: Site, figure_id: str) -> Response:
    """Answer with what other sites show of a link (1200 × 630): a figure, of a claim with its words."""
    lang, _, theme = figure_options(site, figure_id)

    def make() -> bytes:
        if figure_id in essay(site.dataset).claims:
            return _claim_card(site, figure_id, lang, theme, CARD[0] / WIDE[0])
        chart = pictures.credited(build(figure_id, site.dataset, lang), site.dataset)
        return pictures.png(pictures.draw(chart, theme, width=CARD[0], height=CARD[1]), scale=1)

    return site.send(make, KINDS["png"], theme, expensive=True)


def _poster(site: Site, claim_id: str) -> Response:
    """Answer with a claim as an upright picture (1080 × 1440) whose QR code leads back to it."""
    known_claim(site, claim_id)
    lang, _, theme = figure_options(site, claim_id)
    address = f"{_root(site)}/{lang.lower()}/claim/{claim_id}"
    return site.send(
        lambda: _claim_card(site, claim_id, lang, theme, 2, address),
        KINDS["png"],
        theme,
        address,
        expensive=True,
        # without a public name the code leads to the host that was asked, which is nobody else's business
        cache=SHARED if site.public_url else "private, no-cache",
    )


def _claim_card(
    site: Site, claim_id: str, lang: Lang, theme: Theme, scale: float, address: str = ""
) -> bytes:
    view = next(v for v in claim_views(site.dataset, lang) if v.id == claim_id)
    text = CardText(
        view.claim.quote_in(lang),
        view.proposition,
        view.outcome,
        locale.text(f"claims.outcome.{view.outcome}", lang),
        view.sentence,
        locale.text("pages.scan", lang),
        locale.text("export.mark", lang),
    )
    chart = pictures.credited(build(claim_id, site.dataset, lang, "narrow"), site.dataset)
    return pictures.png(card(chart, text, theme, address=address), scale=scale)


def _root(site: Site) -> str:
    """Return the address of this site: its public name, else the host that was asked, if it is one."""
    if site.public_url:
        return site.public_url
    if not request.host:  # werkzeug gives none for one with characters that no host has
        raise BadRequest(locale.text("pages.error.host", site.lang()))
    return request.url_root.rstrip("/")


def _sitemap(site: Site) -> Response:
    dataset = site.dataset
    paths = ["/", "/explore", "/claims", "/city", "/company", "/data", "/present", "/api/v1/"]
    paths += ["/method", "/glossary", "/changes", "/corrections"]
    paths += [f"/claim/{c}" for c in essay(dataset).claims]
    paths += [f"/{e.kind}/{i}" for i, e in dataset.entities.items() if e.kind in ("city", "company")]
    paths += [f"/data/{i}" for i in dataset.indicators if dataset.entities_with(i)]
    template = site.env.get_template("sitemap.xml")
    return Response(template.render(root=_root(site), paths=paths), mimetype="application/xml")


def _robots(site: Site) -> Response:
    lines = f"User-agent: *\nAllow: /api/v1/$\nDisallow: /api/\nSitemap: {_root(site)}/sitemap.xml\n"
    return Response(lines, mimetype="text/plain")
