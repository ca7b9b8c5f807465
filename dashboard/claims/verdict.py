"""What a verdict is: plain records, computed by the rules, rendered by everybody else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from dashboard.dataset import Observation

Outcome = Literal["supported", "contradicted", "mixed", "no_public_data"]
OUTCOMES: tuple[Outcome, ...] = ("supported", "contradicted", "mixed", "no_public_data")
ESSAY_PERIOD = "2025-02"
"""The essay is of February 2025."""
ESSAY_DAY = "2025-02-28"
"""«As of the essay» uses only what was public on this day, the last of its month."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a sentence, with its unit and the observations it is derived from.

    ``kind`` says how it is written: ``quantity`` (value with unit), ``percent``, ``times``, ``number``,
    ``period`` (``text`` is the period), ``count``, ``entity`` (``text`` is an entity id), ``entities``
    (ids joined by a space), ``indicator``, ``indicators`` (alike, of indicators),
    ``outcome`` (``text`` is one), ``growth`` (a change in percent, told as «up» or «down»).
    """

    value: float
    unit: str = ""
    kind: str = "quantity"
    used: tuple[Observation, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Margin:
    """How far the verdict is from flipping.

    ``key`` is a message key (``claims.margin.<…>``), ``numbers`` fill it. ``change`` is the factor by which
    the observations ``of`` have to be multiplied for the outcome to become ``flips_to``; ``threshold`` is
    the threshold with which it would, where it is the threshold that decides. Tests apply both.
    """

    key: str
    numbers: dict[str, Number]
    change: float | None = None
    of: tuple[tuple[str, str, str, str], ...] = ()
    flips_to: Outcome | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """The answer under another reasonable choice; ``key`` is a message key that names the choice."""

    key: str
    outcome: Outcome
    numbers: dict[str, Number] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The rule's answer on one dataset."""

    claim_id: str
    outcome: Outcome
    sentence: str
    """Message key of the sentence that the numbers say (its ``{names}`` are ``numbers``)."""
    numbers: dict[str, Number]
    used: tuple[Observation, ...]
    """Every observation the outcome rests on, each once."""
    margin: Margin | None = None
    robustness: tuple[Alternative, ...] = ()
    as_of_essay: Outcome = "no_public_data"
    essay_numbers: dict[str, Number] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    """Message keys: parts of the quote that are rhetoric or cannot be measured, company claims, doubts."""
    missing: tuple[tuple[str, str], ...] = ()
    """(entity, indicator) pairs the rule looked for in vain, where the outcome is ``no_public_data``."""
    deciding: str = ""
    """Which of ``numbers`` decides: what is shown beside the answer under each choice."""
    rule_code: str = ""
    """The rule's own source, as shown under «how measured»."""
    dataset_version: str = ""
