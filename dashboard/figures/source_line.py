"""Where a chart's figures come from, in one phrase: the institutions, separated by semicolons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from dashboard import locale
from dashboard.dataset import TIERS, Dataset, Lang

NAMED = 4
"""Institutions named; the others are counted."""


def source_line(dataset: Dataset, ids: Iterable[str], lang: Lang) -> str:
    """Return the publishers of documents as one phrase, the same on pages and pictures; empty without any.

    Official ones come first, then whoever published most; documents are counted where there are more.
    """
    sources = [dataset.sources[s] for s in ids if s in dataset.sources]
    documents = Counter(dataset.publisher(s, lang) for s in sources if s.publisher)
    if not documents:
        return ""
    tiers: dict[str, int] = {}
    for s in sources:
        name = dataset.publisher(s, lang)
        tiers[name] = min(tiers.get(name, len(TIERS)), TIERS.index(s.tier))
    names = sorted(documents, key=lambda name: (tiers[name], -documents[name]))
    shown = locale.text("pages.semicolon", lang).join(names[:NAMED])
    if len(names) > NAMED:
        more = len(names) - NAMED
        if lang != "en" and shown[-1].isascii():
            shown += " "  # Latin and Chinese stand apart
        other = "export.other" if more == 1 else "export.others"
        shown = locale.text(other, lang, names=shown, count=more if lang == "en" else len(names))
    key = "export.documents" if len(sources) > len(names) else "export.document"
    return locale.text(key, lang, names=shown, count=len(sources))
