"""The schema of an essay's records: the values each key may have; a mistake names file, key and fix."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from reprlib import repr as brief
from string import Formatter
from typing import Any

from dashboard.claims.dataset_view import period_end
from dashboard.claims.finding import OUTCOMES
from dashboard.claims.kinds import kinds
from dashboard.claims.params import Condition, Field, Params
from dashboard.dataset import WRITTEN, Dataset

CHARTS = Path(__file__).resolve().parent.parent / "figures" / "types"
_PERIOD = re.compile(r"[12][0-9]{3}(-(Q[1-4]|[01][0-9](-[0-3][0-9])?))?")
Check = Callable[[Dataset, Any], Any]
"""Returns a value as it is used, or raises :class:`MistakeError`."""


@dataclass(frozen=True)
class Table:
    """The rule of each key of a table; that of ``*`` is for any other key."""

    rules: Mapping[str, "Check | Table"]
    needed: tuple[str, ...] = ()


class MistakeError(Exception):
    """What is wrong with one value, and the fix."""


class RecordError(Exception):
    """All mistakes of a record, a line each: file, key, what is wrong and how to fix it."""


def is_a(what: str, test: Callable[[Any], bool], fix: str) -> Check:
    def check(dataset: Dataset, value: Any) -> Any:
        if not test(value):
            raise MistakeError(f"{brief(value)} is no {what}", fix)
        return value

    return check


def one_of(names: Callable[[Dataset], Iterable[str]], where: str) -> Check:
    def check(dataset: Dataset, value: Any) -> str:
        known = list(names(dataset))
        if isinstance(value, str) and value in known:
            return value
        near = difflib.get_close_matches(str(value)[:80], known, 1)
        fix = f"did you mean {near[0]!r}?" if near else f"see {where}"
        raise MistakeError(f"{brief(value)} is unknown", fix)

    return check


def list_of(each: Check) -> Check:
    def check(dataset: Dataset, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or not value:
            raise MistakeError(f"{brief(value)} is no list", "write a list, such as ['a', 'b']")
        return tuple(each(dataset, v) for v in value)

    return check


def up_to(most: int) -> Check:
    return is_a("whole number", lambda v: type(v) is int and 0 <= v <= most, f"write one from 0 to {most}")


def _is_text(value: Any) -> bool:
    try:
        fields = [f for _, *f in Formatter().parse(value) if f != [None, None, None]]
    except (TypeError, ValueError):  # braces that do not match
        return False
    return bool(value.strip()) and all(f == [str(f[0]), "", None] and f[0].isidentifier() for f in fields)


def _is_period(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(_PERIOD.fullmatch(value) and period_end(value))
    except ValueError:  # 2023-02-30
        return False


text = is_a("text", _is_text, "write it in quotes, and names as {name}")
flag = is_a("true or false", lambda v: isinstance(v, bool), "write true or false")
period = is_a("period", _is_period, "write '2024', '2024-Q1', '2024-07' or '2024-07-01', in quotes")
day = is_a("day", lambda v: _is_period(v) and len(v) == 10, "write it as '2024-07-01', in quotes")
# what is published in dollars only is converted when it is read
indicator = one_of(
    lambda data: [*data.indicators, *(i.removesuffix("_usd") for i in data.indicators)], "indicators.csv"
)
entity = one_of(lambda data: data.entities, "entities.csv")
group = one_of(
    lambda data: (e.group for e in data.entities.values() if e.group), "the column group of entities.csv"
)
take = one_of(lambda _: ("min", "max", "sum"), "min, max, sum")


def by_outcome(dataset: Dataset, value: Any) -> Any:
    if not isinstance(value, dict) or not value:
        return text(dataset, value)
    outcome = one_of(lambda _: (*OUTCOMES, "else"), "the outcomes")
    return {outcome(dataset, key): text(dataset, words) for key, words in value.items()}


def condition(dataset: Dataset, value: Any) -> Condition:
    try:
        return Condition.parse(value)
    except (TypeError, ValueError):
        fix = "write a sign and a number, such as '>= 10'"
        raise MistakeError(f"{brief(value)} is no condition", fix) from None


def field(dataset: Dataset, value: Any) -> Field:
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


PARAMETERS: dict[str, Check | Table] = {
    "kind": one_of(lambda _: kinds(), "dashboard/claims/kinds"),
    **dict.fromkeys(("indicator", "minus", "per", "fallback", "against"), indicator),
    "indicators": list_of(indicator),
    **dict.fromkeys(("of", "to"), field),
    **dict.fromkeys(("holds", "share"), condition),
    **dict.fromkeys(("base", "since", "until", "date"), period),
    **dict.fromkeys(("years", "back", "least"), up_to(100)),
    "place": entity,
    **dict.fromkeys(("total", "editions", "independent"), flag),
}
CHOICE = Table({**PARAMETERS, "parts": Table({"*": Table(PARAMETERS)})})
CLAIM: dict[str, Check | Table] = {
    **dict.fromkeys(("line", "order"), up_to(10_000)),
    "quote": text,
    "testable": flag,
    "chart": one_of(lambda _: (p.stem for p in CHARTS.glob("[a-z]*.py")), "dashboard/figures/types"),
    "threshold_since": day,
    "names": list_of(entity),
}
WORDS: dict[str, Check | Table] = {
    **dict.fromkeys(("says", "title"), by_outcome),
    **dict.fromkeys(("proposition", "quote", "field", "threshold", "not_testable"), text),
    **dict.fromkeys(("subtitle", "deciding"), text),
    "caveats": list_of(text),
    **dict.fromkeys(("choices", "parts"), Table({"*": text})),
}
CHAPTER = Table(
    {
        **dict.fromkeys(("id", "title"), text),
        "line": CLAIM["line"],
        **dict.fromkeys(WRITTEN, Table(dict.fromkeys(("title", "intro"), text), ("title",))),
    },
    ("id", "title", "line", *WRITTEN),
)
ESSAY_WORDS = {**dict.fromkeys(("title", "about", "shared", "answer"), text), "summary": list_of(text)}
ESSAY = Table(
    {
        **dict.fromkeys(("author", "outlet", "opening"), text),
        "date": day,
        "answer_claims": list_of(text),
        "chapters": list_of(lambda _, chapter: chapter),
        **dict.fromkeys(WRITTEN, Table(ESSAY_WORDS)),
    },
    ("date", *WRITTEN),
)


def record_rules(needed: tuple[str, ...] = (), words: tuple[str, ...] = ()) -> Table:
    rules = {**CLAIM, **CHOICE.rules, "choices": Table({"*": CHOICE})}
    return Table({**rules, **dict.fromkeys(WRITTEN, Table(WORDS, words))}, (*needed, *WRITTEN))


class Parser:
    def __init__(self, path: Path, dataset: Dataset) -> None:
        self.file = f"{path.parent.name}/{path.name}"
        self.dataset, self.faults = dataset, list[str]()

    def fault(self, key: str, what: str, fix: str) -> None:
        self.faults.append(f"{self.file}: {key}: {what}; {fix}")

    def done(self) -> None:
        if self.faults:
            raise RecordError("\n".join(self.faults))

    def read(self, at: str, rule: Check | Table, value: Any) -> Any:
        if not isinstance(rule, Table):
            try:
                return rule(self.dataset, value)
            except MistakeError as mistake:
                return self.fault(at, *mistake.args)
        if not isinstance(value, dict):
            return self.fault(at, f"{brief(value)} is no table", "write a table, such as { name = 'value' }")
        for key in rule.needed:
            if key not in value:
                self.fault(_key(at, key), "is missing", "add it")
        known = one_of(lambda _: rule.rules, "dashboard/claims/schema.py")
        return {
            key: self.read(_key(at, key), rule.rules.get(key) or rule.rules["*"], one)
            for key, one in value.items()
            if "*" in rule.rules or self.read(at or "key", known, key)
        }

    def parts(self, record: Mapping[str, Any]) -> dict[str, Params]:
        """Return the rules of a record by name; one without ``parts`` has no name."""
        shared = Params(**{k: v for k, v in record.items() if k in PARAMETERS})
        parts = {name: replace(shared, **values) for name, values in record.get("parts", {"": {}}).items()}
        if not parts:
            self.fault("parts", "is empty", "write [parts.NAME], or take it out")
        for name, params in parts.items():
            self._check(_key("parts", name) if name else "", params, params)
        return parts

    def choices(self, record: Mapping[str, Any], parts: Mapping[str, Params]) -> dict[str, dict[str, Params]]:
        """Return what may be chosen otherwise; what is set for all parts replaces what a part sets itself."""
        choices = {}
        for name, other in record.get("choices", {}).items():
            at, changed = _key("choices", name), other.get("parts", {})
            shared = {k: v for k, v in other.items() if k in PARAMETERS}
            choices[name] = {
                part: replace(params, **{**shared, **changed.get(part, {})}) for part, params in parts.items()
            }
            if changed and "" in parts:
                self.fault(f"{at}.parts", "the record has no parts", "set the parameters themselves")
            for part in changed if "" not in parts else ():
                self.read(f"{at}.parts", one_of(lambda _: parts, "the parts of the record"), part)
            for lang in WRITTEN:
                if name not in record[lang].get("choices", {}):
                    self.fault(at, "has no name", f"add it under [{lang}.choices]")
            if choices[name] == parts:
                self.fault(at, "changes nothing", "set something otherwise than the record, or take it out")
            for part, params in choices[name].items():
                self._check(_key(f"{at}.parts", part) if part else at, params, parts[part])
        return choices

    def _check(self, at: str, params: Params, default: Params) -> None:
        """Hold what is set against what the kind needs and reads, and a choice against its ``default``."""
        if not params.kind:
            return self.fault(_key(at, "kind"), "is missing", "add it")
        kind, values = kinds()[params.kind], [k for k, v in vars(params).items() if v != getattr(Params, k)]
        for key in values:
            if key not in (*kind.needs, *kind.uses, "kind", "until", "back"):
                self.fault(_key(at, key), f"is not read by the kind {params.kind}", "take it out")
        for key in kind.single:
            if len(getattr(params, key).entities) > 1:
                self.fault(_key(at, key), f"the kind {params.kind} compares one", "name one")
        for key in kind.needs:
            if key not in values:
                self.fault(_key(at, key), f"the kind {params.kind} needs it", "add it")
        a, b = default.holds, params.holds
        if default.measured == params.measured and a and b and a.sign[0] != b.sign[0]:
            self.fault(
                _key(at, "holds"),
                f"'{b.sign} {b.value:g}' asks the opposite of '{a.sign} {a.value:g}'",
                f"begin the condition with {a.sign[0]}",
            )


def _key(at: str, key: str) -> str:
    plain = key if key.replace("_", "").replace("-", "").replace(".", "").isalnum() else brief(key)
    return f"{at}.{plain}" if at else plain
