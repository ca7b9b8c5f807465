"""``/changes``, ``/feed.xml``, ``/corrections``: what has changed, newest first."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from flask import Flask, Response, request
from markupsafe import escape

from dashboard import claims, locale
from dashboard.dataset import Dataset, Lang
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

    def since() -> str:
        asked = request.args.get("since", "")
        return asked if re.fullmatch(r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]", asked) and _is_day(asked) else ""

    def page(lang: Lang) -> dict[str, Any]:
        first = since()
        shown = [c for c in known(lang) if c.day >= first]
        days = [(day, list(of_day)) for day, of_day in groupby(shown, key=lambda c: c.day)]
        return {"days": days, "since": first, "total": len(shown)}

    def corrections(lang: Lang) -> dict[str, Any]:
        ledger = [c for c in known(lang) if c.kind == "correction"]
        return {"ledger": ledger, "contact": contact(os.environ.get("PURSUIT_CONTACT", ""))}

    add_page(server, "/changes", "changes", lambda: site.page("changes.html", page, query=("since",)))
    add_page(server, "/corrections", "corrections", lambda: site.page("corrections.html", corrections))
    add_page(server, "/feed.xml", "feed", lambda: _feed(site, known(site.lang())))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def contact(told: str) -> tuple[str, str]:
    """Return where to report an error as (words, link); empty where the site's keeper named no address.

    >>> contact("data@example.org"), contact("https://example.org/report"), contact("call me")
    (('data@example.org', 'mailto:data@example.org'), ('https://example.org/report', 'https://example.org/report'), ('', ''))
    """  # noqa: E501
    told = told.strip()
    if web_address(told):
        return told, told
    if re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", told):
        return told, f"mailto:{told}"
    return "", ""


def changes(dataset: Dataset, lang: Lang) -> list[Change]:
    """Return every change, newest first: verdicts, corrections and revisions of figures, new documents."""
    found = [*_verdicts(dataset, lang), *_revisions(dataset, lang), *_documents(dataset, lang)]
    return sorted(found, key=lambda c: (c.day, -KINDS.index(c.kind)), reverse=True)


def _verdicts(dataset: Dataset, lang: Lang) -> list[Change]:
    out: list[Change] = []
    views = {v.id: v for v in claim_views(dataset, lang)}
    for claim_id, steps in claims.read_history(dataset.directory).items():
        if claim_id not in views:
            continue
        for step in steps:
            if not step.previous:
                continue  # the first answer is no change
            title = locale.text(
                "changes.verdict",
                lang,
                claim=views[claim_id].proposition,
                before=claims.outcome_name(step.previous, lang),
                after=claims.outcome_name(step.outcome, lang),
            )
            why = figure_in_words(step, dataset, lang)
            out.append(
                Change(
                    step.changed_at[:10],
                    "verdict",
                    f"verdict:{claim_id}:{step.changed_at}",
                    title,
                    f"/claim/{claim_id}",
                    (why,) if why else (),
                )
            )
    return out


def _revisions(dataset: Dataset, lang: Lang) -> list[Change]:
    """Return one change a series and day: a yearbook that revises thirty years is one piece of news."""
    rows: list[dict[str, Any]] = [
        {str(k): v for k, v in r.items()}
        for r in dataset.revisions.to_dict("records")
        if r["entity_id"] in dataset.entities and r["indicator_id"] in dataset.indicators
    ]

    def series(row: dict[str, Any]) -> tuple[str, str, str, str]:
        kind = "correction" if str(row["reason"]).startswith(OURS) else "revision"
        return row["changed_at"][:10], kind, row["entity_id"], row["indicator_id"]

    out: list[Change] = []
    for (day, kind, entity_id, indicator_id), members in groupby(sorted(rows, key=series), key=series):
        of_series = list(members)
        entity, indicator = dataset.entities[entity_id], dataset.indicators[indicator_id]
        lines = tuple(
            locale.text(
                "changes.figure",
                lang,
                period=locale.period(row["period"], lang),
                before=_value(row["old_value"], indicator.unit, lang),
                after=_value(row["new_value"], indicator.unit, lang),
            )
            for row in of_series[:LISTED]
        )
        title = locale.text(f"changes.{kind}", lang, entity=entity.name(lang), indicator=indicator.name(lang))
        out.append(
            Change(
                day,
                kind,
                f"{kind}:{entity_id}:{indicator_id}:{day}",
                title,
                f"/data/{indicator_id}",
                lines,
                len(of_series) - len(lines),
            )
        )
    return out


def _value(text: str, unit: str, lang: Lang) -> str:
    return (
        locale.quantity(float(text), unit, lang, digits=None)
        if text
        else locale.text("changes.no_figure", lang)
    )


def _documents(dataset: Dataset, lang: Lang) -> list[Change]:
    dated = sorted(
        (s for s in dataset.sources.values() if _is_day(s.retrieved[:10])), key=lambda s: s.retrieved[:10]
    )
    out: list[Change] = []
    for day, members in groupby(dated, key=lambda s: s.retrieved[:10]):
        of_day = list(members)
        title = locale.text("changes.document", lang, n=len(of_day))
        names = tuple(f"{dataset.publisher(s, lang)} · {s.title}" for s in of_day[:LISTED])
        out.append(
            Change(
                day, "document", f"document:{day}", title, "/data#documents", names, len(of_day) - len(names)
            )
        )
    return out


def _feed(site: Site, every: list[Change]) -> Response:
    lang = site.lang()

    def make() -> bytes:
        entries = "".join(_entry(site, change, lang) for change in every[:ENTRIES])
        newest = every[0].day if every else "1970-01-01"
        head = (
            f"<title>{escape(locale.text('changes.feed', lang))}</title>"
            f"<id>{_urn('changes:' + lang)}</id><updated>{newest}T00:00:00Z</updated>"
            "<author><name>Pursuit</name></author>"
            f'<link rel="self" href="{site.absolute("/feed.xml", lang)}"/>'
            f'<link rel="alternate" type="text/html" href="{site.absolute("/changes", lang)}"/>'
        )
        return (
            '<?xml version="1.0" encoding="utf-8"?>'
            f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}">'
            f"{head}{entries}</feed>"
        ).encode()

    return site.answer(site.cached(("feed", lang), make, "application/atom+xml; charset=utf-8"))


def _urn(name: str) -> str:
    """Return an id that names an entry for good, wherever the site stands."""
    return uuid5(NAMESPACE_URL, f"pursuit:{name}").urn


def _entry(site: Site, change: Change, lang: Lang) -> str:
    lines = "\n".join(change.lines)
    if change.more:
        lines += "\n" + locale.text("changes.more", lang, n=change.more)
    kind = locale.text(f"changes.kind.{change.kind}", lang)
    return (
        f"<entry><title>{escape(change.title)}</title><id>{_urn(change.id)}</id>"
        f"<updated>{change.day}T00:00:00Z</updated>"
        f'<category term="{change.kind}" label="{escape(kind)}"/>'
        f'<link href="{escape(site.absolute(change.href, lang))}"/>'
        f'<content type="text">{escape(lines)}</content></entry>'
    )
