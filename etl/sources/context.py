"""What a source may know about a run: the catalogue, the published data, the date, the settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from etl.errors import SourceError

_EXCHANGES = {"hkex": 5, "szse": 6, "sse": 6}
"""Exchange → digits of its codes."""


@dataclass(frozen=True)
class Context:
    entities: pd.DataFrame
    indicators: pd.DataFrame
    keywords: pd.DataFrame
    data_dir: Path
    today: date
    env: Mapping[str, str] = field(default_factory=dict)
    only_entities: frozenset[str] = frozenset()
    """Entities a refresh is limited to; empty means all."""
    external_ids: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["entity_id", "scheme", "id"], dtype=object)
    )

    def ids(self, scheme: str) -> dict[str, str]:
        """Return identifier → entity of a scheme, for the entities this refresh asks for.

        ``wikidata``, ``nbs_area`` (a city's code, twelve digits) and the exchanges (``hkex``: five digits,
        ``szse``, ``sse``) stand in ``entities.csv``.
        """
        rows = self.entities
        if scheme == "wikidata":
            pairs = rows.assign(id=rows["wikidata_id"])
        elif scheme == "nbs_area":
            pairs = rows[rows["kind"].eq("city") & rows["code"].ne("")]
            pairs = pairs.assign(id=pairs["code"].str.ljust(12, "0"))
        elif scheme in _EXCHANGES:
            codes = rows.set_index("entity_id")["listing"].str.extractall(
                rf"{scheme.upper()}[^:;]*:\s*([0-9]{{1,6}})\b"
            )
            pairs = codes[0].str.zfill(_EXCHANGES[scheme]).rename("id").reset_index()
        else:
            pairs = self.external_ids[self.external_ids["scheme"] == scheme]
        known = set(filter(self.wants, rows["entity_id"]))
        return {
            str(i): str(e) for i, e in zip(pairs["id"], pairs["entity_id"], strict=True) if i and e in known
        }

    def names(self, kind: str, column: str = "name_zh_hans") -> dict[str, str]:
        """Return entity → name in a column, for the entities of a kind."""
        rows = self.entities[self.entities["kind"] == kind]
        return dict(zip(rows["entity_id"], rows[column], strict=True))

    def units(self) -> dict[str, str]:
        return dict(zip(self.indicators["indicator_id"], self.indicators["unit"], strict=True))

    def places(self) -> dict[str, str]:
        """Return Chinese name → province or city; in a table by place 吉林 is the province, not its city."""
        found = {"全国": "china"}
        for kind, ending in (("city", "市"), ("region", "省")):
            for entity, name in self.names(kind).items():
                short = name.removesuffix(ending)
                found |= {short: entity, short + ending: entity}
        return found

    def kind(self, entity: str) -> str:
        return str(self.entities.set_index("entity_id").at[entity, "kind"])

    def chosen_start(self, source: str, first: date) -> date | None:
        """Return the day ``PURSUIT_ARCHIVE_FROM`` names, not before ``first``; ``None`` where unset."""
        chosen = self.setting("PURSUIT_ARCHIVE_FROM")
        try:
            return max(date.fromisoformat(chosen), first) if chosen else None
        except ValueError as error:
            what = f"PURSUIT_ARCHIVE_FROM={chosen!r} is no date"
            raise SourceError(source, what, "write it as 2025-01-31") from error

    def setting(self, name: str) -> str:
        return self.env.get(name, "").strip()

    def wants(self, entity_id: str) -> bool:
        return not self.only_entities or entity_id in self.only_entities
