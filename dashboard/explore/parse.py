"""A query → the nearest valid state.

A form without JavaScript sends ``i`` and ``e`` repeatedly and ``from``/``to``: read the same. What cannot be
understood is rejected and named, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl

from dashboard.dataset import Dataset
from dashboard.explore import views
from dashboard.explore.available_transforms import available_transforms
from dashboard.explore.conversions import POPULATIONS
from dashboard.explore.state import MEASURES, State, default, default_scale

MAX_INDICATORS = 6
MAX_ENTITIES = 400
"""What a request line has room for: 400 names of the usual length are under eight thousand bytes."""
KINDS = {
    "cities": "city", "companies": "company", "universities": "university", "regions": "region",
    "countries": "country",
}  # fmt: skip
"""Words for all entities of a kind that have figures of the first indicator."""
PERIOD = re.compile(r"[0-9]{4}(-(Q[1-4]|(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?))?")
_VERSION = re.compile(r"[0-9a-f]{4,12}")
_MAX_QUERY = 8000
_MAX_SHOWN = 40
"""Characters of a rejected piece that are named."""
_ONCE = ("v", "m", "b", "r", "per", "p", "c", "y", "t", "from", "to", "trail", "alt", "ev", "at", "o", "d")
_KNOWN = frozenset(("i", "e", *_ONCE, "lang", "theme", "card", "w"))
_TRACKING_PARAMS = re.compile(r"utm_\w+|\w*clid|isappinstalled|nsukey|scene|clicktime|enterid|wx\w*")
"""What messengers and advertisers add to an address: nothing a reader chose, so nothing to report."""
_WECHAT_FROM = ("timeline", "singlemessage", "groupmessage")
"""What WeChat writes into ``from``."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A piece of a query that was left out: ``unknown``, ``not_offered``, ``too_many`` or ``repeated``."""

    name: str
    value: str
    reason: str


def parse(query: str, dataset: Dataset) -> tuple[State, list[Rejected]]:
    """Return the state nearest to ``query`` (with or without ``?``) and what was rejected on the way."""
    given = _Query.read(query)
    base = default(dataset)
    if not any(given.values.get(name) for name in ("i", "e", *_ONCE) if name != "d"):
        return replace(base, version=given.matching("d", _VERSION)), given.rejected
    if not any(given.values.get(name) for name in ("i", "e", "v")):  # the first question, seen otherwise
        given.values |= {"i": list(base.indicators), "e": list(base.entities), "v": [base.view]}
    indicators = given.ids("i", given.listed("i"), dataset.indicators, MAX_INDICATORS) or base.indicators
    members = [
        m
        for part in given.listed("e")
        for m in (part in dataset.entities and [part]) or _members(part, indicators[0], dataset) or [part]
    ]
    entities = given.ids("e", members, dataset.entities, MAX_ENTITIES)
    start, end = given.span()
    state = State(
        indicators=indicators,
        entities=entities or _default_entities(dataset, indicators[0], base),
        view=given.choice("v", views.names(), "line"),
        measure=given.choice("m", MEASURES, "value"),
        base=given.matching("b", PERIOD),
        reference=given.choice("r", dataset.entities, base.reference),
        per_capita=given.choice("per", ("head",)) == "head",
        real=given.choice("p", ("real",)) == "real",
        currency=given.choice("c", ("usd", "ppp", "cny")),
        scale=given.choice("y", ("log", "linear")),
        start=start,
        end=end,
        trail=given.choice("trail", ("1",)) == "1",
        alternatives=given.choice("alt", ("1",)) == "1",
        events=given.choice("ev", ("0",)) != "0",
        frame=given.matching("at", PERIOD),
        selected_point=given.point(dataset.entities),
        version=given.matching("d", _VERSION),
    )
    return normalise(state, dataset, given.rejected), given.rejected


def normalise(state: State, dataset: Dataset, rejected: list[Rejected] | None = None) -> State:
    """Return ``state`` without what its first indicator does not offer or its view does not use."""
    available = available_transforms(dataset.indicators[state.indicators[0]], dataset)
    out = state

    def check(field_name: str, name: str, value: str, needed: str, empty: object) -> None:
        nonlocal out
        if value and needed and needed not in available:
            if rejected is not None:
                rejected.append(Rejected(name, value, "not_offered"))
            out = replace(out, **{field_name: empty})  # type: ignore[arg-type]

    check("view", "v", state.view, views.view(state.view).required_transform, "line")
    view = views.view(out.view)
    if view.fixed:
        out = replace(out, measure="value")
    elif state.measure != "value":
        check("measure", "m", state.measure, state.measure, "value")
    check("per_capita", "per", "head" if state.per_capita else "", "head", False)
    check("real", "p", "real" if state.real else "", "real", False)
    check("currency", "c", state.currency, state.currency, "")
    check("scale", "y", "log" if state.scale == "log" else "", "log", "")
    indicator = dataset.indicators[state.indicators[0]]
    indicators = out.indicators
    if len(indicators) < view.min_indicators:  # residents beside the first, else the first indicator there is
        others = [
            i for i in (*POPULATIONS, *dataset.indicators) if i in dataset.indicators and i not in indicators
        ]
        indicators = (*indicators, *others[: view.min_indicators - len(indicators)])
    return replace(
        out,
        indicators=indicators,
        scale="" if out.scale == default_scale(indicator.scale, out.measure, out.view) else out.scale,
        base=out.base if out.measure == "index" else "",
        reference=out.reference if out.measure == "ratio" or view.fixed else default(dataset).reference,
        trail=out.trail and out.view == "scatter",
    )


def _members(name: str, indicator_id: str, dataset: Dataset) -> list[str]:
    """Return whom a word in ``e`` stands for: a group's members, a kind's with figures; none if no such."""
    if name not in KINDS:
        return dataset.group(name)
    have = dataset.entities_with(indicator_id, doubtful=False)
    return [e for e in have if dataset.entities[e].kind == KINDS[name]]


def _default_entities(dataset: Dataset, indicator_id: str, base: State) -> tuple[str, ...]:
    """Return whom to show when nobody was named: Shenzhen and its pursuers, else the first that have it."""
    have = dataset.entities_with(indicator_id)
    first = [e for e in (base.reference, *base.entities) if e in have]
    return tuple(first or have[:6]) or base.entities


@dataclass
class _Query:
    """The parameters of a query; what makes no sense is noted in ``rejected``."""

    values: dict[str, list[str]] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)

    @classmethod
    def read(cls, query: str) -> _Query:
        out = cls()
        try:
            pairs = parse_qsl(query.lstrip("?")[:_MAX_QUERY], max_num_fields=1000, errors="replace")
        except ValueError:
            pairs = []
            out.reject("query", "")
        for name, value in pairs:
            if name == "from" and value in _WECHAT_FROM:
                continue
            out.values.setdefault(name, []).append(value)
            if name not in _KNOWN and not _TRACKING_PARAMS.fullmatch(name):
                out.reject(name[:_MAX_SHOWN], value)
        for name in _ONCE:
            for value in out.values.get(name, [])[:-1]:
                if value != out.last(name):
                    out.reject(name, value, "repeated")
        return out

    def reject(self, name: str, value: str, reason: str = "unknown") -> None:
        self.rejected.append(Rejected(name, value[:_MAX_SHOWN], reason))

    def last(self, name: str) -> str:
        return self.values.get(name, [""])[-1]

    def listed(self, name: str) -> list[str]:
        return [part for value in self.values.get(name, []) for part in value.split("~") if part]

    def ids(self, name: str, parts: list[str], known: Container[str], most: int) -> tuple[str, ...]:
        out: dict[str, None] = {}
        for part in parts:
            if part not in known:
                self.reject(name, part)
            elif part not in out and len(out) >= most:
                self.reject(name, part, "too_many")
            else:
                out[part] = None
        return tuple(out)

    def choice(self, name: str, known: Container[str], otherwise: str = "") -> str:
        value = self.last(name)
        if value in known:
            return value
        if value:
            self.reject(name, value)
        return otherwise

    def matching(self, name: str, form: re.Pattern[str], value: str | None = None) -> str:
        value = self.last(name) if value is None else value
        if value and not form.fullmatch(value):
            self.reject(name, value)
            return ""
        return value

    def span(self) -> tuple[str, str]:
        """Return both ends of ``t``, or of ``from`` and ``to``; the earlier first."""
        first, dots, last = self.last("t").partition("..")
        start = self.matching("t", PERIOD, first or self.last("from"))
        end = self.matching("t", PERIOD, (last if dots else first) or self.last("to"))
        return (end, start) if start and end and start > end else (start, end)

    def point(self, entities: Container[str]) -> str:
        value = self.last("o")
        entity, _, period = value.partition(".")
        if value and not (entity in entities and PERIOD.fullmatch(period)):
            self.reject("o", value)
            return ""
        return value
