"""Groups of entities to add with one click: all cities, published lists, the essay's roles, provinces."""

from dataclasses import dataclass

from dashboard.dataset import Dataset, Lang
from dashboard.dataset.records import vocabulary
from dashboard.locale import has, text

ROLES = vocabulary("entities", "group")


@dataclass(frozen=True, slots=True)
class Group:
    """A group as an address names it (``e=dragons``), its name, its members."""

    id: str
    name: str
    members: tuple[str, ...]


def groups(dataset: Dataset, lang: Lang) -> list[Group]:
    """Return the groups that a dataset has members for: all cities first, then the roles."""
    cities = tuple(e.entity_id for e in dataset.entities.values() if e.kind == "city")
    found = [("cities", "explorer.group.city", cities)]
    found += [(role, f"explorer.group.{role}", tuple(dataset.group(role))) for role in ROLES]
    known = [Group(i, text(key, lang), members) for i, key, members in found if members and has(key, lang)]
    listed = [Group(g.group_id, g.name(lang), tuple(g.entities.split())) for g in dataset.groups]
    return [*known[:1], *listed, *known[1:]]


def provinces(dataset: Dataset, lang: Lang) -> list[Group]:
    members: dict[str, list[str]] = {}
    for e in dataset.entities.values():
        if e.kind == "city" and e.region_id in dataset.entities:
            members.setdefault(e.region_id, []).append(e.entity_id)
    found = [Group(r, dataset.entities[r].name(lang), tuple(m)) for r, m in members.items()]
    return sorted(found, key=lambda g: g.id)
