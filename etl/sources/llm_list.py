"""Chinese large language models in a public list, counted by the city of their maker.

The Markdown table of awesome-LLMs-In-China has a column 省市: a municipality (北京), or a province and a city
(广东深圳). It has not changed since November 2024; it is asked for to notice when it does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from etl.sources.base import Context, Request, Requests, Rows, ShapeError, Snapshot, Source
from etl.sources.reading import decode, normal, where

ID = "llm_list"
REPOSITORY = "wgwang/awesome-LLMs-In-China"
RAW = f"https://raw.githubusercontent.com/{REPOSITORY}/main/README.md"
PAGE = f"https://github.com/{REPOSITORY}/blob/main/README.md"
INDICATOR = "llm_models_listed"


class LlmList(Source):
    """One count a city, dated by the day the list came to be as it is."""

    id = ID
    title = "Public list of Chinese large language models"
    cadence_days = 30
    rhythm_days = 365
    hosts = ("raw.githubusercontent.com",)
    keeps_history = True
    publisher = "wgwang (GitHub)"
    licence = "Apache-2.0"
    locator_hint = "column 省市"

    def requests(self, context: Context) -> Requests:
        """Ask for the one file."""
        return [Request(RAW, accept=("text/plain", "text/markdown"), key="list")]

    def read(self, snapshots: Sequence[Snapshot], context: Context, out: Rows) -> None:
        """Count the rows of each city of the catalogue."""
        rows = context.entities[context.entities["kind"] == "city"]
        cities = {
            normal(n).removesuffix("市"): e
            for n, e in zip(rows["name_zh_hans"], rows["entity_id"], strict=True)
        }
        for snapshot in snapshots:
            places = _places(snapshot)
            counts: Counter[str] = Counter()
            for place in places:
                # 广东深圳: the longest ending that is a city
                ends = (place[start:] for start in range(len(place)))
                counts[next((cities[end] for end in ends if end in cities), "")] += 1
            day = snapshot.fetched[:10]
            out.document(PAGE, "awesome-LLMs-In-China: list of models", [snapshot])
            for entity, count in sorted(counts.items()):
                note = f"own count over the {len(places)} models of the list"
                if entity:
                    out.add(entity, INDICATOR, day, count, PAGE, locator="column 省市", note=note)


def _places(snapshot: Snapshot) -> list[str]:
    """Return the place of every model of the table that has these columns."""
    found: list[str] = []
    column = -1
    for line in decode(snapshot).splitlines():
        cells = [normal(cell).removesuffix("市") for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            column = -1
        elif "大模型" in cells and "省" in cells:  # 省市, its 市 taken off
            column = cells.index("省")
        elif 0 <= column < len(cells) and cells[column].strip(":-"):
            found.append(cells[column])
    if len(found) < 10:
        raise ShapeError(ID, f"{where(snapshot)}: {len(found)} models in its table")
    return found


SOURCE = LlmList()
