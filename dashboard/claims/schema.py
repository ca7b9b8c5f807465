"""The schema of an essay's records: the values each key may have; a mistake names file, key and fix.

A rule takes the dataset and a value, and returns the value as it is used, or raises :class:`MistakeError`.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from reprlib import repr as brief
from string import Formatter
from typing import Any

from dashboard.claims.dataset_view import period_end
from dashboard.claims.finding import OUTCOMES
from dashboard.claims.kinds import kinds, single
from dashboard.claims.params import Condition, Field, Params, Part
from dashboard.dataset import WRITTEN, Dataset

CHARTS = Path(__file__).resolve().parent.parent / "figures" / "types"
_PERIOD = re.compile(r"[12][0-9]{3}(-(Q[1-4]|[01][0-9](-[0-3][0-9])?))?")
MOST_LINES = 10_000
Table = dict[str, Any]
Rule = Callable[[Dataset, Any], Any]


class MistakeError(Exception):
    """What is wrong with one value, and the fix."""


class RecordError(Exception):
    """All mistakes of a record, a line each: file, key, what is wrong and how to fix it."""


def is_a(what: str, test: Callable[[Any], bool], fix: str) -> Rule:

    def rule(dataset: Dataset, value: Any) -> Any:
        if not test(value):
            raise MistakeError(f"{brief(value)} is no {what}", fix)
        return value

    return rule


def one_of(names: Callable[[Dataset], Iterable[str]], where: str) -> Rule:

    def rule(dataset: Dataset, value: Any) -> str:
        known = list(names(dataset))
        if isinstance(value, str) and value in known:
            return value
        near = difflib.get_close_matches(str(value)[:80], known, 1)
        raise MistakeError(
            f"{brief(value)} is unknown", f"did you mean {near[0]!r}?" if near else f"see {where}"
        )

    return rule


def list_of(rule: Rule) -> Rule:
    def rules(dataset: Dataset, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or not value:
            raise MistakeError(f"{brief(value)} is no list", "write a list, such as ['a', 'b']")
        return tuple(rule(dataset, v) for v in value)

    return rules


def table_of(rule: Rule, keys: Iterable[str] = ()) -> Rule:
    known = tuple(keys)

    def rules(dataset: Dataset, value: Any) -> Table:
        if not table(dataset, value):
            raise MistakeError("the table is empty", "write { name = 'value' }")
        for key in value:
            if known and key not in known:
                raise MistakeError(f"{brief(key)} is unknown", f"write one of {', '.join(known)}")
        return {key: rule(dataset, v) for key, v in value.items()}

    return rules


def up_to(most: int) -> Rule:
    return is_a("whole number", lambda v: type(v) is int and 0 <= v <= most, f"write one from 0 to {most}")


def _is_period(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(_PERIOD.fullmatch(value) and period_end(value))
    except ValueError:  # 2023-02-30
        return False


flag = is_a("true or false", lambda v: isinstance(v, bool), "write true or false")
period = is_a("period", _is_period, "write '2024', '2024-Q1', '2024-07' or '2024-07-01', in quotes")
day = is_a("day", lambda v: _is_period(v) and len(v) == 10, "write it as '2024-07-01', in quotes")
table = is_a("table", lambda v: isinstance(v, dict), "write a table, such as { name = 'value' }")
# what is published in dollars only is converted when it is read
indicator = one_of(
    lambda data: [*data.indicators, *(i.removesuffix("_usd") for i in data.indicators)], "indicators.csv"
)
entity = one_of(lambda data: data.entities, "entities.csv")
group = one_of(
    lambda data: (e.group for e in data.entities.values() if e.group), "the column group of entities.csv"
)
take = one_of(lambda data: ("min", "max", "sum"), "min, max, sum")


def text(dataset: Dataset, value: Any) -> str:
    """Check a text, and that its ``{names}`` are whole."""
    if not isinstance(value, str) or not value.strip():
        raise MistakeError(f"{brief(value)} is no text", "write it in quotes")
    try:
        names = [(name, spec, cast) for _, name, spec, cast in Formatter().parse(value) if name is not None]
    except ValueError as error:
        raise MistakeError(f"braces do not match ({error})", "write names as {name}") from None
    if any(spec or cast or not name.isidentifier() for name, spec, cast in names):
        raise MistakeError("a name in braces is none", "write names as {name}")
    return value


def by_outcome(dataset: Dataset, value: Any) -> Any:
    return (table_of(text, (*OUTCOMES, "else")) if isinstance(value, dict) else text)(dataset, value)


def condition(dataset: Dataset, value: Any) -> Condition:
    try:
        return Condition.parse(value)
    except (TypeError, ValueError):
        fix = "write a sign and a number, such as '>= 10'"
        raise MistakeError(f"{brief(value)} is no condition", fix) from None


def field(dataset: Dataset, value: Any) -> Field:
    """Read who is compared: an id, a list of ids, or a table."""
    if not isinstance(value, dict):
        value = {"ids": value if isinstance(value, list) else [value]}
    if set(value) - {"group", "ids", "without", "take"}:
        fix = "write an id, a list of ids, or {group, ids, without, take}"
        raise MistakeError(f"{brief(value)} does not say who is compared", fix)
    members = dataset.group(group(dataset, value["group"])) if "group" in value else []
    ids, without = (list_of(entity)(dataset, value[k]) if k in value else () for k in ("ids", "without"))
    entities = dict.fromkeys(e for e in (*members, *ids) if e not in without)
    if not entities:
        raise MistakeError("nobody is left to compare", "name somebody")
    return Field(tuple(entities), take(dataset, value["take"]) if "take" in value else "")


PARAMETERS: dict[str, Rule] = {
    **dict.fromkeys(("indicator", "minus", "per", "fallback", "against"), indicator),
    "indicators": list_of(indicator),
    **dict.fromkeys(("of", "to"), field),
    **dict.fromkeys(("holds", "share"), condition),
    **dict.fromkeys(("base", "since", "until", "date"), period),
    **dict.fromkeys(("years", "back", "least"), up_to(100)),
    "place": entity,
    **dict.fromkeys(("total", "editions", "independent"), flag),
}
CLAIM: dict[str, Rule] = {
    **dict.fromkeys(("line", "order"), up_to(MOST_LINES)),
    "quote": text,
    "testable": flag,
    "chart": one_of(lambda _: (p.stem for p in CHARTS.glob("[a-z]*.py")), "dashboard/figures/types"),
    "threshold_since": day,
    "names": list_of(entity),
}
WORDS: dict[str, Rule] = {
    **dict.fromkeys(("says", "title"), by_outcome),
    **dict.fromkeys(("proposition", "quote", "field", "threshold", "not_testable"), text),
    **dict.fromkeys(("subtitle", "deciding"), text),
    "caveats": list_of(text),
    **dict.fromkeys(("choices", "parts"), table_of(text)),
}


class Parser:
    def __init__(self, path: Path, dataset: Dataset) -> None:
        self.file = f"{path.parent.name}/{path.name}"
        self.dataset, self.faults = dataset, list[str]()

    def fault(self, key: str, what: str, fix: str) -> None:
        self.faults.append(f"{self.file}: {key}: {what}; {fix}")

    def done(self) -> None:
        if self.faults:
            raise RecordError("\n".join(self.faults))

    def value(self, at: str, rule: Rule, value: Any) -> Any:
        try:
            return rule(self.dataset, value)
        except MistakeError as mistake:
            self.fault(at, *mistake.args)
        return None

    def table(
        self, at: str, raw: Table, rules: Mapping[str, Rule], needed: Iterable[str], more: Iterable[str] = ()
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
                known = one_of(lambda _: (*rules, *more), "dashboard/claims/schema.py")
                self.value(at or "key", known, key)
        return {k: v for k, v in found.items() if v is not None}

    def tables(self, at: str, raw: Any) -> dict[str, Table]:
        tables = self.value(at, table, raw) or {}
        found = {key: self.value(_key(at, key), table, value) for key, value in tables.items()}
        return {key: value for key, value in found.items() if value is not None}

    def parts(self, raw: Table, at: str = "") -> dict[str, Part]:
        """Return the rules of a record by name; one without ``parts`` has no name."""
        shared = {k: v for k, v in raw.items() if k in (*PARAMETERS, "kind")}
        if "parts" not in raw:
            rules = {"": self._part(shared, at)}
        else:
            if not raw["parts"]:
                self.fault(_key(at, "parts"), "is empty", "write [parts.NAME], or take it out")
            named = self.tables(_key(at, "parts"), raw["parts"])
            rules = {
                name: self._part({**shared, **values}, _key(at, f"parts.{_key('', name)}"))
                for name, values in named.items()
            }
        return {name: part for name, part in rules.items() if part is not None}

    def _part(self, raw: Table, at: str) -> Part | None:
        known_kind = one_of(lambda _: kinds(), "dashboard/claims/kinds")
        kind = self.value(_key(at, "kind"), known_kind, raw.get("kind", ""))
        if kind is None:
            return None
        module = kinds()[kind]
        values = self.table(at, raw, PARAMETERS, (), more=("kind",))
        for key in values:
            if key not in (*module.NEEDS, *module.USES, "until", "back"):
                self.fault(_key(at, key), f"is not read by the kind {kind}", "take it out")
        for key in single(kind):
            if key in values and len(values[key].entities) > 1:
                self.fault(_key(at, key), f"the kind {kind} compares one", "name one")
        for key in module.NEEDS:
            if key not in raw:
                self.fault(_key(at, key), f"the kind {kind} needs it", "add it")
        return Part(kind, Params(**values))

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
                default, changed = own.holds, rule.params.holds
                same_measure = own.measured == rule.params.measured
                if same_measure and default and changed and default.sign[0] != changed.sign[0]:
                    fix = f"begin the condition with {default.sign[0]}"
                    self.fault(_key(at, "holds"), f"'{changed}' asks the opposite of '{default}'", fix)
        return found

    def choice(self, raw: Table, other: Table, at: str = "") -> dict[str, Part]:
        """Return the rules with some parameters set otherwise; ``parts`` are merged part by part.

        What is set for all parts replaces what a part sets itself.
        """
        self.table(at, other, {}, (), more=(*PARAMETERS, "kind", "parts"))
        shared = {k: v for k, v in other.items() if k != "parts"}
        record = {**raw, **shared}
        if "parts" in raw:
            named = self.tables("parts", raw["parts"])
            changed = self.tables(_key(at, "parts"), other.get("parts", {}))
            self.table(_key(at, "parts"), changed, {}, (), more=named)
            record["parts"] = {
                name: {**part, **{k: v for k, v in shared.items() if k in part}, **changed.get(name, {})}
                for name, part in named.items()
            }
        elif "parts" in other:
            self.fault(_key(at, "parts"), "the record has no parts", "set the parameters themselves")
        return self.parts(record, at)


def _key(at: str, key: str) -> str:
    shown = key if key.replace("_", "").replace("-", "").replace(".", "").isalnum() else brief(key)
    return f"{at}.{shown}" if at else shown
