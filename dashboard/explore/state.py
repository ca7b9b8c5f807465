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
``alt``    ``1``: figures of other sources are drawn too
``ev``     ``0``: no events on the time axis
``at``     the period a player stands at: later figures are not drawn, the axes stay those of the whole span
``o``      ``entity.period``: the point whose documents are open
``d``      version of the dataset that a shared link was made with
=========  ===========================================================================================
"""

from dataclasses import dataclass, fields, replace
from urllib.parse import quote

from dashboard.dataset import Dataset
from dashboard.explore import views

FIELDS = {
    "i": "indicators", "e": "entities", "v": "view", "m": "measure", "b": "base", "r": "reference",
    "per": "per_capita", "p": "real", "c": "currency", "y": "scale", "t": "span", "trail": "trail",
    "alt": "alternatives", "ev": "events", "at": "frame", "o": "selected_point", "d": "version",
}  # fmt: skip
"""What holds the value of a parameter, in the order of an address."""
SWITCHES = {"per": "head", "p": "real", "trail": "1", "alt": "1", "ev": "0"}
"""What stands in an address where a yes or no is not as usual."""
MEASURES = ("value", "index", "ratio", "change", "cumulative")


@dataclass(frozen=True, slots=True)
class State:
    """All a reader has chosen. Equal states draw equal charts."""

    indicators: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    view: str = "line"
    measure: str = "value"
    base: str = ""
    reference: str = "shenzhen"
    per_capita: bool = False
    real: bool = False
    currency: str = ""
    scale: str = ""
    start: str = ""
    end: str = ""
    trail: bool = False
    alternatives: bool = False
    events: bool = True
    frame: str = ""
    selected_point: str = ""
    version: str = ""

    @property
    def span(self) -> str:
        return self.start if self.start == self.end else f"{self.start}..{self.end}"


DEFAULT = State(("gdp",), ("hangzhou", "suzhou", "chongqing"), "pursuit")
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


def default_scale(scale: str, measure: str, view: str) -> str:
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
    """Return the parameters of a state that are not as usual, in the order of an address."""
    usual = {field.name: field.default for field in fields(State)} | {"span": ""}
    values = {name: getattr(state, field) for name, field in FIELDS.items()}
    return {
        name: "~".join(value) if name in ("i", "e") else SWITCHES.get(name, value)
        for name, value in values.items()
        if value != usual[FIELDS[name]]
    }
