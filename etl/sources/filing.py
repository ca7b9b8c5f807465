"""A report filed with an exchange: what the modules of the exchanges share."""

import html
import re
from dataclasses import dataclass

ANNUAL = "annual_report_published"
INTERIM = "interim_report_published"
KINDS = {ANNUAL: "annual", INTERIM: "interim"}
"""Indicator → the word for it in a request's key."""
SINCE = "2015-01-01"
ANY_JSON = (
    "application/json", "text/json", "text/javascript", "application/javascript", "text/plain", "text/html",
)  # fmt: skip
"""Content types the exchanges label their JSON with; whether it is JSON is decided by reading it."""
_YEARS = re.compile(r"(20[0-9][0-9])(?:\s*[/-]\s*([0-9][0-9])\b)?")


@dataclass(frozen=True)
class Filing:
    indicator: str
    day: str
    title: str
    url: str
    publisher: str
    company: str


def without_markup(text: str) -> str:
    """Return a title without the mark-up and entities (``<em>``, ``<br/>``, ``&#x2f;``) of search results."""
    bare = re.sub(r"</?(em|br|b|font|span)\b[^>]*>", " ", html.unescape(text), flags=re.IGNORECASE)
    return " ".join(bare.split())


def report_year(title: str, filed: str) -> int:
    """Return the (closing) year an annual report is about; ``filed``: the day it was filed, ``YYYY-MM-DD``.

    The title names it (``2024年年度报告``, ``ANNUAL REPORT 2023/24``), else it is the year before the filing.
    """
    match = _YEARS.search(title)
    if match is None:
        return int(filed[:4]) - 1
    return int(match[1][:2] + match[2]) if match[2] else int(match[1])
