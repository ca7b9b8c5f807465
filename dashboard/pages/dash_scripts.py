"""Dash's own scripts as one file: one request instead of eight, cached under the hash of its bytes."""

import json
import re
from collections.abc import Callable
from functools import cache
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


def register_scripts(app: Dash, site: Site) -> Callable[[], str]:
    """Serve Dash's scripts as one file; return what gives its address, which is known once it is made."""

    @cache
    def bundle() -> CompressedBody:
        client, parts = app.server.test_client(), []
        sources = re.findall(r'src="([^"]+)"', app._generate_scripts_html().replace("&amp;", "&"))
        for source in [*(s for s in sources if not _UNUSED.search(s)), _GRAPH]:
            with client.get(source) as answer:
                if answer.status_code != HTTPStatus.OK:
                    raise LookupError(f"Dash does not hand out {source}")
                parts.append(_MAP.sub(b"", answer.get_data()))
        return CompressedBody(b";\n".join(parts), "text/javascript")

    def current() -> str:
        return f"{FOLDER}all.{bundle().etag[:10]}.js"

    def script(digest: str) -> Response:
        return site.answer(bundle(), cache=FOREVER if current().endswith(f".{digest}.js") else "no-cache")

    app.server.add_url_rule(f"{FOLDER}all.<digest>.js", "dash_scripts", script)
    return current


def dash_config(app: Dash) -> Markup:
    """Return Dash's settings as the data block it reads, with its addresses below the site's own path."""
    start, config, end = re.split(r"(?<=>)(?={)|(?<=})(?=</)", app._generate_config_html())
    settings = {**json.loads(config), "requests_pathname_prefix": address(DASH)}
    text = json.dumps(settings).replace("<", "\\u003c")
    return Markup(f"{start}{text}{end}")  # noqa: S704  (Dash's own settings, nothing of a reader's)
