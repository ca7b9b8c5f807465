"""Error pages: one clear line, and the nearest names where something is unknown."""

import difflib
import logging
import traceback
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Literal, cast
from urllib.parse import quote

from flask import Response, current_app, jsonify, redirect, request
from markupsafe import escape
from werkzeug.exceptions import HTTPException, NotFound

from dashboard import locale
from dashboard.dataset import Lang
from dashboard.links import address, language_of
from dashboard.site import Site

TRACE = 20
"""Calls of a trace that are logged."""


class Unknown(NotFound):
    """No such thing: ``what`` is its kind (``city``), ``near`` are (address, title) pairs."""

    def __init__(self, what: str, name: str, near: list[tuple[str, str]]) -> None:
        super().__init__()
        self.what, self.unknown, self.near = what, name[:80], near


def require(what: str, name: str, known: Iterable[str], path: str, lang: Lang | Literal[""]) -> None:
    """Answer 404 with the nearest names where ``name`` is not in ``known``, ids or a map of id to title.

    ``path`` is the address of one (``/claim/{}``).
    """
    titles = known if isinstance(known, Mapping) else {i: i for i in known}
    if name not in titles:
        near = difflib.get_close_matches(name[:80].lower(), titles, 3, 0.4)
        raise Unknown(what, name, [(address(path.format(i), lang), titles[i]) for i in near])


def answer(site: Site, error: HTTPException) -> Response:
    """Answer an HTTP error in the form the address promises: JSON below ``/api``, else a page."""
    code = error.code or 500
    if code < 400 and error.response is not None:
        return cast(Response, error.response)  # a redirect raised as an exception
    lang = site.lang()
    if code == 404 and (page := _without_slash()):
        return cast(Response, redirect(page, 308))
    near = error.near if isinstance(error, Unknown) else []
    if isinstance(error, Unknown):
        line = locale.text(f"pages.error.unknown_{error.what}", lang, name=error.unknown)
    elif locale.has(f"pages.error.{code}"):
        line = locale.text(f"pages.error.{code}", lang)
    else:
        line = error.description or error.name
    if request.path.startswith("/api/"):
        response = jsonify(error=line, status=code, near=[a for a, _ in near])
        response.status_code = code
    elif code == HTTPStatus.SERVICE_UNAVAILABLE:
        response = minimal_page(code, line)  # a page would cost what there is too little of
    else:
        text = site.html("error.html", lang, code=code, line=line, near=near, keep=[])
        response = Response(text, code, mimetype="text/html")
    response.headers["Content-Language"] = lang
    if not language_of(request.path) and not request.path.startswith("/api/"):
        response.headers["Vary"] = "Accept-Language, Accept-Encoding"
    for name, value in error.get_headers():  # what the method or the range should have been
        if name in ("Allow", "Content-Range", "Retry-After"):
            response.headers[name] = value
    return response


def _without_slash() -> str:
    """Return the address without the slash at its end where that one is a page of ours, else nothing."""
    path = request.path
    if not path.endswith("/") or path.startswith("//") or "\\" in path or not path.strip("/"):
        return ""
    adapter = current_app.create_url_adapter(request)
    if adapter is None or not adapter.test(path.rstrip("/"), method="GET"):
        return ""
    query = request.query_string.decode("ascii", "replace")
    return address(quote(path.rstrip("/"), safe="/@:~")) + (f"?{query}" if query else "")


def unexpected(error: Exception) -> Response:
    """Log the end of the trace, indented and without control characters: no request writes log lines."""
    trace = "".join(traceback.format_exception(error)[-TRACE:]).splitlines()[-2 * TRACE :]
    lines = ["  | " + "".join(c for c in line[:300] if c.isprintable()) for line in trace]
    logging.getLogger("pursuit").error("while answering %.200r\n%s", request.path, "\n".join(lines))
    return minimal_page(500, "Something went wrong on our side; it has been logged. / 出了错,已记录。")


def minimal_page(code: int, line: str) -> Response:
    return Response(f"<!doctype html><title>{code}</title><p>{escape(line)}</p>", code, mimetype="text/html")
