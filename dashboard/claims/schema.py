"""The schema of an essay's records: the values that each key may have.

A rule takes the dataset and a value, and returns the value as it is used, or raises :class:`MistakeError`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from reprlib import repr as brief
from string import Formatter
from typing import Any

from dashboard.claims.dataset_view import period_end
from dashboard.claims.finding import OUTCOMES
from dashboard.claims.params import Condition, Field
from dashboard.dataset import Dataset

CHARTS = Path(__file__).resolve().parent.parent / "figures" / "types"
_PERIOD = re.compile(r"[12][0-9]{3}(-(Q[1-4]|[01][0-9](-[0-3][0-9])?))?")
MOST_LINES = 10_000


class MistakeError(Exception):
    """What is wrong with one value, and the fix."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what, self.fix = what, fix


Rule = Callable[[Dataset, Any], Any]


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


def _is_period(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(_PERIOD.fullmatch(value) and period_end(value))
    except ValueError:  # 2023-02-30
        return False


def is_a(what: str, test: Callable[[Any], bool], fix: str) -> Rule:
    """Return the rule of a value that passes a test."""

    def rule(dataset: Dataset, value: Any) -> Any:
        if not test(value):
            raise MistakeError(f"{brief(value)} is no {what}", fix)
        return value

    return rule


flag = is_a("true or false", lambda v: isinstance(v, bool), "write true or false")


def up_to(most: int) -> Rule:
    return is_a("whole number", lambda v: type(v) is int and 0 <= v <= most, f"write one from 0 to {most}")


period = is_a("period", _is_period, "write '2024', '2024-Q1', '2024-07' or '2024-07-01', in quotes")
day = is_a("day", lambda v: _is_period(v) and len(v) == 10, "write it as '2024-07-01', in quotes")


def condition(dataset: Dataset, value: Any) -> Condition:
    try:
        return Condition.parse(value)
    except (TypeError, ValueError):
        fix = "write a sign and a number, such as '>= 10'"
        raise MistakeError(f"{brief(value)} is no condition", fix) from None


def one_of(names: Callable[[Dataset], Iterable[str]], where: str) -> Rule:
    """Return the rule of a name that must be known."""

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

    def rules(dataset: Dataset, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or not value:
            raise MistakeError(f"{brief(value)} is no table", "write a table, such as { name = 'value' }")
        for key in value:
            if known and key not in known:
                raise MistakeError(f"{brief(key)} is unknown", f"write one of {', '.join(known)}")
        return {key: rule(dataset, v) for key, v in value.items()}

    return rules


def by_outcome(dataset: Dataset, value: Any) -> Any:
    return (table_of(text, (*OUTCOMES, "else")) if isinstance(value, dict) else text)(dataset, value)


indicator = one_of(
    # what is published in dollars only is converted when it is read
    lambda data: [*data.indicators, *(i.removesuffix("_usd") for i in data.indicators)],
    "indicators.csv",
)
entity = one_of(lambda data: data.entities, "entities.csv")


def field(dataset: Dataset, value: Any) -> Field:
    """Read who is compared: an id, a list of ids, or a table."""
    if not isinstance(value, dict):
        value = {"ids": value if isinstance(value, list) else [value]}
    if set(value) - {"group", "ids", "without", "take"}:
        fix = "write an id, a list of ids, or {group, ids, without, take}"
        raise MistakeError(f"{brief(value)} does not say who is compared", fix)
    groups = {e.group for e in dataset.entities.values() if e.group}
    group = one_of(lambda _: groups, "the column group of entities.csv")
    members = dataset.group(group(dataset, value["group"])) if "group" in value else []
    ids, without = (list_of(entity)(dataset, value[k]) if k in value else () for k in ("ids", "without"))
    take = (
        one_of(lambda _: ("min", "max", "sum"), "min, max, sum")(dataset, value["take"])
        if "take" in value
        else ""
    )
    entities = dict.fromkeys(e for e in (*members, *ids) if e not in without)
    if not entities:
        raise MistakeError("nobody is left to compare", "name somebody")
    return Field(tuple(entities), take)


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
    "line": up_to(MOST_LINES),
    "order": up_to(MOST_LINES),
    "quote": text,
    "testable": flag,
    "chart": one_of(lambda _: (p.stem for p in CHARTS.glob("[a-z]*.py")), "dashboard/figures/types"),
    "threshold_since": day,
    "names": list_of(entity),
}
WORDS: dict[str, Rule] = {
    "proposition": text,
    **dict.fromkeys(("says", "title"), by_outcome),
    **dict.fromkeys(("quote", "field", "threshold", "not_testable", "subtitle", "deciding"), text),
    "caveats": list_of(text),
    **dict.fromkeys(("choices", "parts"), table_of(text)),
}
ESSAY: dict[str, Rule] = {
    **dict.fromkeys(("author", "outlet", "opening"), text),
    "date": day,
    "answer_claims": list_of(text),
}
ESSAY_WORDS: dict[str, Rule] = {
    **dict.fromkeys(("title", "about", "shared", "answer"), text),
    "summary": list_of(text),
}
CHAPTER: dict[str, Rule] = {"id": text, "line": up_to(MOST_LINES), "title": text}
CHAPTER_WORDS: dict[str, Rule] = {"title": text, "intro": text}
