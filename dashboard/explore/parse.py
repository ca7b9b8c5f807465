"""A query → the nearest valid state.

A form without JavaScript sends ``i`` and ``e`` repeatedly and ``from``/``to``: read the same. What cannot be
understood is rejected and named, never an error.
"""

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from dashboard.dataset import Dataset
from dashboard.explore import views
from dashboard.explore.state import FIELDS, MEASURES, SWITCHES, State, default, default_scale, parameters
from dashboard.explore.transforms import POPULATIONS, RATES, available_transforms

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
_IGNORED = ("lang", "theme", "card", "w")
"""Parameters of an address that are no part of a state."""
_TRACKING_PARAMS = re.compile(r"utm_\w+|\w*clid|isappinstalled|nsukey|scene|clicktime|enterid|wx\w*")
"""What messengers and advertisers add to an address: nothing a reader chose, so nothing to report."""
_WECHAT_FROM = ("timeline", "singlemessage", "groupmessage")
"""What WeChat writes into ``from``."""


class Rejected(NamedTuple):
    """A piece of a query that was left out: ``unknown``, ``not_offered``, ``too_many`` or ``repeated``."""

    name: str
    value: str
    reason: str = "unknown"


def parse(query: str, dataset: Dataset) -> tuple[State, list[Rejected]]:
    """Return the state nearest to ``query`` (with or without ``?``) and what was rejected on the way."""
    values, rejected = _read(query)
    changes = _changes({name: found[-1] for name, found in values.items()}, dataset, rejected)
    base = default(dataset)
    if not values.keys() & {*FIELDS, "from", "to"} - {"d"}:
        return replace(base, **changes), rejected
    if not values.keys() & {"i", "e", "v"}:  # the first question, seen otherwise
        return normalise(replace(base, **changes), dataset, rejected), rejected
    listed = {n: [part for value in values.get(n, ()) for part in value.split("~") if part] for n in "ie"}
    indicators = _ids("i", listed["i"], dataset.indicators, MAX_INDICATORS, rejected) or base.indicators
    members = [member for part in listed["e"] for member in _members(part, indicators[0], dataset)]
    entities = _ids("e", members, dataset.entities, MAX_ENTITIES, rejected)
    entities = entities or _default_entities(dataset, indicators[0], base)
    state = State(indicators, entities, reference=base.reference)
    return normalise(replace(state, **changes), dataset, rejected), rejected


def _read(query: str) -> tuple[dict[str, list[str]], list[Rejected]]:
    """Return the values of a query by parameter, and those that are unknown or contradict another."""
    try:
        values = parse_qs(query.lstrip("?")[:_MAX_QUERY], max_num_fields=1000, errors="replace")
    except ValueError:
        return {}, [Rejected("query", "")]
    if start := [value for value in values.pop("from", ()) if value not in _WECHAT_FROM]:
        values["from"] = start
    rejected = []
    for name, found in values.items():
        if name in FIELDS or name in ("from", "to"):
            others = [] if name in ("i", "e") else [value for value in found if value != found[-1]]
            rejected += [Rejected(name, value[:_MAX_SHOWN], "repeated") for value in others]
        elif name not in _IGNORED and not _TRACKING_PARAMS.fullmatch(name):
            rejected += [Rejected(name[:_MAX_SHOWN], value[:_MAX_SHOWN]) for value in found]
    return values, rejected


def _changes(query: Mapping[str, str], dataset: Dataset, rejected: list[Rejected]) -> dict[str, Any]:
    """Return the fields of a state that parameters of one value set."""

    def point(value: str) -> bool:
        entity, _, period = value.partition(".")
        return entity in dataset.entities and bool(PERIOD.fullmatch(period))

    fits: dict[str, Callable[[str], object]] = {
        "v": views.names().__contains__, "m": MEASURES.__contains__, "b": PERIOD.fullmatch,
        "r": dataset.entities.__contains__, "c": RATES.__contains__, "y": ("log", "linear").__contains__,
        "at": PERIOD.fullmatch, "o": point, "d": _VERSION.fullmatch,
        **{name: value.__eq__ for name, value in SWITCHES.items()},
    }  # fmt: skip
    out: dict[str, Any] = {}
    for name, fit in fits.items():
        value = query.get(name, "")
        if fit(value):
            out[FIELDS[name]] = not getattr(State(), FIELDS[name]) if name in SWITCHES else value
        elif value:
            rejected.append(Rejected(name, value[:_MAX_SHOWN]))
    first, dots, last = query.get("t", "").partition("..")
    ends = [first or query.get("from", ""), (last if dots else first) or query.get("to", "")]
    rejected += [Rejected("t", end[:_MAX_SHOWN]) for end in ends if end and not PERIOD.fullmatch(end)]
    start, end = (end if PERIOD.fullmatch(end) else "" for end in ends)
    out["start"], out["end"] = (end, start) if start > end > "" else (start, end)
    return out


def normalise(state: State, dataset: Dataset, rejected: list[Rejected] | None = None) -> State:
    """Return ``state`` without what its first indicator does not offer or its view does not use."""
    indicator = dataset.indicators[state.indicators[0]]
    available = available_transforms(indicator, dataset)
    rejected = [] if rejected is None else rejected

    def offered(state: State, needs: Mapping[str, str]) -> State:
        missing = [name for name, needed in needs.items() if needed not in ("", *available)]
        rejected.extend(Rejected(name, parameters(state)[name], "not_offered") for name in missing)
        return replace(state, **{FIELDS[name]: getattr(State(), FIELDS[name]) for name in missing})

    out = offered(state, {"v": views.view(state.view).required_transform})
    view = views.view(out.view)
    out = replace(out, measure="value") if view.fixed else out
    out = offered(out, {
        "m": "" if out.measure == "value" else out.measure, "per": "head" if out.per_capita else "",
        "p": "real" if out.real else "", "c": out.currency, "y": "log" if out.scale == "log" else "",
    })  # fmt: skip
    indicators = out.indicators
    if len(indicators) < view.min_indicators:  # residents beside the first, else the first indicator there is
        others = [i for i in (*POPULATIONS, *dataset.indicators) if i in dataset.indicators]
        indicators = tuple(dict.fromkeys((*indicators, *others)))[: view.min_indicators]
    return replace(
        out,
        indicators=indicators,
        scale="" if out.scale == default_scale(indicator.scale, out.measure, out.view) else out.scale,
        base=out.base if out.measure == "index" else "",
        reference=out.reference if out.measure == "ratio" or view.fixed else default(dataset).reference,
        trail=out.trail and out.view == "scatter",
    )


def _ids(
    name: str, parts: Iterable[str], known: Container[str], most: int, rejected: list[Rejected]
) -> tuple[str, ...]:
    out: dict[str, None] = {}
    for part in parts:
        if part not in known:
            rejected.append(Rejected(name, part[:_MAX_SHOWN]))
        elif part not in out and len(out) >= most:
            rejected.append(Rejected(name, part[:_MAX_SHOWN], "too_many"))
        else:
            out[part] = None
    return tuple(out)


def _members(name: str, indicator_id: str, dataset: Dataset) -> list[str]:
    """Return whom a word in ``e`` stands for: itself, a group's members, a kind's with figures."""
    if name in KINDS and name not in dataset.entities:
        have = dataset.entities_with(indicator_id, doubtful=False)
        return [e for e in have if dataset.entities[e].kind == KINDS[name]] or [name]
    return [name] if name in dataset.entities else dataset.group(name) or [name]


def _default_entities(dataset: Dataset, indicator_id: str, base: State) -> tuple[str, ...]:
    """Return whom to show when nobody was named: Shenzhen and its pursuers, else the first that have it."""
    have = dataset.entities_with(indicator_id)
    first = [e for e in (base.reference, *base.entities) if e in have]
    return tuple(first or have[:6]) or base.entities
