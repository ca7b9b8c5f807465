"""``/changes``, ``/feed.xml``, ``/corrections``: what has changed, newest first."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from itertools import groupby
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from flask import Flask, Response, request

from dashboard import claims, locale
from dashboard.dataset import Dataset, Lang, Revision, Source
from dashboard.links import web_address
from dashboard.pages.claimview import claim_views, figure_in_words
from dashboard.site import Site, add_page

KINDS = ("verdict", "correction", "revision", "document")
OURS = "curated"
"""Collector of the figures read by hand: when one of those changes, we were wrong or chose another source."""
ENTRIES = 200
"""Entries of the feed."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is new or different since ``day`` (``YYYY-MM-DD``)."""

    day: str
    kind: str
    id: str
    title: str
    href: str
    lines: list[str]


def register(server: Flask, site: Site) -> None:
    known = cache(lambda lang: changes(site.dataset, lang))

    def page(lang: Lang) -> dict[str, Any]:
        first = _day(request.args.get("since", ""))
        since = [c for c in known(lang) if c.day >= first]
        days = [(day, list(of_day)) for day, of_day in groupby(since, key=lambda c: c.day)]
        return {"days": days, "since": first, "total": len(since)}

    def corrections(lang: Lang) -> dict[str, Any]:
        ledger = [c for c in known(lang) if c.kind == "correction"]
        return {"ledger": ledger, "contact": contact(os.environ.get("PURSUIT_CONTACT", ""))}

    def feed() -> Response:
        lang = site.lang()
        # an id names an entry for good, wherever the site stands
        values = {"changes": known(lang)[:ENTRIES], "urn": lambda n: uuid5(NAMESPACE_URL, f"pursuit:{n}").urn}
        make = lambda: site.html("feed.xml", lang, **values).encode()  # noqa: E731
        return site.send(make, "application/atom+xml; charset=utf-8")

    add_page(server, "/changes", partial(site.page, "changes.html", page, query=("since",)))
    add_page(server, "/corrections", partial(site.page, "corrections.html", corrections))
    add_page(server, "/feed.xml", feed)


def _day(text: str) -> str:
    try:
        return text if date.fromisoformat(text).isoformat() == text else ""
    except ValueError:
        return ""


def contact(configured: str) -> str:
    """Return the address where to report an error; empty where the site's keeper named none.

    >>> contact("data@example.org"), contact("https://example.org/report"), contact("call me")
    ('mailto:data@example.org', 'https://example.org/report', '')
    """
    configured = configured.strip()
    if re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", configured):
        return f"mailto:{configured}"
    return web_address(configured)


def changes(dataset: Dataset, lang: Lang) -> list[Change]:
    every = [*_verdicts(dataset, lang), *_revisions(dataset, lang), *_documents(dataset, lang)]
    return sorted(every, key=lambda c: (c.day, -KINDS.index(c.kind)), reverse=True)


def _verdicts(dataset: Dataset, lang: Lang) -> Iterator[Change]:
    log = claims.read_history(dataset.directory)
    for view in claim_views(dataset, lang):
        for step in (s for s in log.get(view.id, []) if s.previous_outcome):  # the first answer is no change
            before, after = (claims.outcome_name(o, lang) for o in (step.previous_outcome, step.outcome))
            title = locale.text("changes.verdict", lang, claim=view.proposition, before=before, after=after)
            why = figure_in_words(step, dataset, lang)
            name = f"verdict:{view.id}:{step.changed_at}"
            yield Change(
                step.changed_at[:10], "verdict", name, title, f"/claim/{view.id}", [why] if why else []
            )


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
        entity, indicator = dataset.entities[entity_id], dataset.indicators[indicator_id]
        lines = [_figure(row, indicator.unit, lang) for row in members]
        title = locale.text(f"changes.{kind}", lang, entity=entity.name(lang), indicator=indicator.name(lang))
        name = f"{kind}:{entity_id}:{indicator_id}:{day}"
        yield Change(day, kind, name, title, f"/data/{indicator_id}", lines)


def _figure(row: Revision, unit: str, lang: Lang) -> str:
    before, after = (
        locale.quantity(float(value), unit, lang, digits=None)
        if value
        else locale.text("changes.no_figure", lang)
        for value in (row.old_value, row.new_value)
    )
    period = locale.period(row.period, lang)
    return locale.text("changes.figure", lang, period=period, before=before, after=after)


def _documents(dataset: Dataset, lang: Lang) -> Iterator[Change]:
    by_day: dict[str, list[Source]] = {}
    for source in dataset.sources.values():
        by_day.setdefault(_day(source.retrieved[:10]), []).append(source)
    for day, sources in by_day.items():
        if day:
            title = locale.text("changes.document", lang, n=len(sources))
            names = [f"{dataset.publisher(s, lang)} · {s.title}" for s in sources]
            yield Change(day, "document", f"document:{day}", title, "/data#documents", names)
