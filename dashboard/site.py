"""What every page needs: the dataset, templates, assets, the language of the path, the response cache."""

import os
from collections.abc import Callable
from functools import partial
from typing import Any, Literal
from urllib.parse import quote, urlencode

import jinja2
from flask import Flask, Response, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from dashboard import locale
from dashboard.dataset import LANGS, Dataset, Lang
from dashboard.links import BY_PATH, address, language_of, short_address, web_address
from dashboard.locale import plain_digits
from dashboard.paths import ASSETS, TEMPLATES
from dashboard.response_cache import CompressedBody, ResponseCache
from dashboard.type.text import isolated
from dashboard.webassets import Assets

FOREVER = "public, max-age=31536000, immutable"
"""How an answer may be kept whose address names its version."""
SHARED = "public, max-age=0, s-maxage=60, stale-while-revalidate=60, stale-if-error=86400"
"""How answers may be kept: a browser asks each time whether they changed, a shared cache once a minute."""


class Site:
    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.assets = Assets(ASSETS)
        self.public_url = os.environ.get("PURSUIT_PUBLIC_URL", "").rstrip("/")
        if self.public_url and not web_address(self.public_url):
            raise ValueError(f"PURSUIT_PUBLIC_URL {self.public_url!r} is no http(s) address; fix or unset it")
        self.cache = ResponseCache()
        self.env = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.env.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
        self.env.globals.update(
            asset=lambda name: address(self.assets.get(name).url),
            has_asset=self.assets.exists,
            dataset=dataset,
            site=self,
            langs=LANGS,
            message=locale.text,
            newest=dataset.collected,
            full_number=full_number,
            frozen=False,
        )
        for writer in (isolated, web_address, lang_attribute, short_address):
            self.env.filters[writer.__name__] = writer

    def lang(self) -> Lang:
        """Return the language of this request: the path's, else ``?lang=``.

        Where neither says, the API speaks English and an error page what the browser asks for.
        """
        requested = language_of(request.path) or request.args.get("lang")
        by_browser = "" if request.path.startswith("/api/") else request.headers.get("Accept-Language")
        return locale.choose(by_browser, requested)

    def html(self, template: str, lang: Lang, /, **values: Any) -> str:
        """Render a template.

        In it ``t(key, …)`` is a message, ``link(path)`` an address in the page's language (``link(path, "")``
        one without), ``quantity`` and the like write numbers; ``path`` is the page's own, less its language.
        """
        path = request.path.removeprefix(f"/{lang.lower()}") or "/"
        values.setdefault("path", quote(path, safe="/@:~"))
        values.setdefault("keep", [(k, v) for k, v in request.args.items() if k != "lang"])
        return self.env.get_template(template).render(
            lang=lang,
            link=lambda path, language=lang: address(path, language),
            root=address(""),
            t=lambda key, /, **named: locale.text(key, lang, **named),
            quantity=partial(locale.quantity, lang=lang),
            number=partial(locale.number, lang=lang),
            period=partial(locale.period, lang=lang),
            unit_name=partial(locale.unit_name, lang=lang),
            **values,
        )

    def page(
        self, template: str, values: Callable[[Lang], dict[str, Any]], *key: str, query: tuple[str, ...] = ()
    ) -> Response:
        """Answer with a page, from memory when it was made before.

        ``values`` is called with the language when the page has to be made. ``query`` names the parameters
        that change the page; every other one is ignored, so that it can neither show nor fill memory.
        """
        lang = self.lang()
        keep = [(k, request.args[k]) for k in query if request.args.get(k)]

        def make() -> bytes:
            return self.html(template, lang, **{"keep": keep, **values(lang)}).encode("utf-8")

        response = self.send(make, "text/html; charset=utf-8", urlencode(keep), *key)
        response.headers["Content-Language"] = lang
        return response

    def send(
        self,
        make: Callable[[], bytes],
        mimetype: str,
        *key: str,
        filename: str = "",
        inline: bool = False,
        expensive: bool = False,
        cache: str = SHARED,
    ) -> Response:
        """Answer with what ``make`` returns, from memory when it was made before (see ``ResponseCache``).

        ``key`` is what the answer depends on besides the path and the path that the site is served below.
        ``filename`` is the name under which a browser saves it; it shows the file first where ``inline``.
        """
        made = self.cache.get((address(""), request.path, *key), make, mimetype, expensive=expensive)
        response = self.answer(made, cache=cache)
        if filename:
            disposition = "inline" if inline else "attachment"
            response.headers.set("Content-Disposition", disposition, filename=filename)
        return response

    def answer(self, content: CompressedBody, *, cache: str = SHARED) -> Response:
        """Make a response: compressed as the client takes it, with its entity tag; 304 where it fits."""
        body, encoding = content.encoded(request.headers.get("Accept-Encoding", ""))
        response = Response(body, content_type=content.mimetype)
        if encoding:
            response.headers["Content-Encoding"] = encoding
        response.headers["Cache-Control"] = cache
        response.set_etag(f"{content.etag}{'-' + encoding if encoding else ''}")
        # a part of a compressed body is of no use to anyone: ranges are for files sent as they are
        ranges = not encoding and not content.mimetype.startswith("text/html")
        response.make_conditional(request, accept_ranges=ranges, complete_length=len(body))
        return response

    def absolute(self, path: str, lang: Lang | Literal[""] = "") -> str:
        """Return the address of ``path`` on this site's public name; without the name when none is set.

        The name comes from ``PURSUIT_PUBLIC_URL`` alone, with the path that the site is served below: a
        request's ``Host`` must not get into kept pages.
        """
        if not self.public_url:
            return address(path, lang)
        return self.public_url + address(path, lang).removeprefix(address(""))


def add_page(server: Flask, rule: str, view: Callable[..., Any]) -> None:
    """Add an address in every language (``/<language>`` + ``rule``); without one it leads to the reader's.

    ``view`` takes the rule's own values; :meth:`Site.lang` tells it the language.
    """
    below = f"/<any({', '.join(map(repr, BY_PATH))}):language>{rule}"
    strict = not rule.endswith("/")
    server.add_url_rule(below, below, lambda language, **values: view(**values), strict_slashes=strict)
    server.add_url_rule(rule, rule, to_language, strict_slashes=False)


def to_language(**values: str) -> AnyResponse:
    """Redirect an address without a language to the one asked for by ``?lang=``, else by the browser.

    The rest of the query stays as it came. Nothing is remembered.
    """
    requested = request.args.get("lang")
    lang = locale.choose(request.headers.get("Accept-Language"), requested)
    pieces = request.query_string.decode("ascii", "replace").split("&")
    query = "&".join(p for p in pieces if p and not p.startswith("lang="))
    path = request.path if str(request.url_rule).endswith("/") else request.path.rstrip("/")
    target = address(quote(path, safe="/@:~"), lang) + (f"?{query}" if query else "")
    permanent = requested == lang
    response = redirect(target, 308 if permanent else 302)
    response.headers["Cache-Control"] = "public, max-age=86400" if permanent else "private, no-cache"
    if not permanent:
        response.headers["Vary"] = "Accept-Language"
    return response


def lang_attribute(text: str, lang: Lang) -> Markup:
    """Return the ``lang`` attribute of a document's own words where they are not in the page's language.

    >>> str(lang_attribute("统计公报", "en")), str(lang_attribute("Report", "en"))
    (' lang="zh"', '')
    """
    language = "zh" if any("\u4e00" <= c <= "\u9fff" for c in text) else "en"
    return Markup("" if lang.startswith(language) else f' lang="{language}"')  # noqa: S704  (one of two words)


def full_number(value: float) -> str:
    """Write a number of a table in full: grouped, no scale words, as many places as it has (at most six).

    >>> full_number(3873180000000.0), full_number(59.4251), full_number(2024)
    ('3,873,180,000,000', '59.4251', '2,024')
    """
    text = f"{value:,.6f}" if abs(value) >= 1e-3 else plain_digits(value)
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")
