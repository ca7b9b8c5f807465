"""Records parsed and checked: every mistake is reported with its file, its key and its fix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from reprlib import repr as brief
from typing import Any

from dashboard.claims.kinds import kinds, single
from dashboard.claims.params import Params
from dashboard.claims.schema import PARAMETERS, MistakeError, Rule, one_of
from dashboard.dataset import WRITTEN, Dataset

Table = dict[str, Any]


class RecordError(Exception):
    """A mistake in a record: ``str(error)`` names file, key, what is wrong and how to fix it."""


@dataclass(frozen=True, slots=True)
class Part:
    kind: str
    params: Params


class Parser:
    """Checks the values of one record, and gathers what is wrong with it."""

    def __init__(self, path: Path, dataset: Dataset) -> None:
        self.file = f"{path.parent.name}/{path.name}"
        self.dataset, self.faults = dataset, list[str]()

    def fault(self, key: str, what: str, fix: str) -> None:
        self.faults.append(f"{self.file}: {key}: {what}; {fix}")

    def done(self) -> None:
        if self.faults:
            raise RecordError("\n".join(self.faults))

    def value(self, at: str, rule: Rule, value: Any) -> Any:
        """Return a value as its rule asks, or ``None`` and a note of what is wrong."""
        try:
            return rule(self.dataset, value)
        except MistakeError as mistake:
            self.fault(at, mistake.what, mistake.fix)
        return None

    def table(
        self,
        at: str,
        raw: Table,
        rules: Mapping[str, Rule],
        needed: Iterable[str] = (),
        more: Iterable[str] = (),
    ) -> Table:
        """Return a table with its values checked; ``more`` names keys that are read elsewhere."""
        for key in needed:
            if key not in raw:
                self.fault(_key(at, key), "is missing", "add it")
        found = {}
        for key, value in raw.items():
            if key in rules:
                found[key] = self.value(_key(at, key), rules[key], value)
            elif key not in more:
                self.known(at, key, (*rules, *more))
        return {k: v for k, v in found.items() if v is not None}

    def known(self, at: str, key: str, known: Iterable[str]) -> bool:
        """Return whether a key is known, and note it where it is not."""
        names = list(known)
        return self.value(at or "key", one_of(lambda _: names, "dashboard/claims/schema.py"), key) is not None

    def tables(self, at: str, raw: Any) -> dict[str, Table]:
        """Return the tables of a table by name; what is none is noted and left out."""
        if not isinstance(raw, dict):
            self.fault(at, f"{brief(raw)} is no table", "write a table, such as { name = 'value' }")
            return {}
        for key, value in raw.items():
            if not isinstance(value, dict):
                self.fault(_key(at, key), f"{brief(value)} is no table", "write a table")
        return {key: value for key, value in raw.items() if isinstance(value, dict)}

    def parts(self, raw: Table, at: str = "") -> dict[str, Part]:
        shared = {k: v for k, v in raw.items() if k in (*PARAMETERS, "kind")}
        if "parts" not in raw:
            return self._part({"": shared}, "", at)
        named = self.tables(_key(at, "parts"), raw["parts"])
        found: dict[str, Part] = {}
        if not raw["parts"]:
            self.fault(_key(at, "parts"), "is empty", "write [parts.NAME], or take it out")
        for name, values in named.items():
            found |= self._part({name: {**shared, **values}}, name, _key(at, f"parts.{_key('', name)}"))
        return found

    def _part(self, named: Mapping[str, Table], name: str, at: str) -> dict[str, Part]:
        """Return one rule under its name, or nothing where its kind is unknown."""
        raw = named[name]
        kind = self.value(
            _key(at, "kind"), one_of(lambda _: kinds(), "dashboard/claims/kinds"), raw.get("kind", "")
        )
        if kind is None:
            return {}
        module = kinds()[kind]
        values = self.table(at, raw, PARAMETERS, more=("kind",))
        for key in values:
            if key not in (*module.NEEDS, *module.USES, "until", "back"):
                self.fault(_key(at, key), f"is not read by the kind {kind}", "take it out")
        for key in single(kind):
            if key in values and len(values[key].entities) > 1:
                self.fault(_key(at, key), f"the kind {kind} compares one", "name one")
        for key in module.NEEDS:
            if key not in raw:
                self.fault(_key(at, key), f"the kind {kind} needs it", "add it")
        return {name: Part(kind, Params(**values))}

    def choices(self, raw: Table, parts: Mapping[str, Part]) -> dict[str, dict[str, Part]]:
        """Return what may be chosen otherwise: each choice has a name, and is held the same way round."""
        found = {}
        for name, other in self.tables("choices", raw.get("choices", {})).items():
            at = _key("choices", name)
            faults = len(self.faults)
            chosen = found[name] = self.choice(raw, other, at)
            for lang in WRITTEN:
                names = raw.get(lang, {}).get("choices", {})
                if isinstance(names, dict) and name not in names:
                    self.fault(at, "has no name", f"add it under [{lang}.choices]")
            if len(self.faults) == faults and chosen == parts:
                self.fault(at, "changes nothing", "set something otherwise than the record, or take it out")
            for part, rule in chosen.items():
                own = parts.get(part, rule).params
                mine, theirs = own.holds, rule.params.holds
                alike = own.measured == rule.params.measured
                if alike and mine and theirs and mine.sign[0] != theirs.sign[0]:
                    fix = f"begin the condition with {mine.sign[0]}"
                    self.fault(_key(at, "holds"), f"'{theirs}' asks the opposite of '{mine}'", fix)
        return found

    def choice(self, raw: Table, other: Table, at: str = "") -> dict[str, Part]:
        """Return the rules with some parameters set otherwise; ``parts`` are merged part by part.

        What is set for all parts replaces what a part sets itself.
        """
        for key in other:
            self.known(at, key, (*PARAMETERS, "kind", "parts"))
        shared = {k: v for k, v in other.items() if k != "parts"}
        record = {**raw, **shared}
        if "parts" in raw:
            named = self.tables("parts", raw["parts"])
            theirs = self.tables(_key(at, "parts"), other.get("parts", {}))
            for name in theirs:
                self.known(_key(at, "parts"), name, named)
            record["parts"] = {
                name: {**part, **{k: v for k, v in shared.items() if k in part}, **theirs.get(name, {})}
                for name, part in named.items()
            }
        elif "parts" in other:
            self.fault(_key(at, "parts"), "the record has no parts", "set the parameters themselves")
        return self.parts(record, at)


def _key(at: str, key: str) -> str:
    """Return the place of a key as messages name it."""
    shown = key if key.replace("_", "").replace("-", "").replace(".", "").isalnum() else brief(key)
    return f"{at}.{shown}" if at else shown
