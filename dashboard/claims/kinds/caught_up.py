"""Which of several pursuers once rose from below a line to it, as a share of somebody, in which fields.

The condition (``>= 0.9``) is about the share; every pursuer must have met it in at least ``least`` fields.
Numbers: a, b … in the order of the record: a_fields (count), a_in (names), a_peak, a_peak_period (the highest
share in the first field after a time below the line), a_now, a_now_period; top, top_peak, top_period (the
highest of all in that field), fields (how many were looked at).
"""

from __future__ import annotations

from string import ascii_lowercase

from dashboard.claims.evidence import Evidence, Figure, NotPublicError
from dashboard.claims.finding import (
    Finding,
    Number,
    Probe,
    Row,
    Trace,
    how_many,
    outcome_of,
    percent,
    period,
    what,
    who,
)
from dashboard.claims.params import Params, common, line

NEEDS = ("indicators", "of", "to", "holds")
USES = ("since", "least")


def decide(data: Evidence, params: Params) -> Finding:
    """Hold each pursuer's highest share after a time below the line against the condition."""
    rows: list[Row] = []
    traces: list[Trace] = []
    numbers: dict[str, Number] = {"fields": how_many(len(params.indicators))}
    tests: list[bool] = []
    peaks: list[Figure] = []
    probes: list[Probe] = []
    for letter, city in zip(ascii_lowercase, params.of.entities, strict=False):
        caught = []
        for indicator in params.indicators:
            ratios = shares(data, params, city, indicator)
            if not ratios:
                continue
            after = ratios[start:] if (start := below(ratios, params)) is not None else ratios
            peak = max(after, key=float)
            rose = peak if start is not None and params.threshold.holds(peak.value) else None
            if rose is not None:
                caught.append(indicator)
                probes.append(Probe(tuple(ratios), params.threshold.value / rose.value))
            if start is not None:  # who was never below it has nothing to catch up
                rows.append(Row(city, indicator, ratios[-1], peak, strong=rose is not None))
            if indicator == params.indicators[0]:
                peaks.append(peak)
                traces.append(Trace(city, indicator, tuple(ratios), strong=rose is not None))
                numbers |= {
                    f"{letter}_peak": percent(peak),
                    f"{letter}_peak_period": period(peak),
                    f"{letter}_now": percent(ratios[-1]),
                    f"{letter}_now_period": period(ratios[-1]),
                }
        numbers |= {
            letter: who(city),
            f"{letter}_fields": how_many(len(caught)),
            f"{letter}_in": what(*caught),
        }
        tests.append(len(caught) >= max(1, params.least))
    if not peaks or len(peaks) < len(params.of.entities):
        raise NotPublicError(params.indicators[0], params.of.entities)
    top = max(peaks, key=float)
    numbers |= {"top": who(top.entity), "top_peak": percent(top), "top_period": period(top)}
    return Finding(
        outcome_of(*tests),
        numbers,
        deciding="top_peak",
        rows=tuple(rows),
        traces=tuple(traces),
        probes=tuple(probes),
        line=1.0,
        chart="arrows",
        on=tuple(f for r in rows for f in (r.figure, r.before) if f is not None),
    )


def shares(data: Evidence, params: Params, city: str, indicator: str) -> list[Figure]:
    """Return the pursuer's share of the pursued in every common period."""
    (base, *_) = params.to.entities
    lines = {e: line(data, params, e, indicator) for e in (city, base)}
    periods = [p for p in common(data, params, (city, base), indicator) if lines[base][p].value > 0]
    return [lines[city][p] / lines[base][p] for p in periods]


def below(ratios: list[Figure], params: Params) -> int | None:
    """Return the place of the first share below the line, or ``None``."""
    return next((n for n, r in enumerate(ratios) if not params.threshold.holds(r.value)), None)
