"""Hugging Face: models, likes and downloads of the companies' organisations, one dated snapshot per run.

``GET /api/models?author=…`` answers a bare list and names the next page in the ``Link`` header; any key of
a model but ``id`` may be missing. ``downloads`` counts the last 30 days, so it can fall. An unknown author
is answered with an empty list, which is not zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from etl.sources.base import JSON, Context, Requests, Rows, Snapshot, Source, Unreadable
from etl.sources.paging import by_owner, pages
from etl.sources.reading import field, json_of, next_page, records

API = "https://huggingface.co/api/models"
PAGE = "https://huggingface.co/{author}"
LIMIT = 1000
SUMS = {"likes": "huggingface_likes", "downloads": "huggingface_downloads_30d"}


class HuggingFace(Source):
    id = "huggingface"
    title = "Hugging Face Hub"
    cadence_days = 7
    hosts = ("huggingface.co",)
    keeps_history = True
    asks_by = ("huggingface",)
    publisher = "Hugging Face"
    locator_hint = "models"

    def requests(self, context: Context) -> Requests:
        for author in context.ids("huggingface"):
            query = urlencode({"author": author, "sort": "downloads", "limit": str(LIMIT)})
            yield from pages(f"{API}?{query}", author, accept=JSON)

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        for author, entity, answers in by_owner(snapshots, context.ids("huggingface")):
            with out.isolate(answers[0]):
                models: dict[str, Mapping[str, Any]] = {}
                for snapshot in answers:
                    models |= _models(snapshot, author)
                if not models or next_page(answers[-1]):
                    why = (
                        "the list continues, incomplete"
                        if models
                        else "no model in the list, not taken for zero"
                    )
                    out.notes.append(f"{author}: {why}; left out")
                    continue
                values = {"huggingface_models": len(models)}
                for key, indicator in SUMS.items():
                    if all(key in model for model in models.values()):
                        values[indicator] = sum(field(model, key, int) for model in models.values())
                    else:
                        out.notes.append(f"{author}: some models state no {key}; no sum")
                url, day = PAGE.format(author=author), max(one.day for one in answers)
                out.document(url, f"Hugging Face: {author}", answers)
                locator, note = f"api/models?author={author}", f"own sum over {len(models)} models"
                for indicator, value in values.items():
                    out.add(entity, indicator, day, str(value), url, locator=locator, note=note)


def _models(snapshot: Snapshot, author: str) -> dict[str, Mapping[str, Any]]:
    """Return id → model of one page, each of which must be the author's."""
    found: dict[str, Mapping[str, Any]] = {}
    for model in records(json_of(snapshot)):
        name = field(model, "id", str)
        if name.partition("/")[0].lower() != author.lower():
            raise Unreadable(f"{name} is not of {author}")
        found[name] = model
    return found


SOURCE = HuggingFace()
