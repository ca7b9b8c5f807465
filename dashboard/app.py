"""``create_app(dataset) -> Dash``: the explorer as a Dash app inside the site's Flask server."""

from __future__ import annotations

from http import HTTPStatus

from dash import Dash
from dash.exceptions import DependencyException
from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from dashboard.dataset import Dataset
from dashboard.pages import errors, explore
from dashboard.pages.dash_scripts import DASH
from dashboard.server import create_server
from dashboard.site import Site

USED = ("_dash-component-suites/", "_dash-layout", "_dash-dependencies")
"""What the browser asks of Dash."""


def create_app(dataset: Dataset) -> Dash:
    """Return the whole dashboard; ``.server`` is the WSGI application. Nothing is fetched, ever."""
    server, site = create_server(dataset)
    app = _dash(server)
    explore.register_dash(app, site)
    _only_what_is_used(server, site)
    hashes: list[str] = []

    def csp_hashes() -> list[str]:
        """Return the hashes of Dash's inline scripts; known once every callback stands."""
        if not hashes:
            hashes.extend(app.csp_hashes())
        return hashes

    server.extensions["pursuit_csp_hashes"] = csp_hashes
    return app


def _only_what_is_used(server: Flask, site: Site) -> None:
    """Answer 404 for Dash's pages and for what only server callbacks would need; there are none."""

    def elsewhere() -> Response | None:
        if request.path.startswith(DASH) and not request.path.removeprefix(DASH).startswith(USED):
            return errors.minimal_page(HTTPStatus.NOT_FOUND, "No such page")
        return None

    server.before_request(elsewhere)
    server.register_error_handler(DependencyException, lambda error: errors.answer(site, NotFound()))


def _dash(server: Flask) -> Dash:
    return Dash(
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
