"""Each entity's growth over one window, against a threshold or against another measure's growth.

``against`` is that measure, of the entity itself or of ``to``. The window ends with the newest period and
begins ``years`` before, or with the first figure since ``since``. Numbers: least, least_times,
least_change, least_from, least_to, least_since, least_until, the same for ``most``, grew and all (how many
meet the condition, of how many), reference_change (the other measure's), lead (the least factor ÷ the
other's), share_then, share_now.
"""

from __future__ import annotations

from dashboard.claims.dataset_view import DatasetView, NotPublicError, Quantity
from dashboard.claims.finding import Finding, Number, Probe, Row, Trace, outcome_of
from dashboard.claims.params import RECENT, Params, series_of, years_before

NEEDS = ("indicator", "of", "holds")
USES = ("minus", "per", "since", "years", "against", "to")
SINGLE = ("to",)


def decide(data: DatasetView, params: Params) -> Finding:
    windows = {e: window(data, params, e) for e in params.of.entities}
    newest = max(int(figures[-1].period[:4]) for figures in windows.values())
    old = [e for e, figures in windows.items() if int(figures[-1].period[:4]) < newest - RECENT]
    if old:  # a window that ends years before the others' is another window
        raise NotPublicError(params.indicator, old)
    factors = {e: factor_of(figures) for e, figures in windows.items()}
    other = {e: reference(data, params, e, figures) for e, figures in windows.items() if params.against}
    lead = {e: f / factor_of(other[e]) if e in other else f for e, f in factors.items()}
    least, most = min(lead, key=lambda e: lead[e].value), max(lead, key=lambda e: lead[e].value)
    held = [f for f in lead.values() if params.condition.holds(f.value)]
    numbers: dict[str, Number] = {
        "grew": Number.count(held, lead.values()),
        "all": Number.integer(len(lead)),
    }
    for key, e in (("least", least), ("most", most)):
        first, last = windows[e][0], windows[e][-1]
        numbers |= {
            key: Number.entities(e),
            f"{key}_times": Number.times(factors[e]),
            f"{key}_change": Number.growth(factors[e]),
            f"{key}_since": Number.period(first),
            f"{key}_until": Number.period(last),
        }
    traces = [Trace(e, params.indicator, tuple(figures), strong=True) for e, figures in windows.items()]
    if params.against:
        ratio, series = factor_of(other[least]), other[least]
        numbers |= {
            "reference_change": Number.growth(ratio),
            "lead": Number.times(lead[least]),
            "share_then": Number.percent(windows[least][0] / series[0]),
            "share_now": Number.percent(windows[least][-1] / series[-1]),
        }
        traces += [Trace(e, params.against, tuple(figures)) for e, figures in other.items()]
    asked = params.condition.value
    return Finding(
        outcome_of(*(params.condition.holds(f.value) for f in lead.values())),
        numbers,
        deciding="lead" if params.against else "least_times",
        rows=tuple(Row(e, params.indicator, q[-1], q[0], strong=e == least) for e, q in windows.items()),
        traces=tuple(traces),
        probes=tuple(Probe((windows[e][-1],), asked / f.value) for e, f in lead.items() if f.value > 0),
        chart="index",
        also=tuple(lead.values()),
    )


def window(data: DatasetView, params: Params, entity: str) -> list[Quantity]:
    """Return an entity's figures within the window; raises :class:`NotPublicError` without two ends."""
    series = series_of(data, params, entity)
    if params.against:  # both measures over exactly the same window
        other = compared_with(data, params, entity)
        series = {p: q for p, q in series.items() if p in other}
    last = max(series, default="")
    first = years_before(last, params.years) if last and params.years else min(series, default="")
    if first not in series or first == last:
        raise NotPublicError(params.indicator, [entity])
    return [q for p, q in series.items() if p >= first]


def factor_of(figures: list[Quantity]) -> Quantity:
    """Return the factor from the first to the last figure: 1 + change ÷ size, which loss and gain share."""
    first, last = figures[0], figures[-1]
    if not first.value:
        raise NotPublicError(first.used[0].indicator_id, [first.entity])
    used = (last / first).used
    return Quantity(1 + (last.value - first.value) / abs(first.value), "", last.period, last.entity, used)


def reference(data: DatasetView, params: Params, entity: str, figures: list[Quantity]) -> list[Quantity]:
    """Return the other measure's figures over exactly the same window."""
    first, last = figures[0].period, figures[-1].period
    found = [q for p, q in compared_with(data, params, entity).items() if first <= p <= last]
    if not found[0].value or not found[-1].value:
        raise NotPublicError(params.against, [entity])
    return found


def compared_with(data: DatasetView, params: Params, entity: str) -> dict[str, Quantity]:
    """Return the other measure, of the entity itself or of the one that the record names."""
    return data.in_cny(params.against, params.to.entities[0] if params.to else entity)
