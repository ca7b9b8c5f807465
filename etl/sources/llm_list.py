"""Chinese large language models in a public list, counted by the city of their maker.

The Markdown table of awesome-LLMs-In-China has a column 省市: a municipality (北京), or a province and a city
(广东深圳). It has not changed since November 2024; it is asked for to notice when it does.
"""

from collections import Counter

from etl.sources.base import Context, Rows, Snapshot, Source, Unreadable
from etl.sources.reading import decode, normalise_text

PAGE = "https://github.com/wgwang/awesome-LLMs-In-China/blob/main/README.md"
INDICATOR = "llm_models_listed"


class LlmList(Source):
    id = "llm_list"
    title = "Public list of Chinese large language models"
    cadence_days = 30
    rhythm_days = 365
    file = "https://raw.githubusercontent.com/wgwang/awesome-LLMs-In-China/main/README.md"
    hosts = ("raw.githubusercontent.com",)
    keeps_history = True
    publisher = "wgwang (GitHub)"
    licence = "Apache-2.0"
    locator_hint = "column 省市"

    def read_answer(self, snapshot: Snapshot, context: Context, out: Rows) -> None:
        cities = context.places()
        places = _places(snapshot)
        out.document(PAGE, "awesome-LLMs-In-China: list of models", [snapshot])
        note = f"own count over the {len(places)} models of the list"
        # 广东深圳: the longest ending that is a place
        endings = ([place[start:] for start in range(len(place))] for place in places)
        found = Counter(next((cities[end] for end in ends if end in cities), "") for ends in endings)
        for entity, count in sorted(found.items()):
            if entity and context.kind(entity) == "city":
                out.add(entity, INDICATOR, snapshot.day, count, PAGE, locator="column 省市", note=note)


def _places(snapshot: Snapshot) -> list[str]:
    found: list[str] = []
    column = -1
    for line in decode(snapshot).splitlines():
        cells = [normalise_text(cell).removesuffix("市") for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            column = -1
        elif "大模型" in cells and "省" in cells:  # 省市, its 市 taken off
            column = cells.index("省")
        elif 0 <= column < len(cells) and cells[column].strip(":-"):
            found.append(cells[column])
    if len(found) < 10:
        raise Unreadable(f"{len(found)} models in its table")
    return found


SOURCE = LlmList()
