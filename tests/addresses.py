"""The addresses that a page names."""

from __future__ import annotations

from lxml import html

NAMES = "href src action data-points data-ledger-rest data-copy-text data-copy-picture"
PLACES = " | ".join(f"//@{name}" for name in NAMES.split()) + " | //meta[@property='og:image']/@content"


def addresses(page: str) -> list[str]:
    """Every address that a page leads to, loads or hands out, as it is written."""
    return [str(address) for address in html.document_fromstring(page).xpath(PLACES)]
