"""Dash's own scripts as one file: one request instead of eight, cached under the hash of its bytes."""

from __future__ import annotations

import json
import re
from functools import cached_property
from http import HTTPStatus

from dash import Dash
from flask import Response
from markupsafe import Markup

from dashboard.links import address
from dashboard.response_cache import CompressedBody
from dashboard.site import FOREVER, Site

DASH = "/dash/"
"""Where Dash's own addresses begin."""
FOLDER = f"{DASH}_dash-component-suites/dash/dcc/"
"""Where the core components lie: whatever else they load they look for beside the script they came in."""
_GRAPH = f"{FOLDER}async-graph.js"
"""The part that Dash would ask for when the layout stands; the graph is in it from the start."""
_UNUSED = re.compile(r"/(dash_table/|dash/html/|deps/polyfill@)")
"""Tables, HTML elements, and a polyfill of which Dash needs one part: that is in our plotly bundle."""
_MAP = re.compile(rb"\n?//# sourceMappingURL=\S+\s*$")


class DashScripts:
    def __init__(self, app: Dash, site: Site) -> None:
        self.app, self.site = app, site

    @cached_property
    def bundle(self) -> CompressedBody:
        client = self.app.server.test_client()
        parts = []
        for src in [*self._addresses(), _GRAPH]:
            with client.get(src) as answer:
                if answer.status_code != HTTPStatus.OK:
                    raise LookupError(f"Dash does not hand out {src}")
                parts.append(_MAP.sub(b"", answer.get_data()))
        return CompressedBody(b";\n".join(parts), "text/javascript")

    @property
    def url(self) -> str:
        return f"{FOLDER}all.{self.bundle.etag[:10]}.js"

    def register(self) -> None:
        def route(digest: str) -> Response:
            kept = self.url.endswith(f".{digest}.js")
            return self.site.answer(self.bundle, cache=FOREVER if kept else "no-cache")

        self.app.server.add_url_rule(f"{FOLDER}all.<digest>.js", "dash_scripts", route)

    def _addresses(self) -> list[str]:
        found = re.findall(r'src="([^"]+)"', self.app._generate_scripts_html())
        wanted = [m.replace("&amp;", "&") for m in found]
        return [src for src in wanted if not _UNUSED.search(src)]


def dash_config(app: Dash) -> Markup:
    """Return Dash's settings as the data block it reads, with its addresses below the site's own path."""
    start, config, end = re.split(r"(?<=>)(?={)|(?<=})(?=</)", app._generate_config_html())
    settings = {**json.loads(config), "requests_pathname_prefix": address(DASH)}
    text = json.dumps(settings).replace("<", "\\u003c")
    return Markup(f"{start}{text}{end}")  # noqa: S704  (Dash's own settings, nothing of a reader's)
