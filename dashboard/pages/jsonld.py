"""schema.org descriptions inside a page, escaped so that no text in them can end the script element."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup


def script(data: dict[str, Any] | list[dict[str, Any]]) -> Markup:
    """Return ``data`` as a JSON-LD block (a data block: nothing in it runs)."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028")):
        text = text.replace(sign, code)
    return Markup(f'<script type="application/ld+json">{text}</script>')  # noqa: S704  (escaped just above)
