"""The explorer's whole state and its URL, pure both ways.

``/explore?i=gdp&e=shenzhen~hangzhou&v=pursuit&t=1990..2025`` — one short readable query:

=========  ===========================================================================================
``i``      indicators, ``~`` between them (a pursuit draws the first; scatter reads y ~ x ~ size)
``e``      entities, ``~`` between them; ``elephants``, ``dragons`` … (a group) stands for its members,
           ``cities``, ``companies`` … for all of a kind that have figures; at most 400
``v``      a chart type: a module of ``views`` (``line``, ``bar``, ``map`` …)
``m``      ``value index ratio change cumulative``
``b``      the period at which an index is 100
``r``      the entity that ratios are to
``per``    ``head``: divided by residents
``p``      ``real``: price changes taken out
``c``      ``usd`` ``ppp`` ``cny``: another money
``y``      ``log`` or ``linear`` axis, where it is not the indicator's own
``t``      ``from..to``; either side may be empty
``trail``  ``1``: a scatter shows the way there
``alt``    ``1``: figures of other sources are drawn, too
``at``     the period a player stands at: later figures are not drawn, the axes stay those of the whole span
``o``      ``entity.period``: the point whose documents are open
``d``      version of the dataset that a shared link was made with
=========  ===========================================================================================

A form without JavaScript sends ``i`` and ``e`` repeatedly and ``from``/``to``: read the same. What cannot be
understood is dropped and named, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote

from dashboard.dataset import Dataset
from dashboard.explore import views
from dashboard.explore.offers import POPULATIONS, offers

MEASURES = ("value", "index", "ratio", "change", "cumulative")
MAX_INDICATORS = 6
MAX_ENTITIES = 400
"""What a request line has room for: 400 names of the usual length are under eight thousand bytes."""
KINDS = {
    "cities": "city", "companies": "company", "universities": "university", "regions": "region",
    "countries": "country",
}  # fmt: skip
"""Words for all entities of a kind that have figures of the first indicator."""
PERIOD = re.compile(r"[0-9]{4}(-(Q[1-4]|(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?))?")
_MAX_QUERY = 8000
_ONCE = ("v", "m", "b", "r", "per", "p", "c", "y", "t", "from", "to", "trail", "alt", "at", "o", "d")
_KNOWN = frozenset(("i", "e", *_ONCE, "lang", "theme", "card", "w"))
_OTHERS = re.compile(r"utm_\w+|\w*clid|isappinstalled|nsukey|scene|clicktime|enterid|wx\w*")
"""What messengers and advertisers hang on an address: nothing a reader chose, so nothing to report."""
_RELAYED = ("timeline", "singlemessage", "groupmessage")
"""What WeChat writes into ``from``."""


@dataclass(frozen=True, slots=True)
class State:
    """All a reader has chosen. Equal states draw equal charts."""

    indicators: tuple[str, ...]
    entities: tuple[str, ...]
    view: str = "line"
    measure: str = "value"
    base: str = ""
    reference: str = "shenzhen"
    head: bool = False
    real: bool = False
    money: str = ""
    scale: str = ""
    start: str = ""
    end: str = ""
    trail: bool = False
    alternatives: bool = False
    frame: str = ""
    opened: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A piece of a query that was left out: ``unknown``, ``not_offered``, ``too_many`` or ``repeated``."""

    name: str
    value: str
    reason: str


DEFAULT = State(
    indicators=("gdp",),
    entities=("hangzhou", "suzhou", "chongqing"),
    view="pursuit",
)
"""The explorer opens on a question already answered: who came close to Shenzhen?"""


def default(dataset: Dataset) -> State:
    """Return the state of an empty query: :data:`DEFAULT`, or what an unusual dataset can show of it."""
    indicators = tuple(i for i in DEFAULT.indicators if i in dataset.indicators)
    indicators = indicators or tuple(dataset.indicators)[:1]
    entities = tuple(e for e in DEFAULT.entities if e in dataset.entities)
    if not entities and indicators:
        entities = tuple(dataset.entities_with(indicators[0])[:4])
    reference = DEFAULT.reference if DEFAULT.reference in dataset.entities else (entities or ("",))[0]
    return replace(DEFAULT, indicators=indicators, entities=entities, reference=reference)


def parse(query: str, dataset: Dataset) -> tuple[State, list[Dropped]]:
    """Return the state nearest to ``query`` (with or without ``?``) and what was dropped on the way."""
    dropped: list[Dropped] = []
    given: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(query.lstrip("?")[:_MAX_QUERY], max_num_fields=1000, errors="replace")
    except ValueError:
        pairs = []
        dropped.append(Dropped("query", "", "unknown"))
    for name, value in pairs:
        if name == "from" and value in _RELAYED:
            continue
        given.setdefault(name, []).append(value)
        if name not in _KNOWN and not _OTHERS.fullmatch(name):
            dropped.append(Dropped(name[:40], value[:40], "unknown"))
    for name in _ONCE:
        for value in given.get(name, [])[:-1]:
            if value != given[name][-1]:
                dropped.append(Dropped(name, value[:40], "repeated"))
    base = default(dataset)
    if not any(given.get(name) for name in ("i", "e", *_ONCE) if name != "d"):
        version = _one(given, "d", re.compile(r"[0-9a-f]{4,12}"), dropped)
        return replace(base, version=version), dropped
    if not (given.get("i") or given.get("e") or given.get("v")):  # the first question, seen otherwise
        given |= {"i": list(base.indicators), "e": list(base.entities), "v": [base.view]}

    indicators = _ids(given.get("i", []), "i", dataset.indicators, MAX_INDICATORS, dropped)
    indicators = indicators or base.indicators
    if given.get("e"):
        named = [p for v in given["e"] for p in v.split("~") if p]
        members = [
            m
            for p in named
            for m in (p in dataset.entities and [p]) or members_of(p, indicators[0], dataset) or [p]
        ]
        entities = _ids(["~".join(members)], "e", dataset.entities, MAX_ENTITIES, dropped)
    else:
        entities = ()
    entities = entities or _best_entities(dataset, indicators[0], base)
    view = _choice(given, "v", views.names(), "line", dropped)
    reference = _choice(given, "r", tuple(dataset.entities), base.reference, dropped)
    span = given.get("t", [""])[-1]
    start, _, end = span.partition("..") if ".." in span else (span, "", span)
    start = _period(start or given.get("from", [""])[-1], "t", dropped)
    end = _period(end or given.get("to", [""])[-1], "t", dropped)
    if start and end and start > end:
        start, end = end, start
    wanted = State(
        indicators=indicators,
        entities=entities,
        view=view,
        measure=_choice(given, "m", MEASURES, "value", dropped),
        base=_period(given.get("b", [""])[-1], "b", dropped),
        reference=reference,
        head=_choice(given, "per", ("head",), "", dropped) == "head",
        real=_choice(given, "p", ("real",), "", dropped) == "real",
        money=_choice(given, "c", ("usd", "ppp", "cny"), "", dropped),
        scale=_choice(given, "y", ("log", "linear"), "", dropped),
        start=start,
        end=end,
        trail=_choice(given, "trail", ("1",), "", dropped) == "1",
        alternatives=_choice(given, "alt", ("1",), "", dropped) == "1",
        frame=_period(given.get("at", [""])[-1], "at", dropped),
        opened=_opened(given, dataset, dropped),
        version=_one(given, "d", re.compile(r"[0-9a-f]{4,12}"), dropped),
    )
    return settle(wanted, dataset, dropped), dropped


def members_of(name: str, indicator_id: str, dataset: Dataset) -> list[str]:
    """Return whom a word in ``e`` stands for: a group's members, a kind's with figures; none if no such."""
    if name in KINDS:
        have = dataset.entities_with(indicator_id)
        return [
            e for e in have if dataset.entities[e].kind == KINDS[name] and dataset.length(indicator_id, e)
        ]
    return dataset.group(name)


def settle(state: State, dataset: Dataset, dropped: list[Dropped] | None = None) -> State:
    """Return ``state`` without what its first indicator does not offer or its view does not use."""
    lost = dropped if dropped is not None else []
    indicator = dataset.indicators[state.indicators[0]]
    offered = offers(indicator, dataset)
    changes: dict[str, object] = {}

    def refuse(field: str, name: str, value: str, empty: object) -> None:
        lost.append(Dropped(name, value, "not_offered"))
        changes[field] = empty

    view = views.view(state.view)
    if view.needs and view.needs not in offered:
        refuse("view", "v", state.view, "line")
        view = views.view("line")
    if view.fixed:
        changes["measure"] = "value"
    elif state.measure != "value" and state.measure not in offered:
        refuse("measure", "m", state.measure, "value")
    measure = changes.get("measure", state.measure)
    if state.head and "head" not in offered:
        refuse("head", "per", "head", False)
    if state.real and "real" not in offered:
        refuse("real", "p", "real", False)
    if state.money and state.money not in offered:
        refuse("money", "c", state.money, "")
    if state.scale == "log" and "log" not in offered:
        refuse("scale", "y", "log", "")
    scale = changes.get("scale", state.scale)
    if scale and scale == own_scale(indicator.scale, str(measure), str(changes.get("view", state.view))):
        changes["scale"] = ""
    if measure != "index":
        changes["base"] = ""
    if measure != "ratio" and not view.fixed:
        changes["reference"] = default(dataset).reference
    if state.view != "scatter":
        changes["trail"] = False
    if len(state.indicators) < view.at_least:
        changes["indicators"] = _completed(state.indicators, view.at_least, dataset)
    return replace(state, **changes)  # type: ignore[arg-type]


def own_scale(scale: str, measure: str, view: str) -> str:
    """Return the axis a chart starts with: the indicator's own for amounts.

    It is linear for shares and changes, and for bars, whose lengths are compared.
    """
    linear = views.view(view).linear or measure in ("ratio", "change")
    return "linear" if linear else (scale or "linear")


def to_query(state: State) -> str:
    """Return the query of a state, without ``?``; the default state's is empty."""
    if replace(state, version="") == DEFAULT:
        return f"d={state.version}" if state.version else ""
    return "&".join(f"{name}={quote(value, safe='~.-_')}" for name, value in parameters(state).items())


def parameters(state: State) -> dict[str, str]:
    """Return the parameters of a state that are not empty, in the order of an address."""
    span = state.start if state.start == state.end else f"{state.start}..{state.end}"
    pairs = [
        ("i", "~".join(state.indicators)),
        ("e", "~".join(state.entities)),
        ("v", "" if state.view == "line" else state.view),
        ("m", "" if state.measure == "value" else state.measure),
        ("b", state.base),
        ("r", "" if state.reference == DEFAULT.reference else state.reference),
        ("per", "head" if state.head else ""),
        ("p", "real" if state.real else ""),
        ("c", state.money),
        ("y", state.scale),
        ("t", span),
        ("trail", "1" if state.trail else ""),
        ("alt", "1" if state.alternatives else ""),
        ("at", state.frame),
        ("o", state.opened),
        ("d", state.version),
    ]
    return {name: value for name, value in pairs if value}


def _completed(indicators: tuple[str, ...], needed: int, dataset: Dataset) -> tuple[str, ...]:
    """Return ``indicators`` with those that a view needs beside them: residents, else the first there are."""
    others = [
        i for i in (*POPULATIONS, *dataset.indicators) if i in dataset.indicators and i not in indicators
    ]
    return (*indicators, *others[: needed - len(indicators)])


def _ids(
    given: list[str], name: str, known: Container[str], most: int, dropped: list[Dropped]
) -> tuple[str, ...]:  # fmt: skip
    out: list[str] = []
    for part in (p for v in given for p in v.split("~") if p):
        if part not in known:
            dropped.append(Dropped(name, part[:40], "unknown"))
        elif part in out:
            continue
        elif len(out) >= most:
            dropped.append(Dropped(name, part, "too_many"))
        else:
            out.append(part)
    return tuple(out)


def _choice(
    given: dict[str, list[str]], name: str, known: tuple[str, ...], otherwise: str, dropped: list[Dropped]
) -> str:
    value = given.get(name, [""])[-1]
    if value in known:
        return value
    if value and not (name == "m" and value == "value"):
        dropped.append(Dropped(name, value[:40], "unknown"))
    return otherwise


def _period(value: str, name: str, dropped: list[Dropped]) -> str:
    if value and not PERIOD.fullmatch(value):
        dropped.append(Dropped(name, value[:40], "unknown"))
        return ""
    return value


def _one(given: dict[str, list[str]], name: str, form: re.Pattern[str], dropped: list[Dropped]) -> str:
    value = given.get(name, [""])[-1]
    if value and not form.fullmatch(value):
        dropped.append(Dropped(name, value[:40], "unknown"))
        return ""
    return value


def _opened(given: dict[str, list[str]], dataset: Dataset, dropped: list[Dropped]) -> str:
    value = given.get("o", [""])[-1]
    entity, _, period = value.partition(".")
    if value and not (entity in dataset.entities and PERIOD.fullmatch(period)):
        dropped.append(Dropped("o", value[:40], "unknown"))
        return ""
    return value


def _best_entities(dataset: Dataset, indicator_id: str, base: State) -> tuple[str, ...]:
    """Return whom to show when nobody was named: Shenzhen and its pursuers, else the first that have it."""
    have = dataset.entities_with(indicator_id)
    first = [e for e in (base.reference, *base.entities) if e in have]
    return tuple(first or have[:6]) or base.entities
