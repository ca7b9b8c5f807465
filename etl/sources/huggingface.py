"""Hugging Face: models, likes and downloads of the companies' organisations, a dated snapshot each run.

``GET /api/models?author=…`` answers a bare list and names the next page in the ``Link`` header; any key of
a model but ``id`` may be missing. ``downloads`` counts the last 30 days, so it can fall. An unknown author
is answered with an empty list, which is not zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from etl.sources.base import Context, Request, Requests, Rows, ShapeError, Snapshot, Source
from etl.sources.reading import field, json_of, next_page, records, where

ID = "huggingface"
API = "https://huggingface.co/api/models"
PAGE = "https://huggingface.co/{author}"
LIMIT = 1000
MAX_PAGES = 20


class HuggingFace(Source):
    """Models of each organisation."""

    id = ID
    title = "Hugging Face Hub"
    cadence_days = 7
    hosts = ("huggingface.co",)
    rate_per_second = 1.0
    keeps_history = True
    publisher = "Hugging Face"
    locator_hint = "models"

    def requests(self, context: Context) -> Requests:
        """Ask for every page of each organisation's list of models."""
        for author in context.ids("huggingface"):
            query = {"author": author, "sort": "downloads", "limit": str(LIMIT)}
            address, asked = f"{API}?{urlencode(query)}", set[str]()
            while address and address not in asked:
                if len(asked) == MAX_PAGES:
                    raise ShapeError(ID, f"{author}: more than {MAX_PAGES} pages", "raise MAX_PAGES")
                asked.add(address)
                page = f"/{len(asked):02}" if len(asked) > 1 else ""
                answer = yield Request(address, accept=("application/json",), key=f"{author}{page}")
                address = next_page(answer) if answer is not None else ""

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        """Count models; sum up likes and downloads where every model states them."""
        pages: dict[str, list[Snapshot]] = defaultdict(list)
        for snapshot in sorted(snapshots, key=lambda one: one.request.key):
            pages[snapshot.request.key.partition("/")[0]].append(snapshot)
        asked = context.ids("huggingface")
        for author, answers in pages.items():
            at = where(answers[0])
            if author not in asked:
                raise ShapeError(ID, f"{at}: not an organisation that was asked for")
            models: dict[str, Mapping[str, Any]] = {}
            for snapshot in answers:
                models |= _models(snapshot, author)
            if not models:
                out.notes.append(f"{author}: no model in the list; not taken for zero")
                continue
            if next_page(answers[-1]):
                out.notes.append(
                    f"{author}: the list goes on after its last stored page; left out as incomplete"
                )
                continue
            values = {"huggingface_models": len(models)}
            for key, indicator in (
                ("likes", "huggingface_likes"),
                ("downloads", "huggingface_downloads_30d"),
            ):
                if all(key in model for model in models.values()):
                    values[indicator] = sum(
                        field(model, key, int, ID, f"{at}, {name}") for name, model in models.items()
                    )
                else:
                    out.notes.append(f"{author}: some models state no {key}; no sum")
            url, day = PAGE.format(author=author), max(one.fetched[:10] for one in answers)
            out.document(url, f"Hugging Face: {author}", answers)
            for indicator, value in values.items():
                out.add(
                    asked[author], indicator, day, str(value), url,
                    locator=f"api/models?author={author}", note=f"own sum over {len(models)} models",
                )  # fmt: skip


def _models(snapshot: Snapshot, author: str) -> dict[str, Mapping[str, Any]]:
    """Return id → model of one page, each of which must be the author's."""
    at = where(snapshot)
    answer = json_of(snapshot, ID)
    if isinstance(answer, dict) and "error" in answer:
        raise ShapeError(ID, f"{at}: the service says: {answer['error']}")
    found: dict[str, Mapping[str, Any]] = {}
    for position, model in enumerate(records(answer, ID, at), start=1):
        name = field(model, "id", str, ID, f"{at}, model {position}")
        if name.partition("/")[0].lower() != author.lower():
            raise ShapeError(ID, f"{at}: {name} is not of {author}")
        found[name] = model
    return found


SOURCE = HuggingFace()
