"""What every page needs: the dataset, templates, assets, the reader's language and theme, finished answers.

A page is rendered once for each (path, language, theme) of a dataset version, kept with its entity tag and
compressed once; a request then costs a look-up.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

import jinja2
from flask import Response, request
from markupsafe import Markup

from dashboard import locale
from dashboard.dataset import LANGS, Dataset, Lang
from dashboard.links import web_address
from dashboard.packed import Packed
from dashboard.paths import ASSETS, TEMPLATES
from dashboard.webassets import Assets

ThemeChoice = Literal["", "light", "dark"]
THEME_CHOICES: tuple[ThemeChoice, ...] = ("", "light", "dark")
"""What a reader can choose; empty follows the system."""
KEPT = 64_000_000
"""Bytes of finished answers kept in memory; the site's own pages take fewer, the rest is for queries."""


class Site:
    """One dataset as a website."""

    def __init__(self, dataset: Dataset, *, public_url: str = "") -> None:
        self.dataset = dataset
        self.assets = Assets(ASSETS)
        self.public_url = _checked(public_url or os.environ.get("PURSUIT_PUBLIC_URL", ""))
        self._answers: OrderedDict[tuple[str, ...], Packed] = OrderedDict()
        self._held = 0
        self._lock = threading.Lock()
        self._making: dict[tuple[str, ...], threading.Lock] = {}
        self.env = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.env.globals.update(
            asset=self.assets.url, has_asset=self.assets.exists, dataset=dataset, site=self, langs=LANGS
        )
        self.env.filters["web_address"] = web_address
        self.env.filters["spoken"] = spoken

    # -- the reader --------------------------------------------------------------------------------

    def lang(self) -> Lang:
        """Return the language of this request: ``?lang=``, else the cookie, else the browser's."""
        asked = request.args.get("lang") or request.cookies.get("lang")
        if asked not in LANGS:
            asked = request.cookies.get("lang")
        return locale.choose(request.headers.get("Accept-Language"), asked)

    def theme(self) -> ThemeChoice:
        """Return the theme the reader chose (``?theme=`` or the cookie); empty follows the system."""
        asked = request.args.get("theme", request.cookies.get("theme", ""))
        return asked if asked in THEME_CHOICES else ""

    # -- pages -------------------------------------------------------------------------------------

    def html(self, template: str, lang: Lang, theme: ThemeChoice = "", /, **values: Any) -> str:
        """Render a template; in it ``t(key, …)`` is a message, ``quantity`` and the like write numbers."""
        values.setdefault("path", request.path)
        values.setdefault("keep", [(k, v) for k, v in request.args.items() if k not in ("lang", "theme")])
        return self.env.get_template(template).render(
            lang=lang,
            theme=theme,
            t=lambda key, /, **named: locale.text(key, lang, **named),
            has_text=lambda key: locale.has(key, lang),
            quantity=lambda value, unit, **kw: locale.quantity(value, unit, lang, **kw),
            number=lambda value, **kw: locale.number(value, lang, **kw),
            percent=lambda value, **kw: locale.percent(value, lang, **kw),
            change=lambda value, **kw: locale.change(value, lang, **kw),
            period=lambda value: locale.period(value, lang),
            plain=plain,
            unit_name=lambda unit: locale.unit_name(unit, lang),
            **values,
        )

    def page(
        self,
        template: str,
        values: Callable[[Lang], dict[str, Any]],
        *,
        query: tuple[str, ...] = (),
        status: int = 200,
    ) -> Response:
        """Answer with a page, from memory when it was made before.

        ``values`` is called with the language when the page has to be made. ``query`` names the parameters
        that change the page; every other parameter is ignored, so that it can neither show nor fill memory.
        """
        lang, theme = self.lang(), self.theme()
        keep = [(k, request.args[k]) for k in query if request.args.get(k)]
        key = ("page", request.path, urlencode(keep), lang, theme, str(status))
        make = partial(self._rendered, template, lang, theme, values, keep)
        response = self.answer(self.packed(key, make, "text/html; charset=utf-8"), status=status)
        response.headers["Content-Language"] = lang
        return response

    def _rendered(
        self,
        template: str,
        lang: Lang,
        theme: ThemeChoice,
        values: Callable[[Lang], dict[str, Any]],
        keep: list[tuple[str, str]],
    ) -> bytes:
        return self.html(template, lang, theme, **{"keep": keep, **values(lang)}).encode("utf-8")

    def packed(self, key: tuple[str, ...], make: Callable[[], bytes], mimetype: str) -> Packed:
        """Return the finished body under ``key``, made by ``make`` when it is not in memory.

        Whoever asks for it while it is made waits for it instead of making it, too.
        """
        with self._lock:
            known = self._known(key)
            if known is not None:
                return known
            turn = self._making.setdefault(key, threading.Lock())
        with turn:
            with self._lock:
                known = self._known(key)
            if known is not None:
                return known
            try:
                made = Packed(make(), mimetype)
                self._keep(key, made)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return made

    def _known(self, key: tuple[str, ...]) -> Packed | None:
        known = self._answers.get(key)
        if known is not None:
            self._answers.move_to_end(key)
        return known

    def _keep(self, key: tuple[str, ...], made: Packed) -> None:
        with self._lock:
            self._held += len(made.body) if key not in self._answers else 0
            self._answers[key] = made
            while self._held > KEPT and len(self._answers) > 1:
                self._held -= len(self._answers.popitem(last=False)[1].body)

    def answer(self, packed: Packed, *, status: int = 200, cache: str = "no-cache") -> Response:
        """Make a response: compressed as the client takes it, with its entity tag; 304 where it fits."""
        body, encoding = packed.encoded(request.headers.get("Accept-Encoding", ""))
        response = Response(body, status=status, content_type=packed.mimetype)
        if encoding:
            response.headers["Content-Encoding"] = encoding
        response.headers["Cache-Control"] = cache
        if status == 200:
            response.set_etag(f"{packed.etag}{'-' + encoding if encoding else ''}")
            # a part of a compressed body is of no use to anyone: ranges are for files sent as they are
            ranges = not encoding and not packed.mimetype.startswith("text/html")
            response.make_conditional(request, accept_ranges=ranges, complete_length=len(body))
        return response

    def absolute(self, path: str) -> str:
        """Return the address of ``path`` on this site's public name, or the path when none is set.

        The name comes from ``PURSUIT_PUBLIC_URL`` alone: a request's ``Host`` must not get into kept pages.
        """
        return self.public_url + path


def collected(dataset: Dataset) -> str:
    """Return the day up to which a dataset was collected (``YYYY-MM-DD``), empty where nothing says.

    It is the newest retrieval of a document or the newest success of a collector.
    """
    days = [s.retrieved for s in dataset.sources.values()]
    rows = dataset.status.get("collectors", {})
    days += [str(row.get("last_success") or "") for row in rows.values() if isinstance(row, dict)]
    return max((d[:10] for d in days if len(d) >= 10), default="")


def spoken(text: str, lang: Lang) -> Markup:
    """Return the ``lang`` attribute for a document's own words where they are not in the page's language.

    >>> str(spoken("统计公报", "en")), str(spoken("Report", "en")), str(spoken("Report", "zh-Hans"))
    (' lang="zh"', '', ' lang="en"')
    """
    own = "zh" if any("\u4e00" <= c <= "\u9fff" for c in text) else "en"
    return Markup("" if lang.startswith(own) else f' lang="{own}"')  # noqa: S704  (one of two words)


def plain(value: float) -> str:
    """Write a number of a table in full: grouped, no scale words, as many places as it has (at most six).

    >>> plain(3873180000000.0), plain(59.4251), plain(2024)
    ('3,873,180,000,000', '59.4251', '2,024')
    """
    shown = f"{value:,.6f}".rstrip("0").rstrip(".")
    return shown.replace("-", "−")


def _checked(url: str) -> str:
    url = url.rstrip("/")
    if url and not (url.startswith(("https://", "http://")) and urlsplit(url).hostname):
        raise ValueError(f"PURSUIT_PUBLIC_URL {url!r} is not an http(s) address; mend or unset it")
    return url
