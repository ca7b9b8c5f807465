"""Where a chart's figures come from, in one phrase: the institutions, separated by semicolons."""

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
    by_tier = sorted(sources, key=lambda s: TIERS.index(s.tier), reverse=True)
    tiers = {dataset.publisher(s, lang): TIERS.index(s.tier) for s in by_tier}
    names = sorted(documents, key=lambda name: (tiers[name], -documents[name]))
    named = locale.text("pages.semicolon", lang).join(names[:NAMED])
    if len(names) > NAMED:
        more = len(names) - NAMED
        if lang != "en" and named[-1].isascii():
            named += " "  # Latin and Chinese stand apart
        other = "export.other" if more == 1 else "export.others"
        named = locale.text(other, lang, names=named, count=more if lang == "en" else len(names))
    key = "export.documents" if len(sources) > len(names) else "export.document"
    return locale.text(key, lang, names=named, count=len(sources))
