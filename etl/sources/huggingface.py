"""Hugging Face: models, likes and downloads of the companies' organisations.

``GET /api/models?author=…`` answers a bare list and names the next page in the ``Link`` header; any key of a
model but ``id`` may be missing. ``downloads`` counts the last 30 days, so it can fall. An unknown author is
answered with an empty list, which is not zero.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from etl.sources.base import Rows, Snapshot, Unreadable
from etl.sources.paging import OrganisationLists
from etl.sources.reading import field, json_of, next_page, records

SUMS = {"likes": "huggingface_likes", "downloads": "huggingface_downloads_30d"}


class HuggingFace(OrganisationLists):
    id = "huggingface"
    title = "Hugging Face Hub"
    hosts = ("huggingface.co",)
    asks_by = ("huggingface",)
    publisher = "Hugging Face"
    locator_hint = "models"
    api = "https://huggingface.co/api/models?author={owner}&sort=downloads&limit=1000"
    page = "https://huggingface.co/{owner}"

    def sums(self, owner: str, answers: Sequence[Snapshot], out: Rows) -> tuple[Mapping[str, int], str, str]:
        models: dict[str, Mapping[str, Any]] = {}
        for model in (one for answer in answers for one in records(json_of(answer))):
            name = field(model, "id", str)
            if name.partition("/")[0].lower() != owner.lower():
                raise Unreadable(f"{name} is not of {owner}")
            models[name] = model
        found = {"huggingface_models": len(models)}
        for key, indicator in SUMS.items():
            if all(key in model for model in models.values()):
                found[indicator] = sum(field(model, key, int) for model in models.values())
            else:
                out.notes.append(f"{owner}: some models state no {key}; no sum")
        if not models or next_page(answers[-1]):
            why = "the list continues, incomplete" if models else "no model, not taken for zero"
            out.notes.append(f"{owner}: {why}; left out")
            found = {}
        return found, f"api/models?author={owner}", f"own sum over {len(models)} models"


SOURCE = HuggingFace()
