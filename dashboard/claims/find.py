"""What a claim's rules find in a dataset: each part by itself, put together to one finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dashboard.claims.evidence import Evidence, NotPublicError, ends
from dashboard.claims.finding import Finding, Number, Row, combined, who
from dashboard.claims.kinds import kinds
from dashboard.claims.parse import Part
from dashboard.claims.record import Claim
from dashboard.dataset import Dataset

Parts = dict[str, Part]


def find(claim: Claim, dataset: Dataset, parts: Parts, *, as_of: str = "", until: str = "") -> Finding:
    """Return what a claim's rules find: each part by itself, put together to one finding."""
    found: dict[str, Finding] = {}
    for name, part in parts.items():
        found[name] = apply(part, dataset, as_of=as_of, until=until)
    numbers = {k: n for name, f in found.items() for k, n in _named(name, f).items()}
    numbers = {**record_numbers(parts), **numbers}
    first = next((name for name, f in found.items() if f.rows), next(iter(found)))
    whole = found[first]
    outcome = combined(f.outcome for f in found.values()) if claim.testable else "not_testable"
    chart = claim.chart or whole.chart
    if chart == "board":
        alike = [f for f in found.values() if f.rows]
    else:
        alike = [f for f in found.values() if f.rows and (f.chart, _measures(f)) == (chart, _measures(whole))]
    if len(alike) > 1:
        whole = replace(whole, rows=_together(alike))
    if "" not in found:
        whole = replace(
            whole,
            deciding=_key(first, whole.deciding),
            parts=found,
            on=(*whole.on, *(f for other in found.values() for f in _figures(other))),
            probes=tuple(p for f in found.values() for p in f.probes),
        )
    return replace(whole, outcome=outcome, numbers=numbers, chart=chart)


def apply(
    part: Part,
    dataset: Dataset,
    *,
    as_of: str = "",
    until: str = "",
    scaled: Mapping[Any, float] | None = None,
) -> Finding:
    """Return one rule's finding; without the figures it needs, one that says so."""
    params = part.params
    data = Evidence(dataset, until or params.until, params.other_source, as_of, raw=dataset.once("raw", dict))
    if scaled:
        data = data.scale(scaled)
    try:
        if params.back:
            first = kinds()[part.kind].decide(data, params)
            newest = max((ends(o.period) for o in first.used), default="")
            data = replace(data, until=str(int(newest[:4]) - params.back), _lines={})
        finding: Finding = kinds()[part.kind].decide(data, params)
    except NotPublicError:
        return Finding("no_public_data", {}, chart="card")
    return finding


def _measures(finding: Finding) -> set[str]:
    return {r.indicator for r in finding.rows}


def _together(findings: list[Finding]) -> tuple[Row, ...]:
    """Return the rows of several findings, each once; strong where any of them turns on it."""
    rows: dict[tuple[str, str, str], Row] = {}
    for row in (r for f in findings for r in f.rows):
        key = (row.entity, row.indicator, row.figure.period if row.figure else "")
        rows[key] = replace(row, strong=row.strong or (key in rows and rows[key].strong))
    return tuple(rows.values())


def _figures(finding: Finding) -> list[Any]:
    return [f for r in finding.rows for f in (r.figure, r.before) if f is not None] + list(finding.on)


def _key(part: str, name: str) -> str:
    return f"{part}_{name}" if part and name else name


def _named(part: str, finding: Finding) -> dict[str, Number]:
    """Return a part's numbers under its own name, and its outcome."""
    numbers = {_key(part, k): n for k, n in finding.numbers.items()}
    if part:
        numbers[_key(part, "outcome")] = Number(0, "", "outcome", (), finding.outcome)
    return numbers


def record_numbers(parts: Parts) -> dict[str, Number]:
    """Return what sentences may say even where nothing is public: who is compared, and the line."""
    numbers: dict[str, Number] = {}
    for name, part in parts.items():
        params = part.params
        numbers |= {_key(name, "of"): who(*params.of.entities), _key(name, "to"): who(*params.to.entities)}
        numbers[_key(name, "indicator")] = Number(
            0, "", "indicators", (), params.indicator or params.indicators[0]
        )
        if params.holds is not None:
            numbers[_key(name, "threshold")] = Number(params.holds.value, "", "number")
            numbers[_key(name, "threshold_share")] = Number(100 * params.holds.value, "%", "percent")
            numbers[_key(name, "threshold_times")] = Number(params.holds.value, "", "times")
        numbers[_key(name, "years_asked")] = Number(params.years, "", "count")
    return numbers
