"""``create_app(dataset) -> Dash``: the site's Flask server, and the explorer's Dash app inside it."""

import importlib
import os
import pkgutil
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from http import HTTPStatus

from dash import Dash
from dash.exceptions import DependencyException
from flask import Flask, Response, abort, jsonify, request
from werkzeug.exceptions import HTTPException, NotFound

from dashboard import pages
from dashboard.dataset import Dataset
from dashboard.links import language_of
from dashboard.pages import errors, explore
from dashboard.pages.dash_scripts import DASH
from dashboard.proxies import ProxyMiddleware, parse_networks, parse_prefix
from dashboard.site import FOREVER, Site

LONGEST = 8190
"""Characters of an address; the explorer's with every city in it is shorter."""
OPEN = (
    "/api/", "/assets/", "/cite/", "/figure/", "/card/", "/poster/", "/data/table/", "/data/pursuit.zip",
    "/explore/", "/explore.csv",
)  # fmt: skip
"""Below these, in any language, any origin may read, and read why something was refused."""
DASH_USED = ("_dash-component-suites/", "_dash-layout", "_dash-dependencies")
"""What the browser asks of Dash; its pages and what only server callbacks would need answer 404."""
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Content-Disposition, Content-Range",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, Range",
    "Access-Control-Max-Age": "86400",
}
_CSP = (
    "default-src 'none'",
    "script-src 'self'{scripts}",
    # Plotly and Dash set style attributes and insert style elements of their own while they draw
    # (plotly.js issue 2355): the one exception. No style comes from data or from a query string.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors {ancestors}",
)


def create_app(dataset: Dataset) -> Dash:
    """Return the whole dashboard; ``.server`` is the WSGI application. Nothing is fetched, ever."""
    server = Flask("dashboard", static_folder=None, template_folder=None)
    server.config["MAX_CONTENT_LENGTH"] = 1_000_000
    server.json.ensure_ascii = False  # type: ignore[attr-defined]
    server.url_map.merge_slashes = False  # its redirects would name the host that was asked
    site = server.extensions["pursuit"] = Site(dataset)
    _assets(server, site)
    server.add_url_rule("/healthz", "healthz", lambda: _health(dataset))
    for found in pkgutil.iter_modules(pages.__path__, "dashboard.pages."):
        module = importlib.import_module(found.name)
        if hasattr(module, "register"):  # a page; the others are parts of pages
            module.register(server, site)
    app = Dash(
        "dashboard",
        server=server,  # type: ignore[arg-type]  # Dash takes a Flask server; its annotation does not say so
        routes_pathname_prefix=DASH,
        requests_pathname_prefix=DASH,
        include_assets_files=False,  # our own route names assets by content and compresses them once
        serve_locally=True,
        title="Pursuit",
        update_title="",
        enable_mcp=False,
        use_pages=False,
        add_log_handler=False,
    )
    explore.register_dash(app, site)
    server.register_error_handler(HTTPException, lambda error: errors.answer(site, error))
    server.register_error_handler(DependencyException, lambda error: errors.answer(site, NotFound()))
    server.register_error_handler(Exception, errors.unexpected)
    server.before_request(_refuse)
    script_hashes = cache(app.csp_hashes)  # of Dash's inline scripts, once every callback stands
    server.after_request(lambda response: _headers(response, script_hashes))
    prefix = parse_prefix(os.environ.get("PURSUIT_PREFIX", ""))
    trusted = parse_networks(os.environ.get("PURSUIT_TRUSTED_PROXIES", ""))
    server.wsgi_app = ProxyMiddleware(server.wsgi_app, prefix, trusted)  # type: ignore[method-assign,assignment]
    return app


def _refuse() -> Response | None:
    if len(request.query_string) + len(request.path) > LONGEST:
        abort(HTTPStatus.REQUEST_URI_TOO_LONG)
    if request.path.startswith(DASH) and not request.path.removeprefix(DASH).startswith(DASH_USED):
        return errors.minimal_page(HTTPStatus.NOT_FOUND, "No such page")
    return None


def _assets(server: Flask, site: Site) -> None:
    def asset(name: str) -> Response:
        try:
            found, kept = site.assets.find(name)
        except KeyError:
            return errors.minimal_page(404, f"No such file: /assets/{name}")
        return site.answer(found.content, cache=FOREVER if kept else "no-cache")

    server.add_url_rule("/assets/<path:name>", "asset", asset)
    icon = site.assets.get("favicon.svg").content
    server.add_url_rule("/favicon.ico", "favicon", lambda: site.answer(icon, cache="public, max-age=86400"))


def _health(dataset: Dataset) -> Response:
    newest = dataset.collected
    response = jsonify(
        status="ok",
        dataset_version=dataset.version,
        age_days=(datetime.now(UTC).date() - date.fromisoformat(newest)).days if newest else None,
        newest=newest or None,
        observations=len(dataset.table),
        sources=len(dataset.sources),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _headers(response: Response, script_hashes: Callable[[], Sequence[str]]) -> Response:
    """Set what every answer carries: what may run, who may frame it, what it varies on."""
    lang = language_of(request.path)
    path = request.path.removeprefix(f"/{lang.lower()}") if lang else request.path
    embed = path.startswith("/embed/")
    hashes = script_hashes() if path == "/explore" else []
    policy = "; ".join(_CSP).format(
        scripts="".join(f" {h}" for h in hashes), ancestors="*" if embed else "'self'"
    )
    headers = response.headers
    headers.setdefault("Content-Security-Policy", policy)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    # No Cross-Origin-Opener-Policy: there is no session for another window to reach, outgoing links are
    # noopener, and the header makes the browser start a new process, without its parsed scripts, at every
    # arrival (it doubles the time to the chart on a second visit).
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if not embed:
        headers["X-Frame-Options"] = "SAMEORIGIN"
    if path.startswith(OPEN):
        headers.update(_CORS | (_PREFLIGHT if request.method == "OPTIONS" else {}))
    headers.setdefault("Vary", "Accept-Encoding")
    headers.setdefault("Cache-Control", "no-cache")
    return response
