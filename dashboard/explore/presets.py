"""What is there with one click: questions, and groups of entities to add."""

import json
from collections import defaultdict
from pathlib import Path

from dashboard.dataset import Dataset, Lang
from dashboard.dataset.records import vocabulary
from dashboard.explore.parse import parse
from dashboard.explore.state import to_query
from dashboard.locale import text

PRESETS: dict[str, str] = json.loads(Path(__file__).with_name("presets.json").read_text("utf-8"))
"""Questions: a message key and the query that answers it."""


def presets(dataset: Dataset) -> list[tuple[str, str]]:
    """Return (message key, query in its short form) of the questions that this dataset can answer."""
    out = []
    for key, query in PRESETS.items():
        state, dropped = parse(query, dataset)
        have = set(dataset.entities_with(state.indicators[0]))
        if not dropped and len(have & set(state.entities)) > 1:
            out.append((f"explorer.preset.{key}", to_query(state)))
    return out


def groups(dataset: Dataset, lang: Lang) -> list[tuple[str, list[str]]]:
    """Return (name, members) of all cities, of published lists and of the essay's roles."""
    cities = [e.entity_id for e in dataset.entities.values() if e.kind == "city"]
    listed = [(g.name(lang), g.entities.split()) for g in dataset.groups]
    roles = [(text(f"explorer.group.{r}", lang), dataset.group(r)) for r in vocabulary("entities", "group")]
    found = [(text("explorer.group.city", lang), cities), *listed, *roles]
    return [(name, members) for name, members in found if members]


def provinces(dataset: Dataset, lang: Lang) -> list[tuple[str, list[str]]]:
    members: defaultdict[str, list[str]] = defaultdict(list)
    for e in dataset.entities.values():
        if e.kind == "city" and e.region_id in dataset.entities:
            members[e.region_id].append(e.entity_id)
    return [(dataset.entities[region].name(lang), cities) for region, cities in sorted(members.items())]
