"""What the explorer's page, answers and files share: the version in addresses, the query as it came."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from flask import request

from dashboard import locale
from dashboard.dataset import LANGS, Dataset, Lang
from dashboard.explore.record import common_table
from dashboard.explore.select import Context
from dashboard.explore.state import State
from dashboard.figures.record import Chart
from dashboard.paths import TEMPLATES

ROWS = 400
"""Rows of a table on the page; all are in the files."""


def version(dataset: Dataset) -> str:
    """Return the version in addresses: of the data and, since words and looks travel along, of the code."""
    return f"{dataset.version or '0'}-{_code()}"


@cache
def _code() -> str:
    """Return a digest of messages and of the code that answers: what else the answers depend on."""
    parts = [json.dumps([locale.messages(lang) for lang in LANGS], sort_keys=True).encode()]
    root = TEMPLATES.parent
    files = [
        p for folder in ("explore", "figures", "pictures", "locale") for p in (root / folder).rglob("*.py")
    ]
    parts += [p.read_bytes() for p in sorted(files)]
    return sha256(b"".join(parts)).hexdigest()[:6]


def query() -> str:
    """Return this request's query as it came, for :func:`parse`, which trusts nothing in it."""
    return urlsplit(request.full_path).query


def data_values(dataset: Dataset, chart: Chart, state: State, lang: Lang) -> dict[str, Any]:
    rows = chart.table.rows[::-1]
    period, common = common_table(Context(dataset, state, lang))
    return {
        "chart": chart,
        "rows": rows[:ROWS],
        "rows_all": len(rows),
        "common_period": period,
        "common_table": common,
        "documents": [dataset.sources[s] for s in chart.sources if s in dataset.sources],
        "events": [e for e in dataset.events if e.event_id in chart.meta["events"].split()],
    }
