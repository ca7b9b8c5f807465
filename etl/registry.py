"""Which sources there are, in the order in which they are reported."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from functools import cache

from etl.errors import UsageError
from etl.sources.base import Source

IDS = (
    "curated", "nbs_housing", "worldbank", "wikidata", "pageviews", "weibo_hot", "zhihu_hot", "weibo_heat",
    "github_ranking", "github", "huggingface", "openalex", "filings", "nbs_city", "eastmoney", "gdelt",
)  # fmt: skip


@cache
def source(source_id: str) -> Source:
    """Return a source by its id. Raises :class:`UsageError` for an unknown one."""
    if source_id not in IDS:
        raise UsageError(f"no source named {source_id!r}", f"choose from {', '.join(IDS)}")
    found = importlib.import_module(f"etl.sources.{source_id}").SOURCE
    if not isinstance(found, Source) or found.id != source_id:
        raise TypeError(f"etl.sources.{source_id}.SOURCE is not a source with that id")
    return found


def chosen(names: Sequence[str]) -> list[Source]:
    """Return the named sources in the registry's order; none named means all that are on by default."""
    unknown = [name for name in names if name not in IDS]
    if unknown:
        raise UsageError(f"no source named {unknown[0]!r}", f"choose from {', '.join(IDS)}")
    present = [source(name) for name in IDS if not names or name in names]
    return [found for found in present if names or found.on_by_default]
