"""The rules of a record: its parameters parsed and checked; every mistake told with its key and its fix."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from dashboard.claims.kinds import kinds
from dashboard.claims.params import Condition, Field, Params
from dashboard.dataset import LANGS, WRITTEN, Dataset

NEEDED = ("proposition", "says", "title")
OPTIONAL = (
    "quote", "field", "threshold", "not_testable", "subtitle", "deciding", "caveats", "choices", "parts",
)  # fmt: skip
OWN = (
    "line", "order", "quote", "kind", "testable", "chart", "threshold_since", "names", "choices", "parts",
    *LANGS,
)  # fmt: skip
KINDS_OF = {f.name: str(f.type) for f in fields(Params)}


class RecordError(Exception):
    """A mistake in a record: ``str(error)`` names file, key, what is wrong and how to fix it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A rule: its kind and its parameters."""

    kind: str
    params: Params


def place(path: Path) -> str:
    """Return a file as messages name it."""
    return f"{path.parent.name}/{path.name}"


def merged(raw: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with some of its parameters set otherwise; ``parts`` are merged part by part."""
    parts = raw.get("parts", {})
    if "parts" in other:
        parts = {k: {**v, **other["parts"].get(k, {})} for k, v in parts.items()}
    elif parts:
        parts = {k: {**v, **{p: x for p, x in other.items() if p in v}} for k, v in parts.items()}
    return {**raw, **{k: v for k, v in other.items() if k != "parts"}, "parts": parts}


class Parser:
    """Reads the rules of one record, and gathers what is wrong with it."""

    def __init__(self, path: Path, dataset: Dataset) -> None:
        self.path, self.dataset, self.faults = path, dataset, list[str]()

    def fault(self, key: str, what: str, fix: str) -> None:
        """Note one mistake."""
        self.faults.append(f"{place(self.path)}: {key}: {what}; {fix}")

    def done(self) -> None:
        """Raise everything noted; raises :class:`RecordError`."""
        if self.faults:
            raise RecordError("\n".join(self.faults))

    def keys(self, at: str, table: Mapping[str, Any], known: Iterable[str]) -> None:
        """Note the keys that nobody reads."""
        for key in table:
            if key not in known:
                self.known(at or "key", key, known, "the schema in dashboard/claims/record.py")

    def known(self, key: str, name: str, known: Iterable[str], where: str) -> bool:
        """Return whether a name is known; note the nearest where it is not."""
        if name in (known := list(known)):
            return True
        near = difflib.get_close_matches(str(name), known, 1)
        self.fault(key, f"{name!r} is unknown", f"did you mean {near[0]!r}?" if near else f"see {where}")
        return False

    def words_of(self, raw: Mapping[str, Any]) -> None:
        """Note the words that a record lacks."""
        for lang in WRITTEN:
            words = raw.get(lang, {})
            self.keys(lang, words, {*NEEDED, *OPTIONAL})
            needed = (*NEEDED, *([] if raw.get("testable", True) else ["not_testable"]))
            for key in needed:
                if not words.get(key):
                    self.fault(f"{lang}.{key}", "is missing", "write it")

    def parts(self, raw: Mapping[str, Any], at: str) -> dict[str, Part]:
        """Return the rules of a record, each under its name."""
        shared = {k: v for k, v in raw.items() if k in (*KINDS_OF, "kind")}
        found = {}
        for name, own in (raw.get("parts") or {"": {}}).items():
            part = self.part({**shared, **own}, ".".join(filter(None, (at, f"parts.{name}" if name else ""))))
            if part is not None:
                found[name] = part
        return found

    def part(self, raw: Mapping[str, Any], at: str) -> Part | None:
        """Return one rule, or ``None`` where its kind is unknown."""
        here = f"{at}." if at else ""
        kind = str(raw.get("kind", ""))
        if not self.known(f"{here}kind", kind, kinds(), "dashboard/claims/kinds"):
            return None
        module = kinds()[kind]
        may = {*module.NEEDS, *module.USES, "until", "back", "other_source", "threshold"}
        values = {k: self.value(f"{here}{k}", k, v) for k, v in raw.items() if k != "kind"}
        for key in values:
            if key not in may:
                self.fault(f"{here}{key}", f"is not read by the kind {kind}", "take it out")
        for key in module.NEEDS:
            if not values.get(key):
                self.fault(f"{here}{key}", f"the kind {kind} needs it", "add it")
        return Part(kind, Params(**{k: v for k, v in values.items() if v is not None}))

    def value(self, at: str, key: str, value: Any) -> Any:
        """Return a parameter as its type asks."""
        kind = KINDS_OF[key]
        if kind == "Field":
            return self.field(at, value)
        try:
            if kind.startswith("Condition"):
                return Condition.parse(value)
            if kind.startswith("tuple"):
                return tuple(self.indicator(at, v) for v in value)
            if key in ("indicator", "minus", "per", "fallback", "against") and value:
                return self.indicator(at, value)
            wanted = {"str": str, "int": int, "bool": bool}[kind]
            if type(value) is not wanted:
                raise ValueError(f"{value!r} is no {wanted.__name__}")
        except (TypeError, ValueError) as error:
            self.fault(at, str(error), "set it right")
            return None
        return value

    def indicator(self, at: str, name: str) -> str:
        """Return an indicator id; note an unknown one."""
        if (
            f"{name}_usd" not in self.dataset.indicators
        ):  # published in dollars only: converted when it is read
            self.known(at, name, self.dataset.indicators, "indicators.csv")
        return name

    def field(self, at: str, value: Any) -> Field | None:
        """Return who is compared."""
        if isinstance(value, str):
            value = {"ids": [value]}
        elif isinstance(value, list):
            value = {"ids": value}
        if not isinstance(value, dict) or set(value) - {"group", "ids", "without", "take"}:
            self.fault(
                at, f"{value!r} is no field", "write an id, a list of ids, or {group, ids, without, take}"
            )
            return None
        members = self.dataset.group(value["group"]) if value.get("group") else []
        if value.get("group") and not members:
            self.fault(
                at, f"nobody is in the group {value['group']!r}", "see the column group of entities.csv"
            )
        for name in value.get("ids", []):
            self.known(at, name, self.dataset.entities, "entities.csv")
        without = value.get("without", [])
        ids = dict.fromkeys(e for e in (*members, *value.get("ids", [])) if e not in without)
        return Field(tuple(ids), str(value.get("take", "")))
