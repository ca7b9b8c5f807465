"""Which of several pursuers once rose to a share of another entity from below it, and in which fields.

The condition (``>= 0.9``) is about the share; every pursuer must have met it in at least ``least`` fields.
Numbers: a, b … in the order of the record: a_fields (count), a_in (names), a_peak, a_peak_period (the highest
share in the first field after a time below the threshold); top, top_peak, top_period
(the highest of all in that field), fields (how many were looked at).
"""

from __future__ import annotations

from string import ascii_lowercase

from dashboard.claims.dataset_view import DatasetView, NotPublicError, Quantity
from dashboard.claims.finding import Finding, Number, Probe, Row, Trace, outcome_of
from dashboard.claims.params import Params, common, series_of

NEEDS = ("indicators", "of", "to", "holds")
USES = ("since", "least")
SINGLE = ("to",)


def decide(data: DatasetView, params: Params) -> Finding:
    rows: list[Row] = []
    traces: list[Trace] = []
    numbers: dict[str, Number] = {"fields": Number.integer(len(params.indicators))}
    tests: list[bool] = []
    peaks: list[Quantity] = []
    probes: list[Probe] = []
    for letter, city in zip(ascii_lowercase, params.of.entities, strict=False):
        caught = []
        for indicator in params.indicators:
            ratios = shares(data, params, city, indicator)
            if not ratios:
                continue
            below = next((n for n, r in enumerate(ratios) if not params.condition.holds(r.value)), None)
            peak = max(ratios[below:], key=float)
            rose = below is not None and params.condition.holds(peak.value)
            if rose:
                caught.append(indicator)
                probes.append(Probe(tuple(ratios), params.condition.value / peak.value))
            if below is not None:  # who was never below it has nothing to catch up
                rows.append(Row(city, indicator, ratios[-1], peak, strong=rose))
            if indicator == params.indicators[0]:
                peaks.append(peak)
                traces.append(Trace(city, indicator, tuple(ratios), strong=rose))
                numbers |= {
                    f"{letter}_peak": Number.percent(peak),
                    f"{letter}_peak_period": Number.period(peak),
                }
        numbers |= {
            letter: Number.entities(city),
            f"{letter}_fields": Number.integer(len(caught)),
            f"{letter}_in": Number.indicators(*caught),
        }
        tests.append(len(caught) >= max(1, params.least))
    if len(peaks) < len(params.of.entities) or not rows:
        raise NotPublicError(params.indicators[0], params.of.entities)
    top = max(peaks, key=float)
    of_top = {"top": Number.entities(top.entity), "top_peak": Number.percent(top)}
    return Finding(
        outcome_of(*tests),
        numbers | of_top | {"top_period": Number.period(top)},
        deciding="top_peak",
        rows=tuple(rows),
        traces=tuple(traces),
        probes=tuple(probes),
        threshold=1.0,
        chart="arrows",
    )


def shares(data: DatasetView, params: Params, city: str, indicator: str) -> list[Quantity]:
    """Return the pursuer's share of the pursued in every common period."""
    base = params.to.entities[0]
    found = {e: series_of(data, params, e, indicator) for e in (city, base)}
    periods = common(data, params, (city, base), indicator)
    return [found[city][p] / found[base][p] for p in periods if found[base][p].value > 0]
