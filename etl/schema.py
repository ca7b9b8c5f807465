"""The tables' contract, said once: columns, keys, references, vocabulary.

:data:`TABLES` is the single description; the pandera models that check a table
(:func:`model`) and the Frictionless schemas in ``datapackage.json`` (:mod:`etl.descriptor`) are both
made from it. In memory a cell is text, ``""`` when absent; only ``observations.value`` is read as a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from etl.tidy import period_form

KINDS = ("city", "company", "university", "region", "country", "topic")
GROUPS = ("elephants", "dragons", "ants", "pursuers", "yardsticks")
DOMAINS = ("economy", "people", "innovation", "housing", "company", "attention")
INDICATOR_KINDS = ("stock", "flow", "rate", "index", "rank", "event")
FREQUENCIES = ("annual", "quarterly", "monthly", "daily", "irregular")
STATUSES = ("final", "preliminary", "revised", "estimate", "doubtful")
TIERS = ("official", "reference", "press")
NOTE_KINDS = ("break", "vintage", "definition", "coverage", "doubt")
OUTCOMES = ("supported", "contradicted", "mixed", "no_public_data", "not_testable")
ACTIONS = ("drop", "override", "scale", "flag")

ID = r"[a-z][a-z0-9_]*"
HTTP = r"https?://[^\s\"<>\\^`{|}\x00-\x1f@/]+(?:/[^\s\"<>\\^`{|}\x00-\x1f]*|\?[^\s\"<>]*)?"
NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?"
DAY = r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01])(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?)?)?"


@dataclass(frozen=True)
class Column:
    """One column: ``kind`` is text, number, period, url, day or regex."""

    name: str
    about: str
    kind: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    pattern: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Table:
    """One table: where it stands, its columns, its primary key, what its columns refer to."""

    name: str
    path: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    refers: dict[str, tuple[str, str]] = field(default_factory=dict)
    hand_written: bool = True
    optional: bool = False
    finishing: bool = False
    """Made from the other tables when these are complete, as the last step of a publish."""

    @property
    def names(self) -> list[str]:
        """The column names, in file order."""
        return [column.name for column in self.columns]


def _c(name: str, about: str, kind: str = "text", **more: Any) -> Column:
    return Column(name, about, kind, **more)


def _id(name: str, about: str, required: bool = True) -> Column:
    return Column(name, about, required=required, pattern=ID)


def _texts(stem: str, about: str) -> tuple[Column, ...]:
    return tuple(
        _c(f"{stem}_{code}", f"{about} ({language})", required=True)
        for code, language in (
            ("en", "English"),
            ("zh_hans", "Simplified Chinese"),
            ("zh_hant", "Traditional Chinese"),
        )
    )


OBSERVATION_TYPES = (
    _id("entity_id", "Whom the figure is about."),
    _id("indicator_id", "What is measured."),
    _c("period", "YYYY, YYYY-Qn, YYYY-MM or YYYY-MM-DD.", "period", required=True),
    _c("value", "The figure, in the indicator's unit.", "number", required=True),
    _c("source_id", "The document it stands in.", required=True, pattern=r"[a-z0-9][a-z0-9_]*"),
    _c("status", "How settled the figure is.", required=True, choices=STATUSES),
    _c("note", "What to know about this figure."),
    _c("locator", "Where in the document it stands."),
)
_TO_ENTITY = {"entity_id": ("entities", "entity_id")}
_TO_BOTH = {**_TO_ENTITY, "indicator_id": ("indicators", "indicator_id")}
_SPOT = (OBSERVATION_TYPES[0], OBSERVATION_TYPES[1], OBSERVATION_TYPES[2])

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("entities", "entities.csv", "Cities, companies and what else is measured.", (
            _id("entity_id", "Identifier."),
            _c("kind", "What it is.", required=True, choices=KINDS),
            _c("group", "Its role in the essay.", choices=GROUPS),
            *_texts("name", "Name"),
            _c("wikidata_id", "Wikidata item.", pattern=r"Q[1-9][0-9]*"),
            _id("city_id", "City of the headquarters.", required=False),
            _id("region_id", "Province or region it lies in.", required=False),
            _c("code", "Administrative division code (GB/T 2260).", pattern=r"[0-9]{6}"),
            _c("latitude", "Degrees north.", "number", low=-90, high=90),
            _c("longitude", "Degrees east.", "number", low=-180, high=180),
            _c("founded", "Year or day of founding.", "day"),
            _c("founded_place", "Where it was founded."),
            _c("listing", "Exchange and code."),
        ), ("entity_id",), {"city_id": ("entities", "entity_id"), "region_id": ("entities", "entity_id")}),
        Table("groups", "groups.csv", "Cities that are named together.", (
            _id("group_id", "Identifier."),
            *_texts("name", "Name"),
            _c("entities", "Members, separated by blanks.", required=True),
            _c("source_title", "Document that lists them.", required=True),
            _c("source_url", "Its public address.", "url", required=True),
        ), ("group_id",), optional=True),
        Table("indicators", "indicators.csv", "What is measured, in which unit.", (
            _id("indicator_id", "Identifier."),
            _c("domain", "Field, and name of the observations file.", required=True, choices=DOMAINS),
            _c("entity_kind", "The kind it is mostly about.", required=True, choices=KINDS),
            *_texts("name", "Name"),
            _c("unit", "Canonical unit.", required=True),
            _c("kind", "Kind of quantity.", required=True, choices=INDICATOR_KINDS),
            _c("frequency", "How often.", required=True, choices=FREQUENCIES),
            _c("better", "Which direction is better, if any.", choices=("higher", "lower")),
            *_texts("definition", "Definition"),
            _c("scale", "Axis a chart starts with.", required=True, choices=("linear", "log")),
        ), ("indicator_id",)),
        Table("sources", "sources.csv", "The public documents the figures stand in.", (
            _c("source_id", "Identifier.", required=True, pattern=r"[a-z0-9][a-z0-9_]*"),
            _c("title", "Title of the document.", required=True),
            _c("publisher", "Who published it.", required=True),
            _c("url", "Its public address.", "url", required=True),
            _c("tier", "How near to the origin.", required=True, choices=TIERS),
            _c("licence", "Licence, or how it may be used."),
            _c("retrieved", "When these bytes were first fetched (UTC).", "day"),
            _c("locator_hint", "Where in the document to look."),
            _c("published", "Date of the document.", "day"),
            _id("collector", "The source module that reads it."),
            _c("sha256", "Hash of the bytes read.", pattern=r"[0-9a-f]{64}"),
            _c("note", "What to know about this document."),
        ), ("source_id",), hand_written=False),
        Table("publishers", "publishers.csv", "What a publisher is called, shortly, in each language.", (
            _c("publisher", "As it stands in the sources; one not here keeps that name.", required=True),
            *_texts("name", "Short name"),
        ), ("publisher",), optional=True),
        Table("notes", "notes.csv", "Breaks, vintages, definitions, coverage, doubts.", (
            _c("note_id", "Identifier.", required=True, pattern=r"[a-z0-9][a-z0-9_.-]*"),
            _c("kind", "Kind of note.", required=True, choices=NOTE_KINDS),
            _id("indicator_id", "Indicator, or empty for all.", required=False),
            _id("entity_id", "Entity, or empty for all.", required=False),
            _c("period", "Period, or empty for all.", "period"),
            *_texts("text", "Text"),
        ), ("note_id",), _TO_BOTH),
        Table("gaps", "gaps.csv", "What was looked for and is not public.", (
            _id("entity_id", "Whom it is about."),
            _id("indicator_id", "What was looked for."),
            *_texts("looked_for", "What was looked for"),
            *_texts("looked_in", "Where it was looked for"),
            _c("looked_on", "When.", "day", required=True),
        ), ("entity_id", "indicator_id"), _TO_BOTH),
        Table("revisions", "revisions.csv", "Published figures that changed later; append-only.", (
            _c("changed_at", "When the changed figure came.", "day", required=True),
            *_SPOT,
            _c("source_id", "Document.", required=True),
            _c("old_value", "Before.", "number"),
            _c("new_value", "After; empty if withdrawn.", "number"),
            _c("reason", "Why.", required=True),
        ), hand_written=False),
        Table("keywords", "keywords.csv", "Regular expressions that find an entity in a hot list.", (
            _id("entity_id", "Entity."), _c("pattern", "Regular expression.", "regex", required=True),
        ), ("entity_id",), _TO_ENTITY),
        Table("external_ids", "external_ids.csv", "What entities are called elsewhere: codes, titles.", (
            _id("entity_id", "Entity."),
            _id("scheme", "Whose identifier: ror, cik, nbs_area, github, enwiki …"),
            _c("id", "The identifier there.", required=True),
        ), ("entity_id", "scheme", "id"), _TO_ENTITY, optional=True),
        Table("verdicts", "verdicts.csv", "Outcomes of the claims, whenever one changed; append-only.", (
            _c("changed_at", "Day up to which the data were collected.", "day", required=True),
            _c("dataset_version", "Version of the dataset.", required=True),
            _c("claim_id", "Claim.", required=True),
            _c("outcome", "Outcome.", required=True, choices=OUTCOMES),
            _c("previous_outcome", "Outcome before; empty at first.", choices=OUTCOMES),
            _id("deciding_entity", "Whom the deciding figure is about, if there is one.", required=False),
            _id("deciding_indicator", "What the deciding figure measures.", required=False),
            _c("deciding_period", "Its period.", "period"),
            _c("deciding_value", "The figure.", pattern=r"-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?"),
        ), (), hand_written=False, optional=True, finishing=True),
    )
}  # fmt: skip

YEARBOOK = "city_yearbook"
"""Start of the ids of the city yearbook's editions; their observations stand in files of their own."""
BOOK = f"_{YEARBOOK}"
OBSERVATIONS: dict[str, Table] = {
    name: Table(
        f"observations_{name}",
        f"observations/{name}.csv",
        f"Observations of the domain {name.removesuffix(BOOK)}"
        f"{' from the China City Statistical Yearbook' if name.endswith(BOOK) else ''}: tidy, long, sorted.",
        OBSERVATION_TYPES,
        ("entity_id", "indicator_id", "period", "source_id"),
        {**_TO_BOTH, "source_id": ("sources", "source_id")},
        hand_written=False,
        optional=True,
    )
    for name in (*DOMAINS, *(f"{domain}{BOOK}" for domain in DOMAINS))
}

CURATED = Table("curated", "curated", "Figures as published, read by hand or by a recorded conversion.", (
    *_SPOT,
    _c("value", "As published.", required=True),
    _c("unit", "As published.", required=True),
    _c("status", "How settled.", required=True, choices=STATUSES),
    _c("basis", "What kind of figure."),
    _c("source_title", "Title of the document.", required=True),
    _c("source_url", "Its public address.", "url", required=True),
    _c("publisher", "Who published it.", required=True),
    _c("tier", "How near to the origin.", required=True, choices=TIERS),
    _c("published", "Date of the document.", "day"),
    _c("locator", "Where in the document."),
    _c("excerpt", "At most 120 characters around the figure."),
    _c("note", "Doubts, conflicts."),
), ("entity_id", "indicator_id", "period", "source_url"), _TO_BOTH)  # fmt: skip


def _regex_compiles(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def each(test: Callable[[str], bool], *, empty: bool = True) -> Callable[[pd.Series], pd.Series]:
    """Return ``test`` as a check of a whole column; it is asked once for each distinct value."""

    def check(series: pd.Series) -> pd.Series:
        codes, distinct = pd.factorize(series)
        verdicts = np.fromiter(
            (bool(test(v)) if v else empty for v in map(str, distinct)), bool, len(distinct)
        )
        return pd.Series(verdicts[codes], index=series.index) if len(distinct) else series.astype(bool)

    return check


def _within(low: float | None, high: float | None) -> Callable[[str], bool]:
    def test(text: str) -> bool:
        try:
            value = float(text)
        except ValueError:
            return True  # said already by the number's own check
        return (low is None or value >= low) and (high is None or value <= high)

    return test


_KIND_CHECKS: dict[str, tuple[Callable[[str], bool], str]] = {
    "number": (_matches(NUMBER), "not a plain number in its shortest form|write it like 12.5"),
    "period": (lambda t: bool(period_form(t)), "not a period|write YYYY, YYYY-Qn, YYYY-MM or YYYY-MM-DD"),
    "url": (_matches(HTTP), "not a plain http(s) address|give the document's public https address"),
    "day": (_matches(DAY), "not a date|write YYYY, YYYY-MM or YYYY-MM-DD"),
    "regex": (_regex_compiles, "not a regular expression|mend the pattern"),
}  # fmt: skip


def _clean(text: str) -> bool:
    return text == text.strip() and not any(ord(c) < 32 or c == "\x7f" for c in text)


def _checks(column: Column) -> list[Any]:
    """Return the checks of one column; the error text is ``what|mend``."""
    checks = [
        pa.Check(each(_clean), error="blank at an end, or a control character inside|remove it", name="clean")
    ]
    if column.required:
        checks.append(
            pa.Check(each(lambda _: True, empty=False), error="is empty|fill it in", name="required")
        )
    if column.choices:
        known = frozenset(column.choices)
        checks.append(pa.Check(
            each(lambda t: t in known), name="choices",
            error=f"not one of the known words|use {', '.join(column.choices)}",
        ))  # fmt: skip
    if column.pattern:
        checks.append(pa.Check(
            each(_matches(column.pattern)), name="pattern",
            error=f"not of the agreed form|it must match {column.pattern}",
        ))  # fmt: skip
    if column.kind in _KIND_CHECKS:
        test, error = _KIND_CHECKS[column.kind]
        checks.append(pa.Check(each(test), error=error, name=column.kind))
    if column.low is not None or column.high is not None:
        checks.append(pa.Check(
            each(_within(column.low, column.high)), name="range",
            error=f"out of range|it must be from {column.low} to {column.high}".replace("None", "any"),
        ))  # fmt: skip
    return checks


@cache
def model(name: str) -> pa.DataFrameSchema:
    """Return the pandera model of a table (``observations`` and ``curated`` included)."""
    table = CURATED if name == "curated" else TABLES.get(name) or next(iter(OBSERVATIONS.values()))
    columns = {
        column.name: pa.Column(checks=_checks(column), coerce=False, nullable=False)
        for column in table.columns
        # an observation's value is a double by then; its text is checked where it is read
        if not (name == "observations" and column.name == "value")
    }
    return pa.DataFrameSchema(columns, strict=False, ordered=False)
