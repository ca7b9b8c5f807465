"""Which of several pursuers once rose to a share of another entity from below it, and in which fields.

The condition (``>= 0.9``) is about the share; every pursuer must have met it in at least ``least`` fields.
Numbers: a, b … in the order of the record: a_fields (count), a_in (names), a_peak, a_peak_period (the highest
share in the first field after a time below the threshold); top, top_peak, top_period
(the highest of all in that field), fields (how many were looked at).
"""

from string import ascii_lowercase

from dashboard.claims.dataset_view import DatasetView, NotPublicError, Quantity
from dashboard.claims.finding import Finding, Number, Probe, Row, Trace, outcome_of
from dashboard.claims.params import Params, ratios, series_of

NEEDS = ("indicators", "of", "to", "holds")
USES = ("since", "least")
SINGLE = ("to",)


def decide(data: DatasetView, params: Params) -> Finding:
    lead, condition = params.indicators[0], params.condition
    numbers: dict[str, Number] = {"fields": Number.integer(len(params.indicators))}
    rows: list[Row] = []
    drawn: list[Trace] = []
    tests: list[bool] = []
    peaks: list[Quantity] = []
    probes: list[Probe] = []
    for letter, city in zip(ascii_lowercase, params.of.entities, strict=False):
        caught = []
        for indicator in params.indicators:
            base = series_of(data, params, params.to.entities[0], indicator)
            shares = tuple(ratios(series_of(data, params, city, indicator), base).values())
            if not shares:
                continue
            below = next((n for n, r in enumerate(shares) if not condition.holds(r.value)), None)
            peak = max(shares[below:], key=float)
            rose = below is not None and condition.holds(peak.value)
            if rose:
                caught.append(indicator)
                probes.append(Probe(shares, condition.value / peak.value))
            if below is not None:  # who was never below it has nothing to catch up
                rows.append(Row(city, indicator, shares[-1], peak, strong=rose))
            if indicator == lead:
                peaks.append(peak)
                drawn.append(Trace(city, indicator, shares, strong=rose))
                numbers[f"{letter}_peak"] = Number.percent(peak)
                numbers[f"{letter}_peak_period"] = Number.period(peak)
        numbers[letter] = Number.entities(city)
        numbers[f"{letter}_fields"] = Number.integer(len(caught))
        numbers[f"{letter}_in"] = Number.indicators(*caught)
        tests.append(len(caught) >= max(1, params.least))
    if len(peaks) < len(params.of.entities) or not rows:
        raise NotPublicError(lead, params.of.entities)
    top = max(peaks, key=float)
    numbers |= {
        "top": Number.entities(top.entity),
        "top_peak": Number.percent(top),
        "top_period": Number.period(top),
    }
    return Finding(
        outcome_of(*tests),
        numbers,
        deciding="top_peak",
        rows=tuple(rows),
        traces=tuple(drawn),
        probes=tuple(probes),
        threshold=1.0,
        chart="arrows",
    )
