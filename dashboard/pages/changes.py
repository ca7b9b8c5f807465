"""``/changes``, ``/feed.xml``, ``/corrections``: what has changed, newest first."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from flask import Flask, Response, request

from dashboard import claims, locale
from dashboard.dataset import Dataset, Lang, Revision
from dashboard.links import web_address
from dashboard.pages.claimview import claim_views, figure_in_words
from dashboard.site import Site, add_page

KINDS = ("verdict", "correction", "revision", "document")
OURS = "curated"
"""Collector of the figures read by hand: when one of those changes, we were wrong or chose another source."""
ENTRIES = 200
"""Entries of the feed."""
LISTED = 12
"""Documents named in one entry; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is new or different since ``day`` (``YYYY-MM-DD``)."""

    day: str
    kind: str
    id: str
    title: str
    href: str
    lines: tuple[str, ...] = ()
    more: int = 0


def register(server: Flask, site: Site) -> None:
    known = cache(lambda lang: changes(site.dataset, lang))

    def page(lang: Lang) -> dict[str, Any]:
        first = _day(request.args.get("since", ""))
        shown = [c for c in known(lang) if c.day >= first]
        days = [(day, list(of_day)) for day, of_day in groupby(shown, key=lambda c: c.day)]
        return {"days": days, "since": first, "total": len(shown)}

    def corrections(lang: Lang) -> dict[str, Any]:
        ledger = [c for c in known(lang) if c.kind == "correction"]
        return {"ledger": ledger, "contact": contact(os.environ.get("PURSUIT_CONTACT", ""))}

    def feed() -> Response:
        lang = site.lang()
        kind = "application/atom+xml; charset=utf-8"
        values = {"changes": known(lang)[:ENTRIES], "urn": _urn}
        return site.send(("feed", lang), lambda: site.html("feed.xml", lang, **values).encode(), kind)

    add_page(server, "/changes", "changes", lambda: site.page("changes.html", page, query=("since",)))
    add_page(server, "/corrections", "corrections", lambda: site.page("corrections.html", corrections))
    add_page(server, "/feed.xml", "feed", feed)


def _day(text: str) -> str:
    try:
        return text if date.fromisoformat(text).isoformat() == text else ""
    except ValueError:
        return ""


def _urn(name: str) -> str:
    """Return an id that names an entry for good, wherever the site stands."""
    return uuid5(NAMESPACE_URL, f"pursuit:{name}").urn


def contact(configured: str) -> tuple[str, str]:
    """Return where to report an error as (words, link); empty where the site's keeper named no address.

    >>> contact("data@example.org"), contact("https://example.org/report"), contact("call me")
    (('data@example.org', 'mailto:data@example.org'), ('https://example.org/report', 'https://example.org/report'), ('', ''))
    """  # noqa: E501
    configured = configured.strip()
    if web_address(configured):
        return configured, configured
    if re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", configured):
        return configured, f"mailto:{configured}"
    return "", ""


def changes(dataset: Dataset, lang: Lang) -> list[Change]:
    found = [*_verdicts(dataset, lang), *_revisions(dataset, lang), *_documents(dataset, lang)]
    return sorted(found, key=lambda c: (c.day, -KINDS.index(c.kind)), reverse=True)


def _verdicts(dataset: Dataset, lang: Lang) -> Iterator[Change]:
    views = {v.id: v for v in claim_views(dataset, lang)}
    for claim_id, steps in claims.read_history(dataset.directory).items():
        for step in steps if claim_id in views else ():
            if not step.previous_outcome:
                continue  # the first answer is no change
            title = locale.text(
                "changes.verdict",
                lang,
                claim=views[claim_id].proposition,
                before=claims.outcome_name(step.previous_outcome, lang),
                after=claims.outcome_name(step.outcome, lang),
            )
            why = figure_in_words(step, dataset, lang)
            name = f"verdict:{claim_id}:{step.changed_at}"
            lines = (why,) if why else ()
            yield Change(step.changed_at[:10], "verdict", name, title, f"/claim/{claim_id}", lines)


def _revisions(dataset: Dataset, lang: Lang) -> Iterator[Change]:
    """Yield one change a series and day: a yearbook that revises thirty years is one piece of news."""
    rows = [
        r
        for r in dataset.revisions
        if r.entity_id in dataset.entities and r.indicator_id in dataset.indicators
    ]

    def series(row: Revision) -> tuple[str, str, str, str]:
        kind = "correction" if row.reason.startswith(OURS) else "revision"
        return row.changed_at[:10], kind, row.entity_id, row.indicator_id

    for (day, kind, entity_id, indicator_id), members in groupby(sorted(rows, key=series), key=series):
        of_series = list(members)
        entity, indicator = dataset.entities[entity_id], dataset.indicators[indicator_id]
        lines = tuple(_figure(row, indicator.unit, lang) for row in of_series[:LISTED])
        title = locale.text(f"changes.{kind}", lang, entity=entity.name(lang), indicator=indicator.name(lang))
        name, more = f"{kind}:{entity_id}:{indicator_id}:{day}", len(of_series) - len(lines)
        yield Change(day, kind, name, title, f"/data/{indicator_id}", lines, more)


def _figure(row: Revision, unit: str, lang: Lang) -> str:
    def value(text: str) -> str:
        if not text:
            return locale.text("changes.no_figure", lang)
        return locale.quantity(float(text), unit, lang, digits=None)

    before, after = value(row.old_value), value(row.new_value)
    period = locale.period(row.period, lang)
    return locale.text("changes.figure", lang, period=period, before=before, after=after)


def _documents(dataset: Dataset, lang: Lang) -> Iterator[Change]:
    dated = [(day, s) for s in dataset.sources.values() if (day := _day(s.retrieved[:10]))]
    for day, members in groupby(sorted(dated, key=lambda pair: pair[0]), key=lambda pair: pair[0]):
        sources = [source for _, source in members]
        title = locale.text("changes.document", lang, n=len(sources))
        names = tuple(f"{dataset.publisher(s, lang)} · {s.title}" for s in sources[:LISTED])
        more = len(sources) - len(names)
        yield Change(day, "document", f"document:{day}", title, "/data#documents", names, more)
