"""Each entity's growth over one window, against a threshold or against another measure's growth.

``against`` is that measure, of the entity itself or of ``to``. The window ends with the newest period and
begins ``years`` before, or with the first figure since ``since``. Numbers: least, least_times,
least_change, least_since, least_until, the same for ``most``, grew and all (how many meet the condition, of
how many), reference_change (the other measure's), lead (the least factor ÷ the other's).
"""

from dashboard.claims.dataset_view import RECENT, DatasetView, NotPublicError, Quantity
from dashboard.claims.finding import Finding, Number, Probe, Row, Trace, outcome_of
from dashboard.claims.params import Params, series_of, years_before

NEEDS = ("indicator", "of", "holds")
USES = ("minus", "per", "since", "years", "against", "to")
SINGLE = ("to",)


def decide(data: DatasetView, params: Params) -> Finding:
    windows = {e: window(data, params, e) for e in params.of.entities}
    own = {e: figures for e, (figures, _) in windows.items()}
    newest = max(int(figures[-1].period[:4]) for figures in own.values())
    old = [e for e, figures in own.items() if int(figures[-1].period[:4]) < newest - RECENT]
    if old:  # a window that ends years before the others' is another window
        raise NotPublicError(params.indicator, old)
    factors = {e: factor_of(figures) for e, figures in own.items()}
    lead = {e: f / factor_of(windows[e][1]) if params.against else f for e, f in factors.items()}
    least, most = min(lead, key=lambda e: lead[e].value), max(lead, key=lambda e: lead[e].value)
    tests = {e: params.condition.holds(f.value) for e, f in lead.items()}
    numbers: dict[str, Number] = {
        "grew": Number.count([lead[e] for e, held in tests.items() if held], lead.values()),
        "all": Number.integer(len(lead)),
    }
    for key, e in (("least", least), ("most", most)):
        numbers |= {
            key: Number.entities(e),
            f"{key}_times": Number.times(factors[e]),
            f"{key}_change": Number.growth(factors[e]),
            f"{key}_since": Number.period(own[e][0]),
            f"{key}_until": Number.period(own[e][-1]),
        }
    traces = [Trace(e, params.indicator, tuple(figures), strong=True) for e, figures in own.items()]
    if params.against:
        other = windows[least][1]
        numbers |= {
            "reference_change": Number.growth(factor_of(other)),
            "lead": Number.times(lead[least]),
        }
        traces += [Trace(e, params.against, tuple(figures)) for e, (_, figures) in windows.items()]
    asked = params.condition.value
    return Finding(
        outcome_of(*tests.values()),
        numbers,
        deciding="lead" if params.against else "least_times",
        rows=tuple(Row(e, params.indicator, q[-1], q[0], strong=e == least) for e, q in own.items()),
        traces=tuple(traces),
        probes=tuple(Probe((own[e][-1],), asked / f.value) for e, f in lead.items() if f.value > 0),
        chart="index",
        also=tuple(lead.values()),
    )


def window(data: DatasetView, params: Params, entity: str) -> tuple[list[Quantity], list[Quantity]]:
    """Return the figures of an entity and of the other measure, over exactly the same window.

    Raises :class:`NotPublicError` without two ends.
    """
    series, other = series_of(data, params, entity), dict[str, Quantity]()
    if params.against:
        other = data.in_cny(params.against, params.to.entities[0] if params.to else entity)
        series = {p: q for p, q in series.items() if p in other}
    last = max(series, default="")
    first = years_before(last, params.years) if last and params.years else min(series, default="")
    if first not in series or first == last:
        raise NotPublicError(params.indicator, [entity])
    against = [q for p, q in other.items() if first <= p <= last]
    if against and not (against[0].value and against[-1].value):
        raise NotPublicError(params.against, [entity])
    return [q for p, q in series.items() if p >= first], against


def factor_of(figures: list[Quantity]) -> Quantity:
    """Return the factor from the first to the last figure: 1 + change ÷ size, which loss and gain share."""
    first, last = figures[0], figures[-1]
    if not first.value:
        raise NotPublicError(first.used[0].indicator_id, [first.entity])
    used = (last / first).used
    return Quantity(1 + (last.value - first.value) / abs(first.value), "", last.period, last.entity, used)
